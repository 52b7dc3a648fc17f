package dev.belfry.server.http;

/**
 * A parameter of an endpoint's query.
 *
 * @param name its name; one that ends with {@code *} stands for all that begin so
 * @param schema what its value may be
 * @param description what it does
 * @param example a value for the documentation
 * @param repeats whether it may be given more than once, any of the values counting
 */
public record Parameter(
        String name, Shape schema, String description, String example, boolean repeats) {

    /** A parameter that is given at most once. */
    public static Parameter of(String name, Shape schema, String description, String example) {
        return new Parameter(name, schema, description, example, false);
    }

    /** A parameter that may be given more than once. */
    public static Parameter many(String name, Shape schema, String description, String example) {
        return new Parameter(name, schema, description, example, true);
    }

    /** Whether this is what a query calls {@code given}. */
    boolean matches(String given) {
        if (!name.endsWith("*")) {
            return name.equals(given);
        }
        int length = name.length() - 1;
        return given.length() > length && given.startsWith(name.substring(0, length));
    }
}

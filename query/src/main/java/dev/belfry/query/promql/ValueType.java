package dev.belfry.query.promql;

/** What an expression gives. */
public enum ValueType {
    /** A number for each step. */
    SCALAR("scalar", "scalar"),
    /** A text. */
    STRING("string", "string"),
    /** Series with at most one sample for each step. */
    VECTOR("vector", "instant vector"),
    /** Series with all samples of a range for each step. */
    MATRIX("matrix", "range vector");

    private final String text;
    private final String documented;

    ValueType(String text, String documented) {
        this.text = text;
        this.documented = documented;
    }

    /** As the HTTP API writes it. */
    public String text() {
        return text;
    }

    /** As error texts call it. */
    public String documented() {
        return documented;
    }
}

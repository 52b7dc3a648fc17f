package dev.belfry.server;

/** Which Belfry this is. */
final class Version {
    /** As the jar's manifest has it, else {@code development}. */
    static final String TEXT = text();

    private Version() {}

    private static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}

package dev.belfry.receive.series;

/** The bounds that are not for configuration. */
public final class Limits {
    /** Characters of an exemplar's labels together, as OpenMetrics bounds them; others are left. */
    public static final int EXEMPLAR_CHARACTERS_MAX = 128;

    private Limits() {}
}

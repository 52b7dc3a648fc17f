package dev.belfry.receive.series;

/** The bounds that are not for configuration. */
public final class Limits {
    /**
     * Code points of an exemplar's labels together, as OpenMetrics bounds them; an exemplar with
     * more is left, or refused where exemplars are counted.
     */
    public static final int EXEMPLAR_CHARACTERS_MAX = 128;

    /**
     * Buckets of one histogram, on one side of zero, filled or empty. 160 are usual; a span's
     * length costs no bytes in the request, and a classic bucket is a series, so that they need a
     * bound. A histogram with more is refused.
     */
    public static final int BUCKETS_MAX = 16 << 10;

    /** Exemplars of one metric: one a bucket in most clients; those beyond are left. */
    public static final int EXEMPLARS_MAX = 200;

    private Limits() {}
}

package dev.belfry.receive.otlp;

/** The bounds that are not for configuration. */
final class Limits {
    /** Arrays and maps in one value, so that no reader needs a deep stack; error of the record. */
    static final int DEPTH_MAX = 64;

    /** Characters of a severity text, as of every level; more is an error of the record. */
    static final int LEVEL_CHARACTERS_MAX = 50;

    /** The finest exponential histogram, as OpenTelemetry's SDKs begin with; finer is refused. */
    static final int SCALE_MAX = 20;

    /** Buckets of an exponential histogram on one side: SDKs have 160; of more, refused. */
    static final int BUCKETS_MAX = 10_000;

    /** Where buckets begin at most: the largest double at the finest scale; beyond, refused. */
    static final int OFFSET_MAX = 1 << 30;

    /** Exemplars of one point: one a bucket in most SDKs; those beyond are left. */
    static final int EXEMPLARS_MAX = 200;

    private Limits() {}
}

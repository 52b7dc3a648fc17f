package dev.belfry.receive.prometheus;

/** The bounds that are not for configuration. */
final class Limits {
    /**
     * Characters of an exemplar's labels. OpenMetrics says 128, which clients exceed; an exemplar
     * with more is refused.
     */
    static final int EXEMPLAR_CHARS_MAX = 1024;

    /**
     * Buckets of one histogram, filled or empty. 160 are usual; a span's length costs no bytes in
     * the request, so that it needs a bound. A histogram with more is refused.
     */
    static final int BUCKETS_MAX = 16 << 10;

    /**
     * Symbols of one request. A few for each series are usual; one takes two bytes in the request
     * and 24 in memory. A request with more is refused.
     */
    static final int SYMBOLS_MAX = 1 << 20;

    /** Matchers of one query of remote read; a query with more is refused. */
    static final int MATCHERS_MAX = 1000;

    /** Queries of one request of remote read; a request with more is refused. */
    static final int QUERIES_MAX = 100;

    private Limits() {}
}

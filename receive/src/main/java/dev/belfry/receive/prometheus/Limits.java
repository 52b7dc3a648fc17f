package dev.belfry.receive.prometheus;

/** The bounds that are not for configuration. */
final class Limits {
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

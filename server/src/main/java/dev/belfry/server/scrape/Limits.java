package dev.belfry.server.scrape;

import java.time.Duration;

/** The bounds that are not for configuration. */
final class Limits {
    /** Bytes of an answer where no body_size_limit is given: a hundred times a large one. */
    static final long BODY_BYTES_MAX = 64L << 20;

    /** Bytes of what a discovery gives: a file or an answer; larger ones are an error of it. */
    static final int DISCOVERY_BYTES_MAX = 16 << 20;

    /** Targets of one job; those beyond are not scraped, and the job says so. */
    static final int TARGETS_MAX = 20_000;

    /** Dropped targets that are shown of one job; the others are only counted. */
    static final int DROPPED_SHOWN_MAX = 1_000;

    /** Answers that lead elsewhere before an answer; more are an error. */
    static final int REDIRECTS_MAX = 5;

    /** The shortest interval: below it a target is asked more often than anybody looks. */
    static final Duration INTERVAL_MIN = Duration.ofSeconds(1);

    private Limits() {}
}

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

    /** How long what a target gave waits for what others give: far below what anybody notices. */
    static final long GATHER_MILLIS = 200;

    /** Samples that are stored together; when there are so many, none waits any more. */
    static final int GROUP_SAMPLES = 1 << 15;

    /** Buffers of answers that are kept for the next ones: as many as are read at a time. */
    static final int ROOMS = 8;

    /** Bytes of buffers that are kept: those of a hundred thousand samples; larger ones are not. */
    static final int ROOM_BYTES_MAX = 16 << 20;

    /** The shortest interval: below it a target is asked more often than anybody looks. */
    static final Duration INTERVAL_MIN = Duration.ofSeconds(1);

    private Limits() {}
}

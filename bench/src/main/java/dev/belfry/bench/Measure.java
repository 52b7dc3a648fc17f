package dev.belfry.bench;

/** What is measured of Belfry and its peers: the rows of the report. */
enum Measure {
    EVENTS_IN("JSON events in per CPU-second, 1000 a batch", "≥ 100,000", true),
    BYTES("bytes an event on disk", "≤ 45", false),
    RESIDENT("resident memory after it, MiB", "≤ 1024", false),
    ACKNOWLEDGED("acknowledgement at 1,000 requests/s of 10, p99 ms", "≤ 3 × force + 2", false),
    FORCE("a force of 4 KiB beside that load, p99 ms", "", false),
    NEWEST("newest 100, p50 ms", "≤ 15", false),
    NEWEST_HALF("newest 100 of 50 %, p50 ms", "≤ 15", false),
    NEWEST_HOST("newest 100 of 0.5 %, p50 ms", "≤ 15", false),
    NEWEST_USER("newest 100 of 0.001 %, p50 ms", "≤ 60", false),
    NEWEST_NONE("newest 100 of nothing, p50 ms", "≤ 60", false),
    TRACE("by trace id, p95 ms", "≤ 40", false),
    WORD("a rare word, p95 ms", "≤ 40", false),
    PHRASE("a phrase of two words, p95 ms", "≤ 40", false),
    COUNT_TIME_LEVEL("count by minute and level, p50 ms", "≤ 150 at 2 M", false),
    GROUP_TAG("group by a tag, p50 ms", "≤ 150 at 2 M", false),
    NUMBER_P95("p95 of a payload number, p50 ms", "≤ 150 at 2 M", false),
    FIELDS("top values of all fields, p50 ms", "", false);

    private final String title;
    private final String target;
    private final boolean moreIsBetter;

    Measure(String title, String target, boolean moreIsBetter) {
        this.title = title;
        this.target = target;
        this.moreIsBetter = moreIsBetter;
    }

    String title() {
        return title;
    }

    /** What Belfry is to reach; empty for none. */
    String target() {
        return target;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }

    /** The percentile that a question's times are shown at. */
    double percentile() {
        return title.contains("p95 ms") ? 0.95 : 0.5;
    }
}

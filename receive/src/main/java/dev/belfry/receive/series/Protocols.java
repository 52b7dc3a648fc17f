package dev.belfry.receive.series;

/** Numbers that keep apart what protocols know series by; remote write has 1 and 2. */
public final class Protocols {
    /** OTLP. */
    public static final int OTLP = 16;

    /** Text expositions that are imported. */
    public static final int TEXT = 17;

    /** Influx' line protocol. */
    public static final int INFLUX = 18;

    /** StatsD. */
    public static final int STATSD = 19;

    /** Metrics as JSON. */
    public static final int JSON = 20;

    /** What was scraped. */
    public static final int SCRAPE = 21;

    /** Events of type metric. */
    public static final int EVENTS = 22;

    private Protocols() {}
}

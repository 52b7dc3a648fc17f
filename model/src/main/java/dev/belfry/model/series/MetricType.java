package dev.belfry.model.series;

import java.util.Locale;

/** What kind of metric a family of series is, as OpenMetrics names it. */
public enum MetricType {
    /** Nobody said. */
    UNKNOWN,
    /** A total that only grows, but for resets. */
    COUNTER,
    /** A value that goes up and down. */
    GAUGE,
    /** Observations in buckets, which only grow. */
    HISTOGRAM,
    /** Observations in buckets, which go up and down. */
    GAUGEHISTOGRAM,
    /** Observations as quantiles. */
    SUMMARY,
    /** Labels that tell of something, with the value 1. */
    INFO,
    /** One of several states, as series of 0 and 1. */
    STATESET;

    /** As expositions and the HTTP API of Prometheus write it: {@code gaugehistogram}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type that is written as {@code text}, in any case; {@link #UNKNOWN} for other texts. */
    public static MetricType parse(String text) {
        for (MetricType type : values()) {
            if (type.name().equalsIgnoreCase(text)) {
                return type;
            }
        }
        return UNKNOWN;
    }
}

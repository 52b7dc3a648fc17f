package dev.belfry.receive.lines;

import java.util.Locale;
import java.util.Optional;

/** What a file of logs or samples looks like. */
public enum LogFormat {
    /** To be found out from the file's beginning. */
    AUTO,
    /** A JSON object a line. */
    NDJSON,
    /** Lines with a time, or without; stack traces and indented lines belong to the line before. */
    TEXT,
    /** Access logs of Apache, nginx and their kin: common and combined. */
    CLF,
    /** {@code key=value} pairs. */
    LOGFMT,
    /** A header, then a row a line; separated by comma, semicolon or tab. */
    CSV,
    /** An Apache Parquet file. */
    PARQUET,
    /** Samples in Prometheus' text format 0.0.4; times in milliseconds. */
    PROMETHEUS,
    /** Samples in OpenMetrics; times in seconds. */
    OPENMETRICS;

    /** Whether samples stand in it, not events. */
    public boolean isMetrics() {
        return this == PROMETHEUS || this == OPENMETRICS;
    }

    /** The name on the command line. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format named {@code text}; empty when there is none. */
    public static Optional<LogFormat> parse(String text) {
        for (LogFormat format : values()) {
            if (format.text().equals(text.toLowerCase(Locale.ROOT))) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}

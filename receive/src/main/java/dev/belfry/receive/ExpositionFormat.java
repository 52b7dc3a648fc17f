package dev.belfry.receive;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an exposition is written. */
public enum ExpositionFormat {
    /** Prometheus' text, 0.0.4 and 1.0.0. */
    TEXT,
    /** OpenMetrics' text. */
    OPEN_METRICS,
    /** Delimited messages of Protocol Buffers. */
    PROTOBUF;

    /** The format that {@code contentType} names; text when it names none of the others. */
    public static ExpositionFormat of(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType.strip().toLowerCase(Locale.ROOT);
        if (type.startsWith("application/openmetrics-text")) {
            return OPEN_METRICS;
        }
        return type.startsWith("application/vnd.google.protobuf") ? PROTOBUF : TEXT;
    }
}

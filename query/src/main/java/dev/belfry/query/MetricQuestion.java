package dev.belfry.query;

import dev.belfry.model.series.LabelMatcher;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is asked of a metric's samples.
 *
 * @param name the metric's
 * @param matchers conditions on labels, without that on the name
 * @param startMillis inclusive
 * @param endMillis exclusive
 * @param aggregation how values are summed up
 * @param stepMillis the length of each part of the range, which begin at multiples of it; 0 for the
 *     range as one
 * @param groupBy labels that keep values apart
 */
public record MetricQuestion(
        String name,
        List<LabelMatcher> matchers,
        long startMillis,
        long endMillis,
        Aggregation aggregation,
        long stepMillis,
        List<String> groupBy) {
    /** Copies the lists. */
    public MetricQuestion {
        matchers = List.copyOf(matchers);
        groupBy = List.copyOf(groupBy);
    }

    /** How values are summed up. */
    public enum Aggregation {
        AVG,
        SUM,
        MIN,
        MAX,
        COUNT,
        P50,
        P90,
        P95,
        P99,
        /** Increments, or observations, a second. */
        RATE;

        /** As it is written: {@code p95}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The aggregation written {@code text}. */
        public static Optional<Aggregation> parse(String text) {
            for (Aggregation each : values()) {
                if (each.text().equalsIgnoreCase(text)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }

        /** Which part of the values lies below, NaN when it is no percentile. */
        public double quantile() {
            return switch (this) {
                case P50 -> 0.5;
                case P90 -> 0.9;
                case P95 -> 0.95;
                case P99 -> 0.99;
                case AVG, SUM, MIN, MAX, COUNT, RATE -> Double.NaN;
            };
        }
    }
}

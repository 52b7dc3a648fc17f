package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.query.QueryCost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query.
 *
 * @param value what the expression gave
 * @param warnings what may be wrong with it
 * @param infos what is worth knowing of it
 * @param cost of it
 */
public record QueryResult(Value value, List<String> warnings, List<String> infos, QueryCost cost) {
    /** Copies the lists. */
    public QueryResult {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }

    /** What an expression gives. */
    public sealed interface Value {}

    /** A number at a time. */
    public record ScalarValue(long timestampMillis, double value) implements Value {}

    /** A text at a time. */
    public record StringValue(long timestampMillis, String value) implements Value {}

    /** Series with one sample each, all at the time of evaluation. */
    public record VectorValue(List<Series> series) implements Value {
        /** Copies the list. */
        public VectorValue {
            series = List.copyOf(series);
        }
    }

    /** Series with samples, in the order of their labels. */
    public record MatrixValue(List<Series> series) implements Value {
        /** Copies the list. */
        public MatrixValue {
            series = List.copyOf(series);
        }
    }

    /**
     * A series with its samples in columns, ascending by time.
     *
     * @param labels what identifies it
     * @param timestampsMillis when
     * @param values the values; one does not count where there is a histogram
     * @param histograms null when there are only numbers; null at the numbers
     */
    public record Series(
            Labels labels,
            long[] timestampsMillis,
            double[] values,
            @Nullable FloatHistogram @Nullable [] histograms) {
        /** The histogram at {@code index}, null when there is a number. */
        public @Nullable FloatHistogram histogram(int index) {
            return histograms == null ? null : histograms[index];
        }
    }
}

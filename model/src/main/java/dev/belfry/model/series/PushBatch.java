package dev.belfry.model.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the store adds up itself, in columns, in the order in which it came: increments and
 * observations, whose totals it keeps and writes as samples. Immutable; nobody writes to its
 * arrays.
 *
 * @param series the series that is changed; {@code int[count]} or longer
 * @param kinds what is done, ordinals of {@link Kind}; {@code byte[count]} or longer
 * @param timestampsMillis when; {@code long[count]} or longer
 * @param values the increment, the observation, or the quantile; {@code double[count]} or longer
 * @param weights how many observations a row of kind OBSERVE stands for; null when each is one
 * @param histograms null when there are none; set where the kind is MERGE
 * @param count how many rows
 * @param observations how many pushed observations the rows stand for
 */
public record PushBatch(
        int[] series,
        byte[] kinds,
        long[] timestampsMillis,
        double[] values,
        double @Nullable [] weights,
        @Nullable FloatHistogram @Nullable [] histograms,
        int count,
        int observations) {

    /** What is done to a series. */
    public enum Kind {
        /** The value is added to the total. */
        ADD,
        /** The value is the total from now on. */
        SET,
        /** The value is observed by the series' native histogram, of schema 3. */
        OBSERVE,
        /** The histogram is added to the series' native histogram. */
        MERGE,
        /**
         * The series becomes the quantile, which the value is, of what the series of the last row
         * of kind OBSERVE saw in the last ten minutes.
         */
        QUANTILE
    }

    /** Nothing. */
    public static final PushBatch EMPTY = new Builder().build();

    private static final Kind[] KINDS = Kind.values();

    /** How many observations row {@code index} stands for. */
    public double weight(int index) {
        return weights == null ? 1 : weights[index];
    }

    /** Whether there are no rows, and no observation to be counted. */
    public boolean isEmpty() {
        return count == 0 && observations == 0;
    }

    /** What is done in row {@code index}. */
    public Kind kind(int index) {
        return KINDS[kinds[index]];
    }

    /** Gathers a batch; for one thread. */
    public static final class Builder {
        private int[] series = new int[16];
        private byte[] kinds = new byte[16];
        private long[] timestampsMillis = new long[16];
        private double[] values = new double[16];
        private double @Nullable [] weights;
        private @Nullable FloatHistogram @Nullable [] histograms;
        private int count;
        private int observations;

        /** Counts observations that were received. */
        public void observed(int more) {
            observations += more;
        }

        /** Adds a row. */
        public void add(Kind kind, int ofSeries, long timestampMillis, double value) {
            if (count == series.length) {
                grow();
            }
            series[count] = ofSeries;
            kinds[count] = (byte) kind.ordinal();
            timestampsMillis[count] = timestampMillis;
            values[count++] = value;
        }

        /** Adds a row of kind OBSERVE. */
        public void observe(int ofSeries, long timestampMillis, double value, double weight) {
            add(Kind.OBSERVE, ofSeries, timestampMillis, value);
            if (weights == null && weight != 1) {
                weights = new double[series.length];
                Arrays.fill(weights, 0, count, 1);
            }
            if (weights != null) {
                weights[count - 1] = weight;
            }
        }

        /** Adds a row of kind MERGE. */
        public void merge(int ofSeries, long timestampMillis, FloatHistogram histogram) {
            add(Kind.MERGE, ofSeries, timestampMillis, 0);
            if (histograms == null) {
                histograms = new @Nullable FloatHistogram[series.length];
            }
            histograms[count - 1] = histogram;
        }

        /** What was added; the builder is not to be used any more. */
        public PushBatch build() {
            return new PushBatch(
                    series,
                    kinds,
                    timestampsMillis,
                    values,
                    weights,
                    histograms,
                    count,
                    observations);
        }

        private void grow() {
            int room = count * 2;
            series = Arrays.copyOf(series, room);
            kinds = Arrays.copyOf(kinds, room);
            timestampsMillis = Arrays.copyOf(timestampsMillis, room);
            values = Arrays.copyOf(values, room);
            if (weights != null) {
                weights = Arrays.copyOf(weights, room);
            }
            if (histograms != null) {
                histograms = Arrays.copyOf(histograms, room);
            }
        }
    }
}

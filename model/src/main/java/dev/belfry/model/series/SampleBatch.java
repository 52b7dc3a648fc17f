package dev.belfry.model.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one request in columns, in the order in which they came; at least one sample,
 * exemplar or metadata. Immutable; nobody writes to its arrays, but for those that a {@link
 * dev.belfry.model.wire.SampleBatchCodec.Columns} has, which hold until it is used again.
 *
 * @param series the series of each sample, by the number that {@link SeriesResolver} gave; {@code
 *     int[count]} or longer
 * @param timestampsMillis when; {@code long[count]} or longer
 * @param values the values, bit for bit as they came; one does not count where there is a histogram
 * @param histograms null when there are only numbers; null at the numbers
 * @param startsMillis when what the sample counts began (created timestamp), 0 where nobody said;
 *     null when nobody said for any. The journal has them, the store's files do not
 * @param count how many samples
 * @param exemplars with their series, in the order in which they came
 * @param metadata of families
 */
public record SampleBatch(
        int[] series,
        long[] timestampsMillis,
        double[] values,
        @Nullable FloatHistogram @Nullable [] histograms,
        long @Nullable [] startsMillis,
        int count,
        List<SeriesExemplar> exemplars,
        List<MetricMetadata> metadata) {

    /** Copies the lists. */
    public SampleBatch {
        exemplars = List.copyOf(exemplars);
        metadata = List.copyOf(metadata);
    }

    /**
     * An exemplar of a series.
     *
     * @param series the series' number
     * @param exemplar what stands for it
     */
    public record SeriesExemplar(int series, Exemplar exemplar) {}

    /** How many journal records it takes: samples, exemplars and metadata, in this order. */
    public int records() {
        return count + exemplars.size() + metadata.size();
    }

    /** The histogram of sample {@code index}, null when it is a number. */
    public @Nullable FloatHistogram histogram(int index) {
        return histograms == null ? null : histograms[index];
    }

    /** When what sample {@code index} counts began, 0 when nobody said. */
    public long startMillis(int index) {
        return startsMillis == null ? 0 : startsMillis[index];
    }

    /** Gathers a batch; for one thread. */
    public static final class Builder {
        private int[] series;
        private long[] timestampsMillis;
        private double[] values;
        private @Nullable FloatHistogram @Nullable [] histograms;
        private long @Nullable [] startsMillis;
        private int count;
        private final List<SeriesExemplar> exemplars = new ArrayList<>();
        private final List<MetricMetadata> metadata = new ArrayList<>();

        /** An empty one with room for {@code expected} samples to begin with. */
        public Builder(int expected) {
            int room = Math.max(16, expected);
            series = new int[room];
            timestampsMillis = new long[room];
            values = new double[room];
        }

        /** How many samples there are. */
        public int count() {
            return count;
        }

        /** Whether there is nothing in it. */
        public boolean isEmpty() {
            return count == 0 && exemplars.isEmpty() && metadata.isEmpty();
        }

        /** Adds a number. */
        public void add(int ofSeries, long timestampMillis, double value) {
            if (count == series.length) {
                grow(count + 1);
            }
            series[count] = ofSeries;
            timestampsMillis[count] = timestampMillis;
            values[count++] = value;
        }

        /** Adds all of {@code batch}. */
        public void add(SampleBatch batch) {
            int before = count;
            int more = batch.count();
            if (count + more > series.length) {
                grow(count + more);
            }
            System.arraycopy(batch.series(), 0, series, before, more);
            System.arraycopy(batch.timestampsMillis(), 0, timestampsMillis, before, more);
            System.arraycopy(batch.values(), 0, values, before, more);
            if (batch.histograms() != null) {
                if (histograms == null) {
                    histograms = new @Nullable FloatHistogram[series.length];
                }
                System.arraycopy(batch.histograms(), 0, histograms, before, more);
            }
            if (batch.startsMillis() != null) {
                if (startsMillis == null) {
                    startsMillis = new long[series.length];
                }
                System.arraycopy(batch.startsMillis(), 0, startsMillis, before, more);
            }
            count += more;
            exemplars.addAll(batch.exemplars());
            metadata.addAll(batch.metadata());
        }

        /** Adds a histogram. */
        public void add(int ofSeries, long timestampMillis, FloatHistogram histogram) {
            add(ofSeries, timestampMillis, 0);
            if (histograms == null) {
                histograms = new @Nullable FloatHistogram[series.length];
            }
            histograms[count - 1] = histogram;
        }

        /** Tells when what the last sample counts began, epoch milliseconds. */
        public void startOfLast(long startMillis) {
            if (startsMillis == null) {
                startsMillis = new long[series.length];
            }
            startsMillis[count - 1] = startMillis;
        }

        /** Adds an exemplar. */
        public void add(int ofSeries, Exemplar exemplar) {
            exemplars.add(new SeriesExemplar(ofSeries, exemplar));
        }

        /** Adds what is known of a family. */
        public void add(MetricMetadata family) {
            metadata.add(family);
        }

        /** What was added; the builder is not to be used any more. */
        public SampleBatch build() {
            return new SampleBatch(
                    series,
                    timestampsMillis,
                    values,
                    histograms,
                    startsMillis,
                    count,
                    exemplars,
                    metadata);
        }

        private void grow(int least) {
            int room = Math.max(least, count * 2);
            series = Arrays.copyOf(series, room);
            timestampsMillis = Arrays.copyOf(timestampsMillis, room);
            values = Arrays.copyOf(values, room);
            if (histograms != null) {
                histograms = Arrays.copyOf(histograms, room);
            }
            if (startsMillis != null) {
                startsMillis = Arrays.copyOf(startsMillis, room);
            }
        }
    }
}

package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One series of a vector over all steps: a number, a histogram or nothing at each. The name goes at
 * the end of the query when {@code dropName}.
 */
final class Row {
    /*
     * Nothing at a step is this NaN, which no sample has: a stored one with these bits is replaced
     * when it is read. A histogram at a step has it in the column of numbers.
     */
    private static final long ABSENT_BITS = 0x7ffc_ab5e_0000_0b5eL;
    /* The objects of a row, of its labels and of their array. */
    private static final long ROW_BYTES = 160;

    /* The object of a histogram and the headers of its arrays. */
    private static final long HISTOGRAM_BYTES = 170;

    static final double ABSENT = Double.longBitsToDouble(ABSENT_BITS);

    final Labels labels;
    final boolean dropName;
    final double[] values;

    /*
     * What is known: at each step from runFrom to runTo, exclusive, there is a number, at the others
     * nothing, and no histogram at any. 0 and 0 when nothing is known.
     */
    int runFrom;
    int runTo;
    @Nullable FloatHistogram @Nullable [] histograms;

    Row(Labels labels, boolean dropName, int steps) {
        this(labels, dropName, new double[steps], null);
        Arrays.fill(values, ABSENT);
    }

    Row(
            Labels labels,
            boolean dropName,
            double[] values,
            @Nullable FloatHistogram @Nullable [] histograms) {
        this.labels = labels;
        this.dropName = dropName;
        this.values = values;
        this.histograms = histograms;
    }

    static boolean absent(double value) {
        return Double.isNaN(value) && Double.doubleToRawLongBits(value) == ABSENT_BITS;
    }

    /** {@code value} as it can be kept: never the marker of absence. */
    static double kept(double value) {
        return absent(value) ? Double.NaN : value;
    }

    boolean hasNumber(int step) {
        return !absent(values[step]);
    }

    /** Whether there is a number at any step. */
    boolean hasNumbers() {
        boolean any = runTo > runFrom;
        for (int i = 0; i < values.length && !any; i++) {
            any = hasNumber(i);
        }
        return any;
    }

    @Nullable FloatHistogram histogram(int step) {
        return histograms == null ? null : histograms[step];
    }

    boolean has(int step) {
        return hasNumber(step) || histogram(step) != null;
    }

    void set(int step, double value) {
        values[step] = kept(value);
    }

    void set(int step, FloatHistogram histogram) {
        if (histograms == null) {
            histograms = new FloatHistogram[values.length];
        }
        histograms[step] = histogram;
    }

    void copyStep(int step, Row from) {
        values[step] = from.values[step];
        FloatHistogram histogram = from.histogram(step);
        if (histogram != null) {
            set(step, histogram);
        }
    }

    /** Tells that it has {@code found} numbers, all of them from {@code first} to {@code last}. */
    void run(int first, int last, int found) {
        if (histograms == null && found > 0 && found == last - first + 1) {
            runFrom = first;
            runTo = last + 1;
        }
    }

    /** Whether there is known to be a number at every step, and no histogram at any. */
    boolean isDense() {
        return runTo - runFrom == values.length;
    }

    boolean isEmpty() {
        if (runTo > runFrom) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if (has(i)) {
                return false;
            }
        }
        return true;
    }

    /** At how many steps there is something; knows then of a run of numbers. */
    int count() {
        if (runTo > runFrom) {
            return runTo - runFrom;
        }
        int numbers = 0;
        int first = -1;
        int last = -1;
        for (int i = 0; i < values.length; i++) {
            if (!absent(values[i])) {
                numbers++;
                first = first < 0 ? i : first;
                last = i;
            }
        }
        run(first, last, numbers);
        if (histograms == null) {
            return numbers;
        }
        int all = 0;
        for (int i = 0; i < values.length; i++) {
            all += has(i) ? 1 : 0;
        }
        return all;
    }

    /**
     * About how much memory a row of {@code steps} takes, its labels and no histograms included.
     */
    static long bytes(int steps) {
        return 8L * steps + ROW_BYTES;
    }

    /** About how much memory its histograms take; one that stands at steps in a row counts once. */
    long histogramBytes() {
        return histogramBytes(histograms, histograms == null ? 0 : histograms.length);
    }

    /** The same of the first {@code size} of {@code histograms}. */
    @SuppressWarnings("ReferenceEquality") // The same object takes its memory once.
    static long histogramBytes(@Nullable FloatHistogram @Nullable [] histograms, int size) {
        if (histograms == null) {
            return 0;
        }
        long bytes = 4L * size;
        FloatHistogram before = null;
        for (int i = 0; i < size; i++) {
            FloatHistogram histogram = histograms[i];
            if (histogram != null && histogram != before) {
                int buckets = histogram.positiveCounts().length + histogram.negativeCounts().length;
                bytes += HISTOGRAM_BYTES + 12L * buckets;
                before = histogram;
            }
        }
        return bytes;
    }

    /** The same samples under other labels. */
    Row relabelled(Labels newLabels, boolean newDropName) {
        Row row = new Row(newLabels, newDropName, values, histograms);
        row.runFrom = runFrom;
        row.runTo = runTo;
        return row;
    }
}

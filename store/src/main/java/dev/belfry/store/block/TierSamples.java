package dev.belfry.store.block;

import java.util.Arrays;

/**
 * Samples made of a tier's steps, such that a function of PromQL over them answers as over those
 * that came. For one thread; used again.
 */
public final class TierSamples {
    /*
     *   min, max, sum_over_time         the step's lowest, highest, sum, at its end
     *   avg_over_time, count_over_time  as many samples as there were, each the step's mean: both
     *                                   are exact where a range ends with a step
     *   rate, increase, irate, delta of what only grows, resets: a counter that grew by what the
     *                                   step says, without resets, straight from end to end, ending
     *                                   at the last value
     *   anything else                   the last value, and again while an instant selector looks
     *                                   back for it
     *
     * A range that is shorter than a step must find two samples to have a rate: so the counter is
     * drawn at a quarter of the range. Quantiles, deviations, `changes` and the like see one sample
     * a step.
     */
    private static final long LOOKBACK_MILLIS = 240_000;
    private static final long COUNTER_STEP_MIN_MILLIS = 1_000;

    private long[] times = new long[64];
    private double[] values = new double[64];
    private int size;

    /** Which shape of samples a function needs. */
    private enum Shape {
        MIN,
        MAX,
        SUM,
        MEAN,
        COUNTER,
        LAST
    }

    private static Shape shape(String function) {
        return switch (function) {
            case "min_over_time" -> Shape.MIN;
            case "max_over_time" -> Shape.MAX;
            case "sum_over_time" -> Shape.SUM;
            case "avg_over_time", "count_over_time" -> Shape.MEAN;
            case "rate", "increase", "irate" -> Shape.COUNTER;
            default -> Shape.LAST;
        };
    }

    /**
     * Makes the samples of {@code steps}.
     *
     * @param function the function around the selector, empty when there is none
     * @param rangeMillis the range that it reads, 0 for an instant vector
     */
    public void make(TierSteps steps, String function, long rangeMillis) {
        size = 0;
        switch (shape(function)) {
            case MIN -> copy(steps, Aggregate.MIN);
            case MAX -> copy(steps, Aggregate.MAX);
            case SUM -> copy(steps, Aggregate.SUM);
            case MEAN -> means(steps);
            case COUNTER -> counter(steps, rangeMillis);
            case LAST -> {
                if (rangeMillis == 0) {
                    held(steps);
                } else {
                    copy(steps, Aggregate.LAST);
                }
            }
        }
    }

    /** How many samples were made. */
    public int size() {
        return size;
    }

    /** When, ascending; longer than {@link #size}. */
    public long[] times() {
        return times;
    }

    /** The values; longer than {@link #size}. */
    public double[] values() {
        return values;
    }

    private void copy(TierSteps steps, Aggregate aggregate) {
        double[] column = steps.column(aggregate);
        for (int i = 0; i < steps.size; i++) {
            add(steps.times[i], column[i]);
        }
    }

    private void means(TierSteps steps) {
        double[] counts = steps.column(Aggregate.COUNT);
        double[] sums = steps.column(Aggregate.SUM);
        for (int i = 0; i < steps.size; i++) {
            long width = steps.widths[i];
            long count = (long) Math.clamp(counts[i], 1, width);
            long start = steps.times[i] - width;
            for (long sample = 1; sample <= count; sample++) {
                add(start + width * sample / count, sums[i] / counts[i]);
            }
        }
    }

    private void held(TierSteps steps) {
        double[] firsts = steps.column(Aggregate.FIRST);
        double[] lasts = steps.column(Aggregate.LAST);
        for (int i = 0; i < steps.size; i++) {
            long end = steps.times[i];
            long start = end - steps.widths[i];
            boolean follows = i > 0 && steps.times[i - 1] >= start;
            double before = follows ? lasts[i - 1] : firsts[i];
            for (long at = start + LOOKBACK_MILLIS; at < end; at += LOOKBACK_MILLIS) {
                add(at, before);
            }
            add(end, lasts[i]);
        }
    }

    private void counter(TierSteps steps, long rangeMillis) {
        double[] firsts = steps.column(Aggregate.FIRST);
        double[] lasts = steps.column(Aggregate.LAST);
        double[] dropped = steps.column(Aggregate.DROPPED);
        double[] grown = new double[steps.size];
        double total = 0;
        for (int i = 0; i < steps.size; i++) {
            double inside = lasts[i] - firsts[i] + dropped[i];
            double since = i == 0 ? 0 : firsts[i] - (firsts[i] < lasts[i - 1] ? 0 : lasts[i - 1]);
            grown[i] = inside + since;
            total += grown[i];
        }
        long distance = Math.max(rangeMillis / 4, COUNTER_STEP_MIN_MILLIS);
        double value = steps.size == 0 ? 0 : lasts[steps.size - 1] - total;
        for (int i = 0; i < steps.size; i++) {
            long end = steps.times[i];
            long start = end - steps.widths[i];
            boolean follows = i > 0 && steps.times[i - 1] >= start;
            if (!follows) {
                add(start + 1, value);
            }
            for (long at = start + distance; at < end; at += distance) {
                double share = (at - start) / (double) steps.widths[i];
                add(at, value + grown[i] * share);
            }
            value += grown[i];
            add(end, value);
        }
    }

    private void add(long time, double value) {
        if (size > 0 && times[size - 1] >= time) {
            return;
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        times[size] = time;
        values[size++] = value;
    }
}

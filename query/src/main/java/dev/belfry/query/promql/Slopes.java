package dev.belfry.query.promql;

import java.util.Arrays;

/**
 * {@code rate}, {@code increase} and {@code delta} at all steps of series that have only numbers,
 * over plain ranges; for one call at the same steps, and for one thread.
 */
final class Slopes {
    /*
     * Which samples are in the window of a step, and the factor of extrapolation, depend on the times of the samples alone,
     * unless a counter would soon have been zero. Series of one source mostly have the same times: of those this is found
     * once. Where samples and steps are at even times, the windows that are full lie at even places of the column:
     *
     *   steps     0 …        fullFrom …            fullTo …
     *             windows    full: from place on,  windows
     *             one by one a stride each         one by one
     *
     * With no counter reset, full windows are a loop that is made of vectors.
     */
    private static final int[] NO_RESETS = {};
    private static final int EVEN_MIN = 8;

    /* Steps that are looked at together for a counter that would soon have been zero. */
    private static final int STEPS_TOGETHER = 64;

    /* More than what is lost in a few operations on numbers that are not subnormal. */
    private static final double ROUNDED_UP = 1 + 1e-12;

    private final boolean counter;
    private final boolean perSecond;
    private double divisor;

    /* What is known of the times: those of the last series, and what follows from them. */
    private long[] times = {};
    private int count = -1;
    private long rangeMillis;
    private long[] ends = {};
    private int[] froms = {};
    private int[] tos = {};
    private double[] factors = {};

    /* Of each window, in seconds: what was sampled, and how far it is extrapolated to both sides. */
    private double[] sampled = {};
    private double[] toStart = {};
    private double[] toEnd = {};
    private int fullFrom;
    private int fullTo;
    private int place;
    private int size;
    private int stride;
    private boolean fullIsLearnt;

    /* A counter that grew by more than so many times its first value would have been zero where a full window begins. */
    private double reach;

    private int found;
    private int firstStep;
    private int lastStep;

    Slopes(boolean counter, boolean perSecond) {
        this.counter = counter;
        this.perSecond = perSecond;
    }

    /** Puts those of {@code series} into {@code row}; at how many steps there is a result. */
    @SuppressWarnings("ReferenceEquality") // Of the same call: the same array.
    int of(RangeSeries series, Row row) {
        boolean known =
                series.count == count
                        && series.ends == ends
                        && series.rangeMillis == rangeMillis
                        && Arrays.equals(series.times, 0, count, times, 0, count);
        if (!known) {
            learn(series);
        }
        found = 0;
        firstStep = -1;
        lastStep = -1;
        int[] resets = counter ? resets(series.values, count) : NO_RESETS;
        if (resets.length > 0) {
            learnFull();
            withResets(series.values, resets, row.values);
        } else {
            oneByOne(series.values, 0, fullFrom, row.values);
            for (int step = fullFrom; step < fullTo; step += STEPS_TOGETHER) {
                full(series.values, step, Math.min(fullTo, step + STEPS_TOGETHER), row.values);
            }
            found(fullFrom, fullTo);
            oneByOne(series.values, fullTo, ends.length, row.values);
        }
        row.run(firstStep, lastStep, found);
        return found;
    }

    private void found(int from, int to) {
        if (to > from) {
            found += to - from;
            firstStep = firstStep < 0 ? from : firstStep;
            lastStep = to - 1;
        }
    }

    // ---- times

    private void learn(RangeSeries series) {
        count = series.count;
        ends = series.ends;
        rangeMillis = series.rangeMillis;
        divisor = perSecond ? rangeMillis / 1000.0 : 1;
        if (times.length < count) {
            times = new long[series.times.length];
        }
        System.arraycopy(series.times, 0, times, 0, count);
        int steps = ends.length;
        if (froms.length < steps) {
            froms = new int[steps];
            tos = new int[steps];
            factors = new double[steps];
            sampled = new double[steps];
            toStart = new double[steps];
            toEnd = new double[steps];
        }
        findFull();
        windows(0, fullFrom);
        windows(fullTo, steps);
        fullIsLearnt = fullTo == fullFrom;
    }

    private void learnFull() {
        if (!fullIsLearnt) {
            windows(fullFrom, fullTo);
            fullIsLearnt = true;
        }
    }

    /* None where times are not even. */
    private void findFull() {
        int steps = ends.length;
        fullFrom = steps;
        fullTo = steps;
        if (steps < EVEN_MIN || count < EVEN_MIN) {
            return;
        }
        long begin = times[0];
        long interval = times[1] - begin;
        long step = ends[1] - ends[0];
        if (interval <= 0 || step <= 0 || step % interval != 0) {
            return;
        }
        if (!isEven(times, count, interval) || !isEven(ends, steps, step)) {
            return;
        }
        // Places of the first step's window, also where there is no sample yet.
        long first = Math.floorDiv(ends[0] - rangeMillis - begin, interval) + 1;
        long end = Math.floorDiv(ends[0] - begin, interval) + 1;
        if (end - first < 3) {
            return;
        }
        long each = step / interval;
        int from = (int) Math.clamp(Math.ceilDiv(-first, each), 0, steps);
        int to = (int) Math.clamp(Math.floorDiv(count - end, each) + 1, from, steps);
        if (to > from) {
            fullFrom = from;
            fullTo = to;
            place = (int) (first + from * each);
            size = (int) (end - first);
            stride = (int) each;
            learnFactor(from, place, place + size - 1);
            reach = sampled[from] / (toStart[from] * ROUNDED_UP);
        }
    }

    private static boolean isEven(long[] times, int count, long interval) {
        long odd = 0;
        for (int i = 1; i < count; i++) {
            odd |= times[i] - times[i - 1] ^ interval;
        }
        return odd == 0;
    }

    /* The windows of some steps, and their factors where there are two samples and more. */
    private void windows(int fromStep, int toStep) {
        int from = 0;
        int to = 0;
        int learnt = -1;
        for (int i = fromStep; i < toStep; i++) {
            long end = ends[i];
            long start = end - rangeMillis;
            while (to < count && times[to] <= end) {
                to++;
            }
            while (from < to && times[from] <= start) {
                from++;
            }
            froms[i] = from;
            tos[i] = to;
            if (to - from >= 2) {
                if (learnt >= 0 && liesAlike(learnt, i)) {
                    sampled[i] = sampled[learnt];
                    toStart[i] = toStart[learnt];
                    toEnd[i] = toEnd[learnt];
                    factors[i] = factors[learnt];
                } else {
                    learnFactor(i, from, to - 1);
                }
                learnt = i;
            }
        }
    }

    /* Whether the samples lie in the windows of two steps in the same way, as far as it matters. */
    private boolean liesAlike(int step, int other) {
        long later = ends[other] - ends[step];
        return tos[other] - froms[other] == tos[step] - froms[step]
                && times[froms[other]] - times[froms[step]] == later
                && times[tos[other] - 1] - times[tos[step] - 1] == later;
    }

    private void learnFactor(int step, int first, int last) {
        long end = ends[step];
        double all = (times[last] - times[first]) / 1000.0;
        double average = all / (last - first);
        sampled[step] = all;
        toStart[step] = Rates.extrapolated(times[first] - (end - rangeMillis), average);
        toEnd[step] = Rates.extrapolated(end - times[last], average);
        factors[step] = factor(step, toStart[step]);
    }

    private double factor(int step, double secondsToStart) {
        return (sampled[step] + secondsToStart + toEnd[step]) / sampled[step] / divisor;
    }

    /* The same for a counter that begins with {@code first} and grows by {@code change}, which is not less. */
    private double factorNearZero(int step, double first, double change) {
        return factor(step, Math.min(toStart[step], sampled[step] * (first / change)));
    }

    // ---- values

    /* Full windows of some steps. */
    private void full(double[] values, int fromStep, int toStep, double[] results) {
        int begin = place + (fromStep - fullFrom) * stride;
        int last = begin + size - 1;
        double factor = factors[fullFrom];
        long near = 0;
        if (stride == 1) {
            for (int i = 0; i < toStep - fromStep; i++) {
                double first = values[begin + i];
                double change = values[last + i] - first;
                near |= Double.doubleToRawLongBits(first * reach - change);
                results[fromStep + i] = change * factor;
            }
        } else {
            for (int i = 0; i < toStep - fromStep; i++) {
                double first = values[begin + i * stride];
                double change = values[last + i * stride] - first;
                near |= Double.doubleToRawLongBits(first * reach - change);
                results[fromStep + i] = change * factor;
            }
        }
        if (near < 0 && counter) {
            nearZero(values, fromStep, toStep, results);
        }
    }

    /* The counter would maybe have been zero after the window began. */
    private void nearZero(double[] values, int fromStep, int toStep, double[] results) {
        for (int i = fromStep; i < toStep; i++) {
            int at = place + (i - fullFrom) * stride;
            double first = values[at];
            double change = values[at + size - 1] - first;
            if (change > first && first >= 0) {
                results[i] = change * factorNearZero(fullFrom, first, change);
            }
        }
    }

    private void oneByOne(double[] values, int fromStep, int toStep, double[] results) {
        for (int i = fromStep; i < toStep; i++) {
            int from = froms[i];
            int to = tos[i];
            if (to - from >= 2) {
                results[i] = result(i, values[from], values[to - 1] - values[from]);
                found(i, i + 1);
            }
        }
    }

    private void withResets(double[] values, int[] resets, double[] results) {
        int reset = 0;
        for (int i = 0; i < ends.length; i++) {
            int from = froms[i];
            int to = tos[i];
            if (to - from < 2) {
                continue;
            }
            double change = values[to - 1] - values[from];
            while (reset < resets.length && resets[reset] <= from) {
                reset++;
            }
            for (int j = reset; j < resets.length && resets[j] < to; j++) {
                change += values[resets[j] - 1];
            }
            results[i] = result(i, values[from], change);
            found(i, i + 1);
        }
    }

    private double result(int step, double first, double change) {
        // The way to zero is longer than what was sampled, and that than the way to the start.
        boolean nearZero = counter && !(first >= change && tos[step] - froms[step] > 2);
        double factor = factors[step];
        if (nearZero && change > 0 && first >= 0) {
            factor = factorNearZero(step, first, change);
        }
        double result = change * factor;
        return Double.isNaN(result) ? Row.kept(result) : result;
    }

    /* Where a value is below the one before. */
    private static int[] resets(double[] values, int count) {
        /* The sign says so in one pass without a branch; a NaN may have one too. */
        long signs = 0;
        for (int i = 1; i < count; i++) {
            signs |= Double.doubleToRawLongBits(values[i] - values[i - 1]);
        }
        if (signs >= 0) {
            return NO_RESETS;
        }
        int found = 0;
        for (int i = 1; i < count; i++) {
            found += values[i] < values[i - 1] ? 1 : 0;
        }
        if (found == 0) {
            return NO_RESETS;
        }
        int[] resets = new int[found];
        int at = 0;
        for (int i = 1; i < count; i++) {
            if (values[i] < values[i - 1]) {
                resets[at++] = i;
            }
        }
        return resets;
    }
}

package dev.belfry.query.promql;

/**
 * {@code rate}, {@code increase} and {@code delta} at all steps of one series that has only
 * numbers, over plain ranges.
 */
final class Slopes {
    /*
     * The factor of extrapolation is calculated anew only when the times of the samples, or how soon the counter would have
     * been zero, say so. Where samples and steps are at even times and no counter was reset, the windows of all steps
     * that are full lie at even places of the column: a loop that is made of vectors.
     */
    private static final int[] NO_RESETS = {};
    private static final int EVEN_MIN = 8;

    private final RangeSeries series;
    private final Row row;
    private final boolean counter;
    private final double divisor;
    private final int[] resets;
    private int found;
    private int firstStep = -1;
    private int lastStep = -1;

    private Slopes(RangeSeries series, Row row, boolean counter, boolean perSecond) {
        this.series = series;
        this.row = row;
        this.counter = counter;
        this.divisor = perSecond ? series.rangeMillis / 1000.0 : 1;
        this.resets = counter ? resets(series.values, series.count) : NO_RESETS;
    }

    /** Puts them into {@code row}; at how many steps there is a result. */
    static int of(RangeSeries series, Row row, boolean counter, boolean perSecond) {
        Slopes slopes = new Slopes(series, row, counter, perSecond);
        int steps = row.values.length;
        if (slopes.resets.length > 0 || !slopes.evenly()) {
            slopes.one(0, steps);
        }
        row.run(slopes.firstStep, slopes.lastStep, slopes.found);
        return slopes.found;
    }

    private void found(int from, int to) {
        if (to > from) {
            found += to - from;
            firstStep = firstStep < 0 ? from : firstStep;
            lastStep = to - 1;
        }
    }

    // ---- even times

    /* All steps; false when the times do not allow it. */
    private boolean evenly() {
        long[] ends = series.ends;
        int steps = ends.length;
        if (steps < EVEN_MIN || series.count < EVEN_MIN) {
            return false;
        }
        long begin = series.times[0];
        long interval = series.times[1] - begin;
        long step = ends[1] - ends[0];
        if (interval <= 0 || step <= 0 || step % interval != 0 || !isEven(interval)) {
            return false;
        }
        long stride = step / interval;
        // Places of the first step's window, also where there is no sample yet.
        long first = Math.floorDiv(ends[0] - series.rangeMillis - begin, interval) + 1;
        long end = Math.floorDiv(ends[0] - begin, interval) + 1;
        if (end - first < 3) {
            return false;
        }
        int from = (int) Math.clamp(Math.ceilDiv(-first, stride), 0, steps);
        int to = (int) Math.clamp(Math.floorDiv(series.count - end, stride) + 1, from, steps);
        one(0, from);
        if (to > from) {
            int place = (int) (first + from * stride);
            full(from, to, place, (int) (end - first), (int) stride);
        }
        one(to, steps);
        return true;
    }

    private boolean isEven(long interval) {
        long[] times = series.times;
        long odd = 0;
        for (int i = 1; i < series.count; i++) {
            odd |= times[i] - times[i - 1] ^ interval;
        }
        return odd == 0;
    }

    /* Steps whose windows are full: that of the first begins at a place, the others a stride on each. */
    private void full(int from, int to, int place, int size, int stride) {
        double[] values = series.values;
        double[] results = row.values;
        int last = place + size - 1;
        long start = series.ends[from] - series.rangeMillis;
        double factor = factor(place, last, start, Double.NaN);
        long near = 0;
        if (stride == 1) {
            for (int i = 0; i < to - from; i++) {
                double first = values[place + i];
                double change = values[last + i] - first;
                near |= Double.doubleToRawLongBits(first - change);
                results[from + i] = change * factor;
            }
        } else {
            for (int i = 0; i < to - from; i++) {
                double first = values[place + i * stride];
                double change = values[last + i * stride] - first;
                near |= Double.doubleToRawLongBits(first - change);
                results[from + i] = change * factor;
            }
        }
        if (near < 0 && counter) {
            nearZero(from, to, place, size, stride);
        }
        found(from, to);
    }

    /* The counter would have been zero within the time that was sampled before. */
    private void nearZero(int from, int to, int place, int size, int stride) {
        double[] values = series.values;
        for (int i = from; i < to; i++) {
            int at = place + (i - from) * stride;
            double first = values[at];
            double change = values[at + size - 1] - first;
            if (change > first && first >= 0) {
                long start = series.ends[i] - series.rangeMillis;
                row.values[i] = change * factor(at, at + size - 1, start, first / change);
            }
        }
    }

    private double factor(int first, int last, long start, double zeroAt) {
        return Rates.factor(
                        series.times[first],
                        series.times[last],
                        last - first + 1,
                        start,
                        start + series.rangeMillis,
                        zeroAt)
                / divisor;
    }

    // ---- one step after the other

    private void one(int fromStep, int toStep) {
        long[] times = series.times;
        double[] values = series.values;
        double[] results = row.values;
        int count = series.count;
        int from = 0;
        int to = 0;
        int reset = 0;
        long toStart = -1;
        long toEnd = -1;
        long sampled = -1;
        int size = 0;
        double factor = 0;
        for (int i = fromStep; i < toStep; i++) {
            long end = series.ends[i];
            long start = end - series.rangeMillis;
            while (to < count && times[to] <= end) {
                to++;
            }
            while (from < to && times[from] <= start) {
                from++;
            }
            if (to - from < 2) {
                continue;
            }
            double first = values[from];
            double change = values[to - 1] - first;
            if (reset < resets.length) {
                while (reset < resets.length && resets[reset] <= from) {
                    reset++;
                }
                for (int j = reset; j < resets.length && resets[j] < to; j++) {
                    change += values[resets[j] - 1];
                }
            }
            long firstTime = times[from];
            long lastTime = times[to - 1];
            // The way to zero is longer than what was sampled, and that than the way to the start.
            boolean nearZero = counter && !(first >= change && to - from > 2);
            if (nearZero && change > 0 && first >= 0) {
                results[i] = change * factor(from, to - 1, start, first / change);
            } else {
                if (firstTime - start != toStart
                        || end - lastTime != toEnd
                        || lastTime - firstTime != sampled
                        || to - from != size) {
                    toStart = firstTime - start;
                    toEnd = end - lastTime;
                    sampled = lastTime - firstTime;
                    size = to - from;
                    factor = factor(from, to - 1, start, Double.NaN);
                }
                results[i] = change * factor;
            }
            if (Double.isNaN(results[i])) {
                results[i] = Row.kept(results[i]);
            }
            found(i, i + 1);
        }
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

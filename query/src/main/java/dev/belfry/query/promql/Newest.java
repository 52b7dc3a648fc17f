package dev.belfry.query.promql;

import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.StaleNaN;
import java.util.Arrays;

/**
 * The newest sample at each step, of series that have only numbers; for one selector at the same
 * steps, and for one thread.
 */
final class Newest {
    /*
     * Which sample is the newest at a step depends on the times of the samples alone. Series of one source mostly have the
     * same times: of those this is found once.
     */
    private static final int NONE = -1;

    private final long[] steps;
    private final long lookbackMillis;

    /* Of the last series, and what follows from them: where the newest sample of each step is. */
    private long[] times = {};
    private final int[] places;

    /* Before and after these steps there is none; between them there may be gaps. */
    private int from;
    private int to;
    private boolean gaps;

    Newest(long[] steps, long lookbackMillis) {
        this.steps = steps;
        this.lookbackMillis = lookbackMillis;
        places = new int[steps.length];
    }

    /** Puts those of {@code samples} into {@code row}; at how many steps there is one. */
    int of(SeriesSamples samples, Row row) {
        int size = samples.size();
        if (!Arrays.equals(samples.timestampsMillis(), 0, size, times, 0, times.length)) {
            times = Arrays.copyOf(samples.timestampsMillis(), size);
            learn();
        }
        if (gaps || !copy(samples.values(), row.values)) {
            return oneByOne(samples.values(), row);
        }
        row.run(from, to - 1, to - from);
        return to - from;
    }

    private void learn() {
        int next = 0;
        int found = 0;
        from = 0;
        to = 0;
        for (int i = 0; i < steps.length; i++) {
            while (next < times.length && times[next] <= steps[i]) {
                next++;
            }
            boolean any = next > 0 && times[next - 1] > steps[i] - lookbackMillis;
            places[i] = any ? next - 1 : NONE;
            if (any) {
                from = found++ == 0 ? i : from;
                to = i + 1;
            }
        }
        gaps = found < to - from;
    }

    /* Whether all are numbers: not any NaN, which may say that the series ended. */
    private boolean copy(double[] values, double[] results) {
        boolean numbers = true;
        for (int i = from; i < to; i++) {
            double value = values[places[i]];
            results[i] = value;
            numbers &= !Double.isNaN(value);
        }
        return numbers;
    }

    private int oneByOne(double[] values, Row row) {
        int found = 0;
        int first = 0;
        int last = 0;
        for (int i = from; i < to; i++) {
            boolean any = places[i] != NONE && !StaleNaN.is(values[places[i]]);
            row.values[i] = any ? Row.kept(values[places[i]]) : Row.ABSENT;
            if (any) {
                first = found++ == 0 ? i : first;
                last = i;
            }
        }
        row.run(first, last, found);
        return found;
    }
}

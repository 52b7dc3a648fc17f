package dev.belfry.query.promql;

/**
 * Functions over all windows of a series of numbers, each sample looked at once or twice however
 * many windows it is in. The results are those of looking at each window alone, to the last bit.
 */
final class MovingWindows {
    /* Sums of whole numbers up to here are exact: 2^53. */
    private static final double EXACT_MAX = 9007199254740992.0;

    private MovingWindows() {}

    /** Whether it knows how; only then {@code row} was filled. */
    static boolean apply(String function, RangeSeries series, Row row) {
        return switch (function) {
            case "max_over_time" -> {
                extremes(series, row, true);
                yield true;
            }
            case "min_over_time" -> {
                extremes(series, row, false);
                yield true;
            }
            case "sum_over_time" -> sums(series, row, false);
            case "avg_over_time" -> sums(series, row, true);
            default -> false;
        };
    }

    /*
     * A queue of samples that may still become the greatest (or the least): each is greater than
     * all behind it. Of equal ones, the earliest is the first. NaN is one only where there is
     * nothing else.
     */
    private static void extremes(RangeSeries series, Row row, boolean max) {
        double[] values = series.values;
        int[] queue = new int[series.count];
        int head = 0;
        int tail = 0;
        int seen = 0;
        for (int i = 0; i < row.values.length; i++) {
            series.moveTo(i);
            for (seen = Math.max(seen, series.from); seen < series.to; seen++) {
                double value = values[seen];
                if (Double.isNaN(value)) {
                    continue;
                }
                while (tail > head
                        && (max
                                ? values[queue[tail - 1]] < value
                                : values[queue[tail - 1]] > value)) {
                    tail--;
                }
                queue[tail++] = seen;
            }
            while (head < tail && queue[head] < series.from) {
                head++;
            }
            if (series.from < series.to) {
                row.set(i, head < tail ? values[queue[head]] : Double.NaN);
            }
        }
    }

    /* Sums of whole numbers are differences of the sums up to each sample, as long as all are exact. */
    private static boolean sums(RangeSeries series, Row row, boolean average) {
        double[] values = series.values;
        double magnitude = 0;
        for (int i = 0; i < series.count; i++) {
            double value = values[i];
            if (value != Math.rint(value)) {
                return false;
            }
            magnitude += Math.abs(value);
        }
        if (!(magnitude < EXACT_MAX)) {
            return false;
        }
        double[] before = new double[series.count + 1];
        for (int i = 0; i < series.count; i++) {
            before[i + 1] = before[i] + values[i];
        }
        for (int i = 0; i < row.values.length; i++) {
            series.moveTo(i);
            int size = series.to - series.from;
            if (size > 0) {
                double sum = before[series.to] - before[series.from];
                row.values[i] = average ? sum / size : sum;
            }
        }
        return true;
    }
}

package dev.belfry.query.promql;

import dev.belfry.query.promql.QueryResult.Series;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code rate}, {@code increase}, {@code delta} of ranges with made-up ends. */
final class ExtendedRanges {
    /* Functions that know what to do with the ends of a range. */
    private static final Set<String> ANCHORED =
            Set.of("resets", "changes", "rate", "increase", "delta");
    private static final Set<String> SMOOTHED = Set.of("rate", "increase", "delta");

    private ExtendedRanges() {}

    /** Refuses a call whose range has made-up ends, unless the function knows of them. */
    static void check(Expr.Call call) {
        for (Expr argument : call.arguments()) {
            if (!(argument.unwrapped() instanceof Expr.Range range)
                    || range.selector().edges() == Expr.Edges.PLAIN) {
                continue;
            }
            boolean anchored = range.selector().edges() == Expr.Edges.ANCHORED;
            Set<String> known = anchored ? ANCHORED : SMOOTHED;
            if (!known.contains(call.function().name())) {
                throw PromqlException.execution(
                        (anchored ? "anchored" : "smoothed")
                                + " modifier can only be used with: "
                                + String.join(", ", new TreeSet<>(known))
                                + " - not with "
                                + call.function().name());
            }
        }
    }

    /** The value at {@code time} on the line from the number at {@code index} to the next. */
    static double between(
            RangeSeries series, int index, long time, boolean counter, boolean leftEdge) {
        double left = series.values[index];
        double right = series.values[index + 1];
        if (counter && right < left) {
            if (leftEdge) {
                left = 0;
            } else {
                right += left;
            }
        }
        long leftTime = series.times[index];
        return left + (right - left) * (time - leftTime) / (series.times[index + 1] - leftTime);
    }

    /**
     * Index of the first number to look at in a range whose start is anchored: the last one at or
     * before the start, when it is not too old; else the first one in it.
     */
    static int firstIndex(RangeSeries window, long lookback) {
        boolean anchored =
                window.from > 0 && window.times[window.from - 1] > window.start - lookback;
        return anchored ? window.from - 1 : window.from;
    }

    /**
     * Index of the number that changes and resets of an anchored range begin with. As in
     * Prometheus, a range without numbers tells of the two before it, unless they are too old.
     */
    static int firstOfChanges(RangeSeries window, long lookback) {
        int first = firstIndex(window, lookback);
        boolean empty = window.from == window.to;
        boolean two =
                empty
                        && first < window.to
                        && first > 0
                        && window.times[first - 1] > window.start - lookback;
        return two ? first - 1 : first;
    }

    /* The numbers that a range with made-up ends is about, first to last, and the values at its ends. */
    private record Ends(int first, int last, double left, double right) {
        static @Nullable Ends of(
                RangeSeries window, boolean counter, boolean smoothed, long lookback) {
            int first = firstIndex(window, lookback);
            int last = window.to - 1;
            boolean next =
                    smoothed
                            && window.to < window.count
                            && window.times[window.to] <= window.end + lookback
                            && !(last >= 0 && window.times[last] == window.end);
            if (next) {
                last = window.to;
            }
            if (last < first || window.times[last] <= window.start) {
                return null;
            }
            double left =
                    smoothed && window.times[first] < window.start
                            ? between(window, first, window.start, counter, true)
                            : window.values[first];
            double right =
                    smoothed && last > first && window.times[last] > window.end
                            ? between(window, last - 1, window.end, counter, false)
                            : window.values[last];
            return new Ends(first, last, left, right);
        }

        /* Of the numbers strictly within the range. */
        int innerFrom(RangeSeries window) {
            return window.times[first] <= window.start ? first + 1 : first;
        }

        /* Inclusive. */
        int innerTo(RangeSeries window) {
            return window.times[last] >= window.end ? last - 1 : last;
        }
    }

    static void rate(
            RangeSeries window,
            Row row,
            int step,
            boolean counter,
            boolean perSecond,
            boolean smoothed,
            long lookback) {
        Ends ends = Ends.of(window, counter, smoothed, lookback);
        if (ends == null) {
            return;
        }
        double result = ends.right - ends.left;
        if (counter) {
            result +=
                    resets(
                            window,
                            ends.left,
                            ends.right,
                            ends.innerFrom(window),
                            ends.innerTo(window));
        }
        row.set(step, perSecond ? result / (window.rangeMillis / 1000.0) : result);
    }

    /** The numbers of a window with a made-up one at its start and one at its end. */
    static Series window(RangeSeries window, boolean smoothed, long lookback) {
        Ends ends = Ends.of(window, false, smoothed, lookback);
        if (ends == null) {
            return new Series(window.labels, new long[0], new double[0], null);
        }
        int from = ends.innerFrom(window);
        int inner = Math.max(0, ends.innerTo(window) + 1 - from);
        long[] times = new long[inner + 2];
        double[] values = new double[inner + 2];
        times[0] = window.start;
        values[0] = ends.left;
        System.arraycopy(window.times, from, times, 1, inner);
        System.arraycopy(window.values, from, values, 1, inner);
        times[inner + 1] = window.end;
        values[inner + 1] = ends.right;
        return new Series(window.labels, times, values, null);
    }

    private static double resets(RangeSeries window, double left, double right, int from, int to) {
        double correction = 0;
        double before = left;
        for (int i = from; i <= to; i++) {
            if (window.values[i] < before) {
                correction += before;
            }
            before = window.values[i];
        }
        return right < before ? correction + before : correction;
    }
}

package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts by time and level. */
final class Histograms {
    /** Buckets of an answer at most. */
    static final int BUCKETS_MAX = 2000;

    /* Widths that people read easily. */
    private static final long[] WIDTHS = widths();

    private Histograms() {}

    private static long[] widths() {
        long millisecond = TimeUnit.MILLISECONDS.toNanos(1);
        long second = TimeUnit.SECONDS.toNanos(1);
        long minute = TimeUnit.MINUTES.toNanos(1);
        long hour = TimeUnit.HOURS.toNanos(1);
        long day = TimeUnit.DAYS.toNanos(1);
        return new long[] {
            millisecond,
            2 * millisecond,
            5 * millisecond,
            10 * millisecond,
            20 * millisecond,
            50 * millisecond,
            100 * millisecond,
            200 * millisecond,
            500 * millisecond,
            second,
            2 * second,
            5 * second,
            10 * second,
            15 * second,
            30 * second,
            minute,
            2 * minute,
            5 * minute,
            10 * minute,
            15 * minute,
            30 * minute,
            hour,
            2 * hour,
            3 * hour,
            6 * hour,
            12 * hour,
            day,
            2 * day,
            7 * day,
            14 * day,
            30 * day,
            90 * day,
            365 * day
        };
    }

    static Histogram of(
            EventStore store,
            EventFilter filter,
            Plan.Scan scan,
            int bucketsMax,
            QueryContext context) {
        if (bucketsMax < 1 || bucketsMax > BUCKETS_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "buckets: " + bucketsMax + " (expected: 1-" + BUCKETS_MAX + ")");
        }
        TimeRange range = bounded(store, filter.range(), scan, context);
        if (range == null) {
            return new Histogram(WIDTHS[0], List.of(), 0, ResultTable.Statistics.NONE);
        }
        long width = width(range, bucketsMax);
        Plan plan =
                new Plan.Aggregate(
                        new Plan.Scan(
                                scan.table(), range, scan.filter(), scan.owner(), scan.resume()),
                        List.of(
                                new Plan.Named(
                                        "bin",
                                        new Expr.Bin(new Expr.Column("timestamp"), width, 0)),
                                new Plan.Named("level", new Expr.Column("level"))),
                        List.of(new Plan.Measure("count", Plan.Function.COUNT, null, 0)));
        ResultTable table = store.execute(plan, context);
        return buckets(range, width, table);
    }

    private static Histogram buckets(TimeRange range, long width, ResultTable table) {
        long first = Math.floorDiv(range.startNanos(), width);
        int count = (int) (Math.floorDiv(range.endNanos() - 1, width) - first + 1);
        List<Map<String, Long>> counts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            counts.add(new TreeMap<>());
        }
        long total = 0;
        for (@Nullable Object[] row : table.rows()) {
            int index = row[0] instanceof Number start ? index(start.longValue(), first, width) : 0;
            String level = row[1] == null ? "" : row[1].toString().toLowerCase(Locale.ROOT);
            long rows = row[2] instanceof Number number ? number.longValue() : 0;
            counts.get(index).merge(level, rows, Long::sum);
            total += rows;
        }
        List<Histogram.Bucket> buckets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long sum = counts.get(i).values().stream().mapToLong(Long::longValue).sum();
            buckets.add(
                    new Histogram.Bucket(start(first + i, width), Map.copyOf(counts.get(i)), sum));
        }
        return new Histogram(width, buckets, total, table.statistics());
    }

    /*
     * The bucket of a bin that starts at {@code start}. A bin that starts before the first nanosecond there is
     * has wrapped around; as no width divides 2^64, its start is no multiple of the width then.
     */
    private static int index(long start, long first, long width) {
        return Math.floorMod(start, width) == 0 ? (int) (start / width - first) : 0;
    }

    /* Where bin {@code index} starts, or the first nanosecond there is. */
    private static long start(long index, long width) {
        return index < Long.MIN_VALUE / width ? Long.MIN_VALUE : index * width;
    }

    /* An open range ends where the events do; null when there are none. */
    private static @Nullable TimeRange bounded(
            EventStore store, TimeRange range, Plan.Scan scan, QueryContext context) {
        if (range.startNanos() != Long.MIN_VALUE && range.endNanos() != Long.MAX_VALUE) {
            return range.endNanos() > range.startNanos() ? range : null;
        }
        Expr time = new Expr.Column("timestamp");
        Plan plan =
                new Plan.Aggregate(
                        scan,
                        List.of(),
                        List.of(
                                new Plan.Measure("min", Plan.Function.MIN, time, 0),
                                new Plan.Measure("max", Plan.Function.MAX, time, 0)));
        @Nullable Object[] row = store.execute(plan, context).rows().getFirst();
        if (!(row[0] instanceof Number min) || !(row[1] instanceof Number max)) {
            return null;
        }
        long start = range.startNanos() == Long.MIN_VALUE ? min.longValue() : range.startNanos();
        long end =
                range.endNanos() == Long.MAX_VALUE
                        ? Math.max(max.longValue(), max.longValue() + 1)
                        : range.endNanos();
        return end > start ? new TimeRange(start, end) : null;
    }

    private static long width(TimeRange range, int bucketsMax) {
        for (long width : WIDTHS) {
            if (fits(range, width, bucketsMax)) {
                return width;
            }
        }
        long width = WIDTHS[WIDTHS.length - 1];
        while (!fits(range, width, bucketsMax) && width <= Long.MAX_VALUE / 2) {
            width *= 2;
        }
        return width;
    }

    private static boolean fits(TimeRange range, long width, int bucketsMax) {
        long first = Math.floorDiv(range.startNanos(), width);
        long last = Math.floorDiv(range.endNanos() - 1, width);
        return last - first < bucketsMax;
    }
}

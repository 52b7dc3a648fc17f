package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.SeriesSamples;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stored native histograms say of counter resets. */
final class ResetHints {
    /*
     * "Reset" and "no reset" are what a sender saw, who may have sent a histogram in between that
     * never came: histograms are compared instead. Of what it was told, Prometheus' store gives
     * back "gauge" only, too (tsdb/chunkenc/histogram_meta.go).
     *
     * Where only counts and sums of histograms are wanted (histogram_count(sum(a))), Prometheus
     * compares them while it reads, and leaves the buckets. It says then whether resets meet
     * histograms without, which makes such a sum doubtful; and buckets that do not go together do
     * not matter (promql/histogram_stats_iterator.go). So do we.
     */
    private static final Set<String> OF_TOTALS =
            Set.of("histogram_avg", "histogram_count", "histogram_sum");
    private static final Set<String> OF_BUCKETS =
            Set.of(
                    "histogram_fraction",
                    "histogram_quantile",
                    "histogram_quantiles",
                    "histogram_stddev",
                    "histogram_stdvar");
    private static final Set<String> ADDING = Set.of("avg", "sum");
    private static final Set<String> ADDING_OVER_TIME = Set.of("avg_over_time", "sum_over_time");

    private ResetHints() {}

    /** The selectors of {@code expr} whose histograms are added up for their counts and sums. */
    static Set<Expr.Selector> compared(Expr expr) {
        Set<Expr.Selector> found = new HashSet<>();
        find(expr, false, false, found);
        return Set.copyOf(found);
    }

    private static void find(Expr expr, boolean totals, boolean added, Set<Expr.Selector> found) {
        switch (expr) {
            case Expr.Selector selector -> {
                if (added) {
                    found.add(selector);
                }
            }
            case Expr.Binary binary ->
                    binary.children().forEach(child -> find(child, false, false, found));
            case Expr.Subquery query -> inside(query.expr(), found);
            case Expr.Call call when OF_BUCKETS.contains(call.function().name()) ->
                    call.children().forEach(child -> inside(child, found));
            case Expr.Call call -> {
                String name = call.function().name();
                boolean now = totals || OF_TOTALS.contains(name);
                boolean adds = added || (now && ADDING_OVER_TIME.contains(name));
                call.children().forEach(child -> find(child, now, adds, found));
            }
            case Expr.Aggregation aggregation -> {
                boolean adds = added || (totals && ADDING.contains(aggregation.operator()));
                aggregation.children().forEach(child -> find(child, totals, adds, found));
            }
            case Expr.Paren _, Expr.Unary _, Expr.Range _, Expr.Num _, Expr.Text _ ->
                    expr.children().forEach(child -> find(child, totals, added, found));
        }
    }

    /* Nothing but what stands on its own beside an operator. */
    private static void inside(Expr expr, Set<Expr.Selector> found) {
        if (expr instanceof Expr.Binary) {
            find(expr, false, false, found);
        } else {
            expr.children().forEach(child -> inside(child, found));
        }
    }

    /**
     * The same samples, with hints that may be relied on; if {@code compare}, told by comparing,
     * and without buckets.
     */
    static SeriesSamples reliable(SeriesSamples samples, boolean compare) {
        @Nullable FloatHistogram[] histograms = samples.histograms();
        if (histograms == null || !(compare || anyTold(samples))) {
            return samples;
        }
        @Nullable FloatHistogram[] told = new FloatHistogram[samples.size()];
        FloatHistogram before = null;
        for (int i = 0; i < told.length; i++) {
            FloatHistogram histogram = histograms[i];
            if (histogram != null) {
                ResetHint hint = hint(histogram, compare ? before : null);
                told[i] = compare ? totals(histogram, hint) : histogram.withHint(hint);
                before = histogram;
            }
        }
        return new SeriesSamples(
                samples.labels(), samples.timestampsMillis(), samples.values(), told, told.length);
    }

    private static FloatHistogram totals(FloatHistogram histogram, ResetHint hint) {
        return new FloatHistogram(
                0,
                hint,
                histogram.count(),
                histogram.sum(),
                0,
                0,
                new int[0],
                new double[0],
                new int[0],
                new double[0],
                new double[0]);
    }

    private static boolean anyTold(SeriesSamples samples) {
        for (int i = 0; i < samples.size(); i++) {
            FloatHistogram histogram = samples.histogram(i);
            if (histogram != null
                    && (histogram.hint() == ResetHint.NOT_RESET
                            || histogram.hint() == ResetHint.RESET)) {
                return true;
            }
        }
        return false;
    }

    private static ResetHint hint(FloatHistogram histogram, @Nullable FloatHistogram before) {
        if (histogram.hint() == ResetHint.GAUGE) {
            return ResetHint.GAUGE;
        }
        if (before == null) {
            return ResetHint.UNKNOWN;
        }
        boolean reset = histogram.withHint(ResetHint.UNKNOWN).resetSince(before);
        return reset ? ResetHint.RESET : ResetHint.NOT_RESET;
    }
}

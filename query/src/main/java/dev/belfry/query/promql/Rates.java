package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.HistogramForms;
import dev.belfry.model.series.HistogramSum;
import dev.belfry.model.series.Labels;
import dev.belfry.query.promql.RangeFunctions.Context;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How counters and gauges change within a range. */
final class Rates {
    private static final Set<String> COUNTER_TYPES = Set.of("counter", "histogram");

    private Rates() {}

    /** Tells when a rate is taken of something that is not called like a counter. */
    static void noteName(Context context, String function, Row row) {
        if (!function.equals("rate") && !function.equals("increase")) {
            return;
        }
        String metric = row.labels.metricName();
        String type = row.labels.get(Labels.TYPE);
        boolean counter =
                metric.isEmpty()
                        || (type.isEmpty() ? likeCounter(metric) : COUNTER_TYPES.contains(type));
        for (int i = 0; i < row.values.length && !counter; i++) {
            if (row.hasNumber(i)) {
                if (type.isEmpty()) {
                    context.annotations().possibleNonCounter(metric, context.span());
                } else {
                    context.annotations().nonCounterType(metric, type, context.span());
                }
                return;
            }
        }
    }

    private static boolean likeCounter(String metric) {
        return metric.endsWith("_total")
                || metric.endsWith("_sum")
                || metric.endsWith("_count")
                || metric.endsWith("_bucket");
    }

    // ---- rate, increase, delta

    static void extrapolated(
            Context context,
            RangeSeries window,
            Row row,
            int step,
            boolean counter,
            boolean perSecond) {
        if (context.edges() != Expr.Edges.PLAIN) {
            boolean smoothed = context.edges() == Expr.Edges.SMOOTHED;
            ExtendedRanges.rate(
                    window, row, step, counter, perSecond, smoothed, context.lookback());
            return;
        }
        if (window.size() > 0 && window.histogramSize() > 0) {
            context.annotations().mixedFloatsHistograms(window.labels.metricName(), context.span());
            return;
        }
        if (window.histogramSize() > 1) {
            FloatHistogram change = histogramChange(context, window, counter);
            if (change != null) {
                double first = window.histograms[window.histogramFrom].count();
                double factor =
                        factor(
                                window.histogramTimes[window.histogramFrom],
                                window.histogramTimes[window.histogramTo - 1],
                                window.histogramSize(),
                                window.start,
                                window.end,
                                counter && change.count() > 0 && first >= 0
                                        ? first / change.count()
                                        : Double.NaN);
                row.set(step, change.times(perSecond ? perSecond(factor, window) : factor));
            }
        } else if (window.size() > 1) {
            double change = change(window, counter);
            double first = window.values[window.from];
            double factor =
                    factor(
                            window.times[window.from],
                            window.times[window.to - 1],
                            window.size(),
                            window.start,
                            window.end,
                            counter && change > 0 && first >= 0 ? first / change : Double.NaN);
            row.set(step, change * (perSecond ? perSecond(factor, window) : factor));
        }
    }

    private static double perSecond(double factor, RangeSeries window) {
        return factor / (window.rangeMillis / 1000.0);
    }

    private static double change(RangeSeries window, boolean counter) {
        double[] values = window.values;
        double change = values[window.to - 1] - values[window.from];
        if (counter) {
            double before = values[window.from];
            for (int i = window.from + 1; i < window.to; i++) {
                if (values[i] < before) {
                    change += before;
                }
                before = values[i];
            }
        }
        return change;
    }

    /*
     * How much longer the range is than what was sampled, as far as a series may be assumed to go
     * on: to the end of the range when a sample would soon be due, else half an interval. A counter
     * does not go below zero: zeroAt is how many sampled intervals before the first sample it
     * would have been zero, or NaN.
     */
    static double factor(long first, long last, int size, long start, long end, double zeroAt) {
        double sampled = (last - first) / 1000.0;
        double average = sampled / (size - 1);
        double toStart = extrapolated(first - start, average);
        if (!Double.isNaN(zeroAt)) {
            toStart = Math.min(toStart, sampled * zeroAt);
        }
        return (sampled + toStart + extrapolated(end - last, average)) / sampled;
    }

    /* How far a series goes on where the range ends so long after it: in seconds, as its average interval. */
    static double extrapolated(long millis, double average) {
        double seconds = millis / 1000.0;
        return seconds >= average * 1.1 ? average / 2 : seconds;
    }

    private static @Nullable FloatHistogram histogramChange(
            Context context, RangeSeries window, boolean counter) {
        Annotations annotations = context.annotations();
        String metric = window.labels.metricName();
        FloatHistogram[] histograms = window.histograms;
        int from = window.histogramFrom;
        int to = window.histogramTo;
        FloatHistogram before = histograms[from];
        FloatHistogram last = histograms[to - 1];
        boolean gauge =
                counter && (before.hint() == ResetHint.GAUGE || last.hint() == ResetHint.GAUGE);
        if (counter) {
            FloatHistogram second = histograms[from + 1];
            if (second.resetSince(before)) {
                before = FloatHistogram.empty(second.schema(), second.bounds());
            }
        }
        if (last.custom() != before.custom()) {
            if (gauge) {
                annotations.notCounter(metric, context.span());
            }
            annotations.mixedExponentialCustom(metric, context.span());
            return null;
        }
        int schema = Math.min(before.schema(), last.schema());
        for (int i = from + 1; i < to - 1 && counter; i++) {
            if (histograms[i].custom() != before.custom()) {
                annotations.mixedExponentialCustom(metric, context.span());
                return null;
            }
            schema = Math.min(schema, histograms[i].schema());
            gauge |= histograms[i].hint() == ResetHint.GAUGE;
        }
        if (gauge) {
            annotations.notCounter(metric, context.span());
        }
        HistogramSum change = new HistogramSum(HistogramForms.toSchema(last, schema));
        change.subtract(before);
        if (change.reconciled()) {
            annotations.reconciledBounds("subtraction", context.span());
        }
        if (counter) {
            boolean added = false;
            for (int i = from + 1; i < to; i++) {
                if (histograms[i].resetSince(before)) {
                    added |= !change.hasBounds(before.bounds());
                    change.add(before);
                }
                before = histograms[i];
            }
            if (added) {
                annotations.reconciledBounds("addition", context.span());
            }
        } else if (histograms[from].hint() != ResetHint.GAUGE || last.hint() != ResetHint.GAUGE) {
            annotations.notGauge(metric, context.span());
        }
        return change.plainResult().withHint(ResetHint.GAUGE);
    }

    // ---- irate, idelta

    static void lastTwo(Context context, RangeSeries window, Row row, int step, boolean counter) {
        if (window.size() + window.histogramSize() < 2) {
            return;
        }
        int number = window.to - 1;
        int histogram = window.histogramTo - 1;
        boolean numbers =
                window.size() > 1
                        && (window.histogramSize() == 0
                                || window.times[number - 1] > window.histogramTimes[histogram]);
        boolean histograms =
                window.histogramSize() > 1
                        && (window.size() == 0
                                || window.histogramTimes[histogram - 1] > window.times[number]);
        if (numbers) {
            double last = window.values[number];
            double before = window.values[number - 1];
            double change = counter && last < before ? last : last - before;
            double seconds = (window.times[number] - window.times[number - 1]) / 1000.0;
            row.set(step, counter ? change / seconds : change);
        } else if (histograms) {
            lastTwoHistograms(context, window, row, step, counter, histogram);
        } else {
            context.annotations().mixedFloatsHistograms(window.labels.metricName(), context.span());
        }
    }

    private static void lastTwoHistograms(
            Context context, RangeSeries window, Row row, int step, boolean counter, int index) {
        FloatHistogram last = window.histograms[index];
        FloatHistogram before = window.histograms[index - 1];
        String metric = window.labels.metricName();
        boolean anyGauge = last.hint() == ResetHint.GAUGE || before.hint() == ResetHint.GAUGE;
        boolean allGauge = last.hint() == ResetHint.GAUGE && before.hint() == ResetHint.GAUGE;
        if (counter && anyGauge) {
            context.annotations().notCounter(metric, context.span());
        }
        if (!counter && !allGauge) {
            context.annotations().notGauge(metric, context.span());
        }
        FloatHistogram change = last;
        if (!counter || !last.resetSince(before)) {
            HistogramSum sum = new HistogramSum(last);
            if (!sum.accepts(before)) {
                context.annotations().mixedExponentialCustom(metric, context.span());
                return;
            }
            sum.subtract(before);
            if (sum.reconciled()) {
                context.annotations().reconciledBounds("subtraction", context.span());
            }
            change = sum.plainResult();
        }
        double seconds = (window.histogramTimes[index] - window.histogramTimes[index - 1]) / 1000.0;
        change = change.withHint(ResetHint.GAUGE);
        row.set(step, counter ? change.dividedBy(seconds) : change);
    }

    // ---- changes, resets

    static void changes(Context context, RangeSeries window, Row row, int step) {
        walk(context, window, row, step, false);
    }

    static void resets(Context context, RangeSeries window, Row row, int step) {
        walk(context, window, row, step, true);
    }

    private static void walk(
            Context context, RangeSeries window, Row row, int step, boolean resets) {
        int number = window.from;
        if (context.edges() == Expr.Edges.ANCHORED) {
            number = ExtendedRanges.firstOfChanges(window, context.lookback());
            if (number == window.to) {
                return;
            }
        }
        int histogram = window.histogramFrom;
        double value = 0;
        FloatHistogram before = null;
        boolean any = false;
        int count = 0;
        while (number < window.to || histogram < window.histogramTo) {
            boolean takeNumber =
                    histogram == window.histogramTo
                            || (number < window.to
                                    && window.times[number] < window.histogramTimes[histogram]);
            double nextValue = takeNumber ? window.values[number++] : 0;
            FloatHistogram next = takeNumber ? null : window.histograms[histogram++];
            if (any && differs(value, before, nextValue, next, resets)) {
                count++;
            }
            any = true;
            value = nextValue;
            before = next;
        }
        row.values[step] = count;
    }

    private static boolean differs(
            double value,
            @Nullable FloatHistogram before,
            double nextValue,
            @Nullable FloatHistogram next,
            boolean resets) {
        if (before == null && next == null) {
            return resets
                    ? nextValue < value
                    : nextValue != value && !(Double.isNaN(nextValue) && Double.isNaN(value));
        }
        if (before == null || next == null) {
            return true;
        }
        return resets ? next.resetSince(before) : !next.sameAs(before);
    }
}

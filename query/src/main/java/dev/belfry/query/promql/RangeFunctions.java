package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Kahan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Functions over ranges: each sees the window of a series at a step. */
final class RangeFunctions {
    private static final Set<String> KEEP_NAME = Set.of("last_over_time", "first_over_time");
    private static final Set<String> SLOPES = Set.of("rate", "increase", "delta");

    /* What one call knows at all its steps. */
    record Context(Evaluator evaluator, Expr.Call call, Span span, Expr.Edges edges) {
        Annotations annotations() {
            return evaluator.annotations();
        }

        long lookback() {
            return evaluator.evaluation.options().lookbackMillis();
        }
    }

    /* Puts what it makes of a window into a row at a step. */
    private interface OfWindow {
        void apply(RangeSeries window, Row row, int step);
    }

    private RangeFunctions() {}

    static List<Row> call(Evaluator evaluator, Expr.Call call) {
        String name = call.function().name();
        int index = call.function().arguments().indexOf(ValueType.MATRIX);
        Expr argument = Functions.argument(call, index);
        double[][] scalars = scalars(evaluator, call, index);
        Expr.Edges edges =
                argument.unwrapped() instanceof Expr.Range range
                        ? range.selector().edges()
                        : Expr.Edges.PLAIN;
        Context context = new Context(evaluator, call, argument.unwrapped().span(), edges);
        boolean keepName = KEEP_NAME.contains(name);
        boolean slope = SLOPES.contains(name) && edges == Expr.Edges.PLAIN;
        Slopes slopes = new Slopes(!name.equals("delta"), name.equals("rate"));
        OfWindow function = function(context, name, scalars);
        Budget budget = evaluator.evaluation.budget();
        List<Row> result = new ArrayList<>();
        evaluator.ranges(
                argument.unwrapped(),
                name,
                window -> {
                    budget.check();
                    Row row = evaluator.newRow(window.labels, window.dropName || !keepName);
                    int found = -1;
                    if (slope && window.histogramCount == 0) {
                        found = slopes.of(window, row);
                    } else if (window.histogramCount > 0
                            || !MovingWindows.apply(name, window, row)) {
                        for (int i = 0; i < row.values.length; i++) {
                            window.moveTo(i);
                            if (!window.isEmpty() || edges != Expr.Edges.PLAIN) {
                                function.apply(window, row, i);
                            }
                        }
                    }
                    found = found < 0 ? row.count() : found;
                    if (found > 0) {
                        budget.calculated(found);
                        budget.take(row.histogramBytes());
                        result.add(row);
                        Rates.noteName(context, name, row);
                    } else {
                        budget.releaseRow(row.values.length);
                    }
                });
        return result;
    }

    private static double[][] scalars(Evaluator evaluator, Expr.Call call, int rangeIndex) {
        double[][] scalars = new double[call.arguments().size()][];
        for (int i = 0; i < scalars.length; i++) {
            if (i != rangeIndex) {
                scalars[i] = evaluator.scalar(Functions.argument(call, i));
            }
        }
        return scalars;
    }

    private static void checkFactor(String what, String symbol, double factor) {
        if (factor <= 0 || factor >= 1) {
            throw PromqlException.execution(
                    String.format(
                            "invalid %s factor. Expected: 0 < %s < 1, got: %s",
                            what, symbol, Floats.fixed(factor)));
        }
    }

    private static OfWindow function(Context context, String name, double[][] scalars) {
        return switch (name) {
            case "rate" ->
                    (window, row, step) ->
                            Rates.extrapolated(context, window, row, step, true, true);
            case "increase" ->
                    (window, row, step) ->
                            Rates.extrapolated(context, window, row, step, true, false);
            case "delta" ->
                    (window, row, step) ->
                            Rates.extrapolated(context, window, row, step, false, false);
            case "irate" -> (window, row, step) -> Rates.lastTwo(context, window, row, step, true);
            case "idelta" ->
                    (window, row, step) -> Rates.lastTwo(context, window, row, step, false);
            case "changes" -> (window, row, step) -> Rates.changes(context, window, row, step);
            case "resets" -> (window, row, step) -> Rates.resets(context, window, row, step);
            case "count_over_time" ->
                    (window, row, step) ->
                            row.values[step] = window.size() + window.histogramSize();
            case "present_over_time" -> (window, row, step) -> row.values[step] = 1;
            case "last_over_time" -> RangeFunctions::last;
            case "first_over_time" -> RangeFunctions::first;
            case "ts_of_last_over_time" ->
                    (window, row, step) -> row.values[step] = lastTime(window) / 1000.0;
            case "ts_of_first_over_time" ->
                    (window, row, step) -> row.values[step] = firstTime(window) / 1000.0;
            case "sum_over_time" -> (window, row, step) -> sum(context, window, row, step, false);
            case "avg_over_time" -> (window, row, step) -> sum(context, window, row, step, true);
            case "double_exponential_smoothing" -> {
                OfWindow smoothing = ofNumbers(context, name, scalars);
                yield (window, row, step) -> {
                    checkFactor("smoothing", "sf", scalars[1][step]);
                    checkFactor("trend", "tf", scalars[2][step]);
                    smoothing.apply(window, row, step);
                };
            }
            default -> ofNumbers(context, name, scalars);
        };
    }

    /* Functions that leave histograms out, and say so. */
    private static OfWindow ofNumbers(Context context, String name, double[][] scalars) {
        OfWindow function = numbers(context, name, scalars);
        // As in Prometheus, where the first argument stands, be it the range or not.
        boolean second = name.equals("quantile_over_time");
        Span span = second ? Functions.argument(context.call(), 0).span() : context.span();
        return (window, row, step) -> {
            if (window.size() > 0) {
                if (window.histogramSize() > 0) {
                    context.annotations()
                            .histogramsIgnoredInRange(window.labels.metricName(), span);
                }
                function.apply(window, row, step);
            }
        };
    }

    private static OfWindow numbers(Context context, String name, double[][] scalars) {
        return switch (name) {
            case "max_over_time" ->
                    (window, row, step) ->
                            row.set(step, window.values[extreme(window, true, false)]);
            case "min_over_time" ->
                    (window, row, step) ->
                            row.set(step, window.values[extreme(window, false, false)]);
            case "ts_of_max_over_time" ->
                    (window, row, step) ->
                            row.set(step, window.times[extreme(window, true, true)] / 1000.0);
            case "ts_of_min_over_time" ->
                    (window, row, step) ->
                            row.set(step, window.times[extreme(window, false, true)] / 1000.0);
            case "stddev_over_time" ->
                    (window, row, step) -> row.set(step, Math.sqrt(variance(window)));
            case "stdvar_over_time" -> (window, row, step) -> row.set(step, variance(window));
            case "quantile_over_time" -> {
                SortedWindow sorted = new SortedWindow();
                yield (window, row, step) -> {
                    double quantile = scalars[0][step];
                    warnOfQuantile(context, quantile);
                    row.set(step, sorted.quantile(quantile, window));
                };
            }
            case "mad_over_time" -> (window, row, step) -> row.set(step, medianDeviation(window));
            case "double_exponential_smoothing" ->
                    (window, row, step) -> {
                        if (window.size() > 1) {
                            row.set(step, smooth(window, scalars[1][step], scalars[2][step]));
                        }
                    };
            case "deriv" ->
                    (window, row, step) -> {
                        if (window.size() > 1) {
                            row.set(step, regression(window, window.times[window.from])[0]);
                        }
                    };
            case "predict_linear" ->
                    (window, row, step) -> {
                        if (window.size() > 1) {
                            double[] line =
                                    regression(window, context.evaluator().steps.time(step));
                            row.set(step, line[0] * scalars[1][step] + line[1]);
                        }
                    };
            default -> throw new IllegalStateException("BUG: function " + name);
        };
    }

    // ---- first and last

    private static void last(RangeSeries window, Row row, int step) {
        boolean histogram =
                window.histogramSize() > 0
                        && (window.size() == 0
                                || window.histogramTimes[window.histogramTo - 1]
                                        > window.times[window.to - 1]);
        if (histogram) {
            row.set(step, window.histograms[window.histogramTo - 1]);
        } else {
            row.set(step, window.values[window.to - 1]);
        }
    }

    private static void first(RangeSeries window, Row row, int step) {
        boolean histogram =
                window.histogramSize() > 0
                        && (window.size() == 0
                                || window.histogramTimes[window.histogramFrom]
                                        < window.times[window.from]);
        if (histogram) {
            row.set(step, window.histograms[window.histogramFrom]);
        } else {
            row.set(step, window.values[window.from]);
        }
    }

    private static long lastTime(RangeSeries window) {
        long number = window.size() > 0 ? window.times[window.to - 1] : Long.MIN_VALUE;
        return window.histogramSize() > 0
                ? Math.max(number, window.histogramTimes[window.histogramTo - 1])
                : number;
    }

    private static long firstTime(RangeSeries window) {
        long number = window.size() > 0 ? window.times[window.from] : Long.MAX_VALUE;
        return window.histogramSize() > 0
                ? Math.min(number, window.histogramTimes[window.histogramFrom])
                : number;
    }

    // ---- sums

    private static void sum(
            Context context, RangeSeries window, Row row, int step, boolean average) {
        if (window.histogramSize() == 0) {
            Sums.Mean mean = new Sums.Mean();
            if (average) {
                for (int i = window.from; i < window.to; i++) {
                    mean.add(window.values[i]);
                }
                row.set(step, mean.mean());
            } else {
                row.set(step, total(window));
            }
            return;
        }
        if (window.size() > 0) {
            context.annotations().mixedFloatsHistograms(window.labels.metricName(), context.span());
            return;
        }
        Sums.Histograms sum = new Sums.Histograms(average);
        for (int i = window.histogramFrom; i < window.histogramTo; i++) {
            if (!sum.add(window.histograms[i])) {
                context.annotations()
                        .mixedExponentialCustom(window.labels.metricName(), context.span());
                return;
            }
        }
        sum.annotate(context.annotations(), context.span());
        FloatHistogram result = sum.result();
        if (result != null) {
            row.set(step, result);
        }
    }

    private static double total(RangeSeries window) {
        double sum = 0;
        double lost = 0;
        for (int i = window.from; i < window.to; i++) {
            double total = sum + window.values[i];
            lost = Kahan.lost(sum, window.values[i], total, lost);
            sum = total;
        }
        return Double.isInfinite(sum) ? sum : sum + lost;
    }

    // ---- of numbers only

    private static int extreme(RangeSeries window, boolean max, boolean latest) {
        int best = window.from;
        for (int i = window.from + 1; i < window.to; i++) {
            double value = window.values[i];
            double so = window.values[best];
            boolean better = max ? value > so : value < so;
            if (better || Double.isNaN(so) || (latest && value == so)) {
                best = i;
            }
        }
        return best;
    }

    private static double variance(RangeSeries window) {
        double count = 0;
        double mean = 0;
        double meanLost = 0;
        double squares = 0;
        double squaresLost = 0;
        for (int i = window.from; i < window.to; i++) {
            double value = window.values[i];
            count++;
            double delta = value - (mean + meanLost);
            double newMean = mean + delta / count;
            meanLost = Kahan.lost(mean, delta / count, newMean, meanLost);
            mean = newMean;
            double square = delta * (value - (mean + meanLost));
            double newSquares = squares + square;
            squaresLost = Kahan.lost(squares, square, newSquares, squaresLost);
            squares = newSquares;
        }
        return (squares + squaresLost) / count;
    }

    private static void warnOfQuantile(Context context, double quantile) {
        if (!(quantile >= 0 && quantile <= 1)) {
            Span span = Functions.argument(context.call(), 0).span();
            context.annotations().invalidQuantile(quantile, span);
        }
    }

    private static double medianDeviation(RangeSeries window) {
        double[] values = java.util.Arrays.copyOfRange(window.values, window.from, window.to);
        double median = Quantiles.of(0.5, values, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i] - median);
        }
        return Quantiles.of(0.5, values, values.length);
    }

    private static double smooth(RangeSeries window, double factor, double trendFactor) {
        double before = 0;
        double level = window.values[window.from];
        double trend = window.values[window.from + 1] - level;
        for (int i = window.from + 1; i < window.to; i++) {
            if (i > window.from + 1) {
                trend = trendFactor * (level - before) + (1 - trendFactor) * trend;
            }
            double next = factor * window.values[i] + (1 - factor) * (level + trend);
            before = level;
            level = next;
        }
        return level;
    }

    /* Slope and value at a time, by least squares. */
    private static double[] regression(RangeSeries window, long zeroTime) {
        double[] sums = new double[4];
        double[] lost = new double[4];
        double first = window.values[window.from];
        boolean constant = true;
        for (int i = window.from; i < window.to; i++) {
            double y = window.values[i];
            constant &= y == first;
            double x = (window.times[i] - zeroTime) / 1e3;
            add(sums, lost, 0, x);
            add(sums, lost, 1, y);
            add(sums, lost, 2, x * y);
            add(sums, lost, 3, x * x);
        }
        if (constant) {
            return Double.isInfinite(first)
                    ? new double[] {Double.NaN, Double.NaN}
                    : new double[] {0, first};
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += lost[i];
        }
        double n = window.size();
        double slope = (sums[2] - sums[0] * sums[1] / n) / (sums[3] - sums[0] * sums[0] / n);
        return new double[] {slope, sums[1] / n - slope * sums[0] / n};
    }

    private static void add(double[] sums, double[] lost, int index, double value) {
        double total = sums[index] + value;
        lost[index] = Kahan.lost(sums[index], value, total, lost[index]);
        sums[index] = total;
    }
}

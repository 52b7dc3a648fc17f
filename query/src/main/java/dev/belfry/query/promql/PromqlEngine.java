package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.query.promql.QueryResult.Series;
import dev.belfry.store.QueryContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries over sources of series, with threads that all of its queries share. Safe for
 * several threads.
 *
 * <p>An expression is evaluated over all steps at once: each operator takes and gives whole columns
 * of steps, a series after the other; what each series gives alone is evaluated for some series at
 * a time, by several threads, and is aggregated as it comes.
 */
public final class PromqlEngine implements AutoCloseable {
    private final LongSupplier nanoTime;
    private final Workers workers = new Workers();

    /** An engine; {@code nanoTime} measures how long queries take. */
    public PromqlEngine(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Ends its threads; queries go on without them. */
    @Override
    public void close() {
        workers.close();
    }

    /**
     * The value of {@code query} over {@code source} at {@code timeMillis}.
     *
     * @param asker says whether somebody still waits, and has the memory of which is taken; what
     *     the result takes stays taken until that is closed
     * @throws PromqlException when it is no query, cannot be evaluated, or goes over a bound
     */
    public QueryResult instant(
            SeriesSource source,
            String query,
            long timeMillis,
            QueryOptions options,
            QueryContext asker) {
        StageClock clock = new StageClock(nanoTime);
        Expr expr = Parser.parse(query);
        Evaluation evaluation =
                evaluation(source, query, expr, options, asker, timeMillis, timeMillis, 0);
        clock.prepared();
        return evaluation.result(instant(evaluation, expr, clock), clock);
    }

    private static QueryResult.Value instant(Evaluation evaluation, Expr expr, StageClock clock) {
        long timeMillis = evaluation.startMillis();
        Evaluator evaluator = new Evaluator(evaluation, new Steps(timeMillis, 1, 1));
        QueryResult.Value value =
                switch (expr.type()) {
                    case SCALAR ->
                            new QueryResult.ScalarValue(timeMillis, evaluator.scalar(expr)[0]);
                    case STRING -> new QueryResult.StringValue(timeMillis, Evaluator.text(expr));
                    case VECTOR -> new QueryResult.VectorValue(vector(evaluator, expr, timeMillis));
                    case MATRIX -> sorted(matrix(evaluator, expr), clock);
                };
        clock.evaluated();
        return value;
    }

    private static QueryResult.Value sorted(List<Series> series, StageClock clock) {
        clock.evaluated();
        series.sort(Comparator.comparing(Series::labels));
        clock.sorted();
        return new QueryResult.MatrixValue(series);
    }

    private static List<Series> vector(Evaluator evaluator, Expr expr, long timeMillis) {
        List<Series> result = new ArrayList<>();
        for (Row row : Rows.finished(evaluator.vector(expr))) {
            FloatHistogram histogram = row.histogram(0);
            result.add(
                    new Series(
                            row.labels,
                            new long[] {timeMillis},
                            new double[] {histogram == null ? row.values[0] : 0},
                            histogram == null ? null : new FloatHistogram[] {histogram}));
        }
        return result;
    }

    private static List<Series> matrix(Evaluator evaluator, Expr expr) {
        List<Series> result = new ArrayList<>();
        long lookback = evaluator.evaluation.options().lookbackMillis();
        Expr.Edges edges =
                expr.unwrapped() instanceof Expr.Range range
                        ? range.selector().edges()
                        : Expr.Edges.PLAIN;
        evaluator.ranges(
                expr.unwrapped(),
                "",
                range -> {
                    Series series = range.windowAt(0);
                    if (edges != Expr.Edges.PLAIN) {
                        boolean smoothed = edges == Expr.Edges.SMOOTHED;
                        series = ExtendedRanges.window(range, smoothed, lookback);
                    }
                    int size = series.timestampsMillis().length;
                    if (size > 0) {
                        Budget budget = evaluator.evaluation.budget();
                        budget.calculated(size);
                        budget.take(
                                Row.bytes(2 * size)
                                        + Row.histogramBytes(series.histograms(), size));
                        result.add(series);
                    }
                });
        return result;
    }

    /**
     * The values of {@code query} over {@code source} at {@code startMillis} and every {@code
     * stepMillis} after it up to {@code endMillis}.
     *
     * @throws PromqlException as above, and when the query gives a range or a text
     */
    public QueryResult range(
            SeriesSource source,
            String query,
            long startMillis,
            long endMillis,
            long stepMillis,
            QueryOptions options,
            QueryContext asker) {
        StageClock clock = new StageClock(nanoTime);
        Expr expr = Parser.parse(query);
        if (expr.type() != ValueType.VECTOR && expr.type() != ValueType.SCALAR) {
            throw new PromqlException(
                    PromqlException.Kind.PARSE,
                    "invalid expression type "
                            + Strings.quote(expr.type().documented())
                            + " for range query, must be Scalar or instant Vector");
        }
        if (stepMillis <= 0 || endMillis < startMillis) {
            throw PromqlException.execution(
                    "step: "
                            + stepMillis
                            + " ms from "
                            + startMillis
                            + " to "
                            + endMillis
                            + " (expected: > 0, start before end)");
        }
        long count = (endMillis - startMillis) / stepMillis + 1;
        if (count > options.samplesMax()) {
            throw new PromqlException(
                    PromqlException.Kind.LIMIT,
                    "steps: " + count + " (expected: at most " + options.samplesMax() + ")");
        }
        Evaluation evaluation =
                evaluation(source, query, expr, options, asker, startMillis, endMillis, stepMillis);
        Steps steps = new Steps(startMillis, stepMillis, (int) count);
        clock.prepared();
        return evaluation.result(sorted(range(evaluation, expr, steps), clock), clock);
    }

    private static List<Series> range(Evaluation evaluation, Expr expr, Steps steps) {
        Evaluator evaluator = new Evaluator(evaluation, steps);
        List<Row> rows;
        if (expr.type() == ValueType.SCALAR) {
            rows = List.of(new Row(Labels.EMPTY, false, evaluator.scalar(expr), null));
        } else {
            rows = Rows.finished(evaluator.vector(expr));
        }
        long[] times = new long[steps.count()];
        for (int i = 0; i < times.length; i++) {
            times[i] = steps.time(i);
        }
        List<Series> result = new ArrayList<>(rows.size());
        for (Row row : rows) {
            if (!row.isDense()) {
                evaluation.budget().row(2 * row.count());
            }
            result.add(series(row, times));
        }
        return result;
    }

    private static Series series(Row row, long[] allTimes) {
        int size = row.count();
        if (row.isDense()) {
            return new Series(row.labels, allTimes, row.values, null);
        }
        long[] times = new long[size];
        double[] values = new double[size];
        @Nullable FloatHistogram @Nullable [] histograms =
                row.histograms == null ? null : new FloatHistogram[size];
        int at = 0;
        for (int i = 0; i < allTimes.length; i++) {
            if (row.has(i)) {
                FloatHistogram histogram = row.histogram(i);
                times[at] = allTimes[i];
                values[at] = histogram == null ? row.values[i] : 0;
                if (histograms != null) {
                    histograms[at] = histogram;
                }
                at++;
            }
        }
        return new Series(row.labels, times, values, histograms);
    }

    // ---- around a query

    private Evaluation evaluation(
            SeriesSource source,
            String query,
            Expr expr,
            QueryOptions options,
            QueryContext asker,
            long startMillis,
            long endMillis,
            long stepMillis) {
        return new Evaluation(
                query,
                source,
                options,
                new Budget(options, asker, nanoTime),
                new Annotations(query),
                workers,
                Repeats.of(expr, query),
                ResetHints.compared(expr),
                startMillis,
                endMillis,
                stepMillis);
    }
}

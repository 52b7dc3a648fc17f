package dev.belfry.query;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.query.promql.Durations;
import dev.belfry.query.promql.Expr;
import dev.belfry.query.promql.Function;
import dev.belfry.query.promql.Parser;
import dev.belfry.query.promql.Printer;
import dev.belfry.query.promql.PromqlEngine;
import dev.belfry.query.promql.PromqlException;
import dev.belfry.query.promql.QueryOptions;
import dev.belfry.query.promql.QueryResult;
import dev.belfry.query.promql.QueryTree;
import dev.belfry.query.promql.Regex;
import dev.belfry.query.promql.Strings;
import dev.belfry.store.QueryContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** PromQL over series, with threads that all queries share. Safe for several threads. */
public final class Promql implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PromqlEngine engine;
    private final ReentrantLock waiting = new ReentrantLock(true);

    /** Answers queries; {@code nanoTime} measures how long they take. */
    public Promql(LongSupplier nanoTime) {
        this.engine = new PromqlEngine(nanoTime);
    }

    /** Ends its threads; queries go on without them. */
    @Override
    public void close() {
        engine.close();
    }

    /**
     * The value of {@code query} over {@code source} at {@code timeMillis}.
     *
     * @param asker says whether somebody still waits, and has the memory of which is taken; what
     *     the answer takes stays taken until that is closed
     * @throws PromqlFailure when it has no answer
     */
    public PromqlAnswer instant(
            SeriesSource source,
            String query,
            long timeMillis,
            PromqlBounds bounds,
            QueryContext asker) {
        QueryOptions options = options(bounds);
        return said(() ->
                answer(
                        inTurn(
                                asker,
                                () -> engine.instant(source, query, timeMillis, options, asker))));
    }

    /**
     * The values of {@code query} over {@code source} at {@code startMillis} and every {@code
     * stepMillis} after it up to {@code endMillis}.
     *
     * @throws PromqlFailure when it has no answer; with TEXT also when it gives a range or a text
     */
    public PromqlAnswer range(
            SeriesSource source,
            String query,
            long startMillis,
            long endMillis,
            long stepMillis,
            PromqlBounds bounds,
            QueryContext asker) {
        QueryOptions options = options(bounds);
        return said(() ->
                answer(
                        inTurn(
                                asker,
                                () ->
                                        engine.range(
                                                source,
                                                query,
                                                startMillis,
                                                endMillis,
                                                stepMillis,
                                                options,
                                                asker))));
    }

    /* A query for which others leave no memory gives back its own and waits; one at a time begins anew, so that
     * not all of them fail at each other. */
    private QueryResult inTurn(QueryContext asker, Supplier<QueryResult> query) {
        try {
            return query.get();
        } catch (PromqlException failure) {
            if (failure.kind() != PromqlException.Kind.BUSY) {
                throw failure;
            }
            asker.memory().shrink(0);
            try {
                return again(asker, query, failure);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw failure;
            }
        }
    }

    private QueryResult again(
            QueryContext asker, Supplier<QueryResult> query, PromqlException failure)
            throws InterruptedException {
        Duration left = asker.remaining();
        long patience = Math.min(left.toNanos(), PATIENCE.toNanos());
        long end = System.nanoTime() + patience;
        if (!waiting.tryLock(patience, TimeUnit.NANOSECONDS)) {
            throw failure;
        }
        try {
            while (asker.memory().awaitRoom(end - System.nanoTime())) {
                try {
                    return query.get();
                } catch (PromqlException e) {
                    if (e.kind() != PromqlException.Kind.BUSY) {
                        throw e;
                    }
                }
            }
            throw failure;
        } finally {
            waiting.unlock();
        }
    }

    /**
     * {@code query} as it is written well, over several lines where it is long.
     *
     * @throws PromqlFailure TEXT when it is no expression
     */
    public static String format(String query) {
        return said(() -> Printer.pretty(Parser.parse(query)));
    }

    /**
     * The tree of {@code query} as JSON, as Prometheus gives it.
     *
     * @throws PromqlFailure TEXT when it is no expression
     */
    public static String tree(String query) {
        return said(() -> QueryTree.json(query));
    }

    /**
     * The matchers of a selector such as {@code up{job="x"}}.
     *
     * @throws PromqlFailure TEXT when it is none
     */
    public static List<LabelMatcher> matchers(String selector) {
        return said(() -> Parser.parseMatchers(selector));
    }

    /**
     * A matcher.
     *
     * @throws PromqlFailure TEXT when {@code value} is to be a regular expression and is none
     */
    public static LabelMatcher matcher(LabelMatcher.Operator operator, String name, String value) {
        return said(() -> Regex.matcher(operator, name, value));
    }

    /** {@code text} in quotes, as Prometheus' messages have it: Go's {@code %q}. */
    public static String quoted(String text) {
        return Strings.quote(text);
    }

    /**
     * The milliseconds of a duration such as {@code 1h30m}.
     *
     * @throws IllegalArgumentException when it is none, or over 292 years
     */
    public static long durationMillis(String text) {
        return Durations.parseMillis(text);
    }

    /** The names of all functions, sorted. */
    public static List<String> functions() {
        return List.copyOf(Function.all().keySet());
    }

    /**
     * The matchers of every selector in {@code query}.
     *
     * @throws PromqlFailure TEXT when it is no expression
     */
    public static List<List<LabelMatcher>> selectors(String query) {
        List<List<LabelMatcher>> found = new ArrayList<>();
        gather(said(() -> Parser.parse(query)), found);
        return found;
    }

    private static void gather(Expr expr, List<List<LabelMatcher>> found) {
        if (expr instanceof Expr.Selector selector) {
            found.add(selector.matchers());
        }
        expr.children().forEach(child -> gather(child, found));
    }

    private static <T> T said(Supplier<T> work) {
        try {
            return work.get();
        } catch (PromqlException e) {
            PromqlFailure.Kind kind =
                    switch (e.kind()) {
                        case PARSE -> PromqlFailure.Kind.TEXT;
                        case EXECUTION, LIMIT -> PromqlFailure.Kind.EXECUTION;
                        case TIMEOUT -> PromqlFailure.Kind.TIMEOUT;
                        case CANCELLED -> PromqlFailure.Kind.CANCELLED;
                        case BUSY -> PromqlFailure.Kind.BUSY;
                    };
            throw new PromqlFailure(kind, e);
        }
    }

    private static QueryOptions options(PromqlBounds bounds) {
        QueryOptions standard = QueryOptions.DEFAULT;
        return new QueryOptions(
                bounds.lookbackMillis(),
                bounds.samplesMax(),
                standard.seriesMax(),
                bounds.memoryMaxBytes(),
                bounds.timeoutMillis(),
                standard.subqueryStepMillis());
    }

    private static PromqlAnswer answer(QueryResult result) {
        return switch (result.value()) {
            case QueryResult.ScalarValue(long time, double value) ->
                    answer(
                            PromqlAnswer.Kind.SCALAR,
                            List.of(
                                    new SeriesSamples(
                                            Labels.EMPTY,
                                            new long[] {time},
                                            new double[] {value},
                                            null,
                                            1)),
                            result);
            case QueryResult.StringValue(long time, String text) ->
                    new PromqlAnswer(
                            PromqlAnswer.Kind.STRING,
                            List.of(),
                            text,
                            time,
                            result.warnings(),
                            result.infos(),
                            result.cost());
            case QueryResult.VectorValue(List<QueryResult.Series> series) ->
                    answer(PromqlAnswer.Kind.VECTOR, samples(series), result);
            case QueryResult.MatrixValue(List<QueryResult.Series> series) ->
                    answer(PromqlAnswer.Kind.MATRIX, samples(series), result);
        };
    }

    private static PromqlAnswer answer(
            PromqlAnswer.Kind kind, List<SeriesSamples> series, QueryResult result) {
        return new PromqlAnswer(
                kind, series, "", 0, result.warnings(), result.infos(), result.cost());
    }

    private static List<SeriesSamples> samples(List<QueryResult.Series> series) {
        List<SeriesSamples> all = new ArrayList<>(series.size());
        for (QueryResult.Series each : series) {
            all.add(
                    new SeriesSamples(
                            each.labels(),
                            each.timestampsMillis(),
                            each.values(),
                            each.histograms(),
                            each.timestampsMillis().length));
        }
        return all;
    }
}

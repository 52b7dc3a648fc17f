package dev.belfry.query.promql;

import dev.belfry.model.series.SeriesSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What all parts of one query share. A step of 0 is that of an instant query. */
record Evaluation(
        String query,
        SeriesSource source,
        QueryOptions options,
        Budget budget,
        Annotations annotations,
        Workers workers,
        Repeats repeats,
        Set<Expr.Selector> comparedHistograms,
        long startMillis,
        long endMillis,
        long stepMillis) {

    /** A run of series, from inclusive, to exclusive. */
    record Part(int from, int to) {}

    boolean isInstant() {
        return stepMillis == 0;
    }

    long millis(DurationExpr duration) {
        return duration.millis(query, stepMillis, endMillis - startMillis);
    }

    long positiveMillis(DurationExpr duration) {
        return duration.positiveMillis(query, stepMillis, endMillis - startMillis);
    }

    QueryResult result(QueryResult.Value value, StageClock clock) {
        budget.end();
        return new QueryResult(
                value, annotations.warnings(), annotations.infos(), clock.cost(budget));
    }

    /**
     * Evaluates series in parts, several threads at once; the results in the order of the parts.
     * How series are divided depends only on how many they are, and on the time that is read of
     * each, so that results do not depend on which thread was faster.
     */
    <T> List<T> seriesInParts(int series, long spanMillis, BiFunction<Evaluation, Part, T> work) {
        long weight = Math.clamp(spanMillis / Limits.PART_SPAN_MILLIS, 1, Limits.PART_WEIGHT_MAX);
        long wanted =
                Math.min(
                        series * weight / Limits.SERIES_OF_PART_MIN,
                        series / Limits.LONG_SERIES_OF_PART_MIN);
        return inParts(series, (int) Math.min(wanted, Limits.PARTS_MAX), work);
    }

    /** The same of other things, in {@code wanted} parts or fewer. */
    <T> List<T> inParts(int things, int wanted, BiFunction<Evaluation, Part, T> work) {
        int parts = Math.clamp(Math.min(wanted, things), 1, Limits.PARTS_MAX);
        if (parts == 1) {
            return List.of(work.apply(this, new Part(0, things)));
        }
        List<Evaluation> evaluations = new ArrayList<>(parts);
        List<List<T>> results = new ArrayList<>(parts);
        for (int i = 0; i < parts; i++) {
            evaluations.add(part());
            results.add(new ArrayList<>(1));
        }
        @Nullable Throwable[] failures = new Throwable[parts];
        workers.run(
                parts,
                i -> {
                    int from = (int) ((long) things * i / parts);
                    int to = (int) ((long) things * (i + 1) / parts);
                    try {
                        evaluations.get(i).budget.check();
                        results.get(i).add(work.apply(evaluations.get(i), new Part(from, to)));
                    } catch (RuntimeException | Error e) {
                        failures[i] = e;
                        budget.fail();
                    }
                });
        rethrow(failures);
        for (Evaluation part : evaluations) {
            budget.absorb(part.budget);
            annotations.absorb(part.annotations);
        }
        return results.stream().flatMap(List::stream).toList();
    }

    private Evaluation part() {
        return new Evaluation(
                query,
                source,
                options,
                budget.part(),
                new Annotations(query),
                workers,
                repeats,
                comparedHistograms,
                startMillis,
                endMillis,
                stepMillis);
    }

    /* Parts that ended because another failed say that they were cancelled: that is not why. */
    private static void rethrow(@Nullable Throwable[] failures) {
        Throwable first =
                Arrays.stream(failures)
                        .filter(failure -> failure != null && !cancelled(failure))
                        .findFirst()
                        .orElse(null);
        if (first == null) {
            first = Arrays.stream(failures).filter(f -> f != null).findFirst().orElse(null);
        }
        switch (first) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("BUG: " + first, first);
        }
    }

    private static boolean cancelled(@Nullable Throwable failure) {
        return failure instanceof PromqlException e && e.kind() == PromqlException.Kind.CANCELLED;
    }
}

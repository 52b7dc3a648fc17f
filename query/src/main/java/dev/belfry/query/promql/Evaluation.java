package dev.belfry.query.promql;

import dev.belfry.model.series.SeriesSource;

/** What all parts of one query share. A step of 0 is that of an instant query. */
record Evaluation(
        String query,
        SeriesSource source,
        QueryOptions options,
        Budget budget,
        Annotations annotations,
        long startMillis,
        long endMillis,
        long stepMillis) {

    boolean isInstant() {
        return stepMillis == 0;
    }

    long millis(DurationExpr duration) {
        return duration.millis(query, stepMillis, endMillis - startMillis);
    }

    long positiveMillis(DurationExpr duration) {
        return duration.positiveMillis(query, stepMillis, endMillis - startMillis);
    }

    QueryResult result(QueryResult.Value value) {
        return new QueryResult(
                value, annotations.warnings(), annotations.infos(), budget.samplesRead());
    }
}

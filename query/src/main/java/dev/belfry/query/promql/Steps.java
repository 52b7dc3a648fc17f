package dev.belfry.query.promql;

/**
 * The times of evaluation.
 *
 * @param startMillis the first
 * @param intervalMillis time between two; 1 when there is only one
 * @param count how many
 */
record Steps(long startMillis, long intervalMillis, int count) {
    long time(int step) {
        return startMillis + step * intervalMillis;
    }

    long endMillis() {
        return time(count - 1);
    }
}

package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.receive.push.JsonPush;

/** Bodies of {@code POST …/metrics}: one metric as a JSON object, or an array of them. */
public final class MetricPush {
    /** Items of one body at most; more are TOO_LARGE. */
    public static final int ITEMS_MAX = 100_000;

    private MetricPush() {}

    /**
     * Reads the metrics of {@code body[0 .. length)}.
     *
     * @param families what was told before
     * @param series finds the sender's series
     * @param nowMillis the time of metrics that have none, epoch milliseconds
     * @throws BelfryException VALIDATION_ERROR when the body is no JSON of that form; TOO_LARGE
     *     when it has too many items
     */
    public static DecodedSamples decode(
            byte[] body, int length, KnownFamilies families, SeriesIntake series, long nowMillis) {
        return new JsonPush(body, length, ITEMS_MAX, families, series, nowMillis).read();
    }
}

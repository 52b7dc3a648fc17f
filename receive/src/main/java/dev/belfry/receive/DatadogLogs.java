package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.datadog.DatadogBody;

/** Bodies of Datadog's logs intake: a JSON object, an array of them, or one behind the other. */
public final class DatadogLogs {
    private DatadogLogs() {}

    /**
     * The logs of {@code body[0 .. length)} as events.
     *
     * @param nowNanos the time of logs that have none, epoch nanoseconds
     * @param sources what the sender may write
     * @throws BelfryException VALIDATION_ERROR when the body as a whole is no JSON of one of these
     *     forms; TOO_LARGE when it has too many bytes or logs
     */
    public static DecodedEvents decode(
            byte[] body, int length, JsonEventsConfig limits, long nowNanos, SourceRule sources) {
        if (length > limits.bodyBytesMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: "
                            + length
                            + " bytes (expected: at most "
                            + limits.bodyBytesMax()
                            + " bytes)");
        }
        return new DatadogBody(body, length, limits, nowNanos, sources).parse();
    }
}

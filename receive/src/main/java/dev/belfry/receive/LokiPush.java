package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.loki.PushDecoder;
import dev.belfry.receive.loki.PushJson;
import dev.belfry.receive.protobuf.ProtoWriter;

/** What is pushed to Loki, as Protocol Buffers or as JSON. */
public final class LokiPush {
    private LokiPush() {}

    /**
     * Reads the entries of {@code body[0 .. length)}, which is inflated.
     *
     * @param json whether it is JSON
     * @param config of it, {@code eventBytesMax} bounds an entry with its stream's labels
     * @param nowNanos the time of entries that have none, epoch nanoseconds
     * @throws BelfryException VALIDATION_ERROR when the body is no push; TOO_LARGE when it has too
     *     many bytes or entries
     */
    public static DecodedEvents decode(
            byte[] body,
            int length,
            boolean json,
            JsonEventsConfig config,
            long nowNanos,
            SourceRule sources) {
        if (length > config.bodyBytesMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: "
                            + length
                            + " bytes (expected: at most "
                            + config.bodyBytesMax()
                            + " bytes)");
        }
        if (!json) {
            return new PushDecoder(body, length, config, nowNanos, sources).decode();
        }
        ProtoWriter message = PushJson.read(body, length);
        return new PushDecoder(message.bytes(), message.size(), config, nowNanos, sources).decode();
    }
}

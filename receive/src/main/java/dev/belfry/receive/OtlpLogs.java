package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.otlp.LogsDecoder;
import dev.belfry.receive.otlp.LogsJson;
import dev.belfry.receive.protobuf.ProtoWriter;

/** OTLP's {@code ExportLogsServiceRequest}, as Protocol Buffers or as JSON. */
public final class OtlpLogs {
    private OtlpLogs() {}

    /**
     * Reads the log records of {@code body[0 .. length)}; an empty one has none.
     *
     * @param json whether it is JSON
     * @param config of it, {@code eventBytesMax} bounds a record as Protocol Buffers with what it
     *     gets from its resource and scope
     * @param nowNanos the time of records that have none, epoch nanoseconds
     * @throws BelfryException VALIDATION_ERROR when the body is no such message; TOO_LARGE when it
     *     has too many bytes or records
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
            return new LogsDecoder(body, length, config, nowNanos, sources).decode();
        }
        ProtoWriter message = LogsJson.read(body, length);
        return new LogsDecoder(message.bytes(), message.size(), config, nowNanos, sources).decode();
    }
}

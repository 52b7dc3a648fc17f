package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.otlp.MetricsDecoder;
import dev.belfry.receive.otlp.MetricsJson;
import dev.belfry.receive.protobuf.ProtoWriter;

/** OTLP's {@code ExportMetricsServiceRequest}, as Protocol Buffers or as JSON. */
public final class OtlpMetrics {
    private OtlpMetrics() {}

    /**
     * Reads the data points of {@code body[0 .. length)}; an empty one has none.
     *
     * @param json whether it is JSON
     * @param families what was told before
     * @param series finds the sender's series
     * @param nowMillis the time of points that have none, epoch milliseconds
     * @throws BelfryException VALIDATION_ERROR when the body is no such message; TOO_LARGE when it
     *     has too many bytes or points
     */
    public static DecodedSamples decode(
            byte[] body,
            int length,
            boolean json,
            OtlpMetricsConfig config,
            KnownFamilies families,
            SeriesIntake series,
            long nowMillis) {
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
            return new MetricsDecoder(body, length, config, families, series, nowMillis).decode();
        }
        ProtoWriter message = MetricsJson.read(body, length);
        return new MetricsDecoder(
                        message.bytes(), message.size(), config, families, series, nowMillis)
                .decode();
    }
}

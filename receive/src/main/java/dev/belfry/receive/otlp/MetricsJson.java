package dev.belfry.receive.otlp;

import dev.belfry.model.BelfryException;
import dev.belfry.receive.json.JsonSyntaxException;
import dev.belfry.receive.protobuf.MessageType;
import dev.belfry.receive.protobuf.MessageType.Kind;
import dev.belfry.receive.protobuf.ProtoJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.util.Map;

/** The JSON form of an {@code ExportMetricsServiceRequest}. */
public final class MetricsJson {
    private static final int MESSAGES_MAX = 3 * (Limits.DEPTH_MAX + 2) + 12;

    private static final Map<String, Integer> TEMPORALITIES =
            Map.of(
                    "AGGREGATION_TEMPORALITY_UNSPECIFIED", 0,
                    "AGGREGATION_TEMPORALITY_DELTA", 1,
                    "AGGREGATION_TEMPORALITY_CUMULATIVE", 2);

    private static final MessageType REQUEST = request();

    private MetricsJson() {}

    private static MessageType request() {
        MessageType pair = LogsJson.pair();
        MessageType resourceMetrics =
                new MessageType()
                        .message("resource", 1, LogsJson.resource(pair))
                        .messages(
                                "scope_metrics",
                                2,
                                new MessageType()
                                        .message("scope", 1, LogsJson.scope(pair))
                                        .messages("metrics", 2, metric(pair))
                                        .field("schema_url", 3, Kind.STRING))
                        .field("schema_url", 3, Kind.STRING);
        return new MessageType().messages("resource_metrics", 1, resourceMetrics);
    }

    private static MessageType metric(MessageType pair) {
        MessageType numbers = numbers(pair);
        return new MessageType()
                .field("name", 1, Kind.STRING)
                .field("description", 2, Kind.STRING)
                .field("unit", 3, Kind.STRING)
                .message("gauge", 5, new MessageType().messages("data_points", 1, numbers))
                .message("sum", 7, series(numbers).field("is_monotonic", 3, Kind.BOOL))
                .message("histogram", 9, series(histogram(pair)))
                .message("exponential_histogram", 10, series(exponential(pair)))
                .message("summary", 11, new MessageType().messages("data_points", 1, summary(pair)))
                .messages("metadata", 12, pair);
    }

    private static MessageType series(MessageType points) {
        return new MessageType()
                .messages("data_points", 1, points)
                .words("aggregation_temporality", 2, TEMPORALITIES);
    }

    private static MessageType exemplar(MessageType pair) {
        return new MessageType()
                .field("time_unix_nano", 2, Kind.FIXED64)
                .field("as_double", 3, Kind.DOUBLE)
                .field("span_id", 4, Kind.HEX)
                .field("trace_id", 5, Kind.HEX)
                .field("as_int", 6, Kind.FIXED64)
                .messages("filtered_attributes", 7, pair);
    }

    private static MessageType numbers(MessageType pair) {
        return times().field("as_double", 4, Kind.DOUBLE)
                .messages("exemplars", 5, exemplar(pair))
                .field("as_int", 6, Kind.FIXED64)
                .messages("attributes", 7, pair)
                .field("flags", 8, Kind.VARINT);
    }

    private static MessageType histogram(MessageType pair) {
        return times().field("count", 4, Kind.FIXED64)
                .field("sum", 5, Kind.DOUBLE)
                .fields("bucket_counts", 6, Kind.FIXED64)
                .fields("explicit_bounds", 7, Kind.DOUBLE)
                .messages("exemplars", 8, exemplar(pair))
                .messages("attributes", 9, pair)
                .field("flags", 10, Kind.VARINT)
                .field("min", 11, Kind.DOUBLE)
                .field("max", 12, Kind.DOUBLE);
    }

    private static MessageType exponential(MessageType pair) {
        MessageType buckets =
                new MessageType()
                        .field("offset", 1, Kind.ZIGZAG)
                        .fields("bucket_counts", 2, Kind.VARINT);
        return times().messages("attributes", 1, pair)
                .field("count", 4, Kind.FIXED64)
                .field("sum", 5, Kind.DOUBLE)
                .field("scale", 6, Kind.ZIGZAG)
                .field("zero_count", 7, Kind.FIXED64)
                .message("positive", 8, buckets)
                .message("negative", 9, buckets)
                .field("flags", 10, Kind.VARINT)
                .messages("exemplars", 11, exemplar(pair))
                .field("min", 12, Kind.DOUBLE)
                .field("max", 13, Kind.DOUBLE)
                .field("zero_threshold", 14, Kind.DOUBLE);
    }

    private static MessageType summary(MessageType pair) {
        MessageType quantile =
                new MessageType().field("quantile", 1, Kind.DOUBLE).field("value", 2, Kind.DOUBLE);
        return times().field("count", 4, Kind.FIXED64)
                .field("sum", 5, Kind.DOUBLE)
                .messages("quantile_values", 6, quantile)
                .messages("attributes", 7, pair)
                .field("flags", 8, Kind.VARINT);
    }

    private static MessageType times() {
        return new MessageType()
                .field("start_time_unix_nano", 2, Kind.FIXED64)
                .field("time_unix_nano", 3, Kind.FIXED64);
    }

    /**
     * The message that {@code body[0 .. length)} is the JSON of, as bytes.
     *
     * @throws BelfryException VALIDATION_ERROR naming the byte and what was expected there
     */
    public static ProtoWriter read(byte[] body, int length) {
        try {
            return ProtoJson.read(body, length, REQUEST, MESSAGES_MAX);
        } catch (JsonSyntaxException failure) {
            throw failure.refusal("body: no ExportMetricsServiceRequest as JSON");
        }
    }
}

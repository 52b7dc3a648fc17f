package dev.belfry.receive.otlp;

import dev.belfry.model.BelfryException;
import dev.belfry.receive.json.JsonSyntaxException;
import dev.belfry.receive.protobuf.MessageType;
import dev.belfry.receive.protobuf.MessageType.Kind;
import dev.belfry.receive.protobuf.ProtoJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.util.HashMap;
import java.util.Map;

/** The JSON form of an {@code ExportLogsServiceRequest}. */
public final class LogsJson {
    /* A map in a map is three messages: KeyValue, AnyValue, KeyValueList. One more is seen as too deep. */
    private static final int MESSAGES_MAX = 3 * (Limits.DEPTH_MAX + 2) + 8;

    private static final MessageType REQUEST = request();

    private LogsJson() {}

    /** An attribute; its values nest. */
    static MessageType pair() {
        MessageType value = new MessageType();
        MessageType pair =
                new MessageType().field("key", 1, Kind.STRING).message("value", 2, value);
        value.field("string_value", 1, Kind.STRING)
                .field("bool_value", 2, Kind.BOOL)
                .field("int_value", 3, Kind.VARINT)
                .field("double_value", 4, Kind.DOUBLE)
                .message("array_value", 5, new MessageType().messages("values", 1, value))
                .message("kvlist_value", 6, new MessageType().messages("values", 1, pair))
                .field("bytes_value", 7, Kind.BYTES);
        return pair;
    }

    /** A resource. */
    static MessageType resource(MessageType pair) {
        return new MessageType()
                .messages("attributes", 1, pair)
                .field("dropped_attributes_count", 2, Kind.VARINT);
    }

    /** A scope. */
    static MessageType scope(MessageType pair) {
        return new MessageType()
                .field("name", 1, Kind.STRING)
                .field("version", 2, Kind.STRING)
                .messages("attributes", 3, pair)
                .field("dropped_attributes_count", 4, Kind.VARINT);
    }

    private static MessageType request() {
        MessageType pair = pair();
        MessageType resource = resource(pair);
        MessageType scope = scope(pair);
        MessageType record =
                new MessageType()
                        .field("time_unix_nano", 1, Kind.FIXED64)
                        .words("severity_number", 2, severities())
                        .field("severity_text", 3, Kind.STRING)
                        .message("body", 5, pair.messageOf("value"))
                        .messages("attributes", 6, pair)
                        .field("dropped_attributes_count", 7, Kind.VARINT)
                        .field("flags", 8, Kind.FIXED32)
                        .field("trace_id", 9, Kind.HEX)
                        .field("span_id", 10, Kind.HEX)
                        .field("observed_time_unix_nano", 11, Kind.FIXED64)
                        .field("event_name", 12, Kind.STRING);
        MessageType scopeLogs =
                new MessageType()
                        .message("scope", 1, scope)
                        .messages("log_records", 2, record)
                        .field("schema_url", 3, Kind.STRING);
        MessageType resourceLogs =
                new MessageType()
                        .message("resource", 1, resource)
                        .messages("scope_logs", 2, scopeLogs)
                        .field("schema_url", 3, Kind.STRING);
        return new MessageType().messages("resource_logs", 1, resourceLogs);
    }

    /* SEVERITY_NUMBER_TRACE, …_TRACE2 to …_FATAL4. */
    private static Map<String, Integer> severities() {
        Map<String, Integer> words = new HashMap<>();
        words.put("SEVERITY_NUMBER_UNSPECIFIED", 0);
        int number = 1;
        for (String level : new String[] {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}) {
            for (int step = 1; step <= 4; step++) {
                words.put("SEVERITY_NUMBER_" + level + (step == 1 ? "" : step), number++);
            }
        }
        return words;
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
            throw failure.refusal("body: no ExportLogsServiceRequest as JSON");
        }
    }
}

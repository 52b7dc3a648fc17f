package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatch;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.otlp.LogsJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OtlpLogsTest {
    private static final String TIME = "\"timeUnixNano\":\"1769248800000000000\"";

    @Test
    void exampleOfTheSpecification_isWhole() throws IOException {
        byte[] body;
        try (InputStream file = getClass().getResourceAsStream("/otlp/logs.json")) {
            body = Objects.requireNonNull(file).readAllBytes();
        }
        DecodedEvents decoded = decode(body);
        EventBatch batch = decoded.batch();
        assertThat(decoded.errors()).isEmpty();
        assertThat(Decoding.rows(batch))
                .containsExactly(
                        "{PAYLOAD.array.attribute=JSON [\"many\",\"values\"],"
                                + " PAYLOAD.map.attribute=JSON {\"some.map.key\":\"some value\"},"
                                + " TAG.boolean.attribute=TRUE,"
                                + " TAG.double.attribute=NUMBER 637.704,"
                                + " TAG.int.attribute=NUMBER 10,"
                                + " TAG.scope.my.scope.attribute=STRING some scope attribute,"
                                + " TAG.scope.name=STRING my.library,"
                                + " TAG.scope.version=STRING 1.0.0,"
                                + " TAG.service.name=STRING my.service,"
                                + " TAG.string.attribute=STRING some string, event_type=log,"
                                + " level=Information, message=Example log record,"
                                + " source=my.service, span_id=eee19b7ec3c1b174,"
                                + " timestamp=2018-12-13T14:51:00.300Z,"
                                + " trace_id=5b8efff798038103d269b633813fc60c}");
        assertThat(batch.severityNumbers()).containsExactly(10);
        assertThat(batch.observedNanos()).containsExactly(1_544_712_660_300_000_000L);
    }

    @Test
    void record_withoutAnything_isAnEventOfNow() {
        assertThat(row("{}"))
                .isEqualTo(
                        "{TAG.service.name=STRING s, event_type=log, source=s,"
                                + " timestamp=2026-01-24T10:00:00Z}");
        assertThat(row("{\"observedTimeUnixNano\":1}")).contains("timestamp=1970-01-01T00:00:00");
        String nameless = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{}]}]}]}";
        assertThat(Decoding.rows(decode(nameless).batch()).getFirst())
                .isEqualTo(
                        "{event_type=log, source=unknown_service,"
                                + " timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void severity_isTheText_elseTheRangeOfTheNumber() {
        assertThat(row("{\"severityText\":\"Warning\",\"severityNumber\":13}"))
                .contains("level=Warning");
        assertThat(row("{\"severityNumber\":\"SEVERITY_NUMBER_ERROR2\"}")).contains("level=error");
        assertThat(row("{\"severity_number\":1}")).contains("level=trace");
        assertThat(row("{\"severityNumber\":24}")).contains("level=fatal");
        assertThat(row("{\"severityNumber\":25}")).doesNotContain("level=");
        assertThat(row("{\"severityNumber\":0}")).doesNotContain("level=");
    }

    @Test
    void body_ofEveryKind() {
        assertThat(row("{\"body\":{\"stringValue\":\"a\\u00e9\\u0000\"}}"))
                .contains("message=aé\0");
        assertThat(row("{\"body\":{\"intValue\":\"-9223372036854775808\"}}"))
                .contains("message=-9223372036854775808", "PAYLOAD.body=NUMBER -92");
        assertThat(row("{\"body\":{\"boolValue\":false}}"))
                .contains("PAYLOAD.body=FALSE", "message=false");
        assertThat(row("{\"body\":{\"doubleValue\":\"NaN\"}}")).contains("message=NaN");
        assertThat(row("{\"body\":{\"bytesValue\":\"AQID\"}}")).contains("message=AQID");
        assertThat(row("{\"body\":{\"arrayValue\":{\"values\":[{\"intValue\":1},{}]}}}"))
                .contains("PAYLOAD.body=JSON [1,null]", "message=[1,null]");
        assertThat(row("{\"body\":{}}")).doesNotContain("message", "PAYLOAD");
        String map =
                "{\"body\":{\"kvlistValue\":{\"values\":["
                        + "{\"key\":\"message\",\"value\":{\"stringValue\":\"m\"}},"
                        + "{\"key\":\"n\",\"value\":{\"doubleValue\":1.5}},"
                        + "{\"key\":\"o\",\"value\":{\"kvlistValue\":{\"values\":["
                        + "{\"key\":\"\\\"\",\"value\":{\"boolValue\":true}}]}}}]}}}";
        assertThat(row(map))
                .contains(
                        "message=m",
                        "PAYLOAD.message=STRING m",
                        "PAYLOAD.n=NUMBER 1.5",
                        "PAYLOAD.o=JSON {\"\\\"\":true}");
    }

    @Test
    void resourceKeys_thatARecordHasToo_getAPrefix() {
        String body =
                "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
                        + text("service.name", "s")
                        + ","
                        + text("host", "outer")
                        + "],\"droppedAttributesCount\":2},\"schemaUrl\":\"u\",\"scopeLogs\":[{"
                        + "\"scope\":{\"name\":\"l\"},\"logRecords\":["
                        + "{\"attributes\":["
                        + text("host", "inner")
                        + ","
                        + text("scope.name", "own")
                        + "]},{}]}]}]}";
        assertThat(Decoding.rows(decode(body).batch()))
                .containsExactly(
                        "{TAG.host=STRING inner, TAG.resource.dropped_attributes_count=NUMBER 2,"
                                + " TAG.resource.host=STRING outer,"
                                + " TAG.resource.schema_url=STRING u, TAG.scope.name=STRING own,"
                                + " TAG.scope.scope.name=STRING l, TAG.service.name=STRING s,"
                                + " event_type=log, source=s, timestamp=2026-01-24T10:00:00Z}",
                        "{TAG.host=STRING outer, TAG.resource.dropped_attributes_count=NUMBER 2,"
                                + " TAG.resource.schema_url=STRING u, TAG.scope.name=STRING l,"
                                + " TAG.service.name=STRING s, event_type=log, source=s,"
                                + " timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void ids_ofAnotherLength_areKeptAsText() {
        String zeros = "0".repeat(32);
        assertThat(row("{\"traceId\":\"" + zeros + "\",\"spanId\":\"\"}"))
                .doesNotContain("trace_id", "span_id");
        assertThat(row("{\"traceId\":\"ABcd\",\"spanId\":\"12\"}"))
                .contains("trace_id=abcd", "span_id=12");
        assertThat(row("{\"flags\":1,\"eventName\":\"n\"}")).isNotEmpty();
        EventBatch batch = decode(request("{\"flags\":1,\"eventName\":\"n\"}")).batch();
        assertThat(batch.flags()).containsExactly(1);
        assertThat(batch.eventNames().text(0)).isEqualTo("n");
    }

    @Test
    void badRecord_doesNotCostTheOthers() {
        String long51 = "x".repeat(51);
        DecodedEvents decoded =
                decode(
                        request(
                                "{"
                                        + TIME
                                        + "},{\"severityText\":\""
                                        + long51
                                        + "\"},"
                                        + "{\"timeUnixNano\":\"18446744073709551615\"},"
                                        + "{\"attributes\":["
                                        + deep(65)
                                        + "]},"
                                        + "{\"attributes\":["
                                        + deep(64)
                                        + "]}"));
        assertThat(Decoding.items(decoded)).containsExactly(0, 4);
        assertThat(decoded.errors())
                .extracting(ItemError::message)
                .containsExactly(
                        "severity_text: 51 characters (expected: at most 50)",
                        "time_unix_nano: 18446744073709551615" + Timestamps.EXPECTED,
                        "record: more than 64 levels of nesting (expected: at most that)");
        assertThat(decoded.errors()).extracting(ItemError::index).containsExactly(1, 2, 3);
    }

    @Test
    void nesting_asDeepAsYouLike_isAnError() {
        assertThat(decode(request("{\"body\":" + deepValue(10_000) + "}")).errors()).hasSize(1);
        ProtoWriter nested = new ProtoWriter(64);
        int[] starts = new int[30_000];
        starts[0] = nested.begin(1);
        starts[1] = nested.begin(2);
        starts[2] = nested.begin(2);
        starts[3] = nested.begin(5);
        for (int depth = 4; depth < starts.length; depth += 2) {
            starts[depth] = nested.begin(5);
            starts[depth + 1] = nested.begin(1);
        }
        for (int depth = starts.length - 1; depth >= 0; depth--) {
            nested.end(starts[depth]);
        }
        byte[] body = Arrays.copyOf(nested.bytes(), nested.size());
        DecodedEvents decoded = decodeProto(body);
        assertThat(decoded.errors().getFirst().message()).contains("64 levels");
    }

    @Test
    void largeRecord_andLargeResource_areErrorsOfTheRecord() {
        String large = "x".repeat(JsonEventsConfig.DEFAULTS.eventBytesMax());
        DecodedEvents decoded =
                decode(request("{},{\"body\":{\"stringValue\":\"" + large + "\"}}"));
        assertThat(Decoding.items(decoded)).containsExactly(0);
        assertThat(decoded.errors().getFirst().code()).isEqualTo(ErrorCode.TOO_LARGE);
        String body =
                "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
                        + text("a", large)
                        + "]},\"scopeLogs\":[{\"logRecords\":[{}]}]}]}";
        assertThat(decode(body).errors().getFirst().message())
                .contains("what it shares with others");
    }

    @Test
    void resourceRepeatedByVeryManyRecords_refusesTheBody() {
        String large = "x".repeat(200 << 10);
        String body =
                "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
                        + text("a", large)
                        + "]},\"scopeLogs\":[{\"logRecords\":["
                        + "{},".repeat(5_000)
                        + "{}]}]}]}";
        assertThatThrownBy(() -> decode(body))
                .isInstanceOfSatisfying(
                        BelfryException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessageContaining("batch: over 67108864 bytes");
    }

    @Test
    void tooManyRecords_refuseTheBody() {
        JsonEventsConfig two = new JsonEventsConfig(1 << 20, 2, 1 << 10);
        byte[] body = request("{},{},{}").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> OtlpLogs.decode(body, body.length, true, two, 0, SourceRule.ANY))
                .hasMessage("body: more than 2 records (expected: at most 2)");
    }

    @Test
    void manyKeys_areKeptTogether() {
        StringBuilder attributes = new StringBuilder();
        for (int key = 0; key < 600; key++) {
            attributes.append(key == 0 ? "" : ",").append(text("k" + key, "v\"" + key));
        }
        DecodedEvents decoded = decode(request("{\"attributes\":[" + attributes + "]}"));
        String row = Decoding.rows(decoded.batch()).getFirst();
        assertThat(row).contains("TAG.k1=STRING v\"1", "\"k599\":\"v\\\"599\"");
    }

    @Test
    void sources_thatAreNotTheSenders_areForbidden() {
        byte[] body = request("{}").getBytes(StandardCharsets.UTF_8);
        DecodedEvents decoded =
                OtlpLogs.decode(
                        body,
                        body.length,
                        true,
                        JsonEventsConfig.DEFAULTS,
                        Decoding.NOW,
                        SourceRule.only(Set.of("other")));
        assertThat(decoded.errors().getFirst().code()).isEqualTo(ErrorCode.FORBIDDEN);
        String long256 = "x".repeat(256);
        String named =
                "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
                        + text("service.name", long256)
                        + "]},\"scopeLogs\":[{\"logRecords\":[{}]}]}]}";
        assertThat(decode(named).errors().getFirst().message())
                .isEqualTo("service.name: 256 characters (expected: a string of 1-255 characters)");
    }

    @Test
    void resourceBehindItsRecords_andUnknownFields_areUnderstood() {
        ProtoWriter out = new ProtoWriter(64);
        int resourceLogs = out.begin(1);
        int scopeLogs = out.begin(2);
        int record = out.begin(2);
        out.varint(99, 7);
        out.fixed64(98, 7);
        out.fixed32(97, 7);
        out.varint(1, 5);
        out.bytes(96, new byte[3], 0, 3);
        out.end(record);
        out.end(scopeLogs);
        int resource = out.begin(1);
        int attribute = out.begin(1);
        int value = out.begin(2);
        bytes(out, 1, "late".getBytes(StandardCharsets.UTF_8));
        out.end(value);
        bytes(out, 1, "service.name".getBytes(StandardCharsets.UTF_8));
        out.end(attribute);
        out.end(resource);
        out.end(resourceLogs);
        assertThat(Decoding.rows(decodeProto(Arrays.copyOf(out.bytes(), out.size())).batch()))
                .containsExactly(
                        "{TAG.service.name=STRING late, event_type=log, source=late,"
                                + " timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void textThatIsNotUtf8_isRepaired() {
        ProtoWriter out = new ProtoWriter(64);
        int resourceLogs = out.begin(1);
        int scopeLogs = out.begin(2);
        int record = out.begin(2);
        bytes(out, 3, new byte[] {'e', (byte) 0xFF});
        int body = out.begin(5);
        bytes(out, 1, new byte[] {(byte) 0xC0, (byte) 0x80});
        out.end(body);
        int attribute = out.begin(6);
        bytes(out, 1, new byte[] {'k', (byte) 0xFF, 0});
        int value = out.begin(2);
        bytes(out, 1, new byte[] {(byte) 0x80});
        out.end(value);
        out.end(attribute);
        out.end(record);
        out.end(scopeLogs);
        out.end(resourceLogs);
        assertThat(Decoding.rows(decodeProto(Arrays.copyOf(out.bytes(), out.size())).batch()))
                .containsExactly(
                        "{TAG.k\uFFFD\uFFFD=STRING \uFFFD, event_type=log, level=e\uFFFD,"
                                + " message=\uFFFD\uFFFD, source=unknown_service,"
                                + " timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void bodies_thatAreNoMessages_areRefused() {
        for (byte[] body :
                new byte[][] {
                    {0x0A},
                    {0x0A, 5, 1},
                    {0x0A, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
                    {0x0A, -1, -1, -1, -1, 15},
                    {0},
                    {0x0B},
                    {0x0C},
                    {0x0F},
                    {0x09, 1},
                    "<html>".getBytes(StandardCharsets.UTF_8)
                }) {
            assertThatThrownBy(() -> decodeProto(body))
                    .as(Arrays.toString(body))
                    .isInstanceOfSatisfying(
                            BelfryException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
        }
        for (String body :
                new String[] {
                    "", "[]", "{", "{}x", "{\"resourceLogs\":{}}", "{\"resourceLogs\":[null]}"
                }) {
            assertThatThrownBy(() -> decode(body))
                    .as(body)
                    .isInstanceOf(BelfryException.class)
                    .hasMessageContaining("as JSON at byte");
        }
        for (String record :
                new String[] {
                    "{\"traceId\":\"xy\"}",
                    "{\"traceId\":\"abc\"}",
                    "{\"timeUnixNano\":\"1.5\"}",
                    "{\"timeUnixNano\":\"1e99\"}",
                    "{\"timeUnixNano\":true}",
                    "{\"severityNumber\":\"LOUD\"}",
                    "{\"body\":\"text\"}",
                    "{\"body\":{\"stringValue\":1}}",
                    "{\"body\":{\"bytesValue\":\"*\"}}"
                }) {
            assertThatThrownBy(() -> decode(request(record)))
                    .as(record)
                    .isInstanceOf(BelfryException.class);
        }
        assertThat(decodeProto(new byte[0]).itemCount()).isZero();
        assertThat(decode("{}").itemCount()).isZero();
        assertThat(row("{" + TIME + ",\"unknown\":[{}],\"body\":null}")).contains("source=s");
    }

    private static void bytes(ProtoWriter out, int number, byte[] value) {
        out.bytes(number, value, 0, value.length);
    }

    private static String deep(int levels) {
        return "{\"key\":\"d\",\"value\":" + deepValue(levels) + "}";
    }

    private static String deepValue(int levels) {
        return "{\"arrayValue\":{\"values\":[".repeat(levels)
                + "{\"boolValue\":true}"
                + "]}}".repeat(levels);
    }

    private static String text(String key, String value) {
        String quoted = value.replace("\"", "\\\"");
        return "{\"key\":\"" + key + "\",\"value\":{\"stringValue\":\"" + quoted + "\"}}";
    }

    private static String request(String records) {
        return "{\"resourceLogs\":[{\"resource\":{\"attributes\":["
                + text("service.name", "s")
                + "]},\"scopeLogs\":[{\"logRecords\":["
                + records
                + "]}]}]}";
    }

    private static String row(String record) {
        DecodedEvents decoded = decode(request(record));
        assertThat(decoded.errors()).isEmpty();
        return Decoding.rows(decoded.batch()).getFirst();
    }

    private static DecodedEvents decode(String json) {
        return decode(json.getBytes(StandardCharsets.UTF_8));
    }

    /* Both forms must give the same. */
    private static DecodedEvents decode(byte[] json) {
        DecodedEvents decoded =
                OtlpLogs.decode(
                        json,
                        json.length,
                        true,
                        JsonEventsConfig.DEFAULTS,
                        Decoding.NOW,
                        SourceRule.ANY);
        ProtoWriter proto = LogsJson.read(json, json.length);
        DecodedEvents same = decodeProto(Arrays.copyOf(proto.bytes(), proto.size()));
        assertThat(Decoding.rows(same.batch())).isEqualTo(Decoding.rows(decoded.batch()));
        return decoded;
    }

    private static DecodedEvents decodeProto(byte[] body) {
        return OtlpLogs.decode(
                body, body.length, false, JsonEventsConfig.DEFAULTS, Decoding.NOW, SourceRule.ANY);
    }
}

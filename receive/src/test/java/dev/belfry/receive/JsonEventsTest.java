package dev.belfry.receive;

import static dev.belfry.receive.Decoding.NOW;
import static dev.belfry.receive.Decoding.decode;
import static dev.belfry.receive.Decoding.error;
import static dev.belfry.receive.Decoding.items;
import static dev.belfry.receive.Decoding.row;
import static dev.belfry.receive.Decoding.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonEventsTest {
    private static final String GOOD = "{\"event_type\":\"log\",\"source\":\"a\"}";

    @Test
    void object_ofTheFirstSeed_isOneEvent() {
        String body =
                """
                {
                    "event_type": "log",
                    "source": "web-server",
                    "message": "Request failed with 500 error",
                    "level": "error",
                    "tags": {
                      "service": "api",
                      "environment": "production"
                    },
                    "payload": {
                      "request_id": "req-123",
                      "duration_ms": 245
                    }
                  }
                """;
        assertThat(decode(body).single()).isTrue();
        assertThat(row(body))
                .isEqualTo(
                        "{PAYLOAD.duration_ms=NUMBER 245, PAYLOAD.request_id=STRING req-123,"
                                + " TAG.environment=STRING production, TAG.service=STRING api,"
                                + " event_type=log, level=error, message=Request failed with 500"
                                + " error, source=web-server, timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void values_keepTypeAndNumberText() {
        assertThat(
                        row(
                                """
                                {"event_type":"alert","source":"a","tags":{"n":1.50e+03,"b":true,"f":false,
                                 "z":null,"s":"","a":[1, {"x" : null}],"o":{}}}\
                                """))
                .contains("TAG.n=NUMBER 1.50e+03")
                .contains("TAG.b=TRUE", "TAG.f=FALSE", "TAG.z=NULL", "TAG.s=STRING,")
                .contains("TAG.a=JSON [1, {\"x\" : null}]", "TAG.o=JSON {}");
    }

    @Test
    void escapes_areResolved_butNotInNestedValues() {
        assertThat(
                        row(
                                "{\"event_type\":\"log\",\"source\":\"\\u00e4\\n\","
                                        + "\"message\":\"\\ud83d\\ude00 \\ud83d \\u0000 \\/\","
                                        + "\"payload\":{\"k\\u0000\\\"\":[\"\\u0041\"]}}"))
                .contains("source=ä\n", "message=😀 \uFFFD \0 /")
                .contains("PAYLOAD.k\uFFFD\"=JSON [\"\\u0041\"]");
    }

    @Test
    void idsAndTimes_areTakenInTheirForms() {
        String trace = "0123456789abcdef0123456789abcdef";
        assertThat(
                        row(
                                "{\"eventType\":\"trace\",\"source\":\"a\",\"traceId\":\""
                                        + trace
                                        + "\",\"spanId\":\"00000000000000ff\","
                                        + "\"timestamp\":\"2026-01-24T10:00:00.5+02:00\"}"))
                .isEqualTo(
                        "{event_type=trace, source=a, span_id=00000000000000ff,"
                                + " timestamp=2026-01-24T08:00:00.500Z, trace_id="
                                + trace
                                + "}");
        assertThat(
                        row(
                                "{\"event_type\":\"trace\",\"source\":\"a\",\"trace_id\":\"ABC\","
                                        + "\"span_id\":\"0000000000000000\","
                                        + "\"timestamp\":1714979289500}"))
                .isEqualTo(
                        "{event_type=trace, source=a, span_id=0000000000000000,"
                                + " timestamp=2024-05-06T07:08:09.500Z, trace_id=ABC}");
    }

    @Test
    void whatTheServerSets_isIgnored_andNullIsAbsent() {
        assertThat(
                        row(
                                "{\"id\":\"x\",\"created_at\":1,\"created_by\":{\"a\":[]},"
                                        + "\"createdAt\":null,\"event_type\":\"log\",\"source\":\"a\","
                                        + "\"message\":null,\"level\":null,\"timestamp\":null,"
                                        + "\"tags\":null,\"payload\":null,\"trace_id\":null}"))
                .isEqualTo("{event_type=log, source=a, timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void duplicates_lastWins() {
        assertThat(
                        row(
                                "{\"source\":7,\"tags\":{\"a\":1,\"b\":2,\"a\":\"x\"},\"source\":\"s\","
                                        + "\"event_type\":\"nope\",\"event_type\":\"log\","
                                        + "\"payload\":[],\"payload\":{\"p\":1},"
                                        + "\"tags\":{\"c\":3,\"a\":4}}"))
                .isEqualTo(
                        "{PAYLOAD.p=NUMBER 1, TAG.a=NUMBER 4, TAG.c=NUMBER 3, event_type=log,"
                                + " source=s, timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void flatLogLine_becomesALog() {
        String body =
                """
                {
                  "timestamp": "2026-01-24T10:00:00.000Z",
                  "level": "INFO",
                  "service": "eventflow-backend",
                  "module": "EventService",
                  "message": "Event ingested successfully",
                  "event_id": "e", "stream_id": "s", "event_type": "user_registered",
                  "request_id": "r",
                  "duration_ms": 45,
                  "metadata": {"org_id": "o"}
                }
                """;
        assertThat(row(body))
                .isEqualTo(
                        "{PAYLOAD.duration_ms=NUMBER 45, PAYLOAD.metadata=JSON {\"org_id\": \"o\"},"
                                + " TAG.event_id=STRING e, TAG.event_type=STRING user_registered,"
                                + " TAG.module=STRING EventService, TAG.request_id=STRING r,"
                                + " TAG.stream_id=STRING s, event_type=log, level=INFO,"
                                + " message=Event ingested successfully, source=eventflow-backend,"
                                + " timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void flatLogLine_withoutService_isOfAnUnknownSource() {
        String body =
                """
                {
                  "timestamp": "2026-01-24T10:00:00Z",
                  "level": "ERROR",
                  "error": {"type": "ValidationError", "message": "Invalid event payload"},
                  "request_id": "r"
                }
                """;
        assertThat(row(body))
                .isEqualTo(
                        "{PAYLOAD.error=JSON {\"type\": \"ValidationError\", \"message\": \"Invalid"
                                + " event payload\"}, TAG.request_id=STRING r, event_type=log,"
                                + " level=ERROR, source=unknown, timestamp=2026-01-24T10:00:00Z}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'source':'a'} | VALIDATION_ERROR event_type: missing (expected: one of log, metric, trace, alert)",
                "{'event_type':'foo','source':'a'} | VALIDATION_ERROR event_type: foo (expected: one of log, metric, trace, alert)",
                "{'event_type':1,'source':'a'} | VALIDATION_ERROR event_type: a number (expected: one of log, metric, trace, alert)",
                "{'event_type':'log'} | VALIDATION_ERROR source: missing (expected: a string of 1-255 characters)",
                "{'event_type':'log','source':''} | VALIDATION_ERROR source: empty (expected: a string of 1-255 characters)",
                "{'event_type':'log','source':null} | VALIDATION_ERROR source: missing (expected: a string of 1-255 characters)",
                "{'event_type':'log','source':['a']} | VALIDATION_ERROR source: an array (expected: a string of 1-255 characters)",
                "{'event_type':'log','source':'a','message':5} | VALIDATION_ERROR message: a number (expected: a string)",
                "{'event_type':'log','source':'a','level':{}} | VALIDATION_ERROR level: an object (expected: a string)",
                "{'event_type':'log','source':'a','tags':[]} | VALIDATION_ERROR tags: an array (expected: an object)",
                "{'event_type':'log','source':'a','payload':'x'} | VALIDATION_ERROR payload: a string (expected: an object)",
                "{'event_type':'log','source':'a','trace_id':7} | VALIDATION_ERROR trace_id: a number (expected: a string)",
                "{'event_type':'log','source':'a','sauce':7} | VALIDATION_ERROR sauce: not a member of an event (expected: event_type, source, message, level, tags, payload, timestamp, trace_id, span_id, log_group)",
                "{'event_type':'log','source':'a','timestamp':'noon'} | VALIDATION_ERROR timestamp: noon (expected: RFC 3339 such as 2026-01-24T10:00:00.123Z, or an epoch number, from 1677-09-21 to 2262-04-11)",
                "{'event_type':'log','source':'a','timestamp':1e300} | VALIDATION_ERROR timestamp: 1e300 (expected: RFC 3339 such as 2026-01-24T10:00:00.123Z, or an epoch number, from 1677-09-21 to 2262-04-11)",
                "[5] | VALIDATION_ERROR item: a number (expected: an object)",
            })
    void item_thatIsWrong_saysValueAndExpectation(String body, String expected) {
        assertThat(error(body.replace('\'', '"'))).isEqualTo(expected);
    }

    @Test
    void lengths_areCountedInCharacters_andLimited() {
        String body = "{\"event_type\":\"log\",\"source\":\"%s\",\"level\":\"%s\"}";
        assertThat(decode(body.formatted("ä".repeat(255), "ß".repeat(50))).errors()).isEmpty();
        assertThat(error(body.formatted("ä".repeat(256), "x")))
                .isEqualTo(
                        "VALIDATION_ERROR source: 256 characters (expected: a string of 1-255"
                                + " characters)");
        assertThat(error(body.formatted("a", "x".repeat(51))))
                .isEqualTo("VALIDATION_ERROR level: 51 characters (expected: at most 50)");
    }

    @Test
    void sizes_areLimited_withTheLimitInTheError() {
        JsonEventsConfig config = new JsonEventsConfig(200, 3, 60);
        byte[] large =
                ("[" + GOOD + ",{\"x\":\"" + "y".repeat(80) + "\"}]")
                        .getBytes(StandardCharsets.UTF_8);
        DecodedEvents decoded =
                JsonEvents.decode(large, large.length, null, config, NOW, SourceRule.ANY);
        assertThat(items(decoded)).containsExactly(0);
        assertThat(decoded.errors())
                .containsExactly(
                        new ItemError(
                                1, ErrorCode.TOO_LARGE, "event: 88 bytes (expected: at most 60)"));
        assertThatThrownBy(() -> decodeWith(config, "[" + "{},".repeat(3) + "{}]"))
                .hasMessage("body: more than 3 events (expected: at most 3)")
                .extracting(failure -> ((BelfryException) failure).code())
                .isEqualTo(ErrorCode.TOO_LARGE);
        assertThatThrownBy(() -> decodeWith(config, " ".repeat(201)))
                .hasMessage("body: 201 bytes (expected: at most 200 bytes)");
    }

    private static DecodedEvents decodeWith(JsonEventsConfig config, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return JsonEvents.decode(body, body.length, null, config, NOW, SourceRule.ANY);
    }

    @Test
    void depth_isLimitedPerItem() {
        String deep = "[".repeat(62) + "]".repeat(62);
        String body = "{\"event_type\":\"log\",\"source\":\"a\",\"tags\":{\"a\":%s}}";
        assertThat(decode(body.formatted(deep)).errors()).isEmpty();
        assertThat(error(body.formatted("[" + deep + "]")))
                .isEqualTo("VALIDATION_ERROR event: 65 levels of nesting (expected: at most 64)");
        String abyss = "[".repeat(200_000) + "]".repeat(200_000);
        DecodedEvents decoded = decode("[" + body.formatted("1") + "," + abyss + "]");
        assertThat(items(decoded)).containsExactly(0);
        assertThat(decoded.errors()).hasSize(1);
    }

    @Test
    void array_keepsGoodItems_andNamesTheOthers() {
        DecodedEvents decoded = decode("[" + GOOD + ", 5, {}, " + GOOD + "]");
        assertThat(decoded.single()).isFalse();
        assertThat(decoded.itemCount()).isEqualTo(4);
        assertThat(items(decoded)).containsExactly(0, 3);
        assertThat(decoded.errors()).extracting(ItemError::index).containsExactly(1, 2);
        assertThat(decode("[]").itemCount()).isZero();
    }

    @Test
    void lines_keepGoodLines_andNameTheBrokenOnes() {
        DecodedEvents decoded =
                decode(GOOD + "\n\n{\"event_type\":\n" + GOOD + " x\r\n" + GOOD + "\r\n[1]\n");
        assertThat(items(decoded)).containsExactly(0, 3);
        assertThat(decoded.errors())
                .extracting(ItemError::message)
                .containsExactly(
                        "line: the end of the line at column 15 (expected: a value)",
                        "line: 'x' at column 35 (expected: the end of the line)",
                        "item: an array (expected: an object)");
    }

    @Test
    void lines_areSeen_whenTheFirstIsBroken() {
        assertThat(items(decode("{\"event\n" + GOOD))).containsExactly(1);
        assertThat(items(decode("{\"event\n \r\n" + GOOD + "\n"))).containsExactly(1);
    }

    @Test
    void lines_byContentType_areItemsEvenIfThereIsOne() {
        byte[] body = GOOD.getBytes(StandardCharsets.UTF_8);
        DecodedEvents decoded =
                JsonEvents.decode(
                        body,
                        body.length,
                        "Application/X-NDJSON; charset=utf-8",
                        JsonEventsConfig.DEFAULTS,
                        NOW,
                        SourceRule.ANY);
        assertThat(decoded.single()).isFalse();
        assertThat(decoded.batch().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | body: empty (expected: a JSON object, an array of objects, or one object a line (NDJSON))",
                "hello | body: 'h' at line 1, column 1, byte 0 (expected: a JSON object, an array of objects, or one object a line (NDJSON))",
                "[{} | body: the end at line 1, column 4, byte 3 (expected: ',' or ']')",
                "[{},] | body: ']' at line 1, column 5, byte 4 (expected: a value: string, number, object, array, true, false or null)",
                "{'a':1,} | body: '}' at line 1, column 8, byte 7 (expected: a name in quotes)",
                "{'a':01} | body: '1' at line 1, column 7, byte 6 (expected: no digit behind a leading 0)",
                "{'a':tru} | body: '}' at line 1, column 9, byte 8 (expected: a value: string, number, object, array, true, false or null)",
                "{'ä':ö} | body: 'ö' at line 1, column 6, byte 6 (expected: a value: string, number, object, array, true, false or null)",
                "{'a':'\\x'} | body: 'x' at line 1, column 8, byte 7 (expected: one of \" \\ / b f n r t u behind a backslash)",
                "{'a':'\\u12G4'} | body: 'G' at line 1, column 11, byte 10 (expected: 4 hexadecimal digits)",
                "{'a':'b | body: the end at line 1, column 8, byte 7 (expected: '\"' at the end of a string)",
                "[{}] [] | body: '[' at line 1, column 6, byte 5 (expected: the end of the body)",
            })
    void body_thatIsNotJson_saysWhere(String body, String expected) {
        String text = body.replace('\'', '"');
        assertThatThrownBy(() -> decode(text))
                .isInstanceOf(BelfryException.class)
                .hasMessage(expected);
    }

    @Test
    void body_thatIsNotJson_hasThePlaceAsDetails() {
        assertThatThrownBy(() -> decode("[\n{},\n  nope]"))
                .isInstanceOfSatisfying(
                        BelfryException.class,
                        failure ->
                                assertThat(failure.details())
                                        .isEqualTo(Map.of("line", 3, "column", 4, "offset", 9)));
    }

    @Test
    void bytes_thatAreNotUtf8_areReplaced() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"event_type\":\"log\",\"source\":\"a".getBytes(StandardCharsets.UTF_8));
        body.write(0xFF);
        body.writeBytes("\",\"tags\":{\"k".getBytes(StandardCharsets.UTF_8));
        body.write(0xC0);
        body.writeBytes("\":[\"x".getBytes(StandardCharsets.UTF_8));
        body.write(0xE4);
        body.writeBytes("\"]}}".getBytes(StandardCharsets.UTF_8));
        assertThat(rows(decode(body.toByteArray()).batch()))
                .containsExactly(
                        "{TAG.k\uFFFD=JSON [\"x\uFFFD\"], event_type=log, source=a\uFFFD,"
                                + " timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void byteOrderMark_isPassed() {
        assertThat(decode("\uFEFF" + GOOD).batch().count()).isEqualTo(1);
    }

    @Test
    void sourceRule_refusesPerItem() {
        byte[] body =
                ("[" + GOOD + "," + GOOD.replace("\"a\"", "\"b\"") + "," + GOOD + "]")
                        .getBytes(StandardCharsets.UTF_8);
        DecodedEvents decoded =
                JsonEvents.decode(
                        body,
                        body.length,
                        null,
                        JsonEventsConfig.DEFAULTS,
                        NOW,
                        SourceRule.only(Set.of("c", "a")));
        assertThat(items(decoded)).containsExactly(0, 2);
        assertThat(decoded.errors())
                .containsExactly(
                        new ItemError(
                                1,
                                ErrorCode.FORBIDDEN,
                                "source: b (expected: one that these credentials may write:"
                                        + " a, c)"));
    }

    @Test
    void keys_beyondTheColumns_stayInTheRest() {
        StringBuilder tags = new StringBuilder();
        for (int key = 0; key < 600; key++) {
            tags.append(key == 0 ? "" : ",").append("\"k").append(key).append("\":").append(key);
        }
        String body =
                "[{\"event_type\":\"log\",\"source\":\"a\",\"tags\":{"
                        + tags
                        + ",\"q\\\"\":\"x\",\"q\\\"\":\"\\u0041\"}},"
                        + GOOD
                        + ",{\"event_type\":\"log\",\"source\":\"a\",\"tags\":{\"z\":[1],\"k0\":2}}]";
        String first = rows(decode(body).batch()).getFirst();
        assertThat(first)
                .contains("TAG.k511=NUMBER 511,", "TAG.\0=JSON {\"k512\":512,\"k513\":513,")
                .contains("\"k599\":599,\"q\\\"\":\"\\u0041\"}");
        assertThat(rows(decode(body).batch()).get(1)).doesNotContain("TAG");
        assertThat(rows(decode(body).batch()).get(2))
                .contains("TAG.k0=NUMBER 2", "TAG.\0=JSON {\"z\":[1]}");
    }
}

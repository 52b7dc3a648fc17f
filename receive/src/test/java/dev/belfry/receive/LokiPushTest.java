package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LokiPushTest {
    private static final long SEED = Long.getLong("belfry.seed", 20_260_124L);
    private static final String TIME = "1769248800123456789";

    @Test
    void json_streamsAndMetadata() {
        String body =
                "{\"streams\":[{\"values\":[[\""
                        + TIME
                        + "\",\"a \\\"line\\\"\"],[\"1769248800000000000\",\"b\",{\"trace_id\":"
                        + "\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"00f067aa0ba902b7\","
                        + "\"user\":\"u\",\"n\":1,\"job\":\"own\"}]],\"stream\":{\"job\":\"shop\","
                        + "\"pod\":\"p\",\"level\":\"WARN\"}}]}";
        assertThat(rows(decode(body, true)))
                .containsExactly(
                        "{TAG.job=STRING shop, TAG.level=STRING WARN, TAG.pod=STRING p,"
                                + " event_type=log, level=WARN, message=a \"line\", source=shop,"
                                + " timestamp=2026-01-24T10:00:00.123456789Z}",
                        "{TAG.job=STRING own, TAG.level=STRING WARN, TAG.n=STRING 1,"
                                + " TAG.pod=STRING p, TAG.stream.job=STRING shop,"
                                + " TAG.user=STRING u, event_type=log, level=WARN, message=b,"
                                + " source=shop, span_id=00f067aa0ba902b7,"
                                + " timestamp=2026-01-24T10:00:00Z,"
                                + " trace_id=4bf92f3577b34da6a3ce929d0e0e4736}");
    }

    @Test
    void labelGivenTwice_countsOnce() {
        assertThat(rows(proto("{a=\"1\", a=\"2\"}")).getFirst())
                .contains("{TAG.a=STRING 2, event_type");
    }

    @Test
    void source_isTheFirstOfTheLabels_inTheOrderOfTheDocumentation() {
        assertThat(source("{job=\"j\", service=\"s\", app=\"a\"}")).isEqualTo("s");
        assertThat(source("{job=\"j\", service_name=\"n\", service=\"s\"}")).isEqualTo("n");
        assertThat(source("{container=\"c\", app=\"a\"}")).isEqualTo("a");
        assertThat(source("{service_name=\"\", container=\"c\"}")).isEqualTo("c");
        assertThat(source("{pod=\"p\"}")).isEqualTo("unknown");
        assertThat(source("{}")).isEqualTo("unknown");
    }

    @Test
    void level_isTheEntrys_thenTheStreams() {
        String stream = "{\"streams\":[{\"stream\":{\"detected_level\":\"info\"},\"values\":[";
        String body =
                stream
                        + "[\"1\",\"a\"],[\"2\",\"b\",{\"level\":\"error\"}],"
                        + "[\"3\",\"c\",{\"severity\":\"x\"}]]}]}";
        assertThat(rows(decode(body, true)))
                .satisfiesExactly(
                        row -> assertThat(row).contains(" level=info"),
                        row -> assertThat(row).contains(" level=error"),
                        row -> assertThat(row).contains(" level=info"));
    }

    @Test
    void labels_asText_withEveryEscape() {
        String labels =
                "{ a=\"q\\\" b\\\\ n\\n x\\x41 o\\101 u\\u00e9 U\\U0001F600\" , b=`raw\\n`,"
                        + " \"c.d\"=\"e\", }";
        assertThat(rows(proto(labels)).getFirst())
                .contains(
                        "TAG.a=STRING q\" b\\ n\n xA oA ué U\uD83D\uDE00,",
                        "TAG.b=STRING raw\\n,",
                        "TAG.c.d=STRING e,");
        for (String broken :
                List.of(
                        "",
                        "a=\"b\"",
                        "{a}",
                        "{a=}",
                        "{a=b}",
                        "{a=\"b}",
                        "{a=\"\\z\"}",
                        "{a=\"b\"",
                        "{a=\"b\"}x",
                        "{,}",
                        "{a=\"\\x4\"}",
                        "{a=\"\\ud800\"}",
                        "{a=\"\\777\"}",
                        "{a=\"b\" c=\"d\"}",
                        "{a=\"\\")) {
            assertThatThrownBy(() -> proto(broken))
                    .as(broken)
                    .isInstanceOf(BelfryException.class)
                    .hasMessageStartingWith("labels: " + broken);
        }
    }

    @Test
    void bytesThatAreNotUtf8_areRepaired() {
        byte[] labels = {'{', 'a', '=', '"', (byte) 0xFF, '"', '}'};
        DecodedEvents decoded = proto(labels, new byte[] {'l', (byte) 0xC0}, 1, 0);
        assertThat(rows(decoded).getFirst()).contains("TAG.a=STRING \uFFFD,", "message=l\uFFFD,");
        assertThat(rows(proto("{a=\"\\xff\"}")).getFirst()).contains("TAG.a=STRING \uFFFD,");
    }

    @Test
    void badEntries_doNotCostTheOthers() {
        DecodedEvents late = proto("{}".getBytes(StandardCharsets.UTF_8), new byte[1], 1L << 40, 0);
        assertThat(late.errors().getFirst().message())
                .isEqualTo("timestamp: out of range (expected: from 1677-09-21 to 2262-04-11)");
        String large = "x".repeat(JsonEventsConfig.DEFAULTS.eventBytesMax());
        DecodedEvents decoded =
                decode(
                        "{\"streams\":[{\"stream\":{},\"values\":[[\"1\",\"a\"],[\"2\",\""
                                + large
                                + "\"],[\"3\",\"c\"]]}]}",
                        true);
        assertThat(Decoding.items(decoded)).containsExactly(0, 2);
        assertThat(decoded.errors().getFirst().code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void labelsRepeatedByVeryManyEntries_refuseTheBody() {
        String body =
                "{\"streams\":[{\"stream\":{\"a\":\""
                        + "x".repeat(200 << 10)
                        + "\"},\"values\":["
                        + "[\"1\",\"\"],".repeat(5_000)
                        + "[\"1\",\"\"]]}]}";
        assertThatThrownBy(() -> decode(body, true)).hasMessageContaining("batch: over");
    }

    @Test
    void sourcesThatAreNotTheSenders_areForbidden() {
        byte[] body =
                "{\"streams\":[{\"stream\":{\"job\":\"a\"},\"values\":[[\"1\",\"x\"]]}]}"
                        .getBytes(StandardCharsets.UTF_8);
        DecodedEvents decoded =
                LokiPush.decode(
                        body,
                        body.length,
                        true,
                        JsonEventsConfig.DEFAULTS,
                        0,
                        SourceRule.only(Set.of("b")));
        assertThat(decoded.errors().getFirst().code()).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void bodiesThatAreNoPush_areRefused() {
        for (String body :
                List.of(
                        "",
                        "[]",
                        "{",
                        "{\"streams\":{}}",
                        "{\"streams\":[1]}",
                        "{\"streams\":[{\"values\":[1]}]}",
                        "{\"streams\":[{\"values\":[[]]}]}",
                        "{\"streams\":[{\"values\":[[\"1\"]]}]}",
                        "{\"streams\":[{\"values\":[[\"1\",2]]}]}",
                        "{\"streams\":[{\"values\":[[\"1.5\",\"a\"]]}]}",
                        "{\"streams\":[{\"values\":[[\"\",\"a\"]]}]}",
                        "{\"streams\":[{\"values\":[[\"99999999999999999999\",\"a\"]]}]}",
                        "{\"streams\":[{\"values\":[[true,\"a\"]]}]}",
                        "{\"streams\":[{\"values\":[[\"1\",\"a\",[]]]}]}",
                        "{\"streams\":[{\"values\":[[\"1\",\"a\",{},1]]}]}",
                        "{\"streams\":[{\"stream\":\"x\"}]}")) {
            assertThatThrownBy(() -> decode(body, true))
                    .as(body)
                    .isInstanceOf(BelfryException.class)
                    .hasMessageContaining("no push as JSON at byte");
        }
        assertThat(decode("{\"streams\":[]}", true).itemCount()).isZero();
        assertThat(decode("{}", true).itemCount()).isZero();
    }

    @Test
    void nearlyGoodBodies_areRowsOrRefusals() {
        byte[] json =
                ("{\"streams\":[{\"stream\":{\"job\":\"shop\",\"a\":\"\\u00e9\"},\"values\":[[\""
                                + TIME
                                + "\",\"line\",{\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}],"
                                + "[\"1\",\"two\"]]}]}")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] proto =
                message(
                        "{job=\"shop\", a=\"\\u00e9\"}".getBytes(StandardCharsets.UTF_8),
                        new byte[] {'x', 'y'},
                        1_769_248_800,
                        5);
        for (boolean form : new boolean[] {true, false}) {
            int good = 0;
            for (int round = 0; round < 50_000; round++) {
                Random random = new Random(SEED + round);
                byte[] body = Mutations.next(random, List.of(form ? json : proto));
                try {
                    rows(decode(body, form));
                    good++;
                } catch (BelfryException e) {
                    assertThat(e.code())
                            .as("seed " + (SEED + round))
                            .isIn(ErrorCode.VALIDATION_ERROR, ErrorCode.TOO_LARGE);
                } catch (RuntimeException e) {
                    String hex = HexFormat.of().formatHex(body);
                    throw new AssertionError("seed " + (SEED + round) + ": " + hex, e);
                }
            }
            assertThat(good).isGreaterThan(500);
        }
    }

    private static String source(String labels) {
        return proto(labels).batch().sources().text(0);
    }

    private static DecodedEvents proto(String labels) {
        return proto(labels.getBytes(StandardCharsets.UTF_8), new byte[] {'x'}, 1, 0);
    }

    private static DecodedEvents proto(byte[] labels, byte[] line, long seconds, int nanos) {
        return decode(message(labels, line, seconds, nanos), false);
    }

    private static byte[] message(byte[] labels, byte[] line, long seconds, int nanos) {
        ProtoWriter out = new ProtoWriter(64);
        int stream = out.begin(1);
        out.bytes(1, labels, 0, labels.length);
        int entry = out.begin(2);
        int time = out.begin(1);
        out.varint(1, seconds);
        out.varint(2, nanos);
        out.end(time);
        out.bytes(2, line, 0, line.length);
        out.end(entry);
        out.varint(3, 12345);
        out.end(stream);
        return Arrays.copyOf(out.bytes(), out.size());
    }

    private static List<String> rows(DecodedEvents decoded) {
        assertThat(decoded.batch().count() + decoded.errors().size())
                .isEqualTo(decoded.itemCount());
        return Decoding.rows(decoded.batch());
    }

    private static DecodedEvents decode(String body, boolean json) {
        return decode(body.getBytes(StandardCharsets.UTF_8), json);
    }

    private static DecodedEvents decode(byte[] body, boolean json) {
        return LokiPush.decode(
                body, body.length, json, JsonEventsConfig.DEFAULTS, Decoding.NOW, SourceRule.ANY);
    }
}

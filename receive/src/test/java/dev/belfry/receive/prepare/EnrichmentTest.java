package dev.belfry.receive.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.JsonEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.Preparation;
import dev.belfry.receive.PreparationConfig;
import dev.belfry.receive.SourceRule;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnrichmentTest {
    private static final String LINE =
            """
            {"timestamp":"2026-01-24T10:00:00.000Z","level":"INFO","service":"eventflow-backend",\
            "module":"EventService","message":"Event ingested successfully","event_id":"u1",\
            "stream_id":"u2","event_type":"user_registered","request_id":"u3","duration_ms":45,\
            "metadata":{"org_id":"u4","api_key_id":"u5"}}\
            """;
    private static final String ERROR =
            """
            {"timestamp":"2026-01-24T10:00:00Z","level":"ERROR","error":{"type":"ValidationError",\
            "message":"Invalid event payload","stack":"...","context":{"event_id":"u1",\
            "stream_id":"u2"}},"request_id":"u3"}\
            """;

    private final Preparation preparation =
            Preparation.of(PreparationConfig.DEFAULTS, (_, _) -> {});

    @Test
    void logLineInMessage_isTheEventThatItIsOnItsOwn() {
        assertThat(shown(prepared(LINE, "shipper"))).isEqualTo(shown(alone(LINE)));
        String error = shown(prepared(ERROR, "unknown"));
        assertThat(error)
                .isEqualTo(shown(alone(ERROR)).replace("message=null", "message=" + ERROR));
    }

    private static EventBatch alone(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return JsonEvents.decode(
                        bytes, bytes.length, null, JsonEventsConfig.DEFAULTS, 1, SourceRule.ANY)
                .batch();
    }

    @Test
    void adding_keepsWhatWasSent() {
        EventBatchBuilder builder = event(LINE, "sent");
        builder.level("warn");
        builder.severityNumber(13);
        builder.commit();
        builder.source("unknown");
        builder.timestampNanos(5);
        builder.message(LINE);
        builder.commit();
        EventBatch batch =
                preparation.prepare(builder.build(), SourceRule.ANY, Preparation.Lifting.ADDS);
        assertThat(batch.messages().text(0)).isEqualTo(LINE);
        assertThat(batch.sources().text(0)).isEqualTo("sent");
        assertThat(batch.levels().text(0)).isEqualTo("warn");
        assertThat(Objects.requireNonNull(batch.severityNumbers())[0]).isEqualTo((byte) 13);
        assertThat(shown(batch, 0))
                .contains("TAG service=STRING eventflow-backend", "PAYLOAD duration_ms=NUMBER 45");
        assertThat(batch.messages().text(1)).isEqualTo(LINE);
        assertThat(batch.sources().text(1)).isEqualTo("eventflow-backend");
        assertThat(batch.levels().text(1)).isEqualTo("INFO");
        assertThat(batch.timestampsNanos()[1]).isEqualTo(5);
    }

    @Test
    void sourceInside_thatIsRefused_isATag() {
        EventBatchBuilder builder = event(LINE, "shipper");
        builder.commit();
        EventBatch batch = preparation.prepare(builder.build(), SourceRule.only(Set.of("shipper")));
        assertThat(batch.sources().text(0)).isEqualTo("shipper");
        assertThat(shown(batch)).contains("TAG service=STRING eventflow-backend");
    }

    @Test
    void fieldsOfTheEvent_winOverThoseInside() {
        EventBatchBuilder builder = event("plain", "a");
        builder.commit();
        builder.source("b");
        builder.timestampNanos(5);
        builder.message(" {\"n\":2,\"host\":\"in\",\"same\":\"x\"}\n");
        builder.level("info");
        put(builder, FieldSpace.PAYLOAD, "n", ValueKind.NUMBER, "1");
        put(builder, FieldSpace.PAYLOAD, "same", ValueKind.STRING, "x");
        builder.commit();
        EventBatch batch = preparation.prepare(builder.build(), SourceRule.ANY);
        assertThat(batch.messages().text(0)).isEqualTo("plain");
        assertThat(shown(batch, 1))
                .contains("source=b", "level=info", "time=1970-01-01T00:00:00.000000005Z")
                .contains("PAYLOAD n=NUMBER 1\n", "PAYLOAD message.n=NUMBER 2\n")
                .contains("PAYLOAD same=STRING x\n")
                .doesNotContain("message.same");
    }

    @ParameterizedTest
    @CsvSource({"x,x,x,x", "x,y,x,x", "x,,x,x", "x,x,,x", ",x,,y", "x,x,x,", "x,x,,"})
    void fieldsOfEachEvent_winByThemselves(
            String first, String insideFirst, String second, String insideSecond) {
        EventBatchBuilder builder = new EventBatchBuilder(2);
        for (String[] values : new String[][] {{first, insideFirst}, {second, insideSecond}}) {
            builder.source("a");
            builder.timestampNanos(1);
            builder.message(values[1] == null ? "{\"n\":1}" : "{\"k\":\"" + values[1] + "\"}");
            if (values[0] != null) {
                put(builder, FieldSpace.PAYLOAD, "k", ValueKind.STRING, values[0]);
            }
            builder.commit();
        }
        EventBatch batch = preparation.prepare(builder.build(), SourceRule.ANY);
        assertThat(keyAndCollision(batch, 0)).isEqualTo(expected(first, insideFirst));
        assertThat(keyAndCollision(batch, 1)).isEqualTo(expected(second, insideSecond));
    }

    private static String expected(String sent, String inside) {
        String collision = sent == null || inside == null || sent.equals(inside) ? null : inside;
        return (sent == null ? inside : sent) + " " + collision;
    }

    /* The fields are tags or payload as documents have them. */
    private static String keyAndCollision(EventBatch batch, int row) {
        String[] found = new String[2];
        for (FieldColumn field : batch.fields()) {
            for (int index = 0; index < field.count(); index++) {
                if (field.rows()[index] == row && field.key().endsWith("k")) {
                    found[field.key().equals("k") ? 0 : 1] = field.values().text(index);
                }
            }
        }
        return found[0] + " " + found[1];
    }

    @Test
    void logfmt_isLifted() {
        String text =
                shown(
                        prepared(
                                "ts=2026-01-24T10:00:00Z level=warn msg=\"it is \\\"late\\\"\" took=1.5"
                                        + " ok=true user_id=u1 trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
                                "a"));
        assertThat(text)
                .contains("level=warn", "message=it is \"late\"", "PAYLOAD took=NUMBER 1.5")
                .contains("TAG user_id=STRING u1", "time=2026-01-24T10:00:00Z")
                .contains("trace=4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(shown(prepared("user=bob action=login", "a")))
                .contains("message=user=bob action=login", "PAYLOAD action=STRING login");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{not json}",
                "{\"a\":1} and more}",
                "[1,2]",
                "a=1",
                "user=bob logged in",
                "x=\"open b=1",
                "SELECT a=1 FROM b",
                "{}",
                "https://x/?a=1&b=2 c=d"
            })
    void text_thatIsNoDocument_stays(String text) {
        EventBatchBuilder builder = event(text, "a");
        builder.commit();
        EventBatch batch = preparation.prepare(builder.build(), SourceRule.ANY);
        assertThat(batch.messages().text(0)).isEqualTo(text);
        assertThat(batch.fields()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-24 10:00:00,123 ERROR [main] c.e.Shop - failed|ERROR",
                "[error] 12#0: failed|error",
                "10:00:00 [WARN ] late|WARN",
                "error: no such file|error",
                "Warning: late|Warning",
                "something level=info happened|info",
                "E0312 10:00:00.123456    1234 file.go:12] text|error",
                "I0312 10:00:00.123456    1234 file.go:12] text|info",
                "<3>usb 1-1: device|err",
                "INFO:root:started|INFO",
                "<warn> [169] dhcp|warn",
                "an error happened|",
                "no ERRORS here|",
                "GET /error HTTP/1.1|",
                "Loading CONFIG file|",
                "TRACE / HTTP/1.1|",
                "info|",
            })
    void level_isTakenWhereItIsSafe(String message, String level) {
        EventBatchBuilder builder = event(message, "a");
        builder.commit();
        assertThat(preparation.prepare(builder.build(), SourceRule.ANY).levels().text(0))
                .isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "failed trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7 x|4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7",
                "x \"traceId\":\"4BF92F3577B34DA6A3CE929D0E0E4736\"|4bf92f3577b34da6a3ce929d0e0e4736 0000000000000000",
                "got traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01|4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7",
                "[dd.trace_id=1234567890123456789 dd.span_id=9876543210987654321]|0000000000000000112210f47de98115 891087b8e3b70cb1",
                "no trace_id=abc here|",
                "trace_id=00000000000000000000000000000000|",
            })
    void ids_areTakenFromMessages(String message, String expected) {
        EventBatchBuilder builder = event(message, "a");
        builder.commit();
        EventBatch batch = preparation.prepare(builder.build(), SourceRule.ANY);
        if (expected == null) {
            assertThat(batch.traceIds()).isNull();
            return;
        }
        long[] trace = Objects.requireNonNull(batch.traceIds());
        assertThat(
                        String.format(
                                "%016x%016x %016x",
                                trace[0], trace[1], Objects.requireNonNull(batch.spanIds())[0]))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trace_id",
                "traceid",
                "trace-id",
                "trace.id",
                "TraceId",
                "span_id",
                "spanid",
                "span.id"
            })
    void ids_areFoundWhereverTheyStand(String name) {
        boolean span = name.startsWith("span");
        String id = span ? "00f067aa0ba902b7" : "4bf92f3577b34da6a3ce929d0e0e4736";
        for (int before = 0; before < 12; before++) {
            for (int behind = 0; behind < 5; behind++) {
                String message =
                        "-".repeat(before) + " " + name + "=" + id + " " + "-".repeat(behind);
                assertThat(shown(prepared(message, "a")))
                        .as(message)
                        .contains(span ? "span=f067aa0ba902b7" : "trace=" + id);
            }
        }
    }

    @Test
    void ids_areTakenFromFields() {
        EventBatchBuilder builder = event("m", "a");
        put(
                builder,
                FieldSpace.TAG,
                "traceId",
                ValueKind.STRING,
                "4bf92f3577b34da6a3ce929d0e0e4736");
        put(builder, FieldSpace.PAYLOAD, "span.id", ValueKind.STRING, "00f067aa0ba902b7");
        builder.commit();
        assertThat(shown(preparation.prepare(builder.build(), SourceRule.ANY)))
                .contains("trace=4bf92f3577b34da6a3ce929d0e0e4736", "span=f067aa0ba902b7");
    }

    private static void put(
            EventBatchBuilder builder, FieldSpace space, String key, ValueKind kind, String text) {
        Objects.requireNonNull(builder.field(space, key)).add(builder.count(), kind, text);
    }

    private static EventBatchBuilder event(String message, String source) {
        EventBatchBuilder builder = new EventBatchBuilder(2);
        builder.source(source);
        builder.timestampNanos(1);
        builder.message(message);
        return builder;
    }

    private EventBatch prepared(String message, String source) {
        EventBatchBuilder builder = event(message, source);
        builder.commit();
        return preparation.prepare(builder.build(), SourceRule.ANY);
    }

    private static String shown(EventBatch batch) {
        return shown(batch, 0);
    }

    private static String shown(EventBatch batch, int row) {
        StringBuilder text = new StringBuilder();
        text.append("source=").append(batch.sources().text(row));
        text.append("\nmessage=").append(batch.messages().text(row));
        text.append("\nlevel=").append(batch.levels().text(row));
        text.append("\ntime=").append(Timestamps.format(batch.timestampsNanos()[row]));
        long[] traces = batch.traceIds();
        if (traces != null) {
            text.append(String.format("\ntrace=%016x%016x", traces[2 * row], traces[2 * row + 1]));
        }
        long[] spans = batch.spanIds();
        if (spans != null) {
            text.append(String.format("\nspan=%x", spans[row]));
        }
        Set<String> fields = new TreeSet<>();
        for (FieldColumn field : batch.fields()) {
            for (int index = 0; index < field.count(); index++) {
                if (field.rows()[index] == row) {
                    fields.add(
                            field.space()
                                    + " "
                                    + field.key()
                                    + "="
                                    + field.kind(index)
                                    + " "
                                    + field.values().text(index)
                                    + "\n");
                }
            }
        }
        return text.append('\n').append(String.join("", fields)).toString();
    }
}

package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Small bodies whose rows share large parts must not fill the memory. */
final class SharedPartsTest {
    private static final JsonEventsConfig CONFIG = JsonEventsConfig.DEFAULTS;
    private static final String LARGE = "x".repeat(100_000);
    private static final String NAME = "n".repeat(28_000);

    @Test
    void otlp_resourceOrScopeOfVeryManyRecords() {
        String records = "\"logRecords\":[" + "{},".repeat(20_000) + "{}]";
        String resource =
                "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"a\",\"value\":"
                        + "{\"stringValue\":\"%s\"}}]},\"scopeLogs\":[{%s}]}]}";
        String scope = "{\"resourceLogs\":[{\"scopeLogs\":[{\"scope\":{\"name\":\"%s\"},%s}]}]}";
        for (String form : new String[] {resource, scope}) {
            byte[] body = bytes(String.format(Locale.ROOT, form, LARGE, records));
            refused(() -> OtlpLogs.decode(body, body.length, true, CONFIG, 0, SourceRule.ANY));
        }
    }

    @Test
    void loki_labelOfVeryManyEntries() {
        String entry = "[\"1769248800123456789\",\"\"]";
        byte[] body =
                bytes(
                        "{\"streams\":[{\"stream\":{\"job\":\"j\",\"a\":\""
                                + LARGE
                                + "\"},\"values\":["
                                + (entry + ",").repeat(20_000)
                                + entry
                                + "]}]}");
        refused(() -> LokiPush.decode(body, body.length, true, CONFIG, 0, SourceRule.ANY));
    }

    @Test
    void hecRaw_hostOfVeryManyLines() {
        HecEvents.Metadata metadata = new HecEvents.Metadata(NAME, null, null, null, null);
        byte[] body = bytes("a\n".repeat(20_000));
        refused(() ->
                new HecEvents(CONFIG, metadata).decodeRaw(body, body.length, 0, SourceRule.ANY));
    }

    @Test
    void bulk_indexOfVeryManyDocuments() {
        byte[] body = bytes("{\"create\":{}}\n{}\n".repeat(20_000));
        assertThatThrownBy(() ->
                        new BulkEvents(CONFIG, NAME).decode(body, body.length, 0, SourceRule.ANY))
                .hasMessage("index: 28000 characters (expected: at most 255)");
    }

    private static void refused(ThrowingCallable decoding) {
        assertThatThrownBy(decoding)
                .isInstanceOfSatisfying(
                        BelfryException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessage(
                        "batch: over 67108864 bytes when what rows share is written out (expected:"
                                + " fewer rows a request)");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

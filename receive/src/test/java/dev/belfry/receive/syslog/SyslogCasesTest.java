package dev.belfry.receive.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.ValueKind;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.Preparation;
import dev.belfry.receive.PreparationConfig;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.SyslogFrames;
import dev.belfry.receive.SyslogMessages;
import dev.belfry.receive.SyslogSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of {@code syslog/cases.json}, which were written apart from this decoder. */
final class SyslogCasesTest {
    private static final long NOW = Timestamps.parse("2026-01-02T00:00:00Z");
    private static final List<String> FACILITIES =
            List.of(
                    "kern",
                    "user",
                    "mail",
                    "daemon",
                    "auth",
                    "syslog",
                    "lpr",
                    "news",
                    "uucp",
                    "cron",
                    "authpriv",
                    "ftp",
                    "ntp",
                    "security",
                    "console",
                    "solaris-cron",
                    "local0",
                    "local1",
                    "local2",
                    "local3",
                    "local4",
                    "local5",
                    "local6",
                    "local7");
    private static final Map<String, String> TAGS =
            Map.of(
                    "hostname",
                    "hostname",
                    "app",
                    "app_name",
                    "procid",
                    "proc_id",
                    "msgid",
                    "msg_id");

    /** A row: its columns, and its tags and payload by name. */
    private record Row(
            long timestampNanos, String message, String level, Map<String, String> fields) {}

    static Stream<Arguments> cases() throws IOException {
        try (InputStream file = SyslogCasesTest.class.getResourceAsStream("/syslog/cases.json");
                JsonParser parser = new JsonFactory().createParser(file)) {
            parser.nextToken();
            List<?> cases = (List<?>) Objects.requireNonNull(value(parser));
            return cases.stream()
                    .map(each -> (Map<?, ?>) each)
                    .map(each ->
                            Arguments.of(
                                    each.get("id"),
                                    each.get("format"),
                                    each.get("input"),
                                    each.get("expect")));
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser));
            }
            return members;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser));
            }
            return items;
        }
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void message_isReadAsExpected(
            String id, String format, String input, Map<String, Object> expected) {
        switch (format) {
            case "rfc6587" ->
                    assertThat(messages(input)).as(id).isEqualTo(expected.get("messages"));
            case "cef" -> cef(row(syslog(input)), expected);
            case "json", "logfmt" -> document(row(lifted(input)), expected);
            default -> syslog(input, expected);
        }
    }

    private static void syslog(String input, Map<String, Object> expected) {
        SyslogMessages messages = messages();
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        messages.add(bytes, 0, bytes.length);
        if ("false".equals(expected.get("valid"))) {
            boolean kept = "true".equals(expected.get("must_not_be_lost"));
            assertThat(messages.malformed()).isEqualTo(kept ? 1 : 0);
            if (kept) {
                assertThat(input).endsWith(row(messages.build()).message());
            }
            return;
        }
        assertThat(messages.malformed()).isZero();
        Row row = row(messages.build());
        String time = Timestamps.format(row.timestampNanos);
        expected.forEach((name, value) -> {
            Object found =
                    switch (name) {
                        case "facility" -> {
                            int facility =
                                    FACILITIES.indexOf(row.fields.getOrDefault("facility", ""));
                            yield facility < 0 ? null : Integer.toString(facility);
                        }
                        case "severity" -> row.fields.get("severity");
                        case "timestamp" ->
                                row.timestampNanos == NOW
                                        ? null
                                        : Timestamps.format(row.timestampNanos);
                        case "month" -> Integer.toString(Integer.parseInt(time.substring(5, 7)));
                        case "day" -> Integer.toString(Integer.parseInt(time.substring(8, 10)));
                        case "time" -> time.substring(11, 19);
                        case "message" -> row.message;
                        case "structured_data" -> structured(row);
                        case "note" -> value;
                        default -> row.fields.get(Objects.requireNonNull(TAGS.get(name), name));
                    };
            Object wanted =
                    name.equals("timestamp") && value != null
                            ? Timestamps.format(Timestamps.parse((String) value))
                            : value;
            assertThat(found).as(name).isEqualTo(wanted);
        });
        if (expected.containsKey("note") && !expected.containsKey("month")) {
            assertThat(row.message).isEqualTo(input.substring(input.indexOf('>') + 1));
        }
    }

    private static Map<String, Map<String, String>> structured(Row row) {
        Map<String, Map<String, String>> elements = new TreeMap<>();
        row.fields.forEach((name, value) -> {
            int at = name.indexOf('@');
            if (at > 0) {
                int dot = name.indexOf('.', at);
                Map<String, String> element =
                        elements.computeIfAbsent(
                                dot < 0 ? name : name.substring(0, dot),
                                _ -> new LinkedHashMap<>());
                if (dot > 0) {
                    element.put(name.substring(dot + 1), value);
                }
            }
        });
        return elements;
    }

    private static void cef(Row row, Map<String, Object> expected) {
        expected.forEach((name, value) -> {
            if (value instanceof Map<?, ?> extensions) {
                extensions.forEach((key, text) ->
                        assertThat(row.fields).containsEntry((String) key, (String) text));
            } else {
                assertThat(row.fields).containsEntry("cef." + name, (String) value);
            }
        });
    }

    private static void document(Row row, Map<String, Object> expected) {
        assertThat(row.message).isEqualTo(expected.get("message"));
        if (expected.get("severity") instanceof String severity) {
            assertThat(row.level.toUpperCase(Locale.ROOT)).startsWith(severity);
            assertThat(row.timestampNanos)
                    .isEqualTo(Timestamps.parse((String) expected.get("timestamp")));
            ((Map<?, ?>) expected.get("attributes"))
                    .forEach((key, text) ->
                            assertThat(attribute(row, (String) key)).as("%s", key).isEqualTo(text));
        }
    }

    /* Objects are kept whole, so a name with a dot is looked for inside. */
    private static String attribute(Row row, String name) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            return row.fields.get(name);
        }
        try (JsonParser parser =
                new JsonFactory().createParser(row.fields.get(name.substring(0, dot)))) {
            parser.nextToken();
            Map<?, ?> members = (Map<?, ?>) Objects.requireNonNull(value(parser));
            return (String) members.get(name.substring(dot + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SyslogMessages messages() {
        return new SyslogMessages(
                new SyslogSettings(null, ZoneOffset.UTC, 64 << 10), NOW, SourceRule.ANY, "p");
    }

    private static List<String> messages(String stream) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        SyslogMessages messages = messages();
        SyslogFrames frames = new SyslogFrames(64 << 10);
        frames.end(
                bytes,
                frames.take(bytes, 0, bytes.length, messages::add),
                bytes.length,
                messages::add);
        EventBatch batch = messages.build();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < batch.count(); row++) {
            texts.add(batch.messages().text(row));
        }
        return texts;
    }

    private static EventBatch syslog(String input) {
        SyslogMessages messages = messages();
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        assertThat(messages.add(bytes, 0, bytes.length)).isTrue();
        return messages.build();
    }

    private static EventBatch lifted(String input) {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        builder.source("p");
        builder.timestampNanos(NOW);
        builder.message(input);
        builder.commit();
        return Preparation.of(PreparationConfig.DEFAULTS, (_, _) -> {})
                .prepare(builder.build(), SourceRule.ANY);
    }

    private static Row row(EventBatch batch) {
        Map<String, String> fields = new TreeMap<>();
        for (FieldColumn field : batch.fields()) {
            ValueKind kind = field.kind(0);
            boolean truth = kind == ValueKind.TRUE || kind == ValueKind.FALSE;
            String text = truth ? kind.name().toLowerCase(Locale.ROOT) : field.values().text(0);
            fields.put(field.key(), text);
        }
        return new Row(
                batch.timestampsNanos()[0],
                batch.messages().text(0),
                batch.levels().text(0),
                fields);
    }
}

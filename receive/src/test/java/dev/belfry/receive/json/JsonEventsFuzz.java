package dev.belfry.receive.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonToken;
import dev.belfry.model.BelfryException;
import dev.belfry.model.EventType;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.Decoding;
import dev.belfry.receive.ItemError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonEventsFuzz {
    private static final long SEED = Long.getLong("belfry.seed", 20_260_124L);

    @Test
    void events_areWhatAPlainReaderMakesOfThem() throws IOException {
        for (int round = 0; round < 3_000; round++) {
            Random random = new Random(SEED + round);
            List<String> texts = new ArrayList<>();
            for (int count = 1 + random.nextInt(6); count > 0; count--) {
                texts.add(EventTexts.event(random));
            }
            boolean lines = random.nextBoolean() && texts.size() > 1;
            String body = lines ? String.join("\n", texts) : "[" + String.join(",", texts) + "]";
            List<String> expectedRows = new ArrayList<>();
            List<Integer> expectedItems = new ArrayList<>();
            for (int item = 0; item < texts.size(); item++) {
                String row = plainRow(texts.get(item).getBytes(StandardCharsets.UTF_8));
                if (row != null) {
                    expectedRows.add(row);
                    expectedItems.add(item);
                }
            }
            DecodedEvents decoded = Decoding.decode(body);
            String shown = "seed " + (SEED + round) + ": " + body + "\n" + decoded.errors();
            assertThat(Decoding.items(decoded)).as(shown).isEqualTo(expectedItems);
            assertThat(Decoding.rows(decoded.batch())).as(shown).isEqualTo(expectedRows);
        }
    }

    /* The row as Decoding shows it; null when the event is to be refused. */
    @SuppressWarnings("unchecked")
    private static @Nullable String plainRow(byte[] text) throws IOException {
        Map<String, Object> members = new TreeMap<>();
        ((Map<String, Object>) ((PlainJson.Nested) PlainJson.read(text)).value())
                .forEach((name, value) ->
                        members.put(name.equals("traceId") ? "trace_id" : name, value));
        if (members.containsKey("other")) {
            return null;
        }
        TreeMap<String, String> row = new TreeMap<>();
        for (String name :
                List.of("event_type", "source", "message", "level", "trace_id", "span_id")) {
            if (members.get(name) instanceof PlainJson.Scalar scalar) {
                if (scalar.kind() == JsonToken.VALUE_STRING) {
                    row.put(name, scalar.text());
                } else if (scalar.kind() != JsonToken.VALUE_NULL) {
                    return null;
                }
            }
        }
        if (EventType.parse(row.getOrDefault("event_type", "")).isEmpty()
                || row.getOrDefault("source", "").isEmpty()) {
            return null;
        }
        String time = time(members.get("timestamp"));
        if (time == null
                || !fields("TAG.", members.get("tags"), row)
                || !fields("PAYLOAD.", members.get("payload"), row)) {
            return null;
        }
        row.put("timestamp", time);
        return row.toString();
    }

    private static @Nullable String time(@Nullable Object value) {
        if (value == null) {
            return Timestamps.format(Decoding.NOW);
        }
        PlainJson.Scalar scalar = (PlainJson.Scalar) value;
        if (scalar.kind() == JsonToken.VALUE_NULL) {
            return Timestamps.format(Decoding.NOW);
        }
        try {
            return switch (scalar.kind()) {
                case VALUE_STRING -> Timestamps.format(Timestamps.parse(scalar.text()));
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                        Timestamps.format(Timestamps.parseEpoch(scalar.text()));
                default -> null;
            };
        } catch (BelfryException _) {
            return null;
        }
    }

    @SuppressWarnings("unchecked")
    private static boolean fields(
            String prefix, @Nullable Object object, TreeMap<String, String> row) {
        if (object == null
                || object instanceof PlainJson.Scalar scalar
                        && scalar.kind() == JsonToken.VALUE_NULL) {
            return true;
        }
        if (!(object instanceof PlainJson.Nested nested) || !(nested.value() instanceof Map)) {
            return false;
        }
        ((Map<String, Object>) nested.value())
                .forEach((name, value) -> {
                    String shown = shown(value);
                    row.put(prefix + name.replace('\0', '\uFFFD'), shown);
                });
        return true;
    }

    private static String shown(Object value) {
        if (!(value instanceof PlainJson.Scalar scalar)) {
            return "JSON " + ((PlainJson.Nested) value).text();
        }
        return switch (scalar.kind()) {
            case VALUE_STRING -> "STRING" + (scalar.text().isEmpty() ? "" : " " + scalar.text());
            case VALUE_TRUE -> "TRUE";
            case VALUE_FALSE -> "FALSE";
            case VALUE_NULL -> "NULL";
            default -> "NUMBER " + scalar.text();
        };
    }

    @Test
    void scanner_takesWhatAPlainReaderTakes() {
        int taken = 0;
        for (int round = 0; round < 30_000; round++) {
            Random random = new Random(SEED + round);
            byte[] text = EventTexts.event(random).getBytes(StandardCharsets.UTF_8);
            mutate(text, random, "{}[]\",:\\u01e+-.tfn \n\t\0x".getBytes(StandardCharsets.UTF_8));
            if (!JsonText.isUtf8(text, 0, text.length)) {
                continue;
            }
            boolean expected;
            try {
                PlainJson.read(text);
                expected = true;
            } catch (IOException _) {
                expected = false;
            }
            boolean actual;
            try {
                JsonScanner scanner = new JsonScanner(text, text.length);
                scanner.value();
                actual = scanner.atEnd();
            } catch (JsonSyntaxException _) {
                actual = false;
            }
            taken += actual ? 1 : 0;
            assertThat(actual)
                    .as("seed %d: %s", SEED + round, new String(text, StandardCharsets.UTF_8))
                    .isEqualTo(expected);
        }
        assertThat(taken).isBetween(1_000, 29_000);
    }

    @Test
    void anyBody_givesABatchOrABelfryException() {
        for (int round = 0; round < 30_000; round++) {
            Random random = new Random(SEED + round);
            String events = EventTexts.event(random) + "\n" + EventTexts.event(random);
            byte[] body =
                    (round % 2 == 0 ? events : "[" + events.replace("\n", ",") + "]")
                            .getBytes(StandardCharsets.UTF_8);
            byte[] noise = new byte[16];
            random.nextBytes(noise);
            mutate(body, random, noise);
            int length = random.nextInt(4) == 0 ? random.nextInt(body.length) : body.length;
            byte[] cut = Arrays.copyOf(body, length);
            try {
                DecodedEvents decoded = Decoding.decode(cut);
                assertThat(decoded.batch().count() + decoded.errors().size())
                        .isEqualTo(decoded.itemCount());
                assertThat(Decoding.rows(decoded.batch()))
                        .isEqualTo(Decoding.rows(Decoding.decode(cut).batch()));
            } catch (BelfryException refused) {
                assertThat(refused.getMessage()).contains("(expected: ");
            }
        }
    }

    @Test
    void brokenLine_losesNoOtherLine() {
        for (int round = 0; round < 10_000; round++) {
            Random random = new Random(SEED + round);
            String first = EventTexts.event(random);
            String last = EventTexts.event(random);
            byte[] middle = EventTexts.event(random).getBytes(StandardCharsets.UTF_8);
            byte[] noise = "{}[]\",:\\x0".getBytes(StandardCharsets.UTF_8);
            mutate(middle, random, noise);
            byte[] broken =
                    (first + "\n" + new String(middle, StandardCharsets.UTF_8) + "\n" + last + "\n")
                            .getBytes(StandardCharsets.UTF_8);
            List<String> alone = new ArrayList<>();
            List<Integer> errors = new ArrayList<>();
            for (int item : new int[] {0, 2}) {
                DecodedEvents one = Decoding.decode(item == 0 ? first : last);
                alone.addAll(Decoding.rows(one.batch()));
                if (!one.errors().isEmpty()) {
                    errors.add(item);
                }
            }
            DecodedEvents decoded = Decoding.decode(broken);
            assertThat(Decoding.rows(decoded.batch()))
                    .as("seed %d: %s", SEED + round, new String(broken, StandardCharsets.UTF_8))
                    .containsAll(alone);
            assertThat(decoded.errors()).extracting(ItemError::index).containsAll(errors);
        }
    }

    private static void mutate(byte[] text, Random random, byte[] alphabet) {
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            text[random.nextInt(text.length)] = alphabet[random.nextInt(alphabet.length)];
        }
    }
}

package dev.belfry.receive.json;

import java.util.Random;

/** Events as JSON text, made from a seed; most are good. */
final class EventTexts {
    private static final String[] STRINGS = {
        "a",
        "",
        "web-server",
        "Grüße",
        "日本 ✓",
        "\\u00e4\\n",
        "\\ud83d\\ude00",
        "😀",
        "x\\\"y\\\\",
        "\\u0000",
        "0123456789abcdef0123456789abcdef",
        "0123456789abcdef",
        "log",
        "metric",
        "2026-01-24T10:00:00.123Z",
        "2026-01-24 10:00:00+05:30",
        "a longer text of several words"
    };
    private static final String[] NUMBERS = {
        "0", "-0", "1", "12345678901234567890", "1.50", "-1e-7", "2E+10", "1714979289500"
    };
    private static final String[] NAMES = {
        "a", "b", "request_id", "key with space", "k\\u00e4", "kä", "x.y", ""
    };

    private EventTexts() {}

    static String event(Random random) {
        StringBuilder json = new StringBuilder("{");
        member(json, random, "event_type", quoted(pick(random, "log", "metric", "trace", "alert")));
        member(json, random, "source", quoted(STRINGS[random.nextInt(STRINGS.length)]));
        String[] texts = {"message", "level", "trace_id", "span_id", "traceId", "source"};
        for (int more = random.nextInt(5); more > 0; more--) {
            member(json, random, pick(random, texts), scalar(random, 6));
        }
        if (random.nextInt(3) == 0) {
            String time = random.nextBoolean() ? quoted("2026-01-24T10:00:00.5Z") : "1714979289.25";
            member(json, random, "timestamp", random.nextInt(5) == 0 ? scalar(random, 2) : time);
        }
        for (int spaces = random.nextInt(4); spaces > 0; spaces--) {
            String value = random.nextInt(12) == 0 ? value(random, 2) : object(random, 2);
            member(json, random, random.nextBoolean() ? "tags" : "payload", value);
        }
        if (random.nextInt(20) == 0) {
            member(json, random, pick(random, "id", "created_at", "other"), value(random, 3));
        }
        return json.append('}').toString();
    }

    private static void member(StringBuilder json, Random random, String name, String value) {
        json.append(json.length() > 1 ? "," : "").append(space(random));
        json.append(quoted(name)).append(space(random)).append(':').append(space(random));
        json.append(value).append(space(random));
    }

    private static String space(Random random) {
        return random.nextInt(8) == 0 ? pick(random, " ", "  ", "\t") : "";
    }

    private static String object(Random random, int depth) {
        StringBuilder json = new StringBuilder("{");
        for (int members = random.nextInt(6); members > 0; members--) {
            member(json, random, pick(random, NAMES), value(random, depth));
        }
        return json.append('}').toString();
    }

    private static String value(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 8 : 6);
        if (kind == 6) {
            return object(random, depth - 1);
        }
        if (kind == 7) {
            StringBuilder json = new StringBuilder("[");
            for (int items = random.nextInt(4); items > 0; items--) {
                json.append(json.length() > 1 ? "," : "").append(value(random, depth - 1));
            }
            return json.append(']').toString();
        }
        return scalar(random, 2);
    }

    private static String scalar(Random random, int strings) {
        int kind = random.nextInt(strings + 4);
        return switch (kind) {
            case 0 -> "null";
            case 1 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 2 -> "true";
            case 3 -> "false";
            default -> quoted(STRINGS[random.nextInt(STRINGS.length)]);
        };
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static String pick(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}

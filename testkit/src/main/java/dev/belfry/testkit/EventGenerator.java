package dev.belfry.testkit;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes events from a seed: those of the reference measurement (40 sources, 4 tags, a payload of
 * two fields, a message of 8 words, a random trace id; about 412 bytes as a JSON line), and odd
 * ones. For one thread; the same seed and calls give the same events.
 */
public final class EventGenerator {
    /** How many sources the reference events have. */
    public static final int SOURCES = 40;

    private static final List<String> WORDS =
            List.of(
                    "connection",
                    "request",
                    "timeout",
                    "upstream",
                    "database",
                    "query",
                    "user",
                    "session",
                    "cache",
                    "miss",
                    "retry",
                    "failed",
                    "completed",
                    "handler",
                    "worker",
                    "queue",
                    "message",
                    "payment",
                    "order",
                    "invoice",
                    "token",
                    "expired",
                    "invalid",
                    "response",
                    "latency",
                    "threshold",
                    "exceeded",
                    "starting",
                    "stopping",
                    "healthy",
                    "replica",
                    "primary",
                    "checkpoint",
                    "index",
                    "segment",
                    "compaction",
                    "flushed",
                    "accepted",
                    "rejected",
                    "scheduled");
    private static final List<String> LEVELS =
            List.of(
                    "debug", "info", "info", "info", "info", "info", "info", "warn", "warn",
                    "error");
    private static final List<String> REGIONS = List.of("eu-west-1", "eu-north-1", "us-east-1");
    private static final List<String> METHODS =
            List.of("GET", "GET", "GET", "POST", "PUT", "DELETE");
    private static final List<String> ODD_TEXTS =
            List.of(
                    "",
                    " ",
                    "Grüße aus Köln",
                    "日本語のログ",
                    "😀 emoji \uD83D\uDC69\u200D\uD83D\uDCBB",
                    "quote \" backslash \\ slash /",
                    "line\nbreak\ttab",
                    "\u0001control",
                    "right-to-left \u202E mark",
                    "a".repeat(5000),
                    "null",
                    "{\"not\":\"json\"}");
    private static final List<String> ODD_NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "1.0",
                    "1e5",
                    "1E-300",
                    "0.1",
                    "9007199254740993",
                    "123456789012345678901234567890",
                    "-1.50",
                    "1e400");
    private static final List<String> ODD_JSON =
            List.of("[]", "{}", "[1,2,[3]]", "{\"a\":{\"b\":[null,true,\"ü\"]}}", "[\"\\u0000\"]");

    private final SplittableRandom random;
    private long timestampNanos;

    /** Events from {@code startEpochNanos} on, a millisecond apart. */
    public EventGenerator(long seed, long startEpochNanos) {
        random = new SplittableRandom(seed);
        timestampNanos = startEpochNanos;
    }

    /** Events from 2026-01-15T12:00:00Z on. */
    public EventGenerator(long seed) {
        this(seed, 1_768_478_400_000_000_000L);
    }

    /** {@code count} events of the reference kind. */
    public EventBatch next(int count) {
        EventBatchBuilder builder = new EventBatchBuilder(count);
        for (int index = 0; index < count; index++) {
            reference(builder);
            builder.commit();
        }
        return builder.build();
    }

    /** {@code count} events with what real clients send now and then: any part odd or missing. */
    public EventBatch nextOdd(int count) {
        EventBatchBuilder builder = new EventBatchBuilder(count);
        for (int index = 0; index < count; index++) {
            odd(builder);
            if (random.nextInt(20) == 0) {
                builder.rollback();
                reference(builder);
            }
            builder.commit();
        }
        return builder.build();
    }

    /** The name of source {@code index}, 0 to {@link #SOURCES}. */
    public static String source(int index) {
        return "service-" + (index < 10 ? "0" : "") + index;
    }

    private void reference(EventBatchBuilder builder) {
        timestampNanos += 1_000_000;
        builder.type(EventType.LOG);
        builder.timestampNanos(timestampNanos);
        builder.source(source(random.nextInt(SOURCES)));
        builder.message(words(8));
        builder.level(pick(LEVELS));
        builder.traceId(random.nextLong() | 1, random.nextLong());
        tag(builder, "host", "host-" + random.nextInt(200));
        tag(builder, "region", pick(REGIONS));
        tag(builder, "method", pick(METHODS));
        tag(builder, "version", "1." + random.nextInt(12) + ".0");
        number(builder, "duration_ms", Integer.toString(random.nextInt(5000)));
        number(builder, "status", Integer.toString(200 + 100 * random.nextInt(4)));
    }

    private void odd(EventBatchBuilder builder) {
        builder.type(EventType.of(random.nextInt(4)));
        builder.timestampNanos(
                random.nextInt(10) == 0
                        ? random.nextLong(Long.MIN_VALUE, Long.MAX_VALUE)
                        : timestampNanos
                                + random.nextLong(-1_000_000_000_000L, 1_000_000_000_000L));
        builder.source(random.nextBoolean() ? "odd" : "source " + pick(ODD_TEXTS) + ".");
        if (random.nextInt(3) > 0) {
            builder.message(random.nextBoolean() ? words(random.nextInt(30)) : pick(ODD_TEXTS));
        }
        if (random.nextInt(3) > 0) {
            builder.level(random.nextBoolean() ? "ERROR" : pick(ODD_TEXTS));
        }
        if (random.nextBoolean()) {
            builder.traceId(random.nextLong(), random.nextLong());
        }
        if (random.nextInt(3) == 0) {
            builder.spanId(random.nextLong());
            builder.severityNumber(random.nextInt(25));
            builder.observedNanos(timestampNanos);
            builder.flags(random.nextInt());
        }
        if (random.nextInt(5) == 0) {
            builder.eventName(pick(ODD_TEXTS));
        }
        int fields = random.nextInt(8);
        for (int index = 0; index < fields; index++) {
            oddField(builder, random.nextBoolean() ? FieldSpace.TAG : FieldSpace.PAYLOAD);
        }
    }

    private void oddField(EventBatchBuilder builder, FieldSpace space) {
        String key =
                random.nextInt(4) == 0 ? "key " + pick(ODD_TEXTS) : "key-" + random.nextInt(30);
        ValueKind kind = ValueKind.of(random.nextInt(6));
        FieldColumn.Builder field = builder.field(space, key);
        if (field == null) {
            return;
        }
        String text =
                switch (kind) {
                    case STRING -> pick(ODD_TEXTS);
                    case NUMBER -> pick(ODD_NUMBERS);
                    case JSON -> pick(ODD_JSON);
                    case TRUE, FALSE, NULL -> "";
                };
        field.add(builder.count(), kind, text);
    }

    private static void tag(EventBatchBuilder builder, String key, String value) {
        FieldColumn.Builder field = builder.field(FieldSpace.TAG, key);
        if (field != null) {
            field.add(builder.count(), ValueKind.STRING, value);
        }
    }

    private static void number(EventBatchBuilder builder, String key, String value) {
        FieldColumn.Builder field = builder.field(FieldSpace.PAYLOAD, key);
        if (field != null) {
            field.add(builder.count(), ValueKind.NUMBER, value);
        }
    }

    private String words(int count) {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < count; index++) {
            text.append(index == 0 ? "" : " ").append(pick(WORDS));
        }
        return text.toString();
    }

    private String pick(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}

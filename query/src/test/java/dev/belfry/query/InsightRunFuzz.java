package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.Seeds;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries of any kind over events of any kind are answered or refused, in bounds. */
final class InsightRunFuzz {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final long SLACK_NANOS = 10_000_000_000L;
    private static final int QUERIES = 1_500;
    private static final List<String> NAMES =
            List.of(
                    "@timestamp",
                    "@message",
                    "@id",
                    "@type",
                    "level",
                    "source",
                    "tags",
                    "payload",
                    "event_type",
                    "service",
                    "trace_id",
                    "a",
                    "a.b",
                    "a.b.0",
                    "n",
                    "t",
                    "deep",
                    "nothing",
                    "`x y`",
                    "flags",
                    "created_at",
                    "created_by");
    private static final List<String> FUNCTIONS =
            List.of(
                    "abs",
                    "ceil",
                    "floor",
                    "round",
                    "sqrt",
                    "log",
                    "exp",
                    "pow",
                    "greatest",
                    "least",
                    "mod",
                    "strlen",
                    "toupper",
                    "tolower",
                    "trim",
                    "ltrim",
                    "substr",
                    "concat",
                    "replace",
                    "strcontains",
                    "startswith",
                    "endswith",
                    "splitpart",
                    "bin",
                    "datefloor",
                    "dateceil",
                    "now",
                    "frommillis",
                    "tomillis",
                    "totime",
                    "formatdate",
                    "json",
                    "jsonlength",
                    "if",
                    "coalesce",
                    "ispresent",
                    "isempty",
                    "isblank",
                    "tonumber",
                    "tostring");
    private static final List<String> AGGREGATES =
            List.of(
                    "count",
                    "count_distinct",
                    "sum",
                    "avg",
                    "min",
                    "max",
                    "stddev",
                    "median",
                    "p99",
                    "first",
                    "last",
                    "sortsfirst",
                    "rate");
    private static final List<String> LITERALS =
            List.of(
                    "0",
                    "-1",
                    "1e308",
                    "0.1",
                    "\"\"",
                    "\"a\"",
                    "\"%a%a%a%a%a%ab\"",
                    "\"%_%\"",
                    "5m",
                    "1d",
                    "\"yyyy-MM-dd'T'HH\"",
                    "\"QQQQQQ\"",
                    "\"a.b.0\"",
                    "true",
                    "\"2026-01-24T10:00:00Z\"",
                    "\"[1,{\"",
                    "\"{\\\"a\\\":1}\"",
                    "\"\\u0000\"",
                    "\"😀\"",
                    "9223372036854775807");
    private static final List<String> REGEXES =
            List.of(
                    "/(.*a){25}b/",
                    "/(a*)*\\1b/",
                    "/a{0,900}$/i",
                    "/(?<g>a+)/",
                    "/\\p{L}+$/",
                    "/^$/");

    private final Random random = new Random(Seeds.seed("insight runs"));

    @TempDir Path folder;

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    @Test
    void generatedQueries_areAnsweredOrRefused_inTime() throws Exception {
        try (Engine engine =
                Engine.open(EngineFixture.config(Disk.real(), folder, Clock.systemUTC()))) {
            for (int part = 0; part < 2; part++) {
                EngineFixture.append(engine, events());
                if (part == 0) {
                    engine.store().maintainNow();
                }
            }
            int answered = 0;
            for (int i = 0; i < QUERIES; i++) {
                answered += run(engine, query()) ? 1 : 0;
            }
            assertThat(answered).isGreaterThan(QUERIES / 10);
        }
    }

    private boolean run(Engine engine, String text) {
        QueryContext context = new QueryContext(TIMEOUT, 64 << 20, Insights.STEP_ROWS_MAX, true);
        long start = System.nanoTime();
        boolean answered = true;
        try {
            engine.insights()
                    .run(
                            text,
                            random.nextBoolean() ? TimeRange.ALL : new TimeRange(0, Long.MAX_VALUE),
                            Owner.ALL,
                            Set.of(),
                            0,
                            random.nextInt(100),
                            context);
        } catch (BelfryException e) {
            answered = false;
            assertThat(e.code())
                    .as(text + ": " + e.getMessage())
                    .isIn(ErrorCode.VALIDATION_ERROR, ErrorCode.QUERY_LIMIT);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(text, e);
        }
        assertThat(System.nanoTime() - start).as(text).isLessThan(SLACK_NANOS);
        return answered;
    }

    /* Long and short, deep and broken, and with the same name in all kinds. */
    private dev.belfry.model.EventBatch events() {
        EventBatchBuilder batch = new EventBatchBuilder(60);
        for (int i = 0; i < 60; i++) {
            batch.type(EventType.values()[random.nextInt(EventType.values().length)]);
            batch.timestampNanos(
                    switch (random.nextInt(8)) {
                        case 0 -> Long.MIN_VALUE;
                        case 1 -> Long.MAX_VALUE;
                        case 2 -> 0;
                        default -> 1_769_248_800_000_000_000L + random.nextInt();
                    });
            batch.source(one(List.of("s", "a b", "😀")));
            switch (random.nextInt(4)) {
                case 0 -> batch.message("a".repeat(20_000));
                case 1 -> batch.message("[{\"a\":".repeat(200));
                case 2 -> batch.message("user=a took 15 ms \u0000 {\"a\":{\"b\":[1]}}");
                default -> {}
            }
            if (random.nextBoolean()) {
                batch.level(one(List.of("", "WARN", "x".repeat(50))));
            }
            FieldSpace space = random.nextBoolean() ? FieldSpace.TAG : FieldSpace.PAYLOAD;
            switch (random.nextInt(6)) {
                case 0 -> add(batch, space, ValueKind.NUMBER, "1e400");
                case 1 -> add(batch, space, ValueKind.NUMBER, "-12.5");
                case 2 -> add(batch, space, ValueKind.STRING, "12");
                case 3 -> add(batch, space, ValueKind.JSON, "{\"b\":[1,{\"c\":null}],\"a\":\"x\"}");
                case 4 -> add(batch, space, ValueKind.TRUE, "true");
                default -> add(batch, space, ValueKind.NULL, "null");
            }
            batch.commit();
        }
        return batch.build();
    }

    private void add(EventBatchBuilder batch, FieldSpace space, ValueKind kind, String value) {
        var field =
                batch.field(space, one(List.of("a", "n", "t", "deep", "event_type", "service")));
        if (field != null) {
            field.add(batch.count(), kind, value);
        }
    }

    private String query() {
        StringBuilder text = new StringBuilder();
        int stages = 1 + random.nextInt(4);
        for (int i = 0; i < stages; i++) {
            text.append(i == 0 ? "" : " | ").append(stage());
        }
        return text.toString();
    }

    private String stage() {
        return switch (random.nextInt(10)) {
            case 0 -> "fields " + value(3) + " as " + one(List.of("a", "n", "q"));
            case 1, 2 -> "filter " + condition(3);
            case 3 ->
                    "parse "
                            + value(1)
                            + (random.nextBoolean()
                                    ? " " + one(REGEXES) + " as q"
                                    : " \""
                                            + one(List.of("a*", "*", "user=* took * ms"))
                                            + "\" as q");
            case 4, 5 -> stats();
            case 6 -> "sort " + value(2) + (random.nextBoolean() ? " desc" : "");
            case 7 -> "limit " + random.nextInt(200);
            case 8 -> "dedup " + value(1);
            default -> random.nextBoolean() ? "pattern " + value(1) : "display " + value(2);
        };
    }

    private String stats() {
        StringBuilder text = new StringBuilder("stats ");
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(one(AGGREGATES)).append('(').append(value(1)).append(") as m").append(i);
            text.append(i == 0 ? "" : ", ");
        }
        if (random.nextBoolean()) {
            text.append(" by ")
                    .append(random.nextInt(3) == 0 ? "bin(1m)" : value(2))
                    .append(" as k");
        }
        return text.toString();
    }

    private String value(int depth) {
        int kind = random.nextInt(depth == 0 ? 4 : 10);
        if (kind < 3) {
            return one(NAMES);
        }
        if (kind == 3) {
            return one(LITERALS);
        }
        if (kind == 4) {
            return "("
                    + value(depth - 1)
                    + one(List.of(" + ", " - ", " * ", " / ", " % ", " ^ "))
                    + value(depth - 1)
                    + ")";
        }
        StringBuilder text = new StringBuilder(one(FUNCTIONS)).append('(');
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(value(depth - 1)).append(i == 1 ? "" : ", ");
        }
        return text.append(')').toString();
    }

    private String condition(int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 8)) {
            case 0 -> value(1) + one(List.of(" = ", " != ", " < ", " >= ")) + value(1);
            case 1 -> value(1) + one(List.of(" like ", " not like ")) + one(LITERALS);
            case 2 -> value(1) + " =~ " + one(REGEXES);
            case 3 -> value(1) + " in [" + one(LITERALS) + ", " + one(LITERALS) + "]";
            case 4 -> value(1) + one(List.of(" is present", " is not present"));
            case 5 -> "not (" + condition(depth - 1) + ")";
            default ->
                    "("
                            + condition(depth - 1)
                            + one(List.of(" and ", " or "))
                            + condition(depth - 1)
                            + ")";
        };
    }
}

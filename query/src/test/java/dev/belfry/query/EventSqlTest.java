package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.belfry.model.Event;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.time.Timestamps;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL sees the events that the other queries see, hot and sealed ones alike. */
class EventSqlTest {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());

    @TempDir Path folder;

    private Engine open() throws IOException {
        return Engine.open(EngineFixture.config(Disk.real(), folder, new SimulatedClock()));
    }

    private static List<@Nullable Object[]> rows(Engine engine, String sql) {
        return engine.events().sql(sql, EngineFixture.context()).rows();
    }

    @Test
    void emptyStore_hasTheTable() throws Exception {
        try (Engine engine = open()) {
            ResultTable table =
                    engine.events().sql("SELECT * FROM events;", EngineFixture.context());
            assertThat(table.rows()).isEmpty();
            assertThat(table.columns())
                    .containsExactly(
                            "id",
                            "timestamp",
                            "timestamp_ns",
                            "created_at",
                            "event_type",
                            "source",
                            "message",
                            "level",
                            "trace_id",
                            "span_id",
                            "created_by",
                            "severity_number",
                            "observed_timestamp",
                            "flags",
                            "event_name",
                            "tags",
                            "payload");
            assertThat(rows(engine, "SELECT count(*), max(span_id) FROM events").getFirst())
                    .containsExactly(0L, null);
        }
    }

    @Test
    void everyEvent_hotAndSealed_isAsSearchGivesIt() throws Exception {
        compareAll(false);
    }

    @Test
    void everyEvent_withKeysThatDifferInCaseOnly_isAsSearchGivesIt() throws Exception {
        compareAll(true);
    }

    private void compareAll(boolean withCases) throws Exception {
        System.out.println("belfry.seed=" + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        EventGenerator generator = new EventGenerator(random.nextLong());
        try (Engine engine = open()) {
            for (int part = 0; part < 5; part++) {
                EngineFixture.append(engine, generator.next(random.nextInt(1, 300)));
                EngineFixture.append(engine, generator.nextOdd(random.nextInt(1, 300)));
                if (withCases) {
                    EngineFixture.append(engine, cases(part));
                }
                if (part == 1 || part == 2) {
                    engine.store().maintainNow();
                }
            }
            Map<String, Event> expected = new HashMap<>();
            EngineFixture.all(engine).forEach(e -> expected.put(e.id().toString(), e));
            List<@Nullable Object[]> found =
                    rows(
                            engine,
                            "SELECT id, timestamp_ns, created_at, event_type, source, message,"
                                    + " level, trace_id, span_id, created_by, severity_number,"
                                    + " epoch_us(observed_timestamp), flags, event_name,"
                                    + " tags::VARCHAR, payload::VARCHAR, epoch_us(timestamp)"
                                    + " FROM events");
            assertThat(found).hasSize(expected.size());
            for (@Nullable Object[] row : found) {
                Event event = Objects.requireNonNull(expected.remove((String) row[0]));
                assertThat(Arrays.copyOf(row, 14)).containsExactly(fixed(event));
                assertThat(tree((String) row[14])).isEqualTo(tree(event.tagsJson()));
                assertThat(tree((String) row[15])).isEqualTo(tree(event.payloadJson()));
                assertThat(row[16]).isEqualTo(Math.floorDiv(event.timestampNanos(), 1000L));
            }
            assertThat(expected).isEmpty();
        }
    }

    private static @Nullable Object[] fixed(Event event) {
        return new @Nullable Object[] {
            event.id().toString(),
            Timestamps.format(event.timestampNanos()),
            Timestamps.format(event.receivedMillis() * 1_000_000),
            event.type().text(),
            event.source(),
            event.message(),
            event.level(),
            event.traceId(),
            event.spanId(),
            event.createdBy(),
            event.severityNumber() == 0 ? null : (long) event.severityNumber(),
            event.observedNanos() == 0 ? null : Math.floorDiv(event.observedNanos(), 1000L),
            event.flags() == 0 ? null : (long) event.flags(),
            event.eventName()
        };
    }

    /* Keys that differ in case only, keys that are paths to DuckDB, one key with values of many types. */
    private static EventBatch cases(int part) {
        EventBatchBuilder builder = new EventBatchBuilder(20);
        for (int i = 0; i < 20; i++) {
            builder.type(EventType.LOG);
            builder.timestampNanos(1_768_478_400_000_000_000L + i);
            builder.source("cases");
            String key = List.of("host", "Host", "HOST", "host_1").get((i + part) % 4);
            add(builder, FieldSpace.TAG, key, ValueKind.STRING, "of " + key);
            add(builder, FieldSpace.TAG, "Host", ValueKind.STRING, "main");
            add(builder, FieldSpace.TAG, "$.a", ValueKind.STRING, "dollar");
            add(builder, FieldSpace.TAG, "it's \"a\\b\": 100%", ValueKind.STRING, "odd");
            boolean number = (i + part) % 3 == 0;
            add(
                    builder,
                    FieldSpace.PAYLOAD,
                    "mixed",
                    number ? ValueKind.NUMBER : ValueKind.STRING,
                    number ? (i % 2 == 0 ? "12.5" : "-0.25") : "text");
            add(builder, FieldSpace.PAYLOAD, "amount", ValueKind.NUMBER, (i - 10) + ".25");
            add(
                    builder,
                    FieldSpace.TAG,
                    "request_id",
                    ValueKind.STRING,
                    "00000000-0000-4000-8000-0000000000" + (10 + i));
            builder.commit();
        }
        return builder.build();
    }

    private static void add(
            EventBatchBuilder builder, FieldSpace space, String key, ValueKind kind, String text) {
        FieldColumn.Builder field = builder.field(space, key);
        if (field != null) {
            field.add(builder.count(), kind, text);
        }
    }

    /* JSON with members in order, numbers by their digits. */
    private static @Nullable Object tree(@Nullable String json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(Objects.requireNonNull(json))) {
            parser.nextToken();
            return tree(parser);
        }
    }

    private static @Nullable Object tree(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> members = new TreeMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, tree(parser));
            }
            return members;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<@Nullable Object> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(tree(parser));
            }
            return elements;
        }
        return parser.currentToken() + " " + parser.getText();
    }

    @Test
    void fieldColumns_holdWholeValuesAsText() throws Exception {
        try (Engine engine = open()) {
            EngineFixture.append(engine, cases(0));
            engine.store().maintainNow();
            EngineFixture.append(engine, cases(1));
            List<@Nullable Object[]> found =
                    rows(
                            engine,
                            "SELECT count(*), count(*) FILTER (\"payload.mixed\" IS DISTINCT FROM"
                                    + " payload->>'mixed'), count(*) FILTER (\"tags.request_id\" IS"
                                    + " DISTINCT FROM tags->>'request_id'), sum(\"payload.amount\""
                                    + "::DOUBLE), count(DISTINCT \"tags.request_id\"),"
                                    + " count(*) FILTER (tags->>'Host' = 'main')"
                                    + " FROM events");
            assertThat(found.getFirst()).containsExactly(40L, 0L, 0L, -20.0, 20L, 40L);
        }
    }

    @Test
    void appended_isSeenAtOnce_andNothingIsLeftInTheFolder() throws Exception {
        Path earlier = folder.resolve("tmp").resolve("sql").resolve("7").resolve("spill");
        Files.createDirectories(earlier);
        Files.writeString(earlier.resolve("of-a-killed-process"), "x");
        try (Engine engine = open()) {
            EventGenerator generator = new EventGenerator(1);
            for (int i = 1; i <= 5; i++) {
                EngineFixture.append(engine, generator.next(10));
                assertThat(rows(engine, "FROM (SELECT count(*) FROM events)").getFirst()[0])
                        .isEqualTo(10L * i);
                engine.store().maintainNow();
            }
            try (var left = Files.list(folder.resolve("tmp").resolve("sql"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void moreRowsThanAllowed_areCut_andCounted() throws Exception {
        try (Engine engine = open()) {
            EngineFixture.append(engine, new EventGenerator(1).next(50));
            engine.store().maintainNow();
            QueryContext context = new QueryContext(Duration.ofSeconds(30), 1 << 20, 7, false);
            ResultTable table =
                    engine.events()
                            .sql("SELECT timestamp FROM events ORDER BY timestamp DESC", context);
            assertThat(table.truncated()).isTrue();
            assertThat(table.rows()).hasSize(7);
            assertThat(table.rows().getFirst()[0]).isEqualTo("2026-01-15T12:00:00.050Z");
            assertThat(table.statistics().rowsRead()).isPositive();
            assertThat(table.statistics().bytesRead()).isPositive();
        }
    }

    @Test
    void values_areThoseOfResults() throws Exception {
        try (Engine engine = open()) {
            Object[] row =
                    rows(
                                    engine,
                                    """
                                    SELECT 'a', 1, 2.5, 1.5::DOUBLE, true, NULL, 'nan'::DOUBLE,
                                      '{"a": [1]}'::JSON, [1, NULL], {'a': 1, 'b': ['x"']},
                                      map {'k': 1.5}, '\\xAA'::BLOB, DATE '2026-01-15',
                                      TIMESTAMP '2026-01-15 12:00:00.5', INTERVAL 1 DAY,
                                      123456789012345678901234567890::HUGEINT, 9::UBIGINT,
                                      TIMESTAMPTZ '2026-01-15 12:00:00+01' -- at the end\
                                    """)
                            .getFirst();
            assertThat(row)
                    .containsExactly(
                            "a",
                            1L,
                            2.5,
                            1.5,
                            true,
                            null,
                            "NaN",
                            new ResultTable.Json("{\"a\": [1]}"),
                            new ResultTable.Json("[1,null]"),
                            new ResultTable.Json("{\"a\":1,\"b\":[\"x\\\"\"]}"),
                            new ResultTable.Json("{\"k\":1.5}"),
                            "aa",
                            "2026-01-15",
                            "2026-01-15T12:00:00.500Z",
                            "1 day",
                            new ResultTable.Json("123456789012345678901234567890"),
                            9L,
                            "2026-01-15T11:00:00Z");
        }
    }

    @Test
    void everyExample_ofTheDocumentation_runs() throws Exception {
        String text = Files.readString(Path.of("..", "docs", "sql.md"));
        Matcher example = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL).matcher(text);
        try (Engine engine = open()) {
            EventGenerator generator = new EventGenerator(1);
            EngineFixture.append(engine, generator.next(500));
            engine.store().maintainNow();
            EngineFixture.append(engine, generator.next(500));
            appendLoad(engine);
            int count = 0;
            while (example.find()) {
                assertThat(rows(engine, example.group(1))).as(example.group(1)).isNotEmpty();
                count++;
            }
            assertThat(count).isGreaterThanOrEqualTo(10);
        }
    }

    private static void appendLoad(Engine engine) {
        Labels labels = Labels.of("__name__", "node_load1", "job", "node");
        SampleBatch.Builder batch = new SampleBatch.Builder(1);
        batch.add(
                engine.seriesResolver().resolve(labels.stableHash(), 1, labels),
                Instant.parse("2026-01-15T12:30:00Z").toEpochMilli(),
                0.5);
        engine.append(batch.build(), "");
    }
}

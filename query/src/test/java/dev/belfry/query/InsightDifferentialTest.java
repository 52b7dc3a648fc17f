package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.Owner;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.Seeds;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Insights against {@link InsightModel}, over generated events and queries. */
final class InsightDifferentialTest {
    private static final long START = 1_769_248_800_000_000_000L;
    private static final int EVENTS = 600;
    private static final int QUERIES = 1_500;

    @TempDir Path folder;

    @Test
    void generatedQueries_answerAsTheModel() throws Exception {
        Random random = new Random(Seeds.seed("insight model"));
        try (Engine engine =
                Engine.open(EngineFixture.config(Disk.real(), folder, Clock.systemUTC()))) {
            List<InsightModel.Row> rows = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                EventBatchBuilder batch = new EventBatchBuilder(EVENTS / 3);
                for (int i = 0; i < EVENTS / 3; i++) {
                    rows.add(add(batch, random, rows.size()));
                }
                EngineFixture.append(engine, batch.build());
                if (part < 2) {
                    engine.store().maintainNow(); // Two thirds are in segments.
                }
            }
            InsightModel model = new InsightModel(random, rows);
            int full = 0;
            for (int i = 0; i < QUERIES; i++) {
                InsightModel.Query query = model.query();
                full += query.rows().isEmpty() ? 0 : 1;
                check(engine, query);
            }
            assertThat(full).isGreaterThan(QUERIES / 2);
        }
    }

    @Test
    void coalesce_takesTheNext_whereAParseFoundNothing() throws Exception {
        try (Engine engine =
                Engine.open(EngineFixture.config(Disk.real(), folder, Clock.systemUTC()))) {
            EventBatchBuilder batch = new EventBatchBuilder(3);
            for (String message : List.of("took 5 ms", "took 7 ms", "idle")) {
                batch.type(EventType.LOG);
                batch.timestampNanos(START);
                batch.source("api");
                batch.message(message);
                batch.field(FieldSpace.PAYLOAD, "flag").add(batch.count(), ValueKind.TRUE, "true");
                batch.commit();
            }
            EngineFixture.append(engine, batch.build());
            InsightResult result =
                    engine.insights()
                            .run(
                                    "parse @message /took (?<ms>\\d+) ms/"
                                            + " | stats count() as n by coalesce(ms, flag) as key"
                                            + " | sort key",
                                    TimeRange.ALL,
                                    Owner.ALL,
                                    Set.of(),
                                    START,
                                    10,
                                    EngineFixture.context());
            assertThat(result.rows())
                    .extracting(row -> row[0] + "=" + row[1])
                    .containsExactlyInAnyOrder("5=1", "7=1", "true=1");
        }
    }

    private static InsightModel.Row add(EventBatchBuilder batch, Random random, int index) {
        Map<String, Object> values = new HashMap<>();
        long time = START + index * 777_000_000L;
        batch.type(EventType.LOG);
        batch.timestampNanos(time);
        String source = List.of("api", "web", "db").get(random.nextInt(3));
        values.put("source", source);
        batch.source(source);
        if (random.nextInt(5) > 0) {
            String level = List.of("INFO", "warn", "WARNING", "Error").get(random.nextInt(4));
            values.put("level", level);
            batch.level(level);
        }
        String message =
                random.nextInt(3) == 0
                        ? "line " + index + " of ann"
                        : "call " + index + " took " + random.nextInt(900) + " ms";
        values.put("@message", message);
        batch.message(message);
        if (random.nextInt(4) > 0) {
            String route = List.of("/a", "/b", "/a/b", "x%y").get(random.nextInt(4));
            values.put("route", route);
            batch.field(FieldSpace.TAG, "route").add(batch.count(), ValueKind.STRING, route);
        }
        if (random.nextInt(4) > 0) {
            int status = 100 * (1 + random.nextInt(6));
            values.put("status", (double) status);
            batch.field(FieldSpace.TAG, "status")
                    .add(batch.count(), ValueKind.NUMBER, Integer.toString(status));
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                double dur = random.nextInt(4_000) / 4.0;
                values.put("dur", dur);
                batch.field(FieldSpace.PAYLOAD, "dur")
                        .add(batch.count(), ValueKind.NUMBER, InsightModel.text(dur));
            }
            case 1 -> {
                String dur = random.nextInt(4) == 0 ? "n/a" : Integer.toString(random.nextInt(900));
                values.put("dur", dur);
                batch.field(FieldSpace.PAYLOAD, "dur").add(batch.count(), ValueKind.STRING, dur);
            }
            default -> {}
        }
        if (random.nextInt(2) == 0) {
            values.put("flag", true);
            batch.field(FieldSpace.PAYLOAD, "flag").add(batch.count(), ValueKind.TRUE, "true");
        }
        batch.commit();
        return new InsightModel.Row(time, values);
    }

    private static void check(Engine engine, InsightModel.Query query) {
        List<String> expected = plain(query.rows());
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try {
            InsightResult result =
                    engine.insights()
                            .run(
                                    query.text(),
                                    TimeRange.ALL,
                                    Owner.ALL,
                                    Set.of(),
                                    START,
                                    10_000,
                                    EngineFixture.context());
            for (@Nullable Object[] row : result.rows()) {
                List<@Nullable Object> line = new ArrayList<>();
                for (Object value : row) {
                    line.add(value);
                }
                rows.add(line);
            }
        } catch (BelfryException e) {
            throw new AssertionError(query.text() + ": " + e.getMessage(), e);
        }
        List<String> actual = plain(rows);
        if (query.ordered()) {
            assertThat(actual).as(query.text()).isEqualTo(expected);
        } else {
            assertThat(actual).as(query.text()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /* Numbers to nine digits, whatever they are kept as. */
    private static List<String> plain(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .map(row ->
                        row.stream()
                                .map(InsightDifferentialTest::plain)
                                .collect(Collectors.joining(" | ")))
                .toList();
    }

    private static String plain(@Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case Number number -> "#" + plain(number.doubleValue());
            case dev.belfry.store.ResultTable.Json json -> json.text();
            default -> value.toString();
        };
    }

    /* What sums differ by in their last digits may be all of a deviation of equal numbers. */
    private static String plain(double sum) {
        double number = Math.abs(sum) < 1e-9 ? 0 : sum;
        return number == 0 ? "0" : String.format(java.util.Locale.ROOT, "%.8e", number);
    }
}

package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The values of all fields, counted in one walk, are those of a group-by each. */
class FieldSummariesTest {
    private final SimulatedClock clock = new SimulatedClock();

    @Test
    void fieldsOfMixedEvents_hotAndSealed_areThoseOfAGroupByEach() throws Exception {
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            EventGenerator generator =
                    new EventGenerator(Seeds.random("field summaries").nextLong());
            for (int i = 0; i < 30; i++) {
                EngineFixture.append(
                        engine, i % 3 == 0 ? generator.nextOdd(150) : generator.next(150));
                if (i == 9 || i == 19) {
                    EngineFixture.all(engine);
                    engine.store().maintainNow();
                }
            }
            for (EventFilter filter : List.of(filter(null), filter(EventGenerator.source(3)))) {
                FieldSummary.Summaries summaries =
                        engine.events().fields(filter, 100, EngineFixture.context());
                assertThat(summaries.fields()).isNotEmpty();
                summaries.fields().forEach(field -> check(engine, filter, field));
            }
        }
    }

    private static void check(Engine engine, EventFilter filter, FieldSummary field) {
        Map<Object, Long> expected = new HashMap<>();
        long count = 0;
        for (@Nullable Object[] row : groupBy(engine, filter, field.name()).rows()) {
            if (row[0] != null && row[1] instanceof Number number) {
                Object value = row[0] instanceof ResultTable.Json json ? json.text() : row[0];
                expected.merge(value, number.longValue(), Long::sum);
                count += number.longValue();
            }
        }
        assertThat(field.approximate()).as(field.name()).isFalse();
        assertThat(field.count()).as(field.name()).isEqualTo(count);
        assertThat(field.distinct()).as(field.name()).isEqualTo(expected.size());
        assertThat(field.values()).hasSize(Math.min(100, expected.size()));
        long last = Long.MAX_VALUE;
        for (FieldSummary.ValueCount value : field.values()) {
            assertThat(value.count())
                    .as("%s = %s", field.name(), value.value())
                    .isEqualTo(expected.get(value.value()))
                    .isLessThanOrEqualTo(last);
            last = value.count();
        }
    }

    private static ResultTable groupBy(Engine engine, EventFilter filter, String name) {
        Expr field =
                name.startsWith("tags.")
                        ? new Expr.Field(FieldSpace.TAG, name.substring(5))
                        : name.startsWith("payload.")
                                ? new Expr.Field(FieldSpace.PAYLOAD, name.substring(8))
                                : new Expr.Column(name);
        return engine.store()
                .execute(
                        new Plan.Aggregate(
                                new Plan.Scan(
                                        Table.EVENTS,
                                        filter.range(),
                                        filter.expression(),
                                        Owner.ALL,
                                        null),
                                List.of(new Plan.Named("value", field)),
                                List.of(new Plan.Measure("n", Plan.Function.COUNT, null, 0))),
                        EngineFixture.context());
    }

    private static EventFilter filter(@Nullable String source) {
        return new EventFilter(
                TimeRange.ALL,
                List.of(),
                source == null ? List.of() : List.of(source),
                List.of(),
                null,
                null,
                Map.of(),
                Map.of(),
                Owner.ALL);
    }

    @Test
    void fieldOfVeryManyValues_isApproximate_othersStayExact() throws Exception {
        int count = 100_000;
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            for (int from = 0; from < count; from += 10_000) {
                EngineFixture.append(engine, unique(from, 10_000));
            }
            Map<String, FieldSummary> fields = new HashMap<>();
            engine.events()
                    .fields(filter(null), 5, EngineFixture.context())
                    .fields()
                    .forEach(field -> fields.put(field.name(), field));
            FieldSummary id = fields.get("tags.key");
            assertThat(id.approximate()).isTrue();
            assertThat((double) id.count()).isBetween(count * 0.95, count * 1.05);
            assertThat(id.values()).hasSize(5);
            FieldSummary few = fields.get("tags.few");
            assertThat(few.approximate()).isFalse();
            assertThat(few.count()).isEqualTo(count);
            assertThat(few.distinct()).isEqualTo(10);
            assertThat(few.values()).allMatch(value -> value.count() == count / 10);
        }
    }

    private EventBatch unique(int from, int count) {
        EventBatchBuilder batch = new EventBatchBuilder(count);
        for (int i = from; i < from + count; i++) {
            batch.type(EventType.LOG);
            batch.source("unique");
            batch.timestampNanos(clock.millis() * 1_000_000 + i);
            batch.message("m");
            batch.field(FieldSpace.TAG, "key").add(batch.count(), ValueKind.STRING, "key-" + i);
            batch.field(FieldSpace.TAG, "few")
                    .add(batch.count(), ValueKind.STRING, "few-" + i % 10);
            batch.commit();
        }
        return batch.build();
    }
}

package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.Event;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Seal, merge and retention over simulated time: nothing goes before its time, nothing is there
 * twice.
 */
class RetentionTest {
    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();

    @Test
    void events_ofThreeClassesOverFortyDays_goWhenTheirTimeIsOver() throws Exception {
        try (Engine engine = EngineFixture.open(disk, clock)) {
            for (int day = 0; day < 40; day++) {
                append(engine, clock, "production", day);
                append(engine, clock, "staging", day);
                append(engine, clock, "development", day);
                EngineFixture.all(engine);
                engine.store().maintainNow();
                clock.advance(Duration.ofDays(1));
            }
            EngineFixture.all(engine);
            engine.store().maintainNow();
            List<Event> left = EngineFixture.all(engine);

            assertThat(count(left, "production")).isBetween(29L, 31L);
            assertThat(count(left, "staging")).isBetween(13L, 15L);
            assertThat(count(left, "development")).isBetween(6L, 8L);
            assertThat(ids(left)).hasSameSizeAs(left);
            assertThat(engine.status().store().eventsEver()).isEqualTo(120);
        }
    }

    @Test
    void hour_byHourForADay_mergesSegmentsAndKeepsEveryEvent() throws Exception {
        Set<UUID> sent = new HashSet<>();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            for (int hour = 0; hour < 24; hour++) {
                for (int i = 0; i < 5; i++) {
                    sent.addAll(append(engine, clock, "production", hour));
                }
                EngineFixture.all(engine);
                engine.store().maintainNow();
                clock.advance(Duration.ofHours(1));
            }
            assertThat(engine.status().store().compactions()).isPositive();
            assertThat(engine.status().store().segments()).hasSizeLessThan(24);
        }
        try (Engine engine = EngineFixture.open(disk, clock)) {
            List<Event> stored = EngineFixture.all(engine);

            assertThat(stored).hasSameSizeAs(sent);
            assertThat(ids(stored)).isEqualTo(sent);
        }
    }

    private static List<UUID> append(
            Engine engine, InstantSource clock, String environment, int number) {
        EventBatchBuilder batch = new EventBatchBuilder(1);
        batch.type(EventType.LOG);
        batch.source("retention");
        batch.timestampNanos(clock.millis() * 1_000_000);
        batch.message("number " + number);
        batch.field(FieldSpace.TAG, "environment")
                .add(batch.count(), ValueKind.STRING, environment);
        batch.commit();
        return EngineFixture.append(engine, batch.build());
    }

    private static long count(List<Event> events, String environment) {
        return events.stream().filter(event -> event.tagsJson().contains(environment)).count();
    }

    private static Set<UUID> ids(List<Event> events) {
        Set<UUID> ids = new HashSet<>();
        events.forEach(event -> ids.add(event.id()));
        return ids;
    }
}

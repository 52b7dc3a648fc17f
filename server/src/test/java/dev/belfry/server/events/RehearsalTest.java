package dev.belfry.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked before somebody asks. */
final class RehearsalTest {
    private static final int EVENTS = 300;
    private static final int KINDS = 9;
    private static final int STATISTICS = 3;

    @TempDir private Path folder;

    @Test
    void eachKindThatEventsAllow_isAsked() throws IOException {
        try (Engine engine = Engine.open(folder);
                Rehearsal rehearsal = new Rehearsal(() -> engine)) {
            EventBatchBuilder batch = new EventBatchBuilder(EVENTS);
            for (int i = 0; i < EVENTS; i++) {
                start(batch, i);
                batch.level("info");
                batch.message("request " + i + " of a user");
                batch.traceId(i + 1, 17);
                field(batch, FieldSpace.TAG, "host", "host-" + i % 5);
                field(batch, FieldSpace.PAYLOAD, "user", "user-" + i);
                FieldColumn.Builder number = batch.field(FieldSpace.PAYLOAD, "odd name, in ms");
                number.add(batch.count(), ValueKind.NUMBER, Integer.toString(i));
                batch.commit();
            }
            seal(engine, batch);
            assertThat(rehearsal.ask(engine)).isEqualTo(1 + 2 * (KINDS + 1 + STATISTICS));
        }
    }

    @Test
    void eventsWithoutFields_areAskedForAsFarAsTheyGo() throws IOException {
        try (Engine engine = Engine.open(folder);
                Rehearsal rehearsal = new Rehearsal(() -> engine)) {
            EventBatchBuilder batch = new EventBatchBuilder(1);
            start(batch, 0);
            batch.commit();
            seal(engine, batch);
            assertThat(rehearsal.ask(engine)).isEqualTo(1 + 2 * 4);
        }
    }

    @Test
    void aStoreWithoutEvents_isAskedOnce() throws IOException {
        try (Engine engine = Engine.open(folder);
                Rehearsal rehearsal = new Rehearsal(() -> engine)) {
            assertThat(rehearsal.ask(engine)).isEqualTo(1);
        }
    }

    private static void start(EventBatchBuilder batch, int number) {
        batch.type(EventType.LOG);
        batch.source("shop");
        batch.timestampNanos(
                TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - EVENTS + number));
    }

    private static void field(EventBatchBuilder batch, FieldSpace space, String key, String value) {
        FieldColumn.Builder field = batch.field(space, key);
        assertThat(field).isNotNull();
        field.add(batch.count(), ValueKind.STRING, value);
    }

    private static void seal(Engine engine, EventBatchBuilder batch) throws IOException {
        engine.append(batch.build(), "user:test", null);
        QueryContext waits = new QueryContext(Duration.ofSeconds(60), 16L << 20, 10, false);
        engine.events().count(EventFilter.all(TimeRange.ALL, Owner.ALL), waits);
        engine.store().maintainNow();
        assertThat(engine.store().status().segments()).isNotEmpty();
    }
}

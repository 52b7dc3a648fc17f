package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine that was told to leave the processors to others at first. */
class RecoveryDelayTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();

    @BeforeEach
    void fill() throws Exception {
        try (Engine engine = EngineFixture.open(disk, clock)) {
            EngineFixture.append(engine, events(3, 10));
            EngineFixture.all(engine);
            engine.store().maintainNow();
            EngineFixture.append(engine, events(4, 10));
        }
    }

    @Test
    void query_doesNotWaitForTheDelay() throws Exception {
        try (Engine engine = openDelayed()) {
            assertThat(engine.status().store().hotRows()).isZero();
            assertThat(engine.status().store().events()).isEqualTo(3);

            EngineFixture.append(engine, events(1, 10));

            assertThat(EngineFixture.all(engine)).hasSize(8);
        }
    }

    @Test
    void recovery_isWaitedForWithoutTheDelay() throws Exception {
        try (Engine engine = openDelayed()) {
            assertThat(engine.awaitRecovered(PATIENCE)).isTrue();
            assertThat(engine.status().store().hotRows()).isEqualTo(4);
        }
    }

    @Test
    void muchThatIsAppended_endsTheDelay() throws Exception {
        try (Engine engine = openDelayed()) {
            EngineFixture.append(engine, events(20, 20_000));

            Await.until("all is readable", PATIENCE, () -> engine.status().store().hotRows() == 24);
        }
    }

    @Test
    void engine_closedBeforeItRecovered_losesNothing() throws Exception {
        openDelayed().close();

        try (Engine engine = EngineFixture.open(disk, clock)) {
            assertThat(EngineFixture.all(engine)).hasSize(7);
        }
    }

    private Engine openDelayed() throws IOException {
        EngineConfig config = EngineFixture.config(disk, EngineFixture.FOLDER, clock);
        return Engine.open(
                config.withEvents(config.events().withRecoveryDelay(Duration.ofDays(1))));
    }

    private EventBatch events(int count, int messageSize) {
        EventBatchBuilder batch = new EventBatchBuilder(count);
        for (int i = 0; i < count; i++) {
            batch.type(EventType.LOG);
            batch.source("recovery");
            batch.timestampNanos(clock.millis() * 1_000_000);
            batch.message("x".repeat(messageSize));
            batch.commit();
        }
        return batch.build();
    }
}

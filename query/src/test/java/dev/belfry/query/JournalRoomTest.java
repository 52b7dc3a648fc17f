package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.journal.JournalStatus;
import dev.belfry.model.BelfryException;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A journal that is mostly of what the stores need not read again gets shorter by itself. */
final class JournalRoomTest {
    private static final int RESERVE = 16 << 20;

    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();
    private final EventGenerator events = new EventGenerator(7);

    @Test
    void fullDisk_isEmptiedOfTheJournal_bySealAndFlush() throws Exception {
        try (Engine engine = open(RESERVE, 64 << 20)) {
            addSample(engine, 1);
            disk.capacity(disk.usedBytes() + 3 * RESERVE);
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 1000; i++) {
                                    engine.append(events.next(1000), "", null);
                                }
                            })
                    .isInstanceOf(BelfryException.class)
                    .hasMessageContaining("usable");
            long full = engine.status().journal().bytes();
            assertThat(full).isGreaterThan(RESERVE);
            Await.until(
                    "room",
                    () -> {
                        clock.advance(Duration.ofMillis(200));
                        JournalStatus journal = engine.status().journal();
                        return journal.state() == JournalStatus.State.WRITABLE
                                && journal.bytes() < full / 2;
                    });
            engine.append(events.next(1), "", null);
        }
    }

    @Test
    void serverThatSoonEndsAgainAndAgain_trimsWhatSamplesHold() throws Exception {
        for (int start = 1; start <= 5; start++) {
            try (Engine engine = open(0, 64 << 10)) {
                assertThat(engine.awaitMetrics(Duration.ofSeconds(20))).isTrue();
                Await.until("trim", () -> engine.status().journal().bytes() < 256 << 10);
                assertThat(engine.status().metrics().samples()).isEqualTo(start - 1);
                addSample(engine, start);
                while (engine.status().journal().bytes() < 512 << 10) {
                    engine.append(events.next(100), "", null);
                }
                long end = engine.status().journal().durableEnd();
                Await.until("events", () -> engine.status().store().appliedEnd() >= end);
                engine.store().maintainNow();
                assertThat(engine.status().journal().bytes()).isGreaterThan(384 << 10);
            }
        }
    }

    private void addSample(Engine engine, int value) {
        int series = engine.seriesResolver().resolve(7, 1, Labels.of("__name__", "m"));
        SampleBatch.Builder batch = new SampleBatch.Builder(1);
        batch.add(series, clock.millis() + value, value);
        engine.append(batch.build(), "");
    }

    private Engine open(long usableBytesMin, long tailBytes) throws IOException {
        EngineConfig config = EngineFixture.config(disk, EngineFixture.FOLDER, clock);
        return Engine.open(
                config.withJournal(config.journal().withUsableBytesMin(usableBytesMin))
                        .withMetrics(MetricStoreConfig.STANDARD.withTailBytes(tailBytes)));
    }
}

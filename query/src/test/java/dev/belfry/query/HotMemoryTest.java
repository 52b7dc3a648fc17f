package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.disk.DiskFullException;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.Owner;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Events that no codec makes small: how much of them is in memory, and what failed seals leave. */
final class HotMemoryTest {
    private static final Path EVENTS = EngineFixture.FOLDER.resolve("events");
    private static final int MESSAGE_BYTES = 4000;

    /* A force each of the segment, its filter, the folder, and the manifest. */
    private static final int SEAL_FORCES = 4;

    private static final long SEAL_EXTRA_BYTES = 1L << 20;

    /* Several row groups. */
    private static final int MANY = 100_000;

    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();
    private final Random random = new Random(7);

    @Test
    void rowsThatTakeMuchMemory_areSealedBeforeThereAreMany() throws Exception {
        try (Engine engine = open(8L << 20)) {
            for (int i = 0; i < 3; i++) {
                engine.append(batch(1500), "", null);
            }
            Await.until("seal", () -> status(engine).seals() > 0);
            assertThat(EngineFixture.all(engine)).hasSize(4500);
        }
    }

    @Test
    void whileSealsFail_memoryIsBounded_andNothingIsLeftOfThem() throws Exception {
        AtomicInteger failed = new AtomicInteger();
        AtomicLong most = new AtomicLong();
        try (Engine engine = open(1L << 20)) {
            engine.onApplied(_ -> most.accumulateAndGet(status(engine).hotBytes(), Math::max));
            disk.onOperation(operation -> {
                if (operation == CrashDisk.Operation.RENAME) {
                    failed.incrementAndGet();
                    throw new UncheckedIOException(new IOException("input/output error"));
                }
            });
            for (int i = 0; i < 20; i++) {
                engine.append(batch(100), "", null);
            }
            Await.until("two tries", () -> failed.get() >= 2);
            assertThat(status(engine).sealFailure()).contains("input/output error");
            assertThat(status(engine).lagBytes()).isPositive();
            disk.onOperation(null);
            assertThat(EngineFixture.all(engine)).hasSize(2000);
            assertThat(most.get()).isBetween(1L << 20, 4L << 20);
            engine.store().maintainNow();
            assertThat(status(engine).segments().size() * 2).isEqualTo(files().size());
        }
    }

    @Test
    void whileSealsFail_whatIsPastItsTimeGoes() throws Exception {
        AtomicInteger failed = new AtomicInteger();
        try (Engine engine = open(1L << 20)) {
            engine.append(batch(10), "", null);
            assertThat(EngineFixture.all(engine)).hasSize(10);
            engine.store().maintainNow();
            assertThat(status(engine).segments()).hasSize(1);
            disk.onOperation(operation -> {
                if (operation == CrashDisk.Operation.RENAME) {
                    failed.incrementAndGet();
                    throw new UncheckedIOException(new IOException("input/output error"));
                }
            });
            for (int i = 0; i < 10; i++) {
                engine.append(batch(100), "", null);
            }
            Await.until("a try", () -> failed.get() > 0);
            clock.advance(Duration.ofDays(40));
            Await.until("expiry", () -> status(engine).segments().isEmpty());
            disk.onOperation(null);
        }
    }

    @Test
    void eachForceOfASeal_thatFails_leavesNoFileBehind() throws Exception {
        for (int force = 0; force < SEAL_FORCES; force++) {
            try (Engine engine = open(1L << 20)) {
                int before = files().size();
                engine.append(batch(10), "", null);
                assertThat(EngineFixture.all(engine)).hasSize(10 * (force + 1));
                disk.failForces(force, 1);
                assertThatThrownBy(engine.store()::maintainNow).isInstanceOf(IOException.class);
                engine.store().maintainNow();
                assertThat(files()).as("force %d", force).hasSize(before + 2);
            }
            try (Engine engine = open(1L << 20)) {
                assertThat(EngineFixture.all(engine)).hasSize(10 * (force + 1));
                assertThat(status(engine).damage()).isEmpty();
            }
        }
    }

    @Test
    void segments_areNotMerged_whileThereIsNoRoomForIt() throws Exception {
        try (Engine engine = open(1L << 20)) {
            for (int i = 0; i < 10; i++) {
                engine.append(batch(10), "", null);
                assertThat(EngineFixture.all(engine)).hasSize(10 * (i + 1));
                disk.capacity(disk.usedBytes() + (2 << 20));
                engine.store().maintainNow();
            }
            assertThat(status(engine).segments()).hasSize(10);
            disk.capacity(Long.MAX_VALUE);
            engine.store().maintainNow();
            assertThat(status(engine).segments()).hasSize(1);
            assertThat(EngineFixture.all(engine)).hasSize(100);
        }
    }

    @Test
    void whereTheDiskHasNoRoomForAll_theOldestAreSealedFirst_andMakeRoom() throws Exception {
        try (Engine engine = open(64L << 20)) {
            appendMany(engine);
            disk.capacity(disk.usedBytes() + SEAL_EXTRA_BYTES + sealBytes(engine) / 2);
            engine.store().maintainNow();
            assertThat(status(engine).seals()).isGreaterThan(1);
            assertThat(status(engine).hotRows()).isZero();
            assertThat(count(engine)).isEqualTo(MANY);
        }
        try (Engine engine = open(64L << 20)) {
            assertThat(count(engine)).isEqualTo(MANY);
            assertThat(status(engine).eventsEver()).isEqualTo(MANY);
        }
    }

    @Test
    void whereTheDiskHasRoomForAPart_thatIsSealed_andTheRestStaysHot() throws Exception {
        try (Engine engine = open(64L << 20)) {
            appendMany(engine);
            disk.capacity(disk.usedBytes() + SEAL_EXTRA_BYTES + sealBytes(engine) / 2);
            disk.onOperation(operation -> {
                if (operation == CrashDisk.Operation.DELETE) {
                    disk.capacity(0); // Others take what the journal gives back.
                }
            });
            assertThatThrownBy(engine.store()::maintainNow)
                    .isInstanceOf(DiskFullException.class)
                    .hasMessageContaining("seal: 0 bytes usable (expected: at least ");
            disk.onOperation(null);
            disk.capacity(Long.MAX_VALUE);
            assertThat(status(engine).seals()).isEqualTo(1);
            assertThat(status(engine).hotRows()).isBetween(1L, MANY - 1L);
            assertThat(count(engine)).isEqualTo(MANY);
        }
        try (Engine engine = open(64L << 20)) {
            assertThat(count(engine)).isEqualTo(MANY);
            assertThat(status(engine).eventsEver()).isEqualTo(MANY);
            engine.store().maintainNow();
            assertThat(count(engine)).isEqualTo(MANY);
        }
    }

    @Test
    void rowsPastTheirTimeToBeSealed_areTriedAgain_afterASealFailed() throws Exception {
        EventStoreConfig.Seal hourly =
                new EventStoreConfig.Seal(Long.MAX_VALUE, 64L << 20, Duration.ofHours(1));
        try (Engine engine = open(hourly)) {
            engine.append(batch(10), "", null);
            assertThat(count(engine)).isEqualTo(10);
            disk.capacity(disk.usedBytes());
            assertThatThrownBy(engine.store()::maintainNow).isInstanceOf(DiskFullException.class);
            disk.capacity(Long.MAX_VALUE);
            clock.advance(Duration.ofHours(2));
            Await.until("seal", () -> status(engine).seals() == 1);
        }
    }

    @Test
    void rowsOfSeveralDays_areSealedInParts_whereTheDiskHasNoRoomForAll() throws Exception {
        try (Engine engine = open(64L << 20)) {
            for (int i = 0; i < 100; i++) {
                engine.append(batch(100), "", null);
                engine.append(batch(1, Duration.ofDays(1)), "", null);
            }
            assertThat(count(engine)).isEqualTo(10_100);
            disk.capacity(disk.usedBytes() + SEAL_EXTRA_BYTES + (27 << 20));
            engine.store().maintainNow();
            assertThat(status(engine).seals()).isEqualTo(2);
            assertThat(status(engine).hotRows()).isZero();
        }
        try (Engine engine = open(64L << 20)) {
            assertThat(count(engine)).isEqualTo(10_100);
        }
    }

    private static void appendMany(Engine engine) {
        EventGenerator events = new EventGenerator(7);
        for (int i = 0; i < 10; i++) {
            engine.append(events.next(MANY / 10), "", null);
        }
        assertThat(count(engine)).isEqualTo(MANY);
        engine.metrics().awaitApplied(); // Else it still holds the journal.
    }

    private static long count(Engine engine) {
        EventFilter filter = EventFilter.all(TimeRange.ALL, Owner.ALL);
        return engine.events().count(filter, EngineFixture.context());
    }

    /* A seal that finds no room has encoded all rows. */
    private long sealBytes(Engine engine) {
        disk.capacity(disk.usedBytes());
        assertThatThrownBy(engine.store()::maintainNow).isInstanceOf(DiskFullException.class);
        return status(engine).hotBytes();
    }

    private Engine open(long sealBytes) throws IOException {
        return open(new EventStoreConfig.Seal(Long.MAX_VALUE, sealBytes, Duration.ofDays(1000)));
    }

    private Engine open(EventStoreConfig.Seal seal) throws IOException {
        EngineConfig config = EngineFixture.config(disk, EngineFixture.FOLDER, clock);
        return Engine.open(config.withEvents(config.events().withSeal(seal)));
    }

    private static StoreStatus status(Engine engine) {
        return engine.status().store();
    }

    private List<Path> files() {
        return disk.list(EVENTS).stream().filter(path -> !path.endsWith("MANIFEST")).toList();
    }

    private EventBatch batch(int count) {
        return batch(count, Duration.ZERO);
    }

    private EventBatch batch(int count, Duration age) {
        EventBatchBuilder batch = new EventBatchBuilder(count);
        byte[] bytes = new byte[MESSAGE_BYTES / 4 * 3];
        for (int i = 0; i < count; i++) {
            random.nextBytes(bytes);
            batch.type(EventType.LOG);
            batch.source("large");
            batch.timestampNanos((clock.millis() - age.toMillis()) * 1_000_000 + i);
            batch.message(Base64.getEncoder().encodeToString(bytes));
            batch.commit();
        }
        return batch.build();
    }
}

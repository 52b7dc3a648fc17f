package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.StoreStatus;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
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
                disk.capacity(disk.usedBytes() + (1 << 20));
                engine.store().maintainNow();
            }
            assertThat(status(engine).segments()).hasSize(10);
            disk.capacity(Long.MAX_VALUE);
            engine.store().maintainNow();
            assertThat(status(engine).segments()).hasSize(1);
            assertThat(EngineFixture.all(engine)).hasSize(100);
        }
    }

    private Engine open(long sealBytes) throws IOException {
        EngineConfig config = EngineFixture.config(disk, EngineFixture.FOLDER, clock);
        EventStoreConfig.Seal seal =
                new EventStoreConfig.Seal(Long.MAX_VALUE, sealBytes, Duration.ofDays(1000));
        return Engine.open(config.withEvents(config.events().withSeal(seal)));
    }

    private static StoreStatus status(Engine engine) {
        return engine.status().store();
    }

    private List<Path> files() {
        return disk.list(EVENTS).stream().filter(path -> !path.endsWith("MANIFEST")).toList();
    }

    private EventBatch batch(int count) {
        EventBatchBuilder batch = new EventBatchBuilder(count);
        byte[] bytes = new byte[MESSAGE_BYTES / 4 * 3];
        for (int i = 0; i < count; i++) {
            random.nextBytes(bytes);
            batch.type(EventType.LOG);
            batch.source("large");
            batch.timestampNanos(clock.millis() * 1_000_000 + i);
            batch.message(Base64.getEncoder().encodeToString(bytes));
            batch.commit();
        }
        return batch.build();
    }
}

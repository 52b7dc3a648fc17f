package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.Event;
import dev.belfry.model.EventBatch;
import dev.belfry.model.disk.DiskFullException;
import dev.belfry.store.Owner;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What was acknowledged is there exactly once after any crash: bytes not forced are lost, kept or
 * torn.
 */
class EngineCrashTest {
    /** What must be there, and what may. */
    private static final class Ledger {
        final Map<UUID, String> acknowledged = new HashMap<>();

        Ledger copy() {
            Ledger copy = new Ledger();
            copy.acknowledged.putAll(acknowledged);
            return copy;
        }
    }

    private record Crash(CrashDisk disk, Ledger ledger) {}

    /* Filter file, Parquet file, folder, manifest. */
    private static final int SEAL_FORCES = 4;

    /* Several row groups. */
    private static final int PARTS_ROWS = 120_000;

    /* Another thread may force something in between: then another force was removed than was meant. */
    private static final int LIVES = 10;

    @Test
    void everyAcknowledgedEvent_afterCrashAtAnyOperation_isThereOnce() throws Exception {
        SplittableRandom random = Seeds.random("engine crash");
        for (int round = 0; round < 12; round++) {
            CrashDisk disk = new CrashDisk();
            Ledger ledger = new Ledger();
            for (int life = 0; life < 3; life++) {
                Crash crash = live(disk, ledger, random.split(), random.nextInt(5, 400));
                disk = crash.disk();
                ledger = crash.ledger();
                assertThat(problem(disk, ledger)).as("round %s life %s", round, life).isNull();
            }
        }
    }

    @Test
    void everyAcknowledgedEvent_afterCrashDuringASealInParts_isThereOnce() throws Exception {
        SplittableRandom random = Seeds.random("engine parts");
        CrashDisk disk = new CrashDisk();
        List<CrashDisk> crashes = new ArrayList<>();
        try (Engine engine = openWithLargeFiles(disk)) {
            EventGenerator generator = new EventGenerator(random.nextLong());
            for (int i = 0; i < 20; i++) {
                engine.append(generator.next(PARTS_ROWS / 20), "", null);
            }
            assertThat(count(engine)).isEqualTo(PARTS_ROWS);
            engine.metrics().awaitApplied(); // Else it still holds the journal.
            disk.capacity(disk.usedBytes());
            assertThatThrownBy(engine.store()::maintainNow).isInstanceOf(DiskFullException.class);
            long bytes = engine.status().store().hotBytes();
            disk.capacity(disk.usedBytes() + bytes / 3 + (1 << 20));
            disk.onOperation(_ -> {
                if (random.nextInt(4) == 0) {
                    crashes.add(disk.crash(random.nextLong()));
                }
            });
            engine.store().maintainNow();
            disk.onOperation(null);
            assertThat(engine.status().store().seals()).isGreaterThan(1);
        }
        assertThat(crashes).isNotEmpty();
        for (CrashDisk crash : crashes) {
            crash.capacity(Long.MAX_VALUE);
            try (Engine engine = openWithLargeFiles(crash)) {
                assertThat(count(engine)).isEqualTo(PARTS_ROWS);
                assertThat(engine.status().store().eventsEver()).isEqualTo(PARTS_ROWS);
                engine.store().maintainNow();
                assertThat(count(engine)).isEqualTo(PARTS_ROWS);
                assertThat(engine.status().store().damage()).isEmpty();
            }
        }
    }

    private static Engine openWithLargeFiles(CrashDisk disk) throws IOException {
        EngineConfig config =
                EngineFixture.config(disk, EngineFixture.FOLDER, new SimulatedClock());
        return Engine.open(
                config.withJournal(config.journal().withSizes(1 << 20, 1 << 20, 64 << 20)));
    }

    private static long count(Engine engine) {
        EventFilter filter = EventFilter.all(TimeRange.ALL, Owner.ALL);
        return engine.events().count(filter, EngineFixture.context());
    }

    @Test
    void eachForceOfASeal_removed_losesEventsOrDamagesFiles() throws Exception {
        SplittableRandom random = Seeds.random("engine forces");
        for (int force = 0; force < SEAL_FORCES; force++) {
            boolean noticed = false;
            for (int life = 0; life < LIVES && !noticed; life++) {
                noticed = noticed(force, random.split());
            }
            assertThat(noticed).as("force %s of a seal was removed", force).isTrue();
        }
    }

    private static boolean noticed(int force, SplittableRandom random) throws Exception {
        CrashDisk disk = new CrashDisk();
        Ledger ledger = new Ledger();
        boolean noticed = false;
        try (Engine engine = EngineFixture.open(disk, new SimulatedClock())) {
            EventGenerator generator = new EventGenerator(random.nextLong());
            for (int i = 0; i < 6; i++) {
                append(engine, generator.next(100), ledger);
            }
            assertThat(EngineFixture.all(engine)).hasSize(600);
            engine.metrics().awaitApplied(); // Else it still holds the journal.
            disk.dropForce(disk.forces() + force);
            engine.store().maintainNow();
            for (int attempt = 0; attempt < 40 && !noticed; attempt++) {
                noticed = problem(disk.crash(random.nextLong()), ledger) != null;
            }
        }
        return noticed;
    }

    private static void append(Engine engine, EventBatch batch, Ledger ledger) {
        List<UUID> ids = EngineFixture.append(engine, batch);
        synchronized (ledger) {
            for (int i = 0; i < ids.size(); i++) {
                ledger.acknowledged.put(ids.get(i), text(batch, i));
            }
        }
    }

    /** Runs an engine until operation {@code crashAt} of its disk, or to the end of its work. */
    private static Crash live(CrashDisk disk, Ledger before, SplittableRandom random, int crashAt)
            throws IOException {
        Ledger ledger = before.copy();
        SimulatedClock clock = new SimulatedClock();
        AtomicReference<@Nullable Crash> crash = new AtomicReference<>();
        long seed = random.nextLong();
        int start = disk.operations();
        disk.onOperation(_ -> {
            if (disk.operations() - start >= crashAt && crash.get() == null) {
                synchronized (ledger) {
                    crash.set(new Crash(disk.crash(seed), ledger.copy()));
                }
            }
        });
        EventGenerator generator = new EventGenerator(random.nextLong());
        try (Engine engine = EngineFixture.open(disk, clock)) {
            for (int step = 0; step < 40 && crash.get() == null; step++) {
                int count = random.nextInt(1, 40);
                EventBatch batch =
                        random.nextInt(4) == 0 ? generator.nextOdd(count) : generator.next(count);
                append(engine, batch, ledger);
                if (random.nextInt(6) == 0) {
                    engine.store().maintainNow();
                }
            }
            disk.onOperation(null);
        }
        Crash happened = crash.get();
        return happened != null ? happened : new Crash(disk, ledger);
    }

    private static String text(EventBatch batch, int index) {
        return batch.sources().text(index)
                + "|"
                + batch.messages().text(index)
                + "|"
                + batch.timestampsNanos()[index];
    }

    private static String text(Event event) {
        return event.source() + "|" + event.message() + "|" + event.timestampNanos();
    }

    /** What is wrong after a crash, or null. */
    private static @Nullable String problem(CrashDisk disk, Ledger ledger) {
        try (Engine engine = EngineFixture.open(disk, new SimulatedClock())) {
            Map<UUID, String> found = new HashMap<>();
            for (Event event : EngineFixture.all(engine)) {
                if (found.put(event.id(), text(event)) != null) {
                    return event.id() + " is there twice";
                }
            }
            for (Map.Entry<UUID, String> expected : ledger.acknowledged.entrySet()) {
                String event = found.get(expected.getKey());
                if (!expected.getValue().equals(event)) {
                    return expected
                            + " is "
                            + event
                            + " of "
                            + found.size()
                            + " in "
                            + engine.status();
                }
            }
            List<String> damage = engine.status().store().damage();
            return damage.isEmpty() ? null : damage.toString();
        } catch (IOException | RuntimeException failure) {
            return failure.toString();
        }
    }
}

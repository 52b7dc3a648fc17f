package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.Event;
import dev.belfry.model.EventBatch;
import dev.belfry.model.FieldSpace;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    @Test
    void everyAcknowledgedEvent_afterCrashAtAnyOperation_isThereOnce() throws Exception {
        SplittableRandom random = Seeds.random("engine crash");
        for (int round = 0; round < 25; round++) {
            CrashDisk disk = new CrashDisk();
            Ledger ledger = new Ledger();
            for (int life = 0; life < 3; life++) {
                Crash crash = live(disk, ledger, random.split(), random.nextInt(5, 400), -1);
                disk = crash.disk();
                ledger = crash.ledger();
                assertThat(problem(disk, ledger)).as("round %s life %s", round, life).isNull();
            }
        }
    }

    @Test
    void eachForce_removed_losesEvents() throws Exception {
        SplittableRandom random = Seeds.random("engine forces");
        CrashDisk probe = new CrashDisk();
        int before = openAndClose(probe);
        Set<Integer> unnoticed = new HashSet<>();
        int forces = 0;
        for (int force = before + 1; force <= before + 40; force++) {
            boolean noticed = false;
            boolean happened = false;
            for (int attempt = 0; attempt < 12 && !noticed; attempt++) {
                CrashDisk disk = new CrashDisk();
                openAndClose(disk);
                Crash crash =
                        live(disk, new Ledger(), new SplittableRandom(7), Integer.MAX_VALUE, force);
                happened |= disk.forces() >= force;
                CrashDisk after = disk.crash(random.nextLong());
                noticed = problem(after, crash.ledger()) != null;
            }
            if (happened) {
                forces++;
                if (!noticed) {
                    unnoticed.add(force);
                }
            }
        }
        /* Forces that no later loss depends on (the idempotency snapshot, files begun and never used) go unnoticed. */
        assertThat(forces).isGreaterThan(10);
        assertThat(unnoticed.size()).as("unnoticed %s", unnoticed).isLessThan(forces / 2);
    }

    private static int openAndClose(CrashDisk disk) throws IOException {
        EngineFixture.open(disk, new SimulatedClock()).close();
        return disk.forces();
    }

    /** Runs an engine until operation {@code crashAt} of its disk, or to the end of its work. */
    private static Crash live(
            CrashDisk disk, Ledger before, SplittableRandom random, int crashAt, int droppedForce)
            throws IOException {
        Ledger ledger = before.copy();
        SimulatedClock clock = new SimulatedClock();
        AtomicReference<@Nullable Crash> crash = new AtomicReference<>();
        long seed = random.nextLong();
        int start = disk.operations();
        if (droppedForce > 0) {
            disk.dropForce(droppedForce);
        }
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
                List<UUID> ids = EngineFixture.append(engine, batch);
                if (crash.get() == null) {
                    synchronized (ledger) {
                        for (int i = 0; i < ids.size(); i++) {
                            ledger.acknowledged.put(ids.get(i), text(batch, i));
                        }
                    }
                }
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
                + batch.timestampsNanos()[index]
                + "|"
                + (batch.field(FieldSpace.TAG, "none") == null);
    }

    private static String text(Event event) {
        return event.source() + "|" + event.message() + "|" + event.timestampNanos() + "|true";
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
            return null;
        } catch (IOException | RuntimeException failure) {
            return failure.toString();
        }
    }
}

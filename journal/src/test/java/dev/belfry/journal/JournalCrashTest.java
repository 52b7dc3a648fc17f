package dev.belfry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is acknowledged survives a crash at any moment, and each force is needed for that. */
final class JournalCrashTest {
    @Test
    void crash_beforeEveryOperation_losesNothingAcknowledged() throws Exception {
        long seed = Seeds.seed("crash_beforeEveryOperation");
        for (int run = 0; run < 2; run++) {
            CrashScenario scenario = new CrashScenario(seed + run, seed, 4, -1);
            scenario.run();
            assertThat(scenario.checks()).isGreaterThan(300);
        }
    }

    @Test
    void everyForce_isNeeded() throws Exception {
        long seed = Seeds.seed("everyForce");
        CrashScenario whole = new CrashScenario(seed, seed, 0, 0);
        whole.run();
        int forces = whole.disk().forces();
        assertThat(forces).isGreaterThan(40);
        List<Integer> needless = new ArrayList<>();
        for (int force = 0; force < forces; force++) {
            boolean failed = false;
            for (int attempt = 0; attempt < 4 && !failed; attempt++) {
                CrashScenario without = new CrashScenario(seed, seed + attempt, 12, force);
                without.disk().dropForce(force);
                failed = fails(without);
            }
            if (!failed) {
                needless.add(force);
            }
        }
        assertThat(needless).as("forces of %d without which nothing is lost", forces).isEmpty();
    }

    @Test
    void crash_underManyClients_losesNothingAcknowledged() throws Exception {
        long seed = Seeds.seed("crash_underManyClients");
        SplittableRandom random = new SplittableRandom(seed);
        CrashDisk disk = new CrashDisk();
        List<Acked> acked = Collections.synchronizedList(new ArrayList<>());
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        int[] images = new int[1];
        disk.onOperation(_ -> {
            List<Acked> known = List.copyOf(acked);
            if (images[0]++ % 3 == 0 && failures.isEmpty()) {
                String failure = missing(disk.crash(random.nextLong()), known);
                if (!failure.isEmpty()) {
                    failures.add(failure);
                }
            }
        });
        JournalConfig config = CrashScenario.CONFIG;
        try (Journal journal =
                        Journal.open(config, disk, CrashScenario.FOLDER, new SimulatedClock());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int client = 0; client < 16; client++) {
                int number = client;
                done.add(clients.submit(() -> client(journal, number, acked)));
            }
            for (Future<?> each : done) {
                each.get();
            }
            assertThat(journal.status().requestsPerForce().max()).isGreaterThan(1);
        }
        assertThat(failures).isEmpty();
        assertThat(images[0]).isGreaterThan(30);
    }

    private static void client(Journal journal, int number, List<Acked> acked) {
        for (int request = 0; request < 12; request++) {
            String text = number + "-" + request + " " + "y".repeat(50 * (request % 7));
            Idempotency key = Idempotency.of("key:b", "/", text, new byte[0]);
            Appended where = journal.append(JournalTest.append(text, 2, key, null));
            acked.add(new Acked(text, 2, key, where));
        }
    }

    /** What of {@code acked} is not on {@code left}; empty when all is. */
    private static String missing(CrashDisk left, List<Acked> acked) {
        try (Journal journal =
                Journal.open(
                        CrashScenario.CONFIG, left, CrashScenario.FOLDER, new SimulatedClock())) {
            Map<Long, String> found = new HashMap<>();
            for (Frame frame : JournalTest.readAll(journal, 0)) {
                found.put(frame.baseOffset(), JournalTest.texts(List.of(frame)).getFirst());
            }
            for (Acked each : acked) {
                if (!each.text().equals(found.get(each.where().baseOffset()))) {
                    return each + " is missing of " + acked.size();
                }
            }
            boolean damaged =
                    journal.status().damages().stream()
                            .anyMatch(damage -> damage.kind() == Damage.Kind.LOST);
            return damaged ? "damage: " + journal.status().damages() : "";
        } catch (Exception failure) {
            return "cannot open: " + failure;
        }
    }

    private static boolean fails(CrashScenario scenario) throws Exception {
        try {
            scenario.run();
            return false;
        } catch (AssertionError expected) {
            return true;
        }
    }
}

package dev.belfry.journal;

import static dev.belfry.journal.JournalTest.append;
import static dev.belfry.journal.JournalTest.readAll;
import static dev.belfry.journal.JournalTest.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The sync policy {@code interval}: answered before it is forced. */
final class IntervalTest {
    private static final Path FOLDER = CrashScenario.FOLDER;
    private static final Duration NEVER = Duration.ofHours(1);

    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();
    private final SplittableRandom random = Seeds.random("interval");
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> sent = new ArrayList<>();

    @Test
    void appends_areForcedByTheInterval() throws Exception {
        try (Journal journal = open(Duration.ofMillis(5))) {
            journal.append(append("one", 1, null, null));
            Await.until("forced", () -> disk.forces() >= 5);
            for (long seed = 0; seed < 30; seed++) {
                assertThat(survivors(disk.crash(seed), 1, false)).containsExactly("one");
            }
        }
    }

    @Test
    void crash_leavesNoHole_reusesNoOffset_andEachForceIsNeededForThat() throws Exception {
        assertThat(brokenPromise(disk())).isEmpty();
        CrashDisk whole = disk();
        live(whole);
        assertThat(whole.forces()).isBetween(10, 30);
        List<Integer> needless = new ArrayList<>();
        for (int force = disk().forces(); force < whole.forces(); force++) {
            if (!isNeeded(force)) {
                needless.add(force);
            }
        }
        assertThat(needless).as("forces without which all is as well").isEmpty();
    }

    @Test
    void crash_afterARestart_reusesNoOffset() throws Exception {
        live(disk);
        Journal journal = open(NEVER);
        journal.append(append("unforced", 5, null, null));
        for (int crash = 0; crash < 100; crash++) {
            CrashDisk left = disk.crash(random.nextLong());
            try (Journal after = Journal.open(config(NEVER), left, FOLDER, clock)) {
                assertThat(after.append(append("next", 1, null, null)).baseOffset())
                        .isGreaterThanOrEqualTo(15);
            }
        }
        journal.close();
    }

    @Test
    void crash_isReported_becauseSomethingMayBeLost_butNotACleanEnd() throws Exception {
        Journal journal = open(NEVER);
        journal.append(append("one", 1, null, null));
        try (Journal after = Journal.open(config(NEVER), disk.crash(1), FOLDER, clock)) {
            assertThat(after.status().damages())
                    .anyMatch(damage -> damage.reason().contains("before they were forced"));
        }
        journal.close();
        try (Journal after = Journal.open(config(NEVER), disk.crash(1), FOLDER, clock)) {
            assertThat(after.status().damages()).isEmpty();
            assertThat(after.append(append("next", 1, null, null)).baseOffset()).isEqualTo(1);
        }
    }

    /** Whether a life without a force breaks a promise; some show in one of a few lives only. */
    private boolean isNeeded(int force) throws Exception {
        boolean broken = false;
        for (int life = 0; life < 50 && !broken; life++) {
            CrashDisk dropped = disk();
            dropped.dropForce(force);
            broken = !brokenPromise(dropped).isEmpty();
        }
        return broken;
    }

    /** What a crash somewhere in a journal's life broke; empty when nothing. */
    private String brokenPromise(CrashDisk on) throws Exception {
        List<String> broken = new ArrayList<>();
        on.onOperation(_ -> check(on, broken, false));
        live(on);
        check(on, broken, true);
        return broken.isEmpty() ? "" : broken.getFirst();
    }

    private void check(CrashDisk on, List<String> broken, boolean ended) {
        int given = answered.get();
        int crashes = ended ? 40 : 12;
        for (int index = 0; index < crashes && broken.isEmpty(); index++) {
            long seed = random.nextLong();
            try {
                List<String> left = survivors(on.crash(seed), given, ended);
                assertThat(left).isEqualTo(sent.subList(0, left.size()));
                if (ended) {
                    assertThat(left).hasSize(sent.size());
                }
            } catch (AssertionError | Exception failure) {
                broken.add("seed " + seed + ": " + failure);
            }
        }
    }

    private void live(CrashDisk on) throws Exception {
        answered.set(0);
        sent.clear();
        for (int index = 0; index < 10; index++) {
            sent.add(index + "x".repeat(900));
        }
        try (Journal journal = Journal.open(config(NEVER), on, FOLDER, clock)) {
            for (String text : sent) {
                journal.append(append(text, 1, null, null));
                answered.incrementAndGet();
            }
        }
    }

    /** What is left on a disk after a crash; new offsets must begin behind those {@code given}. */
    private List<String> survivors(CrashDisk left, int given, boolean ended) throws Exception {
        try (Journal journal = Journal.open(config(NEVER), left, FOLDER, clock)) {
            List<String> texts = texts(readAll(journal, 0));
            assertThat(journal.status().damages())
                    .allMatch(damage ->
                            !ended
                                    && (damage.kind() == Damage.Kind.TORN_TAIL
                                            || damage.reason().contains("before they were")));
            assertThat(journal.append(append("next", 1, null, null)).baseOffset())
                    .isGreaterThanOrEqualTo(given);
            return texts;
        }
    }

    /** A disk with the folders, so that making them does not do for other forces. */
    private static CrashDisk disk() throws Exception {
        CrashDisk made = new CrashDisk();
        Folders.make(made, FOLDER.resolve("idempotency"));
        return made;
    }

    private Journal open(Duration interval) throws Exception {
        return Journal.open(config(interval), disk, FOLDER, clock);
    }

    private static JournalConfig config(Duration interval) {
        return CrashScenario.CONFIG.withSync(SyncPolicy.INTERVAL, interval);
    }
}

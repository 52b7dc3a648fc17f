package dev.belfry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A life of a journal with everything in it that forces: first start, groups, new files, trimming,
 * restarts, damage. Before each operation of the disk, crashes are tried and what they leave is
 * checked.
 */
final class CrashScenario {
    static final Path FOLDER = Path.of("/data/journal");
    static final JournalConfig CONFIG =
            JournalConfig.defaults().withSizes(4096, 1 << 20, 1 << 20).withUsableBytesMin(0);

    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();
    private final SplittableRandom random;
    private final SplittableRandom crashes;
    private final int crashesPerOperation;
    private final int firstForce;
    private final List<Acked> acked = new ArrayList<>();
    private final Map<Path, byte[]> quarantined = new HashMap<>();
    private long trimmedTo;
    private long lostFrom = -1;
    private int checks;
    private @Nullable AssertionError violation;

    /** Crashes {@code crashesPerOperation} times before each operation after that many forces. */
    CrashScenario(long seed, long crashSeed, int crashesPerOperation, int firstForce) {
        random = new SplittableRandom(seed);
        crashes = new SplittableRandom(crashSeed);
        this.crashesPerOperation = crashesPerOperation;
        this.firstForce = firstForce;
        disk.onOperation(operation -> crashHere(operation.name()));
    }

    CrashDisk disk() {
        return disk;
    }

    int checks() {
        return checks;
    }

    /** Runs all; the first promise that a crash broke is thrown. */
    void run() throws Exception {
        try {
            live();
            crashHere("end");
        } catch (Exception failure) {
            if (violation == null) {
                throw failure;
            }
        }
        if (violation != null) {
            throw violation;
        }
    }

    private void live() throws Exception {
        try (Journal journal = open(disk)) {
            journal.pin("store", 0);
            append(journal, 14);
            trim(journal, acked.get(9).endOffset());
            append(journal, 14);
        }
        try (Journal journal = open(disk)) {
            trim(journal, acked.get(26).endOffset());
            crashHere("trimmed after restart");
            append(journal, 20);
        }
        damageOldestFile();
        try (Journal journal = open(disk)) {
            for (Damage damage : readDamages(journal)) {
                Path copy = damage.quarantine();
                if (copy != null) {
                    quarantined.put(copy, disk.bytes(copy));
                }
            }
            assertThat(quarantined).isNotEmpty();
            trim(journal, acked.get(46).endOffset());
            crashHere("damage trimmed");
            append(journal, 16);
        }
        try (Journal journal = open(disk)) {
            trim(journal, acked.getLast().endOffset());
            crashHere("trimmed at the end");
        }
    }

    private Journal open(Disk on) throws Exception {
        return Journal.open(CONFIG, on, FOLDER, clock);
    }

    private void append(Journal journal, int appends) {
        for (int index = 0; index < appends; index++) {
            int number = acked.size();
            String text = number + " " + "x".repeat(random.nextInt(200, 900));
            int count = random.nextInt(1, 5);
            Idempotency key =
                    Idempotency.of(
                            "key:a",
                            "/events",
                            "k" + number,
                            text.getBytes(StandardCharsets.UTF_8));
            Appended where = journal.append(JournalTest.append(text, count, key, null));
            acked.add(new Acked(text, count, key, where));
            stopOnViolation();
        }
    }

    private void trim(Journal journal, long offset) throws Exception {
        trimmedTo = offset;
        journal.pin("store", offset);
        journal.trim();
        stopOnViolation();
    }

    private void damageOldestFile() throws Exception {
        Path oldest =
                disk.list(FOLDER).stream()
                        .filter(path -> FileHeader.baseOf(path) >= 0)
                        .findFirst()
                        .orElseThrow();
        disk.flip(oldest, FileHeader.SIZE_BYTES + 200);
        lostFrom = FileHeader.baseOf(oldest);
    }

    private static List<Damage> readDamages(Journal journal) throws Exception {
        JournalTest.readAll(journal, 0);
        return journal.status().damages();
    }

    private void stopOnViolation() {
        if (violation != null) {
            throw violation;
        }
    }

    private void crashHere(String operation) {
        if (disk.forces() <= firstForce || violation != null) {
            return;
        }
        /* Renamings and deletions are few: their combinations need more tries. */
        int tries = crashesPerOperation * (operation.equals("FORCE_FOLDER") ? 6 : 1);
        for (int index = 0; index < tries; index++) {
            long seed = crashes.nextLong();
            checks++;
            try {
                check(disk.crash(seed));
            } catch (AssertionError | Exception broken) {
                violation =
                        new AssertionError(
                                "crash before %s (operation %d, %d acknowledged): %s"
                                        .formatted(
                                                operation,
                                                disk.operations(),
                                                acked.size(),
                                                broken.getMessage()),
                                broken);
                return;
            }
        }
    }

    private void check(CrashDisk left) throws Exception {
        for (Map.Entry<Path, byte[]> copy : quarantined.entrySet()) {
            assertThat(left.bytes(copy.getKey())).as("quarantine").isEqualTo(copy.getValue());
        }
        List<String> before;
        try (Journal journal = open(left)) {
            List<Frame> frames = checkFrames(journal);
            before = JournalTest.texts(frames);
            checkKeys(journal);
            Appended next = journal.append(JournalTest.append("after", 1, null, null));
            for (Acked each : acked) {
                assertThat(next.baseOffset())
                        .as("new offset")
                        .isGreaterThanOrEqualTo(each.endOffset());
            }
        }
        try (Journal journal = open(left)) {
            List<String> texts = JournalTest.texts(checkFrames(journal));
            assertThat(texts.getLast()).isEqualTo("after");
            assertThat(texts.subList(0, texts.size() - 1)).isEqualTo(before);
        }
    }

    private List<Frame> checkFrames(Journal journal) throws Exception {
        List<Frame> frames = JournalTest.readAll(journal, 0);
        assertThat(journal.status().damages())
                .as("damage")
                .allMatch(damage ->
                        damage.kind() == Damage.Kind.TORN_TAIL
                                || FileHeader.baseOf(damage.file()) == lostFrom);
        Map<Long, String> byOffset = new HashMap<>();
        Set<String> texts = new HashSet<>();
        long end = 0;
        for (Frame frame : frames) {
            assertThat(frame.baseOffset()).as("offsets ascend").isGreaterThanOrEqualTo(end);
            end = frame.endOffset();
            String text = JournalTest.texts(List.of(frame)).getFirst();
            assertThat(texts.add(text)).as("once: " + text).isTrue();
            byOffset.put(frame.baseOffset(), text);
        }
        for (Acked each : acked) {
            long offset = each.where().baseOffset();
            boolean lost = offset >= lostFrom && offset < lostFrom + 4 && lostFrom >= 0;
            if (each.endOffset() > trimmedTo && !lost) {
                assertThat(byOffset.get(offset)).as("acknowledged").isEqualTo(each.text());
            }
        }
        return frames;
    }

    private void checkKeys(Journal journal) {
        for (Acked each : acked) {
            Appended again = journal.append(each.request());
            assertThat(again.replayed()).as("key of " + each.where()).isTrue();
            assertThat(again.baseOffset()).isEqualTo(each.where().baseOffset());
        }
    }
}

package dev.belfry.journal;

import static dev.belfry.journal.JournalTest.append;
import static dev.belfry.journal.JournalTest.readAll;
import static dev.belfry.journal.JournalTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What survives which damage; {@code docs/formats/journal.md} has the same table. Three files: "a0
 * a1 a2", "b0 b1 b2", "c0 c1 c2", a frame each, of two records each.
 */
final class CorruptionTest {
    private static final Path FOLDER = CrashScenario.FOLDER;
    private static final List<String> ALL =
            List.of("a0", "a1", "a2", "b0", "b1", "b2", "c0", "c1", "c2");
    private static final int FRAME_BYTES = 1200;

    private final SimulatedClock clock = new SimulatedClock();

    /** Something that goes wrong with a file's bytes. */
    private interface Harm {
        void to(CrashDisk disk, Path file) throws Exception;
    }

    /** The table: the harm, the file it is done to, what is missing after, how it is reported. */
    private enum Case {
        NOTHING(2, (_, _) -> {}, "", null),
        HEADER_OF_A_MIDDLE_FILE(1, (disk, file) -> disk.flip(file, 20), "", Damage.Kind.LOST),
        HEADER_OF_THE_LAST_FILE(2, (disk, file) -> disk.flip(file, 20), "", Damage.Kind.LOST),
        MAGIC_OF_A_FRAME(1, flip(at(1)), "b1", Damage.Kind.LOST),
        HEADER_OF_A_FRAME(1, flip(at(1) + 30), "b1", Damage.Kind.LOST),
        LENGTH_OF_A_FRAME(1, flip(at(1) + 62), "b1", Damage.Kind.LOST),
        BODY_OF_A_FRAME(1, flip(at(1) + 300), "b1", Damage.Kind.LOST),
        BODY_OF_THE_LAST_FRAME_OF_A_FILE(1, flip(at(2) + 300), "b2", Damage.Kind.LOST),
        TWO_FRAMES(1, zero(at(0) + 200, FRAME_BYTES), "b0 b1", Damage.Kind.LOST),
        ALL_FRAMES_OF_A_FILE(1, zero(64, 3600), "b0 b1 b2", Damage.Kind.LOST),
        A_WHOLE_FILE(1, zero(0, 3664), "b0 b1 b2", Damage.Kind.LOST),
        MIDDLE_FILE_CUT_IN_A_FRAME(1, cut(at(1) + 500), "b1 b2", Damage.Kind.LOST),
        MIDDLE_FILE_CUT_BETWEEN_FRAMES(1, cut(at(2)), "b2", Damage.Kind.LOST),
        MIDDLE_FILE_EMPTY(1, cut(0), "b0 b1 b2", Damage.Kind.LOST),
        MIDDLE_FILE_GONE(1, CrashDisk::lose, "b0 b1 b2", Damage.Kind.LOST),
        FIRST_FILE_GONE(0, CrashDisk::lose, "a0 a1 a2", null),
        FRAME_IN_THE_LAST_FILE(2, flip(at(1) + 300), "c1", Damage.Kind.LOST),
        SECOND_LAST_FRAME_AND_HEADER(2, flip(at(1) + 3), "c1", Damage.Kind.LOST),
        LAST_FRAME_AFTER_A_CLEAN_END(2, flip(at(2) + 300), "c2", Damage.Kind.LOST),
        LAST_FILE_CUT_AFTER_A_CLEAN_END(2, cut(at(1) + 9), "c1 c2", Damage.Kind.LOST),
        LAST_FILE_GONE_AFTER_A_CLEAN_END(2, CrashDisk::lose, "c0 c1 c2", Damage.Kind.LOST),
        LAST_FILE_EMPTY_AFTER_A_CLEAN_END(2, cut(0), "c0 c1 c2", Damage.Kind.LOST),
        LAST_FRAME_AFTER_A_KILL(2, flip(at(2) + 300), "c2", Damage.Kind.TORN_TAIL),
        TAIL_CUT_AFTER_A_KILL(2, cut(at(2) + 9), "c2", Damage.Kind.TORN_TAIL),
        RUBBISH_BEHIND_THE_LAST_FRAME(2, rubbish(at(3), 700), "", Damage.Kind.TORN_TAIL),
        ZEROS_BEHIND_THE_LAST_FRAME(2, zero(at(3), 700), "", null),
        RUBBISH_IN_THE_ROOM_BEHIND(2, rubbish(at(3) + 80, 100), "", Damage.Kind.TORN_TAIL),
        OLD_FRAME_BEHIND_THE_LAST(2, copyFrame(at(0), at(3)), "", Damage.Kind.TORN_TAIL);

        private final int file;
        private final Harm harm;
        private final List<String> missing;
        private final Damage.Kind reported;

        Case(int file, Harm harm, String missing, Damage.Kind reported) {
            this.file = file;
            this.harm = harm;
            this.missing = missing.isEmpty() ? List.of() : List.of(missing.split(" "));
            this.reported = reported;
        }

        private boolean killed() {
            return reported == Damage.Kind.TORN_TAIL;
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void damage_losesOnlyWhatItHit_andIsReported(Case damaged) throws Exception {
        CrashDisk disk = write(damaged.killed());
        List<Path> files = files(disk);
        assertThat(files).hasSize(3);
        damaged.harm.to(disk, files.get(damaged.file));
        List<String> expected = new ArrayList<>(ALL);
        expected.removeAll(damaged.missing);
        long next;
        try (Journal journal = open(disk)) {
            assertThat(names(readAll(journal, 0))).isEqualTo(expected);
            assertReported(damaged, journal.status().damages());
            next = journal.append(append("next", 1, null, null)).baseOffset();
            boolean dense = damaged.killed() || damaged.missing.isEmpty() || damaged.file < 2;
            boolean lastIsThere = !damaged.missing.contains("c2");
            if (damaged.killed()) {
                assertThat(next).isEqualTo(18 - 2L * damaged.missing.size());
            } else if (dense || lastIsThere) {
                assertThat(next).isEqualTo(18);
            } else {
                assertThat(next).as("offsets are not reused").isGreaterThanOrEqualTo(18);
            }
        }
        expected.add("next");
        try (Journal journal = open(disk)) {
            assertThat(names(readAll(journal, 0))).isEqualTo(expected);
            assertThat(journal.append(append("more", 1, null, null)).baseOffset())
                    .isEqualTo(next + 1);
        }
    }

    @Test
    void damage_belowWhatAStoreHasSeen_isReported_andOffsetsGoOnBeyondIt() throws Exception {
        CrashDisk disk = write(true);
        disk.cut(files(disk).getLast(), at(1));
        try (Journal journal = open(disk)) {
            journal.pin("events", 18);
            assertThat(journal.append(append("next", 1, null, null)).baseOffset())
                    .isGreaterThanOrEqualTo(18);
            assertThat(journal.status().damages())
                    .anyMatch(damage -> damage.reason().startsWith("events has seen"));
        }
    }

    @Test
    void randomDamage_neverInventsRecords_norHinders() throws Exception {
        SplittableRandom random = Seeds.random("randomDamage");
        for (int round = 0; round < 150; round++) {
            CrashDisk disk = write(random.nextBoolean());
            for (Path file : files(disk)) {
                int flips = random.nextInt(4);
                for (int flip = 0; flip < flips; flip++) {
                    disk.flip(file, random.nextLong(disk.bytes(file).length));
                }
                if (random.nextInt(4) == 0) {
                    disk.cut(file, random.nextLong(disk.bytes(file).length));
                }
            }
            try (Journal journal = open(disk)) {
                List<Frame> frames = readAll(journal, 0);
                assertThat(ALL).containsAll(names(frames));
                for (Frame frame : frames) {
                    int place = ALL.indexOf(names(List.of(frame)).getFirst());
                    assertThat(frame.baseOffset()).isEqualTo(2L * place);
                }
                journal.append(append("next", 1, null, null));
                assertThat(names(readAll(journal, 0))).endsWith("next");
            }
        }
    }

    @Test
    void newerFile_isRefusedUntouched() throws Exception {
        CrashDisk disk = write(true);
        Path last = files(disk).getLast();
        ByteBuffer header =
                ByteBuffer.wrap(Arrays.copyOf(disk.bytes(last), 64)).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(8, (short) 2);
        header.putInt(60, FrameHeader.checksum(header, 0, 60));
        disk.corrupt(last, 0, header.array());
        int operations = disk.operations();
        assertThatThrownBy(() -> open(disk))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining("format version 2 (expected: at most 1)");
        assertThat(disk.operations()).as("changes").isEqualTo(operations);
    }

    @Test
    void damagedFileOfKeys_isReported_andTheKeysComeFromTheJournal() throws Exception {
        CrashDisk disk = new CrashDisk();
        Idempotency key = Idempotency.of("key:a", "/", "k", new byte[0]);
        try (Journal journal = open(disk)) {
            journal.append(append("one", 1, key, null));
        }
        Path keys = disk.list(FOLDER.resolve("idempotency")).getFirst();
        disk.flip(keys, 50);
        try (Journal journal = open(disk)) {
            assertThat(journal.append(append("one", 1, key, null)).replayed()).isTrue();
            assertThat(journal.status().damages())
                    .anyMatch(damage -> damage.reason().contains("idempotency keys"));
        }
    }

    private static void assertReported(Case damaged, List<Damage> damages) {
        if (damaged.reported == null) {
            assertThat(damages).isEmpty();
            return;
        }
        assertThat(damages).anyMatch(damage -> damage.kind() == damaged.reported);
        if (damaged.killed()) {
            assertThat(damages).noneMatch(damage -> damage.kind() == Damage.Kind.LOST);
            assertThat(damages.getFirst().quarantine()).isNotNull();
        }
        long lost = 0;
        for (Damage damage : damages) {
            lost += damage.kind() == Damage.Kind.LOST ? damage.toOffset() - damage.fromOffset() : 0;
        }
        assertThat(lost).isEqualTo(damaged.killed() ? 0 : 2L * damaged.missing.size());
    }

    private CrashDisk write(boolean killed) throws Exception {
        CrashDisk disk = new CrashDisk();
        Journal journal = open(disk);
        for (String name : ALL) {
            byte[] body =
                    Arrays.copyOf(name.getBytes(java.nio.charset.StandardCharsets.UTF_8), 1084);
            journal.append(new Append(Stream.EVENTS, 1, 1, body, 1084, 2, "key:a", null, null));
        }
        CrashDisk image = disk.crash(0);
        journal.close();
        return killed ? image : disk;
    }

    private Journal open(CrashDisk disk) throws Exception {
        JournalConfig config = JournalConfig.defaults().withUsableBytesMin(0);
        return Journal.open(config.withSizes(4096, 0, 1 << 20), disk, FOLDER, clock);
    }

    private static List<Path> files(CrashDisk disk) {
        return disk.list(FOLDER).stream().filter(path -> FileHeader.baseOf(path) >= 0).toList();
    }

    private static List<String> names(List<Frame> frames) {
        return texts(frames).stream().map(text -> text.replace("\0", "")).toList();
    }

    private static int at(int frame) {
        return FileHeader.SIZE_BYTES + frame * FRAME_BYTES;
    }

    private static Harm flip(long position) {
        return (disk, file) -> disk.flip(file, position);
    }

    private static Harm cut(long size) {
        return (disk, file) -> disk.cut(file, size);
    }

    private static Harm zero(long position, int length) {
        return (disk, file) -> disk.corrupt(file, position, new byte[length]);
    }

    private static Harm rubbish(long position, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(1).nextBytes(bytes);
        return (disk, file) -> disk.corrupt(file, position, bytes);
    }

    private static Harm copyFrame(int from, long to) {
        return (disk, file) ->
                disk.corrupt(
                        file, to, Arrays.copyOfRange(disk.bytes(file), from, from + FRAME_BYTES));
    }
}

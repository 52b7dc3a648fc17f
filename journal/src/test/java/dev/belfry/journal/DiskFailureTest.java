package dev.belfry.journal;

import static dev.belfry.journal.JournalTest.append;
import static dev.belfry.journal.JournalTest.readAll;
import static dev.belfry.journal.JournalTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Forces that fail, and a disk that fills and is emptied. */
final class DiskFailureTest {
    private static final Path FOLDER = CrashScenario.FOLDER;

    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();
    private JournalConfig config = CrashScenario.CONFIG;

    @Test
    void failedForce_refusesTheRequest_leavesTheFileForGood_andGoesOnInANewOne() throws Exception {
        try (Journal journal = open()) {
            journal.append(append("one", 1, null, null));
            Path first = file(0);
            byte[] durable = written(disk.bytes(first));
            disk.failForces(0, 1);
            assertThat(refused(journal, "two").code()).isEqualTo(ErrorCode.INTERNAL_SERVER_ERROR);
            byte[] afterFailure = disk.bytes(first);
            Appended third = journal.append(append("three", 1, null, null));
            assertThat(disk.bytes(first)).as("never written again").isEqualTo(afterFailure);
            assertThat(afterFailure).startsWith(durable);
            assertThat(third.baseOffset()).as("offsets are not reused").isEqualTo(2);
            assertThat(texts(readAll(journal, 0))).containsExactly("one", "three");
            assertThat(journal.status().failedForces()).isEqualTo(1);
            assertThat(journal.status().damages())
                    .extracting(Damage::kind)
                    .containsExactly(Damage.Kind.FAILED_FORCE);
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.WRITABLE);
        }
        for (long seed = 0; seed < 50; seed++) {
            CrashDisk left = disk.crash(seed);
            try (Journal journal = Journal.open(config, left, FOLDER, clock)) {
                assertThat(texts(readAll(journal, 0))).containsExactly("one", "three");
                assertThat(journal.status().damages()).isEmpty();
                assertThat(journal.append(append("four", 1, null, null)).baseOffset()).isEqualTo(3);
            }
        }
    }

    @Test
    void failedForce_leavesAFileWithoutRecords_thatGoesWithThoseBeforeIt() throws Exception {
        List<CrashDisk> left = new ArrayList<>();
        config = config.withSizes(4096, 0, 1 << 20);
        try (Journal journal = open()) {
            journal.append(append("x".repeat(4000), 1, null, null));
            disk.failForces(0, 1);
            refused(journal, "x".repeat(4000));
            journal.append(append("kept", 1, null, null));
            assertThat(journal.status().files()).isEqualTo(3);
            disk.onOperation(operation -> {
                if (operation == CrashDisk.Operation.DELETE) {
                    for (long seed = 0; seed < 50; seed++) {
                        left.add(disk.crash(seed));
                    }
                }
            });
            journal.pin("store", 1);
            journal.trim();
            disk.onOperation(null);
            assertThat(journal.status().files()).isEqualTo(1);
        }
        assertThat(left).isNotEmpty();
        for (CrashDisk each : left) {
            try (Journal journal = Journal.open(config, each, FOLDER, clock)) {
                assertThat(texts(readAll(journal, 0)).getLast()).isEqualTo("kept");
                assertThat(journal.status().damages()).isEmpty();
                journal.pin("store", 1);
                journal.trim();
                assertThat(each.list(FOLDER))
                        .filteredOn(path -> FileHeader.baseOf(path) >= 0)
                        .hasSize(1);
            }
        }
    }

    @Test
    void fileThatCannotBeDeleted_goesWithTheNextTrim() throws Exception {
        config = config.withSizes(4096, 0, 1 << 20);
        try (Journal journal = open()) {
            for (int index = 0; index < 20; index++) {
                journal.append(append("x".repeat(900), 1, null, null));
            }
            int files = journal.status().files();
            disk.onOperation(operation -> {
                if (operation == CrashDisk.Operation.TRUNCATE) {
                    throw new UncheckedIOException(new IOException("input/output error"));
                }
            });
            journal.pin("store", 20);
            assertThatThrownBy(journal::trim).isInstanceOf(UncheckedIOException.class);
            disk.onOperation(null);
            assertThat(journal.status().files()).isEqualTo(1);
            assertThat(disk.list(FOLDER)).hasSizeGreaterThanOrEqualTo(files);
            journal.trim();
            assertThat(disk.list(FOLDER))
                    .filteredOn(path -> FileHeader.baseOf(path) >= 0)
                    .hasSize(1);
        }
    }

    @Test
    void failedForce_ofTheFirstFile_leavesNothing() throws Exception {
        disk.failForces(2, 1);
        try (Journal journal = open()) {
            refused(journal, "one");
            assertThat(journal.durableEnd()).isZero();
            journal.append(append("two", 1, null, null));
            assertThat(texts(readAll(journal, 0))).containsExactly("two");
        }
        try (Journal journal = open()) {
            assertThat(texts(readAll(journal, 0))).containsExactly("two");
        }
    }

    @Test
    void forcesThatFailAgainAndAgain_stopWrites_butNotReading() throws Exception {
        try (Journal journal = open()) {
            journal.append(append("one", 1, null, null));
            disk.failForces(0, 100);
            refused(journal, "two");
            refused(journal, "three");
            BelfryException stopped = refused(journal, "four");
            assertThat(stopped.code()).isEqualTo(ErrorCode.INTERNAL_SERVER_ERROR);
            assertThat(stopped).hasMessageContaining("restart");
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.FAILED);
            assertThat(journal.status().failedForces()).isEqualTo(2);
            assertThat(texts(readAll(journal, 0))).containsExactly("one");
            disk.failForces(0, 0);
        }
        try (Journal journal = open()) {
            journal.append(append("five", 1, null, null));
            /* "three" was refused, but is whole on the disk that was left alone from then on. */
            assertThat(texts(readAll(journal, 0))).containsExactly("one", "three", "five");
        }
    }

    @Test
    void failedForce_forgetsTheIdempotencyKey() throws Exception {
        Idempotency key = Idempotency.of("key:a", "/", "k", new byte[] {1});
        try (Journal journal = open()) {
            journal.append(append("one", 1, null, null));
            disk.failForces(0, 1);
            assertThatThrownBy(() -> journal.append(append("two", 1, key, null)))
                    .isInstanceOf(BelfryException.class);
            assertThat(journal.append(append("two", 1, key, null)).replayed()).isFalse();
            assertThat(journal.append(append("two", 1, key, null)).replayed()).isTrue();
        }
    }

    @Test
    void fullDisk_refusesAppends_keepsReading_andRecoversByItself() throws Exception {
        config = config.withUsableBytesMin(10_000);
        try (Journal journal = open()) {
            disk.capacity(30_000);
            List<String> taken = new ArrayList<>();
            BelfryException full = fill(journal, taken);
            assertThat(full.code()).isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(full).hasMessageContaining("usable").hasMessageContaining("free some room");
            assertThat(full).hasMessageContaining("expected: at least 12500");
            assertThat(disk.usableBytes(FOLDER)).as("the reserve").isGreaterThan(0);
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.FULL);
            assertThat(journal.status().reason()).contains("usable");
            assertThat(texts(readAll(journal, 0))).isEqualTo(taken);
            disk.capacity(100_000);
            clock.advance(Duration.ofMillis(Limits.FULL_CHECK_MILLIS));
            journal.append(append("after", 1, null, null));
            taken.add("after");
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.WRITABLE);
            assertThat(texts(readAll(journal, 0))).isEqualTo(taken);
            assertThat(journal.status().refusedFull()).isGreaterThan(0);
        }
    }

    @Test
    void diskFullInTheMiddleOfAWrite_leavesNoTrace() throws Exception {
        config = config.withSizes(1 << 20, 1 << 20, 1 << 20);
        for (int extra = 0; extra < 400; extra += 7) {
            CrashDisk small = new CrashDisk();
            try (Journal journal = Journal.open(config, small, FOLDER, clock)) {
                journal.append(append("one", 1, null, null));
                small.capacity(small.usedBytes() + extra);
                assertThat(refused(journal, "two ".repeat(250)).code())
                        .isEqualTo(ErrorCode.STORAGE_FULL);
                small.capacity(Long.MAX_VALUE);
                clock.advance(Duration.ofSeconds(1));
                Appended three = journal.append(append("three", 1, null, null));
                assertThat(three.baseOffset()).isEqualTo(1);
                assertThat(texts(readAll(journal, 0))).containsExactly("one", "three");
            }
            CrashDisk left = small.crash(extra);
            try (Journal journal = Journal.open(config, left, FOLDER, clock)) {
                assertThat(texts(readAll(journal, 0))).containsExactly("one", "three");
                assertThat(journal.status().damages()).isEmpty();
            }
        }
    }

    @Test
    void diskWithoutRoomForZerosAhead_takesWhatFits() throws Exception {
        config = config.withSizes(1 << 20, 1 << 20, 1 << 20);
        try (Journal journal = open()) {
            journal.append(append("one", 1, null, null));
            disk.capacity(disk.usedBytes() + 1500);
            journal.append(append("two ".repeat(250), 1, null, null));
            assertThat(disk.usableBytes(FOLDER)).as("no room for as much again").isLessThan(1000);
            journal.append(append("three", 1, null, null));
            disk.capacity(Long.MAX_VALUE);
        }
        long used = disk.bytes(file(0)).length;
        assertThat(disk.bytes(file(0))).as("nothing ahead is left").hasSizeLessThan(2000);
        try (Journal journal = open()) {
            assertThat(readAll(journal, 0))
                    .extracting(Frame::baseOffset)
                    .containsExactly(0L, 1L, 2L);
            assertThat(journal.status().damages()).isEmpty();
            assertThat(journal.status().bytes()).isEqualTo(used);
        }
    }

    @Test
    void zerosAhead_ofAKilledProcess_areNoDamage_andGoWithAFileThatIsLeft() throws Exception {
        CrashDisk killed;
        try (Journal journal = open()) {
            journal.append(append("one", 1, null, null));
            journal.append(append("two", 1, null, null));
            byte[] bytes = disk.bytes(file(0));
            assertThat(bytes.length).isGreaterThan(written(bytes).length + 64);
            killed = disk.crash(1);
        }
        assertThat(disk.bytes(file(0)).length - written(disk.bytes(file(0))).length).isLessThan(16);
        try (Journal journal = Journal.open(config, killed, FOLDER, clock)) {
            assertThat(texts(readAll(journal, 0))).containsExactly("one", "two");
            assertThat(journal.status().damages()).isEmpty();
            assertThat(journal.append(append("three", 1, null, null)).baseOffset()).isEqualTo(2);
        }
        assertThat(killed.list(FOLDER.resolve("quarantine"))).isEmpty();
        try (Journal journal = Journal.open(config, killed, FOLDER, clock)) {
            assertThat(texts(readAll(journal, 0))).containsExactly("one", "two", "three");
            assertThat(journal.status().damages()).isEmpty();
        }
    }

    /* Without the zeros at the end. */
    private static byte[] written(byte[] file) {
        int end = file.length;
        while (end > 0 && file[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(file, end);
    }

    @Test
    void trimming_makesRoomOnAFullDisk() throws Exception {
        config = config.withUsableBytesMin(10_000);
        try (Journal journal = open()) {
            disk.capacity(40_000);
            fill(journal, new ArrayList<>());
            journal.pin("store", journal.durableEnd());
            journal.trim();
            clock.advance(Duration.ofMillis(Limits.FULL_CHECK_MILLIS));
            journal.append(append("after", 1, null, null));
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.WRITABLE);
        }
    }

    private BelfryException fill(Journal journal, List<String> taken) {
        for (int index = 0; index < 1000; index++) {
            String text = index + "x".repeat(300);
            clock.advance(Duration.ofSeconds(1));
            BelfryException refused =
                    catchThrowableOfType(
                            BelfryException.class,
                            () -> journal.append(append(text, 1, null, null)));
            if (refused != null) {
                return refused;
            }
            taken.add(text);
        }
        throw new AssertionError("the disk never filled");
    }

    private static BelfryException refused(Journal journal, String text) {
        BelfryException refused =
                catchThrowableOfType(
                        BelfryException.class, () -> journal.append(append(text, 1, null, null)));
        assertThat(refused).as(text).isNotNull();
        return refused;
    }

    private Journal open() throws Exception {
        return Journal.open(config, disk, FOLDER, clock);
    }

    private static Path file(long base) {
        return FOLDER.resolve(FileHeader.name(base));
    }
}

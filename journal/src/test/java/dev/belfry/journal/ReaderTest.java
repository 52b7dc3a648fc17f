package dev.belfry.journal;

import static dev.belfry.journal.JournalTest.append;
import static dev.belfry.journal.JournalTest.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers, what they are served from, and what trimming leaves them. */
final class ReaderTest {
    private static final Path FOLDER = CrashScenario.FOLDER;

    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();

    @ParameterizedTest
    @EnumSource(Codec.class)
    void readers_fromMemoryAndFromFiles_seeTheSame(Codec codec) throws Exception {
        SplittableRandom random = Seeds.random("readers_fromMemoryAndFromFiles");
        List<String> sent = new ArrayList<>();
        List<String> fromMemory;
        JournalConfig memory = CrashScenario.CONFIG.withCodec(codec);
        try (Journal journal = open(memory)) {
            for (int index = 0; index < 200; index++) {
                Append append = random(random, index);
                Appended where = journal.append(append);
                sent.add(describe(where, append));
            }
            fromMemory = describe(read(journal, 0, Set.of(Stream.values())));
        }
        JournalConfig files = memory.withSizes(4096, 0, 1 << 20);
        try (Journal journal = open(files)) {
            assertThat(journal.status().files()).isGreaterThan(3);
            assertThat(describe(read(journal, 0, Set.of(Stream.values())))).isEqualTo(sent);
            assertThat(fromMemory).isEqualTo(sent);
            for (Stream stream : Stream.values()) {
                List<Frame> ofStream = read(journal, 0, Set.of(stream));
                assertThat(ofStream).allMatch(frame -> frame.stream() == stream);
                assertThat(sent).containsAll(describe(ofStream));
            }
            for (int start = 0; start < sent.size(); start += 17) {
                long offset = Long.parseLong(sent.get(start).split(" ", 2)[0]);
                assertThat(describe(read(journal, offset, Set.of(Stream.values()))))
                        .isEqualTo(sent.subList(start, sent.size()));
            }
        }
    }

    @Test
    void reader_thatIsWoken_returnsFromItsWait_andStillReads() throws Exception {
        try (Journal journal = open(CrashScenario.CONFIG);
                JournalReader reader = journal.reader("woken", Set.of(Stream.EVENTS), 0);
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Frame>> waiting =
                    executor.submit(() -> reader.poll(10, 1 << 20, Duration.ofHours(1)));
            reader.wake();
            assertThat(waiting.get()).isEmpty();
            assertThat(reader.poll(10, 1 << 20, Duration.ofHours(1))).isEmpty();
            journal.append(append("after it", 1, null, null));
            assertThat(reader.poll(10, 1 << 20, Duration.ofHours(1))).hasSize(1);
        }
    }

    @Test
    void framesOfOtherStreams_arePassedOver_whenSomebodyWaitsForIt() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withSizes(16 << 20, 8 << 20, 1 << 20);
        try (Journal journal = open(config);
                JournalReader reader = journal.reader("other", Set.of(Stream.METRICS), 0)) {
            journal.append(append("one", 1, null, null));
            assertThat(polled(reader, reader::catchUp)).isEmpty();
            assertThat(reader.position()).isEqualTo(1);
            journal.append(append("two", 1, null, null));
            journal.append(append("three", 1, null, null));
            assertThat(polled(reader, reader::catchUp)).isEmpty();
            assertThat(reader.position()).isEqualTo(3);
        }
    }

    @Test
    void framesOfOtherStreams_arePassedOver_whenTheyTakeMuchMemory() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withSizes(16 << 20, 8 << 20, 4 << 20);
        try (Journal journal = open(config);
                JournalReader reader = journal.reader("other", Set.of(Stream.METRICS), 0)) {
            byte[] body = new byte[400 << 10];
            for (int index = 0; index < 6; index++) {
                journal.append(
                        new Append(Stream.EVENTS, 0, 1, body, body.length, 1, "", null, null));
            }
            assertThat(polled(reader, () -> {})).isEmpty();
            assertThat(reader.position()).isEqualTo(6);
            assertThat(journal.status().tailBytes()).isLessThanOrEqualTo(Limits.TAIL_SEEN_BYTES);
            journal.append(new Append(Stream.METRICS, 0, 1, body, body.length, 1, "", null, null));
            assertThat(polled(reader, () -> {})).extracting(Frame::baseOffset).containsExactly(6L);
        }
    }

    /* What a poll gives that would wait for an hour, while another thread does something. */
    private static List<Frame> polled(JournalReader reader, Runnable meanwhile) throws Exception {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<List<Frame>> waiting =
                    executor.submit(() -> reader.poll(10, 1 << 20, Duration.ofHours(1)));
            meanwhile.run();
            return waiting.get(60, TimeUnit.SECONDS);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void damageInAStreamThatIsNotRead_isNotThisReaders() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withSizes(1 << 20, 0, 1 << 20);
        try (Journal journal = open(config)) {
            for (Stream stream : List.of(Stream.EVENTS, Stream.METRICS, Stream.EVENTS)) {
                byte[] body = "body".repeat(5000).getBytes(StandardCharsets.UTF_8);
                journal.append(new Append(stream, 0, 1, body, body.length, 1, "", null, null));
            }
            Path file = onlyFile();
            disk.flip(file, 30_000);
            try (JournalReader events = journal.reader("e", Set.of(Stream.EVENTS), 0);
                    JournalReader metrics = journal.reader("m", Set.of(Stream.METRICS), 0)) {
                assertThat(events.poll(10, 1 << 20, Duration.ZERO))
                        .extracting(Frame::baseOffset)
                        .containsExactly(0L, 2L);
                assertThat(events.lostRecords()).isZero();
                assertThat(metrics.poll(10, 1 << 20, Duration.ZERO)).isEmpty();
                assertThat(metrics.lostRecords()).isEqualTo(1);
            }
        }
    }

    private Path onlyFile() throws IOException {
        return disk.list(FOLDER).stream()
                .filter(path -> FileHeader.baseOf(path) >= 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void reader_thatStartsInTheMiddleOfAFrame_getsItWhole() throws Exception {
        for (long tailBytes : new long[] {0, 1 << 20}) {
            CrashDisk fresh = new CrashDisk();
            JournalConfig config = CrashScenario.CONFIG.withSizes(4096, tailBytes, 1 << 20);
            try (Journal journal = Journal.open(config, fresh, FOLDER, clock)) {
                journal.append(append("one", 5, null, null));
                journal.append(append("two", 5, null, null));
                assertThat(readAll(journal, 7)).extracting(Frame::baseOffset).containsExactly(5L);
            }
        }
    }

    @Test
    void poll_isBoundedInFramesAndBytes_butGivesOneAtLeast() throws Exception {
        for (long tailBytes : new long[] {0, 1 << 20}) {
            CrashDisk fresh = new CrashDisk();
            JournalConfig config = CrashScenario.CONFIG.withSizes(1 << 20, tailBytes, 1 << 20);
            try (Journal journal = Journal.open(config, fresh, FOLDER, clock);
                    JournalReader reader = journal.reader("r", Set.of(Stream.EVENTS), 0)) {
                for (int index = 0; index < 20; index++) {
                    journal.append(append("x".repeat(100), 1, null, null));
                }
                assertThat(reader.poll(3, 1 << 20, Duration.ZERO)).hasSize(3);
                assertThat(reader.poll(100, 250, Duration.ZERO)).hasSizeBetween(2, 3);
                assertThat(reader.poll(100, 1, Duration.ZERO)).hasSize(1);
                long before = reader.position();
                assertThat(reader.poll(100, 1 << 20, Duration.ZERO)).isNotEmpty();
                assertThat(reader.position()).isGreaterThan(before).isEqualTo(20);
                assertThat(reader.poll(1, 1, Duration.ZERO)).isEmpty();
            }
        }
    }

    @Test
    void poll_waitsForTheNextFrame() throws Exception {
        try (Journal journal = open(CrashScenario.CONFIG);
                JournalReader reader = journal.reader("r", Set.of(Stream.EVENTS), 0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Frame>> polled =
                    threads.submit(() -> reader.poll(10, 1000, Duration.ofSeconds(30)));
            journal.append(append("one", 1, null, null));
            assertThat(polled.get()).hasSize(1);
        }
    }

    @Test
    void poll_endsWhenTheJournalIsClosed() throws Exception {
        Journal journal = open(CrashScenario.CONFIG);
        JournalReader reader = journal.reader("r", Set.of(Stream.EVENTS), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Frame>> polled =
                    threads.submit(() -> reader.poll(10, 1000, Duration.ofSeconds(30)));
            journal.close();
            assertThatThrownBy(polled::get).hasCauseInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> journal.append(append("late", 1, null, null)))
                .isInstanceOf(BelfryException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void poll_thatFails_canBeTriedAgain() throws Exception {
        try (Journal journal = open(CrashScenario.CONFIG.withSizes(4096, 0, 1 << 20));
                JournalReader reader = journal.reader("r", Set.of(Stream.EVENTS), 0)) {
            journal.append(append("one", 1, null, null));
            journal.append(append("two", 1, null, null));
            reader.poll(1, 1, Duration.ZERO);
            disk.failReads(1);
            journal.append(append("three", 1, null, null));
            JournalReader fresh = journal.reader("fresh", Set.of(Stream.EVENTS), 2);
            assertThatThrownBy(() -> fresh.poll(1, 1, Duration.ZERO))
                    .isInstanceOf(IOException.class);
            assertThat(fresh.position()).isEqualTo(2);
            assertThat(fresh.poll(1, 1, Duration.ZERO)).hasSize(1);
            assertThat(reader.poll(10, 1000, Duration.ZERO)).hasSize(2);
            assertThat(journal.status().damages()).isEmpty();
        }
    }

    @Test
    void follower_keepsOnlySoMuch_andIsToldWhatItMissed() throws Exception {
        try (Journal journal = open(CrashScenario.CONFIG.withSizes(4096, 0, 1 << 20))) {
            journal.pin("follower", 0, 10_000);
            for (int index = 0; index < 60; index++) {
                journal.append(append("x".repeat(500), 1, null, null));
            }
            journal.pin("store", 60);
            journal.trim();
            assertThat(journal.status().bytes()).isBetween(6_000L, 15_000L);
            assertThat(journal.bytesFrom(0)).isEqualTo(journal.status().bytes());
            assertThat(journal.bytesFrom(58)).isBetween(500L, 5_000L);
            assertThat(journal.bytesFrom(60)).isZero();
            try (JournalReader late = journal.reader("follower", Set.of(Stream.EVENTS), 0)) {
                List<Frame> frames = late.poll(1000, 1 << 20, Duration.ZERO);
                assertThat(frames).hasSizeBetween(8, 25);
                assertThat(late.lostRecords()).isEqualTo(60 - frames.size());
            }
        }
    }

    @Test
    void trim_deletesWhatIsBelowAllPins_andNothingWithoutAPin() throws Exception {
        try (Journal journal = open(CrashScenario.CONFIG.withSizes(4096, 0, 1 << 20))) {
            for (int index = 0; index < 50; index++) {
                journal.append(append("x".repeat(500), 1, null, null));
            }
            int files = journal.status().files();
            journal.trim();
            assertThat(journal.status().files()).isEqualTo(files);
            journal.pin("events", 40);
            journal.pin("metrics", 20);
            journal.trim();
            long first = journal.firstOffset();
            assertThat(first).isBetween(10L, 20L);
            assertThat(journal.status().files()).isLessThan(files);
            journal.pin("metrics", 5);
            assertThat(journal.status().pins()).containsEntry("metrics", 20L);
            journal.pin("metrics", 50);
            journal.trim();
            assertThat(journal.firstOffset()).isBetween(30L, 40L);
            try (JournalReader late = journal.reader("late", Set.of(Stream.EVENTS), 0)) {
                List<Frame> frames = late.poll(1000, 1 << 20, Duration.ZERO);
                assertThat(frames.getFirst().baseOffset()).isPositive();
                long all = frames.size() + late.lostRecords();
                assertThat(all).as("read or counted as lost").isEqualTo(50);
            }
        }
        try (Journal journal = open(CrashScenario.CONFIG)) {
            assertThat(journal.firstOffset()).isBetween(30L, 40L);
            assertThat(journal.append(append("next", 1, null, null)).baseOffset()).isEqualTo(50);
        }
    }

    @Test
    void reader_ofAFileThatIsTrimmedUnderIt_countsTheRestAsLost_notAsDamage() throws Exception {
        try (Journal journal = open(CrashScenario.CONFIG.withSizes(4096, 0, 1 << 20))) {
            for (int index = 0; index < 50; index++) {
                journal.append(append("x".repeat(500), 1, null, null));
            }
            try (JournalReader reader = journal.reader("slow", Set.of(Stream.EVENTS), 0)) {
                List<Frame> frames = new ArrayList<>(reader.poll(1, 1, Duration.ZERO));
                journal.pin("store", 20);
                journal.trim();
                assertThat(journal.firstOffset()).isBetween(10L, 20L);
                frames.addAll(reader.poll(1000, 1 << 20, Duration.ZERO));
                assertThat(frames.get(1).baseOffset()).isBetween(1L, journal.firstOffset());
                assertThat(frames.getLast().endOffset()).isEqualTo(50);
                assertThat(frames.size() + reader.lostRecords()).isEqualTo(50);
            }
            assertThat(journal.status().damages()).isEmpty();
        }
    }

    @Test
    void reader_ofAFileThatIsCutWhileItReads_countsTheRestAsLost_notAsDamage() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withSizes(300_000, 0, 1 << 20);
        for (int length = 1000; length < 1100; length += 3) {
            CrashDisk own = new CrashDisk();
            try (Journal journal = Journal.open(config, own, FOLDER, clock)) {
                for (int index = 0; index < 6; index++) {
                    journal.append(append("x".repeat(100 * length), 1, null, null));
                }
                journal.pin("store", 5);
                try (JournalReader reader = journal.reader("slow", Set.of(Stream.EVENTS), 0)) {
                    own.beforeNextRead(() -> trim(journal));
                    List<Frame> frames = reader.poll(1000, 1 << 20, Duration.ZERO);
                    assertThat(journal.firstOffset()).isPositive();
                    assertThat(frames.size() + reader.lostRecords()).isEqualTo(6);
                    assertThat(frames.getLast().endOffset()).isEqualTo(6);
                }
                assertThat(journal.status().damages()).isEmpty();
            }
        }
    }

    private static void trim(Journal journal) {
        try {
            journal.trim();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void startWhileFilesGo_findsNoDamage_andGoesOnBehindThem() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withSizes(2 << 20, 0, 1 << 20);
        List<CrashDisk> left = new ArrayList<>();
        try (Journal journal = open(config)) {
            for (int index = 0; index < 40; index++) {
                journal.append(append("x".repeat(100_000), 1, null, null));
            }
            assertThat(journal.status().files()).isGreaterThan(1);
            disk.onOperation(operation -> {
                if (operation == CrashDisk.Operation.DELETE) {
                    for (long seed = 0; seed < 20; seed++) {
                        left.add(disk.crash(seed));
                    }
                }
            });
            journal.pin("store", 40);
            journal.trim();
            disk.onOperation(null);
            assertThat(journal.status().files()).as("even the newest goes").isZero();
        }
        assertThat(left).hasSizeGreaterThan(20);
        for (CrashDisk each : left) {
            try (Journal journal = Journal.open(config, each, FOLDER, clock)) {
                assertThat(journal.status().damages()).isEmpty();
                assertThat(journal.status().files()).isZero();
                assertThat(journal.append(append("next", 1, null, null)).baseOffset())
                        .isEqualTo(40);
            }
        }
    }

    @Test
    void endedFile_goes_thoughThereIsMoreBehindIt() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withSizes(64 << 20, 1 << 20, 64 << 20);
        try (Journal journal = open(config)) {
            journal.append(append("small", 1, null, null));
            journal.endFile();
            for (int index = 0; index < 12; index++) {
                journal.append(append("x".repeat(100_000), 1, null, null));
            }
            journal.endFile();
            journal.endFile();
            journal.append(append("more", 1, null, null));
            assertThat(journal.status().files()).isEqualTo(2);
            journal.pin("store", 13);
            journal.trim();
            assertThat(journal.firstOffset()).isEqualTo(13);
            assertThat(readAll(journal, 13)).hasSize(1);
        }
        try (Journal journal = open(config)) {
            assertThat(journal.durableEnd()).isEqualTo(14);
            assertThat(readAll(journal, 13)).hasSize(1);
            assertThat(journal.status().damages()).isEmpty();
        }
    }

    @Test
    void bytesHeldBy_areThoseThatNobodyElseNeeds() throws Exception {
        try (Journal journal = open(CrashScenario.CONFIG.withSizes(4096, 0, 1 << 20))) {
            for (int index = 0; index < 50; index++) {
                journal.append(append("x".repeat(500), 1, null, null));
            }
            assertThat(journal.bytesHeldBy("events")).isZero();
            journal.pin("events", 10);
            journal.pin("metrics", 30);
            assertThat(journal.bytesHeldBy("metrics")).isZero();
            long held = journal.bytesHeldBy("events");
            assertThat(held).isBetween(8_000L, 17_000L);
            journal.pin("metrics", 50);
            assertThat(journal.bytesHeldBy("events")).isGreaterThan(held);
            journal.pin("events", 50);
            assertThat(journal.bytesHeldBy("events")).isZero();
        }
    }

    @Test
    void trim_ofALargeNewestFile_leavesAnEmptyJournal_thatGoesOnWhereItWas() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withSizes(64 << 20, 1 << 20, 64 << 20);
        try (Journal journal = open(config)) {
            for (int index = 0; index < 12; index++) {
                journal.append(append("x".repeat(100_000), 3, null, null));
            }
            journal.pin("store", journal.durableEnd());
            journal.trim();
            assertThat(journal.status().files()).isZero();
            assertThat(journal.firstOffset()).isEqualTo(36);
        }
        try (Journal journal = open(config)) {
            assertThat(journal.durableEnd()).isEqualTo(36);
            assertThat(journal.append(append("next", 1, null, null)).baseOffset()).isEqualTo(36);
            assertThat(readAll(journal, 36)).hasSize(1);
            assertThat(journal.status().damages()).isEmpty();
        }
    }

    @Test
    void tooMuchWaiting_isRefusedAsOverload() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withSizes(1 << 20, 1 << 20, 1000);
        try (Journal journal = open(config);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Object gate = new Object();
            List<Future<Appended>> waiting = new ArrayList<>();
            synchronized (gate) {
                disk.onOperation(_ -> {
                    synchronized (gate) {
                        gate.notifyAll();
                    }
                });
                for (int index = 0; index < 3; index++) {
                    waiting.add(
                            threads.submit(
                                    () -> journal.append(append("x".repeat(600), 1, null, null))));
                }
                Await.until("refused", () -> journal.status().refusedOverload() > 0);
            }
            int refused = 0;
            for (Future<Appended> each : waiting) {
                try {
                    each.get();
                } catch (java.util.concurrent.ExecutionException failure) {
                    BelfryException cause = (BelfryException) failure.getCause();
                    assertThat(cause.code()).isEqualTo(ErrorCode.OVERLOADED);
                    refused++;
                }
            }
            assertThat(refused).isBetween(1, 2);
        }
    }

    private Journal open(JournalConfig config) throws Exception {
        return Journal.open(config, disk, FOLDER, clock);
    }

    private static Append random(SplittableRandom random, int number) {
        byte[] body = new byte[random.nextInt(600) + 10];
        int used = random.nextInt(body.length);
        for (int index = 0; index < used; index++) {
            body[index] = (byte) (random.nextInt(10) == 0 ? random.nextInt() : number);
        }
        Stream stream = Stream.values()[random.nextInt(4)];
        int kind = random.nextInt(0x10000);
        return new Append(
                stream,
                kind,
                number,
                body,
                used,
                random.nextInt(1, 9),
                "user:ü" + number,
                null,
                null);
    }

    private static List<Frame> read(Journal journal, long from, Set<Stream> streams)
            throws Exception {
        List<Frame> frames = new ArrayList<>();
        try (JournalReader reader = journal.reader("test", streams, from)) {
            while (reader.position() < journal.durableEnd()) {
                frames.addAll(reader.poll(7, 2000, Duration.ZERO));
            }
            assertThat(reader.lostRecords()).isZero();
        }
        return frames;
    }

    private static List<String> describe(List<Frame> frames) {
        return frames.stream()
                .map(frame ->
                        describe(
                                new Appended(
                                        frame.partition(),
                                        frame.baseOffset(),
                                        frame.count(),
                                        frame.receivedMillis(),
                                        false),
                                new Append(
                                        frame.stream(),
                                        frame.kind(),
                                        frame.schemaVersion(),
                                        frame.body(),
                                        frame.bodyLength(),
                                        frame.count(),
                                        frame.principal(),
                                        null,
                                        null)))
                .toList();
    }

    private static String describe(Appended where, Append append) {
        byte[] body = java.util.Arrays.copyOf(append.body(), append.bodyLength());
        return "%d %d %d %s %d %d %s %s"
                .formatted(
                        where.baseOffset(),
                        where.count(),
                        where.receivedMillis(),
                        append.stream(),
                        append.kind(),
                        append.schemaVersion(),
                        append.principal(),
                        java.util.HexFormat.of().formatHex(body));
    }
}

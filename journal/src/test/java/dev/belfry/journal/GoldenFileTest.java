package dev.belfry.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * One file of each version of each format is kept for ever and read by every release. With {@code
 * -Dbelfry.golden=true} those of the current version are written: only for a new version.
 */
final class GoldenFileTest {
    private static final Path FOLDER = CrashScenario.FOLDER;
    private static final String JOURNAL_NAME = "00000000000000000000.journal";
    private static final String KEYS_NAME = "00000000000000000000-00000000000000000107.keys";
    private static final Idempotency KEY =
            Idempotency.of("key:1", "/api/v1/monitoring/events", "abc", "body".getBytes(UTF_8));

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-01-15T12:00:00Z"));

    @Test
    void version1_isRead() throws Exception {
        CrashDisk disk = new CrashDisk();
        put(disk, FOLDER.resolve(JOURNAL_NAME), golden("v1-" + JOURNAL_NAME));
        put(disk, FOLDER.resolve("idempotency").resolve(KEYS_NAME), golden("v1-" + KEYS_NAME));
        try (Journal journal = open(disk, Codec.NONE);
                JournalReader reader = journal.reader("golden", Set.of(Stream.values()), 0)) {
            List<Frame> frames = new ArrayList<>();
            while (reader.position() < journal.durableEnd()) {
                frames.addAll(reader.poll(10, 1 << 20, Duration.ZERO));
            }
            assertThat(frames).hasSize(4);
            check(frames.get(0), Stream.EVENTS, 1, 1, 0, 3, "key:1", "three events");
            check(frames.get(1), Stream.METRICS, 7, 2, 3, 100, "user:Jürgen", "");
            check(frames.get(2), Stream.SERIES, 65535, 65535, 103, 1, "", "x".repeat(500));
            check(frames.get(3), Stream.CONTROL, 0, 0, 104, 3, "a", "öäü");
            assertThat(frames.getFirst().receivedMillis())
                    .isEqualTo(clock.instant().toEpochMilli());
            assertThat(journal.status().damages()).isEmpty();
            Append again = append(Stream.EVENTS, 1, 1, 3, "key:1", "three events", KEY);
            assertThat(journal.append(again).replayed()).isTrue();
        }
    }

    @Test
    void version1_isWrittenByteForByte() throws Exception {
        CrashDisk disk = write();
        byte[] journal = disk.bytes(FOLDER.resolve(JOURNAL_NAME));
        byte[] keys = disk.bytes(FOLDER.resolve("idempotency").resolve(KEYS_NAME));
        if (Boolean.getBoolean("belfry.golden")) {
            Path folder = Files.createDirectories(Path.of("src/test/resources/golden"));
            Files.write(folder.resolve("v1-" + JOURNAL_NAME), journal);
            Files.write(folder.resolve("v1-" + KEYS_NAME), keys);
        }
        assertThat(journal).isEqualTo(golden("v1-" + JOURNAL_NAME));
        assertThat(keys).isEqualTo(golden("v1-" + KEYS_NAME));
    }

    private CrashDisk write() throws Exception {
        CrashDisk disk = new CrashDisk();
        try (Journal journal = open(disk, Codec.NONE)) {
            journal.append(append(Stream.EVENTS, 1, 1, 3, "key:1", "three events", KEY));
            journal.append(append(Stream.METRICS, 7, 2, 100, "user:Jürgen", "", null));
            journal.append(append(Stream.SERIES, 65535, 65535, 1, "", "x".repeat(500), null));
            journal.append(append(Stream.CONTROL, 0, 0, 3, "a", "öäü", null));
        }
        return disk;
    }

    private static Append append(
            Stream stream,
            int kind,
            int schema,
            int count,
            String principal,
            String text,
            Idempotency key) {
        byte[] body = text.getBytes(UTF_8);
        return new Append(stream, kind, schema, body, body.length, count, principal, key, null);
    }

    private static void check(
            Frame frame,
            Stream stream,
            int kind,
            int schema,
            long base,
            int count,
            String principal,
            String text) {
        assertThat(frame.stream()).isEqualTo(stream);
        assertThat(frame.kind()).isEqualTo(kind);
        assertThat(frame.schemaVersion()).isEqualTo(schema);
        assertThat(frame.baseOffset()).isEqualTo(base);
        assertThat(frame.count()).isEqualTo(count);
        assertThat(frame.principal()).isEqualTo(principal);
        assertThat(new String(frame.body(), 0, frame.bodyLength(), UTF_8)).isEqualTo(text);
    }

    private static void put(CrashDisk disk, Path path, byte[] bytes) throws Exception {
        disk.createFolders(Objects.requireNonNull(path.getParent()));
        try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.force();
        }
    }

    private static byte[] golden(String name) throws Exception {
        Path written = Path.of("src/test/resources/golden").resolve(name);
        if (Boolean.getBoolean("belfry.golden")) {
            return Files.readAllBytes(written);
        }
        try (InputStream stream = GoldenFileTest.class.getResourceAsStream("/golden/" + name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }

    private Journal open(CrashDisk disk, Codec codec) throws Exception {
        JournalConfig config = JournalConfig.defaults().withUsableBytesMin(0).withCodec(codec);
        return Journal.open(config, disk, FOLDER, clock);
    }
}

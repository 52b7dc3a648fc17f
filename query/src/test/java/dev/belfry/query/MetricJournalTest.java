package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the metric store needs of the journal stays, and what is gone is told. */
class MetricJournalTest {
    private static final Path JOURNAL = EngineFixture.FOLDER.resolve("journal");
    private static final Path METRICS = EngineFixture.FOLDER.resolve("metrics");
    private static final Path EVENTS_MANIFEST =
            EngineFixture.FOLDER.resolve("events").resolve("MANIFEST");
    private static final int BATCHES = 100;
    private static final int SAMPLES = 500;

    private static void write(Engine engine, InstantSource clock) {
        Labels labels = Labels.of("__name__", "m");
        int series = engine.seriesResolver().resolve(1, 2, labels);
        for (int i = 0; i < BATCHES; i++) {
            SampleBatch.Builder batch = new SampleBatch.Builder(SAMPLES);
            for (int at = 0; at < SAMPLES; at++) {
                batch.add(series, clock.millis() + i * SAMPLES + at, Math.sqrt(i * SAMPLES + at));
            }
            engine.append(batch.build(), "");
        }
    }

    private static class ForwardingDisk implements Disk {
        final CrashDisk disk;

        ForwardingDisk(CrashDisk disk) {
            this.disk = disk;
        }

        @Override
        public void createFolders(Path folder) throws IOException {
            disk.createFolders(folder);
        }

        @Override
        public DiskFile open(Path path, Mode mode) throws IOException {
            return disk.open(path, mode);
        }

        @Override
        public List<Path> list(Path folder) {
            return disk.list(folder);
        }

        @Override
        public boolean exists(Path path) {
            return disk.exists(path);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(Path path) {
            disk.delete(path);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            disk.forceFolder(folder);
        }

        @Override
        public long usableBytes(Path folder) {
            return disk.usableBytes(folder);
        }
    }

    /** Opens the metric store only after the event store has done all that is due. */
    private static final class EventsFirst extends ForwardingDisk implements InstantSource {
        private final SimulatedClock clock;
        private final long manifestBytes;
        private final AtomicInteger looks = new AtomicInteger();

        EventsFirst(CrashDisk disk, SimulatedClock clock) throws IOException {
            super(disk);
            this.clock = clock;
            manifestBytes = disk.bytes(EVENTS_MANIFEST).length;
        }

        private boolean isSealed() throws IOException {
            return disk.bytes(EVENTS_MANIFEST).length > manifestBytes;
        }

        /* After a seal and its trim, the thread looks for what is past, and rests. */
        @Override
        public Instant instant() {
            try {
                if (Thread.currentThread().getName().equals("belfry-events-maintain")
                        && isSealed()) {
                    looks.incrementAndGet();
                }
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
            return clock.instant();
        }

        @Override
        public void createFolders(Path folder) throws IOException {
            if (folder.equals(METRICS)) {
                try {
                    Await.until("seal of events", () -> looks.get() > 0);
                } catch (Exception failure) {
                    throw new AssertionError(failure);
                }
            }
            super.createFolders(folder);
        }
    }

    private static EngineConfig sealingAtOnce(EngineConfig config) {
        EventStoreConfig.Seal seal =
                new EventStoreConfig.Seal(Long.MAX_VALUE, 64 << 20, Duration.ofHours(1));
        return config.withEvents(config.events().withSeal(seal));
    }

    @Test
    void samples_whenEventsAreSealedFirstAtARestart_areAllThere() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock);
            EngineFixture.append(engine, new EventGenerator(7).next(10));
        }
        int files = disk.list(JOURNAL).size();
        clock.advance(Duration.ofHours(2));
        EventsFirst first = new EventsFirst(disk, clock);
        try (Engine engine =
                Engine.open(
                        sealingAtOnce(EngineFixture.config(first, EngineFixture.FOLDER, first)))) {
            assertThat(files).isGreaterThan(3);
            assertThat(engine.awaitRecovered(Duration.ofSeconds(20))).isTrue();
            assertThat(engine.status().metrics().samples()).isEqualTo(BATCHES * SAMPLES);
            assertThat(engine.status().metrics().damage()).isEmpty();
        }
    }

    /** Fails once, as when memory is short, in the thread that reads the journal. */
    private static final class ShortOfMemory extends ForwardingDisk {
        private final AtomicInteger failures = new AtomicInteger();

        ShortOfMemory(CrashDisk disk) {
            super(disk);
        }

        @Override
        public DiskFile open(Path path, Mode mode) throws IOException {
            if (Thread.currentThread().getName().equals("belfry-metrics-apply")
                    && failures.getAndIncrement() == 0) {
                throw new OutOfMemoryError("a test");
            }
            return super.open(path, mode);
        }
    }

    @Test
    void anError_endsNoThread() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock);
        }
        ShortOfMemory failing = new ShortOfMemory(disk);
        try (Engine engine = EngineFixture.open(failing, clock)) {
            assertThat(engine.awaitRecovered(Duration.ofSeconds(20))).isTrue();
            assertThat(failing.failures).hasPositiveValue();
            assertThat(engine.status().metrics().samples()).isEqualTo(BATCHES * SAMPLES);
        }
    }

    @Test
    void samplesLostInTheJournal_areDamageOfTheStore() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock);
        }
        Path file = disk.list(JOURNAL).get(disk.list(JOURNAL).size() / 2);
        disk.flip(file, disk.bytes(file).length / 2);
        try (Engine engine = EngineFixture.open(disk, clock)) {
            assertThat(engine.awaitRecovered(Duration.ofSeconds(20))).isTrue();
            assertThat(engine.status().metrics().samples()).isLessThan(BATCHES * SAMPLES);
            assertThat(engine.status().metrics().damage())
                    .singleElement()
                    .asString()
                    .contains(SAMPLES + " records");
        }
    }
}

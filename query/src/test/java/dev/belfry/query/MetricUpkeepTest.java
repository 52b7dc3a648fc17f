package dev.belfry.query;

import static dev.belfry.query.MetricStoreFilesTest.METRICS;
import static dev.belfry.query.MetricStoreFilesTest.SAMPLES;
import static dev.belfry.query.MetricStoreFilesTest.SERIES;
import static dev.belfry.query.MetricStoreFilesTest.read;
import static dev.belfry.query.MetricStoreFilesTest.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.journal.Append;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.store.block.Block;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the metric store does behind the scenes goes on when a file or the disk is not as it should
 * be.
 */
class MetricUpkeepTest {
    private static final long FAR = 4_102_444_800_000L;

    /* Spill, folder, series, manifest. */
    private static final int FLUSH_FORCES = 4;

    /* Block, folder, manifest. */
    private static final int BLOCK_FORCES = 3;

    private static List<Path> files(CrashDisk disk) {
        return disk.list(METRICS).stream()
                .filter(path ->
                        path.toString().contains(".spill") || path.toString().contains(".block"))
                .toList();
    }

    private static void spoilLabels(CrashDisk disk, Path block) throws IOException {
        for (int at = disk.bytes(block).length - 1; at > 0; at--) {
            disk.flip(block, at);
            try (Block opened = Block.open(disk, block, damage -> {})) {
                if (!opened.hasAllLabels()) {
                    return;
                }
            } catch (IOException | RuntimeException unreadable) {
                // another place is wanted
            }
            disk.flip(block, at);
        }
        throw new AssertionError("no labels in " + block);
    }

    @Test
    void aBlockWithDamagedLabels_staysAsItIs_andTheOthersAreMergedAndExpired() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        long start = clock.millis();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, start);
            engine.metrics().maintainNow();
        }
        spoilLabels(disk, files(disk).getFirst());
        try (Engine engine = EngineFixture.open(disk, clock)) {
            for (int i = 1; i < 6; i++) {
                write(engine, start + i);
                engine.metrics().maintainNow();
            }
            clock.advance(Duration.ofDays(2));
            engine.metrics().maintainNow();
            assertThat(engine.status().metrics().merges()).isPositive();
            assertThat(engine.status().metrics().blocks()).isEqualTo(2);
            assertThat(engine.status().metrics().damage())
                    .singleElement()
                    .asString()
                    .contains(".block");
            assertThat(read(engine, "7", "")).hasSize(6 * SAMPLES);
            clock.advance(Duration.ofDays(92));
            engine.metrics().maintainNow();
            assertThat(read(engine, "7", "")).isEmpty();
            assertThat(files(disk)).isEmpty();
        }
    }

    @Test
    void afterABurst_samplesDoNotWaitForMore_beforeTheyAreOneBlock() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        /* Fewer of each series than blocks are made of otherwise. */
        int bursts = 6;
        try (Engine engine = EngineFixture.open(disk, clock)) {
            for (int burst = 0; burst < bursts; burst++) {
                writeMany(engine, clock.millis() - 3_600_000 + burst * 40_000L);
                if (burst == bursts / 2) {
                    engine.metrics().flushNow();
                }
            }
            assertThat(read(engine, "7", "")).hasSize(bursts * SAMPLES);
            assertThat(engine.status().metrics().headSamples()).isPositive();
            Await.until(
                    "one block",
                    Duration.ofMinutes(1),
                    () -> {
                        clock.advance(Duration.ofSeconds(1));
                        return files(disk).size() == 1
                                && files(disk).getFirst().toString().endsWith(".block");
                    });
            assertThat(engine.status().metrics().headSamples()).isZero();
            assertThat(read(engine, "7", "")).hasSize(bursts * SAMPLES);
        }
    }

    @Test
    void aDayThatIsOver_isOneBlock_soonAfterTheLastOfItsSamples() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        long day = 86_400_000;
        long from = Math.floorDiv(clock.millis(), day) * day - 5 * day;
        /* The first block is larger than what a day that is not over would be merged with. */
        int[] bursts = {12, 5};
        int burst = 0;
        try (Engine engine = EngineFixture.open(disk, clock)) {
            for (int more : bursts) {
                for (int i = 0; i < more; i++) {
                    writeMany(engine, from + burst++ * 40_000L);
                }
                assertThat(read(engine, "7", "")).hasSize(burst * SAMPLES);
                long written = clock.millis();
                Await.until(
                        "one block",
                        Duration.ofMinutes(1),
                        () -> {
                            clock.advance(Duration.ofSeconds(1));
                            return engine.status().metrics().headSamples() == 0
                                    && files(disk).size() == 1
                                    && files(disk).getFirst().toString().endsWith(".block");
                        });
                assertThat(clock.millis() - written).isLessThan(1_800_000);
            }
            assertThat(read(engine, "7", "")).hasSize(burst * SAMPLES);
        }
    }

    @Test
    void aFewEvents_doNotKeepTheJournalOfManySamples() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            EventBatchBuilder batch = new EventBatchBuilder(1);
            batch.type(EventType.LOG);
            batch.source("few");
            batch.timestampNanos(clock.millis() * 1_000_000);
            batch.message("the only one");
            batch.commit();
            EngineFixture.append(engine, batch.build());
            assertThat(EngineFixture.all(engine)).hasSize(1);
            for (int round = 0; engine.status().journal().bytes() < 9 << 20; round++) {
                writeMany(engine, clock.millis() + round * 40_000L);
            }
            engine.metrics().flushNow();
            clock.advance(Duration.ofMinutes(3));
            Await.until(
                    "the journal to go",
                    Duration.ofMinutes(1),
                    () -> engine.status().journal().bytes() < 1 << 20);
            assertThat(EngineFixture.all(engine)).hasSize(1);
        }
    }

    @Test
    void manySamplesOfFewSeries_goToAFile_beforeTheyAreOldOrMuch() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        int bursts = 24;
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            for (int burst = 0; burst < bursts; burst++) {
                writeMany(engine, clock.millis() + burst * 40_000L);
            }
            Await.until(
                    "a flush",
                    Duration.ofMinutes(1),
                    () -> engine.status().metrics().flushes() > 0);
            assertThat(read(engine, "7", "")).hasSize(bursts * SAMPLES);
        }
    }

    @Test
    void whatIsOpenAtTheEnd_isNotReadAgain() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        int bursts = 6;
        try (Engine engine = EngineFixture.open(disk, clock)) {
            for (int burst = 0; burst < bursts; burst++) {
                writeMany(engine, clock.millis() + burst * 40_000L);
            }
            assertThat(read(engine, "7", "")).hasSize(bursts * SAMPLES);
        }
        try (Engine engine = EngineFixture.open(disk, clock)) {
            assertThat(read(engine, "7", "")).hasSize(bursts * SAMPLES);
            assertThat(engine.status().metrics().headSamples()).isZero();
        }
    }

    /* 20,000 samples, one of each series a second. */
    private static void writeMany(Engine engine, long start) {
        for (int at = 0; at < SAMPLES; at++) {
            SampleBatch.Builder batch = new SampleBatch.Builder(500);
            for (int i = 0; i < 500; i++) {
                Labels labels = Labels.of("__name__", "m", "i", "" + i);
                int series = engine.seriesResolver().resolve(i, 1, labels);
                batch.add(series, start + at * 1000L, i + at);
            }
            engine.append(batch.build(), "");
        }
    }

    @Test
    void aFileThatCannotBeOpened_goesWhenItIsPastItsTime() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock.millis());
            engine.metrics().maintainNow();
        }
        disk.cut(files(disk).getFirst(), 100);
        try (Engine engine = EngineFixture.open(disk, clock)) {
            assertThat(engine.status().metrics().damage()).hasSize(1);
            engine.metrics().maintainNow();
            assertThat(files(disk)).hasSize(1);
            clock.advance(Duration.ofDays(92));
            engine.metrics().maintainNow();
            assertThat(files(disk)).isEmpty();
        }
        try (Engine engine = EngineFixture.open(disk, clock)) {
            assertThat(engine.status().metrics().damage()).isEmpty();
        }
    }

    @Test
    void aFullDisk_isNotFilledByWhatFails() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock.millis());
            assertThat(read(engine, "7", "")).hasSize(SAMPLES);
            long used = disk.usedBytes();
            disk.capacity(used + 5000);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(engine.metrics()::flushNow).isInstanceOf(IOException.class);
                assertThat(files(disk)).isEmpty();
            }
            disk.capacity(Long.MAX_VALUE);
            engine.metrics().flushNow();
            disk.capacity(disk.usedBytes() + 5000);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(engine.metrics()::maintainNow).isInstanceOf(IOException.class);
                assertThat(files(disk)).hasSize(1);
            }
            disk.capacity(Long.MAX_VALUE);
            engine.metrics().maintainNow();
            assertThat(files(disk)).hasSize(1);
            assertThat(read(engine, "7", "")).hasSize(SAMPLES);
        }
    }

    @Test
    void eachForceOfAFlushAndOfABlock_thatFails_leavesNoFileBehind() throws Exception {
        for (int force = 0; force < FLUSH_FORCES + BLOCK_FORCES; force++) {
            CrashDisk disk = new CrashDisk();
            SimulatedClock clock = new SimulatedClock();
            try (Engine engine = EngineFixture.open(disk, clock)) {
                write(engine, clock.millis());
                assertThat(read(engine, "7", "")).hasSize(SAMPLES);
                disk.failForces(force, 1);
                assertThatThrownBy(engine.metrics()::maintainNow)
                        .as("force %d", force)
                        .isInstanceOf(IOException.class);
                engine.metrics().maintainNow();
                assertThat(files(disk)).as("force %d", force).hasSize(1);
                assertThat(engine.status().metrics().blocks()).isEqualTo(1);
                assertThat(read(engine, "7", "")).hasSize(SAMPLES);
            }
            try (Engine engine = EngineFixture.open(disk, clock)) {
                assertThat(read(engine, "7", "")).hasSize(SAMPLES);
                assertThat(engine.status().metrics().damage()).isEmpty();
            }
        }
    }

    private static void writeFar(Engine engine) {
        SampleBatch.Builder batch = new SampleBatch.Builder(1);
        batch.add(engine.seriesResolver().resolve(8, 1, Labels.of("i", "8")), FAR, 1);
        engine.append(batch.build(), "");
    }

    @Test
    void aSampleFarAhead_doesNotKeepTheOthersOfItsBlock() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock.millis());
            writeFar(engine);
            engine.metrics().maintainNow();
            clock.advance(Duration.ofDays(92));
            engine.metrics().maintainNow();
            assertThat(read(engine, "7", "")).isEmpty();
            assertThat(read(engine, "8", "")).containsOnlyKeys(FAR);
        }
    }

    @Test
    void aSampleFarAhead_doesNotKeepTheOthersOfItsSpill() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock.millis());
            writeFar(engine);
            engine.metrics().flushNow();
            clock.advance(Duration.ofDays(92));
            Await.until("expiry", () -> read(engine, "7", "").isEmpty());
            assertThat(read(engine, "8", "")).containsOnlyKeys(FAR);
        }
    }

    @Test
    void samplesOfManyDaysFarAhead_areInOneBlock() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            SampleBatch.Builder batch = new SampleBatch.Builder(1);
            int series = engine.seriesResolver().resolve(9, 1, Labels.of("i", "9"));
            for (int i = 0; i < 1000; i++) {
                batch.add(series, FAR + i * 86_400_000L, i);
            }
            batch.add(series, clock.millis(), 7);
            engine.append(batch.build(), "");
            engine.metrics().maintainNow();
            assertThat(engine.status().metrics().blocks()).isEqualTo(2);
            assertThat(read(engine, "9", "")).hasSize(1001);
        }
    }

    @Test
    void deletions_areCarriedOut_inBlocksAndSpills() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        CrashDisk disk = new CrashDisk();
        List<List<LabelMatcher>> seven = List.of(List.of(LabelMatcher.equal("i", "7")));
        try (Engine engine = EngineFixture.open(disk, clock)) {
            long start = clock.millis();
            write(engine, start);
            engine.metrics().maintainNow();
            write(engine, start + 30_000);
            engine.metrics().flushNow();
            engine.deleteSeries(seven, start + 60_000, start + 120_000, "");
            assertThat(engine.status().metrics().samples()).isEqualTo(2 * SERIES * SAMPLES);
            engine.metrics().carryOutDeletions();
            assertThat(engine.status().metrics().samples()).isEqualTo(2 * SERIES * SAMPLES - 3);
            List<Path> before = files(disk);
            engine.metrics().carryOutDeletions();
            assertThat(files(disk)).as("once only").isEqualTo(before);
            assertThat(read(engine, "7", "")).hasSize(2 * SAMPLES - 3);
            assertThat(read(engine, "8", "")).hasSize(2 * SAMPLES);
        }
        try (Engine engine = EngineFixture.open(disk, clock)) {
            assertThat(read(engine, "7", "")).hasSize(2 * SAMPLES - 3);
        }
    }

    @Test
    void deletions_doNotHideThatSamplesWait() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            write(engine, clock.millis());
            engine.deleteSeries(
                    List.of(List.of(LabelMatcher.notEqual("i", "7"))), 0, Long.MAX_VALUE, "");
            SampleBatch.Builder batch = new SampleBatch.Builder(1);
            batch.add(
                    engine.seriesResolver().resolve(7, 1, Labels.of("i", "7")), clock.millis(), 7);
            Append waiting = engine.metrics().appendOf(batch.build(), "", null);
            engine.metrics().acknowledged(waiting);
            assertThat(engine.status().metrics().lagBytes()).isEqualTo(waiting.bodyLength());
        }
    }

    @Test
    void seriesOfALostRecordOfLabels_areLeftOut_andTheRestIsWrittenOn() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        Path path = METRICS.resolve("SERIES");
        int firstEnd;
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock.millis());
            engine.metrics().flushNow();
            firstEnd = disk.bytes(path).length;
            writeMany(engine, clock.millis(), "b");
            engine.metrics().flushNow();
        }
        disk.flip(path, firstEnd / 3);
        try (Engine engine = EngineFixture.open(disk, clock)) {
            writeMany(engine, clock.millis() + 1, "c");
            disk.failForces(2, 1);
            assertThatThrownBy(engine.metrics()::flushNow).isInstanceOf(IOException.class);
            engine.metrics().flushNow();
            check(engine);
        }
        try (Engine engine = EngineFixture.open(disk, clock)) {
            check(engine);
            assertThat(engine.status().metrics().damage()).isEmpty();
        }
    }

    private static void writeMany(Engine engine, long time, String name) {
        SampleBatch.Builder batch = new SampleBatch.Builder(500);
        for (int i = 0; i < 500; i++) {
            Labels labels = Labels.of("__name__", name, "i", "" + i, "k", name + i);
            batch.add(engine.seriesResolver().resolve(labels.stableHash(), 3, labels), time, i);
        }
        engine.append(batch.build(), "");
    }

    /* By labels, of series of which no label is lost: b has values of `i` that stood in the record. */
    private static void check(Engine engine) {
        List<Labels> found =
                engine.metrics()
                        .series(
                                List.of(List.of(LabelMatcher.notEqual("k", ""))),
                                0,
                                Long.MAX_VALUE,
                                0);
        assertThat(found).isSorted().hasSize(500 + 500 - SERIES);
        assertThat(found.stream().filter(labels -> labels.metricName().equals("c"))).hasSize(500);
    }
}

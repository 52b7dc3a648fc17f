package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.CorruptFileException;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.store.Cardinality;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the metric store keeps in files: damage to them, forces left out, age, too many series. */
class MetricStoreFilesTest {
    static final Path METRICS = EngineFixture.FOLDER.resolve("metrics");
    static final int SERIES = 200;
    static final int SAMPLES = 40;

    /* Spill, folder, series, manifest. */
    private static final int SPILL_FORCES = 4;

    static void write(Engine engine, long start) {
        for (int at = 0; at < SAMPLES; at++) {
            SampleBatch.Builder batch = new SampleBatch.Builder(SERIES);
            for (int i = 0; i < SERIES; i++) {
                Labels labels = Labels.of("__name__", "m", "i", "" + i);
                int series = engine.seriesResolver().resolve(i, 1, labels);
                batch.add(series, start + at * 60_000L, i * 1000.0 + at);
            }
            engine.append(batch.build(), "");
        }
    }

    static TreeMap<Long, Double> read(Engine engine, String number, String function) {
        SeriesSource.Hints hints =
                new SeriesSource.Hints(0, 3_600_000, 0, function, List.of(), false);
        TreeMap<Long, Double> found = new TreeMap<>();
        try (SeriesSource.Selection selection =
                        engine.metrics()
                                .select(
                                        List.of(LabelMatcher.equal("i", number)),
                                        0,
                                        Long.MAX_VALUE / 2,
                                        hints);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            for (SeriesSamples one = cursor.next(); one != null; one = cursor.next()) {
                for (int i = 0; i < one.size(); i++) {
                    found.put(one.timestampsMillis()[i], one.values()[i]);
                }
            }
        }
        return found;
    }

    /* What is wrong, or null. */
    private static @Nullable String problem(CrashDisk disk) {
        try (Engine engine = EngineFixture.open(disk, new SimulatedClock())) {
            for (int i = 0; i < SERIES; i++) {
                if (read(engine, "" + i, "").size() != SAMPLES) {
                    return "series " + i + " has other samples";
                }
            }
            List<String> damage = engine.status().metrics().damage();
            return damage.isEmpty() ? null : damage.toString();
        } catch (IOException | RuntimeException failure) {
            return failure.toString();
        }
    }

    @Test
    void eachForceOfASpill_removed_losesSamplesOrDamagesFiles() throws Exception {
        SplittableRandom random = Seeds.random("spill forces");
        for (int force = 0; force < SPILL_FORCES; force++) {
            boolean noticed = false;
            /* In a life the other store may still hold the journal, from which lost samples come again. */
            for (int life = 0; life < 20 && !noticed; life++) {
                noticed = isNoticed(force, random);
            }
            assertThat(noticed).as("force %s of a spill was removed", force).isTrue();
        }
    }

    private static boolean isNoticed(int force, SplittableRandom random) throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock.instant().toEpochMilli());
            assertThat(read(engine, "7", "")).hasSize(SAMPLES);
            assertThat(EngineFixture.all(engine)).isEmpty(); // Else events hold the journal.
            disk.dropForce(disk.forces() + force);
            engine.metrics().flushNow();
            for (int attempt = 0; attempt < 20; attempt++) {
                if (problem(disk.crash(random.nextLong())) != null) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void whatAStartReadsAgain_isBounded() throws Exception {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        EngineConfig config = EngineFixture.config(disk, EngineFixture.FOLDER, clock);
        EngineConfig small = config.withMetrics(config.metrics().withTailBytes(16 << 10));
        /* 12 bytes each. */
        int headMax = 2000;
        try (Engine engine = Engine.open(small)) {
            for (int at = 0; at < 10; at++) {
                write(engine, clock.instant().toEpochMilli() + at * 3_600_000L);
                long flushes = at + 1;
                Await.until("a flush", () -> engine.status().metrics().flushes() >= flushes);
            }
            Await.until("the last", () -> engine.status().metrics().headSamples() < headMax);
        }
        try (Engine engine = Engine.open(small)) {
            assertThat(read(engine, "7", "")).hasSize(10 * SAMPLES);
            assertThat(engine.status().metrics().headSamples()).isLessThan(headMax);
        }
    }

    private static CrashDisk filled(boolean asBlocks) throws IOException {
        CrashDisk disk = new CrashDisk();
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(disk, clock)) {
            write(engine, clock.instant().toEpochMilli());
            if (asBlocks) {
                engine.metrics().maintainNow();
            } else {
                engine.metrics().flushNow();
            }
        }
        assertThat(problem(disk)).isNull();
        return disk;
    }

    static Path file(CrashDisk disk, String ending) {
        return disk.list(METRICS).stream()
                .filter(path -> path.toString().endsWith(ending))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void damage_isReported_andTheRestIsRead() throws Exception {
        for (String ending : List.of(".spill", ".block", "SERIES")) {
            CrashDisk disk = filled(!ending.equals(".spill"));
            Path path = file(disk, ending);
            disk.flip(path, disk.bytes(path).length / 3);
            try (Engine engine = EngineFixture.open(disk, new SimulatedClock())) {
                int whole = 0;
                for (int i = 0; i < SERIES; i++) {
                    whole += read(engine, "" + i, "").size() == SAMPLES ? 1 : 0;
                }
                assertThat(whole).as(ending).isLessThan(SERIES);
                assertThat(engine.status().metrics().damage()).as(ending).isNotEmpty();
                write(engine, 2_000_000_000_000L);
                assertThat(read(engine, "5", "")).as(ending).hasSizeGreaterThanOrEqualTo(SAMPLES);
            }
        }
    }

    @Test
    void aManifestOfAnotherKind_isRefused_andItsTornEndIsCut() throws Exception {
        CrashDisk disk = filled(true);
        Path path = METRICS.resolve("MANIFEST");
        disk.corrupt(path, disk.bytes(path).length, new byte[] {1, 2, 3});
        assertThat(problem(disk)).isNull();
        disk.flip(path, 3);
        assertThatThrownBy(() -> EngineFixture.open(disk, new SimulatedClock()))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("BELFRYT2");
    }

    @Test
    void oldSamples_go_andTheirSeriesAfterThem() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            write(engine, clock.instant().toEpochMilli());
            engine.metrics().maintainNow();
            clock.advance(Duration.ofDays(89));
            engine.metrics().maintainNow();
            assertThat(read(engine, "7", "")).hasSize(SAMPLES);
            clock.advance(Duration.ofDays(3));
            engine.metrics().maintainNow();
            assertThat(read(engine, "7", "")).isEmpty();
            assertThat(engine.status().metrics().blocks()).isZero();
            engine.metrics().forgetIdleNow();
            engine.metrics().forgetIdleNow();
            assertThat(engine.status().metrics().series()).isZero();
        }
    }

    @Test
    void tooManySeries_areRefused_andCountsSayOfWhat() throws Exception {
        EngineConfig config =
                EngineFixture.config(new CrashDisk(), EngineFixture.FOLDER, new SimulatedClock());
        MetricStoreConfig.Limits limits = new MetricStoreConfig.Limits(100, 20, 30, 1000);
        EngineConfig limited = config.withMetrics(config.metrics().withLimits(limits));
        try (Engine engine = Engine.open(limited)) {
            for (int i = 0; i < 20; i++) {
                resolve(engine, "a", "j" + i % 2, i);
            }
            assertThatThrownBy(() -> resolve(engine, "a", "j0", 20))
                    .isInstanceOf(BelfryException.class)
                    .hasMessageContaining("metric a: 20 series of this metric already")
                    .hasMessageContaining("label i has 20 values");
            for (int i = 0; i < 20; i++) {
                resolve(engine, "b", "j0", i);
            }
            assertThatThrownBy(() -> resolve(engine, "c", "j0", 1))
                    .hasMessageContaining("30 series with job=\"j0\" already");
            assertThat(resolve(engine, "a", "j0", 0)).isZero();
            Cardinality cardinality = engine.metrics().cardinality(2);
            assertThat(cardinality.series()).isEqualTo(40);
            assertThat(cardinality.seriesByMetric())
                    .containsExactly(
                            new Cardinality.Count("a", 20), new Cardinality.Count("b", 20));
            assertThat(cardinality.valuesByLabel().getFirst())
                    .isEqualTo(new Cardinality.Count("i", 20));
            assertThat(cardinality.seriesByPair().getFirst())
                    .isEqualTo(new Cardinality.Count("job=j0", 30));
            assertThat(cardinality.createdInTheLastHour()).isEqualTo(40);
        }
    }

    private static int resolve(Engine engine, String name, String job, int number) {
        Labels labels = Labels.of("__name__", name, "job", job, "i", "" + number);
        return engine.seriesResolver().resolve(labels.stableHash(), labels.hashCode(), labels);
    }
}

package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch.SeriesExemplar;
import dev.belfry.model.series.SeriesDeletion;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.store.block.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/**
 * Files that earlier versions wrote are read for ever: one of each kind for each version. New ones
 * are written by {@link #main}.
 */
final class GoldenMetricFilesTest {
    private static final int SERIES = 30;
    private static final int SAMPLES = 20;
    private static final BlockMeta SPILL =
            new BlockMeta("spill", true, time(0), time(19), 17, 99, 0, 30, 600, 1234, time(20), 3);
    private static final BlockMeta BLOCK =
            new BlockMeta("000000000007", false, -5, 70, 3, 17, 300_000, 8, 999, 55, 60, 2);

    @TempDir Path folder;

    /** Writes the files of the present version into the folder that is named. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Spill.write(Disk.real(), folder.resolve("spill"), generation());
        try (MetricManifest manifest = MetricManifest.open(Disk.real(), folder)) {
            writeManifest(manifest);
        }
        Parts parts = new Parts();
        try (SeriesLog log = parts.open(folder)) {
            parts.write(log);
        }
    }

    private void take(String golden, String name) throws IOException {
        try (InputStream bytes = GoldenMetricFilesTest.class.getResourceAsStream(golden)) {
            assertThat(bytes).isNotNull();
            Files.copy(bytes, folder.resolve(name));
        }
    }

    private static long time(int at) {
        return 1_700_000_000_000L + 15_000L * at;
    }

    /* Each form of a value: the same, whole numbers of each width, others, histograms. */
    private static double value(int series, int at) {
        return switch (series % 6) {
            case 0 -> 5;
            case 1 -> at % 2 == 0 ? at : -at;
            case 2 -> at * 300.0;
            case 3 -> at * at * 40_000.0;
            case 4 -> at * 70_000_000.0;
            default -> Math.sqrt(at + series);
        };
    }

    private static FloatHistogram histogram(int at) {
        return new FloatHistogram(
                3,
                FloatHistogram.ResetHint.UNKNOWN,
                3 + at,
                1.5 * at,
                1e-128,
                1,
                new int[] {-2, 4},
                new double[] {1, 1 + at},
                new int[0],
                new double[0],
                new double[0]);
    }

    private static boolean isHistogram(int series, int at) {
        return series % 10 == 9 && at % 3 != 0;
    }

    private static Generation generation() {
        Generation generation = new Generation(new PagePool(1 << 20), 17);
        for (int at = 0; at < SAMPLES; at++) {
            for (int series = 0; series < SERIES; series++) {
                if (isHistogram(series, at)) {
                    generation.add(series, time(at), histogram(at));
                } else {
                    generation.add(series, time(at), value(series, at));
                }
            }
        }
        generation.added(SERIES * SAMPLES, time(0), time(SAMPLES - 1), time(SAMPLES));
        return generation;
    }

    @Test
    void spillOfVersion1_readsBack() throws IOException {
        take("spill-v1.spill", "spill");
        List<Object> damage = new ArrayList<>();
        try (Spill spill = Spill.open(Disk.real(), folder.resolve("spill"), SPILL, damage::add)) {
            Samples samples = new Samples();
            for (int series = 0; series < SERIES; series++) {
                samples.clear();
                spill.read(series, 0, Long.MAX_VALUE, samples, new View.Scratch());
                assertThat(samples.size()).isEqualTo(SAMPLES);
                for (int at = 0; at < SAMPLES; at++) {
                    assertThat(samples.times()[at]).isEqualTo(time(at));
                    if (isHistogram(series, at)) {
                        assertThat(samples.histograms()[at]).isEqualTo(histogram(at));
                    } else {
                        assertThat(samples.values()[at]).isEqualTo(value(series, at));
                    }
                }
            }
        }
        assertThat(damage).isEmpty();
    }

    private static void writeManifest(MetricManifest manifest) throws IOException {
        Deletion tombstone =
                new Deletion(4, 88, new SeriesDeletion(new int[] {1, 5, 6}, 1000, 2000));
        BlockMeta gone = new BlockMeta("000000000001", true, 0, 1, 2, 3, 0, 5, 6, 7, 8, 9);
        manifest.commit(
                new MetricManifest.Change(
                        List.of(gone, SPILL),
                        List.of(),
                        List.of(tombstone),
                        List.of(),
                        77,
                        9,
                        1000,
                        new SeriesLog.End(2, 3000)));
        manifest.commit(manifest.change(List.of(BLOCK), List.of(gone.name()), List.of(3L)));
    }

    @Test
    void manifestOfVersion2_readsBack() throws IOException {
        take("manifest-v2", "MANIFEST");
        try (MetricManifest manifest = MetricManifest.open(Disk.real(), folder)) {
            assertThat(manifest.damage()).isEmpty();
            assertThat(manifest.blocks()).containsExactly(SPILL, BLOCK);
            assertThat(manifest.replayFrom()).isEqualTo(77);
            assertThat(manifest.seriesEnd()).isEqualTo(9);
            assertThat(manifest.samplesEver()).isEqualTo(1000);
            assertThat(manifest.seriesLog()).isEqualTo(new SeriesLog.End(2, 3000));
            Deletion tombstone = manifest.tombstones().getFirst();
            assertThat(tombstone.number()).isEqualTo(4);
            assertThat(tombstone.concerns(6, 88)).isTrue();
            assertThat(tombstone.concerns(6, 89)).isFalse();
            assertThat(tombstone.deletion().startMillis()).isEqualTo(1000);
            assertThat(tombstone.deletion().endMillis()).isEqualTo(2000);
        }
    }

    /* What the series' log is a copy of. */
    private static final class Parts {
        final SeriesIndex index = new SeriesIndex(MetricStoreConfig.STANDARD.limits(), 7, () -> {});
        final Families families = new Families();
        final ExemplarRing exemplars = new ExemplarRing(10);

        SeriesLog open(Path folder) throws IOException {
            return SeriesLog.open(
                    Disk.real(), folder, index, families, exemplars, SeriesLog.End.NONE);
        }

        /* A record of each kind. */
        void write(SeriesLog log) throws IOException {
            for (int i = 0; i < 5; i++) {
                index.known().add(index.resolve(i, 1, labels(i)));
            }
            families.add(family());
            exemplars.add(exemplar(0));
            log.append(new RoaringBitmap());
            RoaringBitmap gone = RoaringBitmap.bitmapOf(1);
            index.remove(gone);
            exemplars.remove(new SeriesDeletion(new int[] {2}, 0, 1000));
            exemplars.add(exemplar(1));
            log.append(gone);
        }
    }

    private static Labels labels(int number) {
        return Labels.of("__name__", "größe", "i", "" + number, "k" + number, "v");
    }

    private static MetricMetadata family() {
        return new MetricMetadata("größe", MetricType.HISTOGRAM, "s", "How large.");
    }

    private static SeriesExemplar exemplar(int number) {
        return new SeriesExemplar(
                2, new Exemplar(Labels.of("trace_id", "ab"), 0.5, 1000L + number));
    }

    @Test
    void seriesOfVersion2_readBack() throws IOException {
        take("series-v2", "SERIES");
        Parts parts = new Parts();
        try (SeriesLog log = parts.open(folder)) {
            assertThat(log.damage()).isEmpty();
            assertThat(log.end().rewrites()).isEqualTo(1);
        }
        assertThat(parts.index.allSeries()).isEqualTo(RoaringBitmap.bitmapOf(0, 2, 3, 4));
        for (int i : new int[] {0, 2, 3, 4}) {
            assertThat(parts.index.labels(i)).isEqualTo(labels(i));
        }
        assertThat(parts.families.list(null)).containsExactly(family());
        assertThat(parts.exemplars.since(0)).containsExactly(exemplar(1));
    }
}

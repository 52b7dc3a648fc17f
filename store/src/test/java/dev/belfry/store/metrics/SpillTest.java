package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.store.block.Samples;
import dev.belfry.testkit.CrashDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Open samples in a file: what is damaged in it is left out, the rest is read. */
final class SpillTest {
    private static final Path PATH = Path.of("/metrics/000000000007.spill");
    private static final int SERIES = 20;
    private static final int SAMPLES = 400;

    /* Numbers in the even series, histograms in the odd ones. */
    private static Generation generation() {
        Generation generation = new Generation(new PagePool(1 << 20), 17);
        for (int at = 0; at < SAMPLES; at++) {
            for (int series = 0; series < SERIES; series++) {
                if (series % 2 == 0) {
                    generation.add(series, time(at), value(series, at));
                } else {
                    generation.add(series, time(at), histogram(series, at));
                }
            }
        }
        generation.added(SERIES * SAMPLES, time(0), time(SAMPLES - 1), time(SAMPLES));
        return generation;
    }

    private static long time(int at) {
        return 1_700_000_000_000L + 15_000L * at;
    }

    private static double value(int series, int at) {
        return series * 1000 + at / 8.0;
    }

    private static FloatHistogram histogram(int series, int at) {
        int[] indexes = new int[40];
        double[] counts = new double[40];
        Arrays.setAll(indexes, i -> 3 * i);
        Arrays.setAll(counts, i -> i * (at + 1.0));
        return new FloatHistogram(
                3,
                FloatHistogram.ResetHint.UNKNOWN,
                820.0 * (at + 1),
                series + at / 4.0,
                1e-128,
                0,
                indexes,
                counts,
                new int[0],
                new double[0],
                new double[0]);
    }

    private static CrashDisk written() throws IOException {
        CrashDisk disk = new CrashDisk();
        disk.createFolders(PATH.getParent());
        Spill.write(disk, PATH, generation());
        return disk;
    }

    private static Spill open(CrashDisk disk, List<CorruptFileException> damage)
            throws IOException {
        BlockMeta meta =
                new BlockMeta(
                        "000000000007",
                        true,
                        time(0),
                        time(SAMPLES - 1),
                        17,
                        99,
                        0,
                        SERIES,
                        SERIES * SAMPLES,
                        0,
                        time(SAMPLES),
                        0);
        return Spill.open(disk, PATH, meta, damage::add);
    }

    /* How many samples there are; each is what was written. */
    private static int read(Spill spill) {
        Samples samples = new Samples();
        int count = 0;
        for (int series = 0; series < SERIES; series++) {
            samples.clear();
            spill.read(series, Long.MIN_VALUE, Long.MAX_VALUE, samples, new View.Scratch());
            for (int i = 0; i < samples.size(); i++) {
                int at = (int) ((samples.times()[i] - time(0)) / 15_000);
                if (series % 2 == 0) {
                    assertThat(samples.values()[i]).isEqualTo(value(series, at));
                } else {
                    assertThat(samples.histograms()[i]).isEqualTo(histogram(series, at));
                }
            }
            count += samples.size();
        }
        return count;
    }

    @Test
    void file_readsBack() throws IOException {
        List<CorruptFileException> damage = new ArrayList<>();
        try (Spill spill = open(written(), damage)) {
            assertThat(read(spill)).isEqualTo(SERIES * SAMPLES);
        }
        assertThat(damage).isEmpty();
    }

    @Test
    void aDamagedStripe_takesItsSamplesAway_andIsReported() throws IOException {
        int stripes = written().bytes(PATH).length / Spill.STRIPE_BYTES;
        assertThat(stripes).isGreaterThan(3);
        for (int stripe = 0; stripe < stripes; stripe++) {
            CrashDisk disk = written();
            byte[] bad = new byte[Spill.STRIPE_BYTES - 8];
            Arrays.fill(bad, (byte) 0xFF);
            disk.corrupt(PATH, (long) stripe * Spill.STRIPE_BYTES + 8, bad);
            List<CorruptFileException> damage = new ArrayList<>();
            try (Spill spill = open(disk, damage)) {
                int left = read(spill);
                assertThat(left).as("stripe %d", stripe).isLessThan(SERIES * SAMPLES);
                assertThat(left).as("stripe %d", stripe).isPositive();
                assertThat(damage).as("stripe %d", stripe).hasSize(1);
            }
        }
    }

    @Test
    void aHistogramThatEndsInADamagedStripe_isLeftOut() throws IOException {
        int stripes = written().bytes(PATH).length / Spill.STRIPE_BYTES;
        for (int stripe = 2; stripe < stripes; stripe++) {
            CrashDisk disk = written();
            disk.corrupt(PATH, (long) stripe * Spill.STRIPE_BYTES, new byte[] {1, 2, 3, 4, 5, 6});
            try (Spill spill = open(disk, new ArrayList<>())) {
                assertThat(read(spill)).as("stripe %d", stripe).isLessThan(SERIES * SAMPLES);
            }
        }
    }
}

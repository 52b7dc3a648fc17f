package dev.belfry.store.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.StaleNaN;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Blocks written by earlier versions are read for ever: one file for each version. A new one is
 * written by {@link #main}.
 */
final class GoldenBlockTest {
    @Test
    void blockOfVersion1_readsBack() throws IOException, URISyntaxException {
        check("block-v1.block", 1, 1_700_008_985_000L);
    }

    @Test
    void blockOfVersion2_readsBack() throws IOException, URISyntaxException {
        check("block-v2.block", 2, 1_700_022_485_000L);
    }

    private static void check(String name, int version, long maxMillis)
            throws IOException, URISyntaxException {
        Path path = Path.of(GoldenBlockTest.class.getResource(name).toURI());
        try (Block block =
                Block.open(
                        Disk.real(),
                        path,
                        damage -> {
                            throw new AssertionError(damage);
                        })) {
            assertThat(block.info())
                    .isEqualTo(
                            new BlockInfo(
                                    1_700_000_000_000L,
                                    maxMillis,
                                    17,
                                    99,
                                    0,
                                    30,
                                    30,
                                    30 * count(version)));
            model(version).check(block, Long.MIN_VALUE, Long.MAX_VALUE);
            block.labels(
                    (series, labels) -> assertThat(labels).isEqualTo(SeriesModel.labels(series)));
        }
    }

    private static int count(int version) {
        return version == 1 ? 600 : 1500;
    }

    /* Every form of every column: constant, packed, coded, smoothed, in segments; decimals, bits, exceptions. */
    private static SeriesModel model(int version) {
        int count = count(version);
        SeriesModel model = new SeriesModel();
        for (int series = 0; series < 30; series++) {
            long[] times = new long[count];
            double[] values = new double[count];
            FloatHistogram[] rows = new FloatHistogram[count];
            long noise = 88172645463325252L + series;
            for (int i = 0; i < count; i++) {
                noise ^= noise << 13;
                noise ^= noise >>> 7;
                noise ^= noise << 17;
                times[i] = 1_700_000_000_000L + 15_000L * i - (series == 1 && i % 9 == 4 ? 3 : 0);
                values[i] = value(version, series, i, noise, i == 0 ? 0 : values[i - 1]);
                if (series == 2 && i != 300) {
                    rows[i] = histogram(i, noise);
                }
            }
            model.put(series * 3, times, values, rows);
        }
        return model;
    }

    private static double value(int version, int series, int i, long noise, double before) {
        if (version > 1 && series % 10 == 6) {
            return (noise & 63)
                    + (noise >> 8 & 63)
                    + (noise >> 16 & 63)
                    + Math.abs(i % 1400 - 700) / 7;
        }
        if (version > 1 && series % 10 == 7) {
            return (noise & 255) + (noise >> 8 & 255);
        }
        if (version > 1 && series % 10 == 9) {
            return before + (noise & 63) + (noise >> 8 & 63) + 2L * Math.abs(i % 400 - 200);
        }
        return switch (series % 10) {
            case 0 -> 0.1;
            case 1 -> i % 100 == 50 ? Double.longBitsToDouble(noise) : (noise & 0xFFF) / 100.0;
            case 2 -> StaleNaN.VALUE;
            case 8 -> series < 10 ? Double.longBitsToDouble(noise) : before + (noise & 1023);
            case 9 -> before + (noise & 7) + 20 * (1 + i / 100) % 70;
            default -> before + (noise & 255) % (series % 10);
        };
    }

    private static FloatHistogram histogram(int i, long noise) {
        boolean custom = i > 400;
        return new FloatHistogram(
                custom ? FloatHistogram.CUSTOM : 3,
                FloatHistogram.ResetHint.values()[i % 4],
                i % 50 == 0 ? 0.5 : 6.0 + 3 * i,
                noise / 1e9,
                custom ? 0 : 1e-128,
                custom ? 0 : 1,
                custom ? new int[] {0, 1} : new int[] {-7, 3, 12},
                custom ? new double[] {i, 2 * i} : new double[] {i, i, i + 2.0},
                custom ? new int[0] : new int[] {2},
                custom ? new double[0] : new double[] {3},
                custom ? new double[] {0.25, 1} : new double[0]);
    }

    /** Writes the file of the current version into the folder given. */
    public static void main(String[] arguments) throws IOException {
        model(BlockFormat.VERSION)
                .write(Path.of(arguments[0], "block-v" + BlockFormat.VERSION + ".block"), 17, 99);
    }
}

package dev.belfry.store.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownsamplerTest {
    private static final long FIVE_MINUTES = 300_000;
    private static final long HOUR = 3_600_000;
    private static final int COUNT = 2000;

    @TempDir Path folder;
    private final long[] times = new long[COUNT];
    private final double[] values = new double[COUNT];

    private Block write(String name, int from, int to, int offset) throws IOException {
        Path path = folder.resolve(name);
        try (BlockWriter writer = BlockWriter.create(Disk.real(), path)) {
            Labels labels = Labels.of("__name__", "c_total");
            SeriesOrder order = SeriesOrder.of(4, labels);
            writer.series(order, labels);
            writer.add(order, times, values, null, from, to);
            writer.finish(offset, offset + 1, 0);
        }
        return open(path);
    }

    private static Block open(Path path) throws IOException {
        return Block.open(
                Disk.real(),
                path,
                damage -> {
                    throw new AssertionError(damage);
                });
    }

    private Block tier(Block of, long millis, String name) throws IOException {
        Path path = folder.resolve(name);
        assertThat(Downsampler.downsample(Disk.real(), of, millis, path)).isNotNull();
        return open(path);
    }

    private void counter(SplittableRandom random) {
        double value = 0;
        for (int i = 0; i < COUNT; i++) {
            times[i] = 15_000L * (i + 1) + random.nextInt(9);
            value = random.nextInt(100) == 0 ? random.nextInt(5) : value + random.nextInt(50);
            values[i] = value;
        }
    }

    private static TierSteps steps(Block block) {
        TierSteps steps = new TierSteps();
        new BlockReader()
                .readSteps(
                        block,
                        4,
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        steps,
                        (_, _, _, _, _) -> {
                            throw new AssertionError("histograms");
                        });
        return steps;
    }

    private void check(TierSteps steps, long tier) {
        for (int step = 0; step < steps.size(); step++) {
            long end = steps.times()[step];
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            double dropped = 0;
            int count = 0;
            double first = 0;
            double last = 0;
            for (int i = 0; i < COUNT; i++) {
                if (times[i] > end - tier && times[i] <= end) {
                    min = Math.min(min, values[i]);
                    max = Math.max(max, values[i]);
                    sum += values[i];
                    dropped += count > 0 && values[i] < last ? last : 0;
                    first = count == 0 ? values[i] : first;
                    last = values[i];
                    count++;
                }
            }
            assertThat(steps.column(Aggregate.MIN)[step]).isEqualTo(min);
            assertThat(steps.column(Aggregate.MAX)[step]).isEqualTo(max);
            assertThat(steps.column(Aggregate.SUM)[step]).isEqualTo(sum);
            assertThat(steps.column(Aggregate.COUNT)[step]).isEqualTo(count);
            assertThat(steps.column(Aggregate.FIRST)[step]).isEqualTo(first);
            assertThat(steps.column(Aggregate.LAST)[step]).isEqualTo(last);
            assertThat(steps.column(Aggregate.DROPPED)[step]).isEqualTo(dropped);
        }
        double all = 0;
        for (int step = 0; step < steps.size(); step++) {
            all += steps.column(Aggregate.COUNT)[step];
        }
        assertThat(all).isEqualTo(COUNT);
    }

    @Test
    void tiers_ofSamplesAndOfTiers_haveWhatTheirStepsHad() throws IOException {
        counter(Seeds.random("tiers"));
        try (Block raw = write("raw", 0, COUNT, 0);
                Block fine = tier(raw, FIVE_MINUTES, "fine");
                Block coarse = tier(fine, HOUR, "coarse")) {
            assertThat(fine.info().tierMillis()).isEqualTo(FIVE_MINUTES);
            check(steps(fine), FIVE_MINUTES);
            check(steps(coarse), HOUR);
        }
    }

    @Test
    void tiersOfTwoBlocks_merged_areThoseOfAllSamples() throws IOException {
        counter(Seeds.random("two"));
        int cut = 1234;
        try (Block first = write("first", 0, cut, 0);
                Block second = write("second", cut, COUNT, 1);
                Block a = tier(first, FIVE_MINUTES, "a");
                Block b = tier(second, FIVE_MINUTES, "b")) {
            Path path = folder.resolve("merged");
            BlockMerger.merge(Disk.real(), List.of(b, a), List.of(), path);
            try (Block merged = open(path)) {
                assertThat(merged.info().tierMillis()).isEqualTo(FIVE_MINUTES);
                check(steps(merged), FIVE_MINUTES);
            }
        }
    }

    @Test
    void samplesOfSteps_answerAsTheSamplesDid() throws IOException {
        counter(Seeds.random("functions"));
        double grown = 0;
        for (int i = 1; i < COUNT; i++) {
            grown += values[i] - (values[i] < values[i - 1] ? 0 : values[i - 1]);
        }
        try (Block raw = write("raw", 0, COUNT, 0);
                Block fine = tier(raw, FIVE_MINUTES, "fine")) {
            TierSteps steps = steps(fine);
            TierSamples samples = new TierSamples();
            samples.make(steps, "rate", FIVE_MINUTES);
            double[] counter = samples.values();
            int size = samples.size();
            assertThat(counter[size - 1]).isEqualTo(values[COUNT - 1]);
            assertThat(counter[size - 1] - counter[0]).isCloseTo(grown, within(1e-6));
            assertThat(size).isGreaterThan(4 * steps.size() - 4);
            for (int i = 1; i < size; i++) {
                assertThat(counter[i]).isGreaterThanOrEqualTo(counter[i - 1]);
                assertThat(samples.times()[i]).isGreaterThan(samples.times()[i - 1]);
            }
            samples.make(steps, "count_over_time", HOUR);
            assertThat(samples.size()).isEqualTo(COUNT);
            samples.make(steps, "max_over_time", HOUR);
            assertThat(samples.size()).isEqualTo(steps.size());
            assertThat(samples.values()[3]).isEqualTo(steps.column(Aggregate.MAX)[3]);
            samples.make(steps, "", 0);
            for (int i = 1; i < samples.size(); i++) {
                assertThat(samples.times()[i] - samples.times()[i - 1]).isLessThan(FIVE_MINUTES);
            }
        }
    }

    @Test
    void markersAndHistograms_keepLastHistogramAndNoMarker() throws IOException {
        FloatHistogram[] rows = new FloatHistogram[COUNT];
        for (int i = 0; i < COUNT; i++) {
            times[i] = 15_000L * (i + 1);
            values[i] = StaleNaN.VALUE;
            rows[i] =
                    i % 21 == 0
                            ? null
                            : new FloatHistogram(
                                    0,
                                    FloatHistogram.ResetHint.UNKNOWN,
                                    i,
                                    i,
                                    0,
                                    0,
                                    new int[] {1},
                                    new double[] {i},
                                    new int[0],
                                    new double[0],
                                    new double[0]);
        }
        Path path = folder.resolve("rows");
        Labels labels = Labels.of("__name__", "h");
        SeriesOrder order = SeriesOrder.of(4, labels);
        try (BlockWriter writer = BlockWriter.create(Disk.real(), path)) {
            writer.series(order, labels);
            writer.add(order, times, values, rows, 0, COUNT);
            writer.finish(0, 1, 0);
        }
        try (Block raw = open(path);
                Block fine = tier(raw, FIVE_MINUTES, "fine")) {
            Samples read = new Samples();
            TierSteps steps = new TierSteps();
            new BlockReader().readSteps(fine, 4, 0, Long.MAX_VALUE, steps, read);
            assertThat(steps.size()).isZero();
            assertThat(read.size()).isEqualTo(100);
            assertThat(read.times()[0]).isEqualTo(FIVE_MINUTES);
            assertThat(read.histograms()[0].count()).isEqualTo(19);
            assertThat(read.histograms()[1].count()).isEqualTo(39);
        }
    }

    @Test
    void tierThatIsNoMultiple_isRefused() throws IOException {
        counter(Seeds.random("multiple"));
        try (Block raw = write("raw", 0, COUNT, 0);
                Block fine = tier(raw, FIVE_MINUTES, "fine")) {
            assertThatThrownBy(() ->
                            Downsampler.downsample(
                                    Disk.real(), fine, 400_000, folder.resolve("odd")))
                    .hasMessage("tier: 400000 ms (expected: a multiple of 300000)");
        }
    }
}

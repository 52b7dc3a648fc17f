package dev.belfry.store.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockTest {
    @TempDir Path folder;
    private final List<CorruptFileException> damage = new ArrayList<>();

    @Test
    void block_ofAnySeries_givesThemBackInAnyRange() throws IOException {
        SplittableRandom random = Seeds.random("block");
        for (int round = 0; round < 8; round++) {
            SeriesModel model = SeriesModel.random(random, 1 + random.nextInt(300), round % 2 == 0);
            Path path = folder.resolve("block-" + round);
            BlockInfo written = model.write(path, 5, 9);
            try (Block block = Block.open(Disk.real(), path, damage::add)) {
                assertThat(block.info()).isEqualTo(written);
                assertThat(written.series()).isEqualTo(model.series().size());
                assertThat(written.samples()).isEqualTo(model.samples());
                assertThat(written.minMillis()).isEqualTo(model.minMillis());
                assertThat(written.maxMillis()).isEqualTo(model.maxMillis());
                List<Integer> told = new ArrayList<>();
                block.labels((series, labels) -> {
                    told.add(series);
                    assertThat(labels).isEqualTo(SeriesModel.labels(series));
                });
                assertThat(told).containsExactlyInAnyOrderElementsOf(model.series());
                Set<Integer> found = new TreeSet<>();
                block.series(found::add);
                assertThat(found).containsExactlyElementsOf(model.series());
                assertThat(block.has(model.series().getFirst())).isTrue();
                assertThat(block.has(1)).isFalse();
                assertThat(block.has(Integer.MAX_VALUE)).isFalse();
                model.check(block, Long.MIN_VALUE, Long.MAX_VALUE);
                for (int i = 0; i < 20; i++) {
                    long a = random.nextLong(written.minMillis() - 9, written.maxMillis() + 9);
                    model.check(block, a, a + random.nextLong(1 + written.maxMillis() - a + 9));
                }
            }
        }
        assertThat(damage).isEmpty();
    }

    @Test
    void windows_giveTheSamplesInThem_andNoOther() throws IOException {
        SplittableRandom random = Seeds.random("windows");
        windows(SeriesModel.random(random, 100, true), random);
        windows(SeriesModel.day(random, 60, 3), random);
        assertThat(damage).isEmpty();
    }

    private void windows(SeriesModel model, SplittableRandom random) throws IOException {
        Path path = folder.resolve("block");
        BlockInfo written = model.write(path, 5, 9);
        long span = written.maxMillis() - written.minMillis();
        int given = 0;
        try (Block block = Block.open(Disk.real(), path, damage::add)) {
            BlockReader reader = new BlockReader();
            BlockReader windowed = new BlockReader();
            for (int round = 0; round < 50; round++) {
                long start = written.minMillis() + random.nextLong(-span / 4 - 1, span / 2 + 1);
                long end = start + random.nextLong(span / 2 + 2);
                long step = 1 + random.nextLong(span / (1 + random.nextInt(100)) + 1);
                Windows windows = new Windows(start, step, random.nextLong(step));
                for (int series : model.series()) {
                    Samples all = new Samples();
                    reader.read(block, series, start, end, all);
                    Samples some = new Samples();
                    windowed.read(block, series, start, end, windows, some);
                    Samples wanted = new Samples();
                    for (int i = 0; i < all.size(); i++) {
                        if ((all.times()[i] - start) % step <= windows.lengthMillis()) {
                            wanted.take(all.times(), all.values(), all.histograms(), i, i + 1);
                        }
                    }
                    same(some, wanted);
                    given += some.size();
                }
            }
        }
        Files.delete(path);
        assertThat(given).isPositive();
    }

    private static void same(Samples found, Samples wanted) {
        assertThat(Arrays.copyOf(found.times(), found.size()))
                .containsExactly(Arrays.copyOf(wanted.times(), wanted.size()));
        FloatHistogram[] histograms = wanted.histograms();
        for (int i = 0; i < wanted.size(); i++) {
            if (histograms != null && histograms[i] != null) {
                assertThat(found.histograms()[i]).isEqualTo(histograms[i]);
            } else {
                assertThat(Double.doubleToRawLongBits(found.values()[i]))
                        .isEqualTo(Double.doubleToRawLongBits(wanted.values()[i]));
            }
        }
    }

    @Test
    void series_outOfOrder_areRefused() throws IOException {
        try (BlockWriter writer = BlockWriter.create(Disk.real(), folder.resolve("b"))) {
            Labels labels = Labels.of("__name__", "up");
            writer.series(SeriesOrder.of(7, labels), labels);
            assertThatThrownBy(() -> writer.series(SeriesOrder.of(7, labels), labels))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void samplesThatGoBack_areRefused() throws IOException {
        try (BlockWriter writer = BlockWriter.create(Disk.real(), folder.resolve("b"))) {
            SeriesOrder order = SeriesOrder.of(7, Labels.of("__name__", "up"));
            writer.add(order, new long[] {5, 6}, new double[2], null, 0, 2);
            writer.add(order, new long[] {6, 7}, new double[2], null, 0, 2);
            assertThatThrownBy(() -> writer.finish(0, 1, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("samples of series 7 do not ascend");
        }
    }

    /* Each class of bytes flipped: what survives, and that it is reported. */
    @Test
    void damagedByte_costsOnlyWhatItStandsFor_andIsReported() throws IOException {
        SplittableRandom random = Seeds.random("damage");
        SeriesModel model = SeriesModel.random(random, 60, true);
        Path path = folder.resolve("sound");
        model.write(path, 0, 1);
        byte[] sound = Files.readAllBytes(path);
        int silent = 0;
        int[] costs = new int[300];
        for (int round = 0; round < 300; round++) {
            byte[] broken = sound.clone();
            int at = round < 16 ? round : random.nextInt(sound.length);
            at = round >= 220 ? sound.length - 1 - random.nextInt(900) : at;
            broken[at] ^= (byte) (1 + random.nextInt(255));
            Path copy = folder.resolve("broken");
            Files.write(copy, broken);
            damage.clear();
            int wrong = 0;
            try (Block block = Block.open(Disk.real(), copy, damage::add)) {
                int[] told = {0};
                block.labels((_, _) -> told[0]++);
                for (int series : model.series()) {
                    wrong += model.missing(block, series);
                }
                if (wrong > 0 || told[0] < model.series().size()) {
                    assertThat(damage).as("byte %d of %d", at, sound.length).isNotEmpty();
                }
            }
            silent += damage.isEmpty() ? 1 : 0;
            costs[round] = wrong;
        }
        /* Mostly a chunk; but a column of times has many series, and a page of the directory all. */
        Arrays.sort(costs);
        assertThat(costs[200]).isLessThanOrEqualTo(10);
        /* Only the zeros behind the version, and copies of the directory, say nothing. */
        assertThat(silent).isLessThan(100);
    }

    @Test
    void truncatedBlock_isRefused_orReadByItsFirstDirectory() throws IOException {
        Path path = folder.resolve("sound");
        SeriesModel model = SeriesModel.random(Seeds.random("cut"), 20, false);
        model.write(path, 0, 1);
        byte[] sound = Files.readAllBytes(path);
        int opened = 0;
        for (int size = 0; size < sound.length; size += 1 + sound.length / 50) {
            Path copy = folder.resolve("cut");
            Files.write(copy, Arrays.copyOf(sound, size));
            damage.clear();
            try (Block block = Block.open(Disk.real(), copy, damage::add)) {
                opened++;
                assertThat(damage).isNotEmpty();
                model.check(block, Long.MIN_VALUE, Long.MAX_VALUE);
            } catch (CorruptFileException refused) {
                assertThat(refused).hasMessageContaining("cut at byte");
            }
        }
        assertThat(opened).isLessThan(10);
    }

    @Test
    void newerVersion_isRefusedWithBoth() throws IOException {
        Path path = folder.resolve("newer");
        byte[] bytes = new byte[4096];
        System.arraycopy("BELFRYB1".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, 8);
        bytes[8] = 3;
        Files.write(path, bytes);
        assertThatThrownBy(() -> Block.open(Disk.real(), path, damage::add))
                .hasMessageContaining("version 3 (expected: version 1 to 2)");
    }

    @Test
    void closedBlock_cannotBeAcquired() throws IOException {
        Path path = folder.resolve("b");
        SeriesModel.random(Seeds.random("use"), 3, false).write(path, 0, 1);
        Block block = Block.open(Disk.real(), path, damage::add);
        assertThat(block.acquire()).isTrue();
        block.close();
        assertThat(block.acquire()).isTrue();
        block.close();
        block.close();
        assertThat(block.acquire()).isFalse();
    }

    @Test
    void histogram_seriesOfOne_standInOneChunk() throws IOException {
        int count = 480;
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = 15_000L * i;
        }
        SplittableRandom random = Seeds.random("classic");
        double[][] buckets = new double[10][count];
        for (int bucket = 0; bucket < 10; bucket++) {
            for (int i = 0; i < count; i++) {
                double below = bucket == 0 ? 0 : buckets[bucket - 1][i];
                double grown =
                        i == 0
                                ? 0
                                : buckets[bucket][i - 1]
                                        - (bucket == 0 ? 0 : buckets[bucket - 1][i - 1]);
                buckets[bucket][i] = below + grown + (bucket < 7 ? random.nextInt(3) : 0);
            }
        }
        Path path = folder.resolve("h");
        try (BlockWriter writer = BlockWriter.create(Disk.real(), path)) {
            for (int bucket = 0; bucket < 10; bucket++) {
                String bound = bucket == 9 ? "+Inf" : "0." + bucket;
                Labels labels = Labels.of("__name__", "h_bucket", "le", bound);
                SeriesOrder order = SeriesOrder.of(bucket, labels);
                writer.series(order, labels);
                writer.add(order, times, buckets[bucket], null, 0, count);
            }
            assertThat(writer.finish(0, 1, 0).chunks()).isEqualTo(10);
        }
        try (Block block = Block.open(Disk.real(), path, damage::add)) {
            BlockReader reader = new BlockReader();
            for (int bucket : new int[] {9, 0, 5, 4, 6, 9, 9, 8}) {
                int expected = bucket;
                reader.read(
                        block,
                        bucket,
                        1,
                        Long.MAX_VALUE,
                        (t, values, h, from, to) -> {
                            assertThat(to - from).isEqualTo(count - 1);
                            assertThat(h).isNull();
                            for (int i = from; i < to; i++) {
                                assertThat(values[i]).isEqualTo(buckets[expected][i]);
                            }
                        });
            }
        }
        assertThat(Files.size(path)).isLessThan(480L * 10 * 2 / 8 + 1400);
    }

    @Test
    void merged_blocks_haveWhatTheLastOfEachSaid() throws IOException {
        SplittableRandom random = Seeds.random("merge");
        for (int round = 0; round < 16; round++) {
            SeriesModel all = new SeriesModel();
            List<Block> blocks = new ArrayList<>();
            List<Tombstone> tombstones = new ArrayList<>();
            int size = 1 + random.nextInt(40);
            int inputs = 1 + random.nextInt(5);
            for (int i = 0; i < inputs; i++) {
                SeriesModel model =
                        round % 2 == 0
                                ? SeriesModel.random(random, size, round % 4 == 0)
                                : SeriesModel.day(random, size, i);
                Path path = folder.resolve("in-" + round + "-" + i);
                model.write(path, i * 10, i * 10 + 10);
                blocks.add(Block.open(Disk.real(), path, damage::add));
                all.putAll(model);
                if (random.nextInt(3) == 0) {
                    long start = random.nextLong(all.minMillis(), all.maxMillis() + 1);
                    long end = start + random.nextLong(all.maxMillis() - start + 2);
                    int modulo = 1 + random.nextInt(3);
                    tombstones.add(new Tombstone(id -> id % modulo == 0, start, end, i * 10 + 10));
                    all.remove(id -> id % modulo == 0, start, end);
                }
            }
            if (random.nextBoolean()) {
                Collections.reverse(blocks);
            }
            Path path = folder.resolve("out-" + round);
            BlockInfo info = BlockMerger.merge(Disk.real(), blocks, tombstones, path);
            blocks.forEach(Block::close);
            if (all.samples() == 0) {
                assertThat(info).isNull();
                assertThat(path).doesNotExist();
                continue;
            }
            assertThat(info.fromOffset()).isEqualTo(0);
            assertThat(info.toOffset()).isEqualTo(inputs * 10L);
            assertThat(info.samples()).isEqualTo(all.samples());
            try (Block block = Block.open(Disk.real(), path, damage::add)) {
                all.check(block, Long.MIN_VALUE, Long.MAX_VALUE);
            }
        }
        assertThat(damage).isEmpty();
    }
}

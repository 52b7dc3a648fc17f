package dev.belfry.store.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.store.chunk.SampleShapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** Samples by series and time in plain maps, to compare blocks with. */
final class SeriesModel {
    /* A number's bits, or a histogram. */
    private final NavigableMap<Integer, NavigableMap<Long, Object>> samples = new TreeMap<>();

    /** Series of all shapes; some are those of histograms and share their times. */
    static SeriesModel random(SplittableRandom random, int series, boolean rows) {
        SeriesModel model = new SeriesModel();
        int count = 1 + random.nextInt(300);
        long[] shared = SampleShapes.times(random, count);
        for (int id = 0; id < series; id++) {
            if (random.nextInt(8) == 0) {
                continue;
            }
            int own = random.nextInt(20) == 0 ? 1 + random.nextInt(9000) : count;
            long[] times = random.nextInt(4) == 0 ? SampleShapes.times(random, own) : shared;
            double[] values = SampleShapes.values(random, times.length);
            FloatHistogram[] histograms =
                    rows && random.nextInt(6) == 0 && times.length < 400
                            ? SampleShapes.histograms(random, times.length)
                            : new FloatHistogram[times.length];
            model.put(id * 3, times, values, histograms);
        }
        if (model.samples.isEmpty()) {
            model.put(0, shared, new double[count], new FloatHistogram[count]);
        }
        return model;
    }

    /** A day's samples of each series, a little more than a merge copies, sometimes two blocks'. */
    static SeriesModel day(SplittableRandom random, int series, int day) {
        SeriesModel model = new SeriesModel();
        for (int id = 0; id < series; id++) {
            int count = 2040 + random.nextInt(20);
            long[] times = new long[count];
            for (int i = 0; i < count; i++) {
                times[i] = 86_400_000L * day + 42_000L * i + (random.nextInt(500) == 0 ? 1 : 0);
            }
            double[] values = SampleShapes.values(random, count);
            model.put(id * 3, times, values, new FloatHistogram[count]);
        }
        return model;
    }

    void put(int series, long[] times, double[] values, FloatHistogram[] rows) {
        NavigableMap<Long, Object> of = samples.computeIfAbsent(series, _ -> new TreeMap<>());
        for (int i = 0; i < times.length; i++) {
            of.put(times[i], rows[i] != null ? rows[i] : Double.doubleToRawLongBits(values[i]));
        }
    }

    void putAll(SeriesModel later) {
        later.samples.forEach(
                (series, of) -> samples.computeIfAbsent(series, _ -> new TreeMap<>()).putAll(of));
    }

    void remove(IntPredicate series, long start, long end) {
        samples.forEach((id, of) -> {
            if (series.test(id)) {
                of.subMap(start, true, end, true).clear();
            }
        });
        samples.values().removeIf(NavigableMap::isEmpty);
    }

    List<Integer> series() {
        return List.copyOf(samples.keySet());
    }

    long samples() {
        return samples.values().stream().mapToLong(NavigableMap::size).sum();
    }

    long minMillis() {
        return samples.values().stream().mapToLong(NavigableMap::firstKey).min().orElse(0);
    }

    long maxMillis() {
        return samples.values().stream().mapToLong(NavigableMap::lastKey).max().orElse(0);
    }

    /** What the series {@code id} is called: a few are a histogram's. */
    static Labels labels(int id) {
        int kind = id / 3 % 10;
        return switch (kind) {
            case 0, 1, 2 ->
                    Labels.of("__name__", "m_" + kind, "instance", "host-" + id, "ünï", "✓ " + id);
            case 8 -> Labels.of("__name__", "h_count", "of", "" + id / 30);
            case 9 -> Labels.of("__name__", "h_sum", "of", "" + id / 30);
            default ->
                    Labels.of(
                            "__name__",
                            "h_bucket",
                            "of",
                            "" + id / 30,
                            "le",
                            kind == 7 ? "+Inf" : "0." + kind);
        };
    }

    BlockInfo write(Path path, long fromOffset, long toOffset) throws IOException {
        return write(Disk.real(), path, fromOffset, toOffset);
    }

    BlockInfo write(Disk disk, Path path, long fromOffset, long toOffset) throws IOException {
        List<SeriesOrder> orders = new ArrayList<>();
        samples.keySet().forEach(id -> orders.add(SeriesOrder.of(id, labels(id))));
        orders.sort(null);
        try (BlockWriter writer = BlockWriter.create(disk, path)) {
            for (SeriesOrder order : orders) {
                writer.series(order, labels(order.id()));
                write(writer, order);
            }
            return writer.finish(fromOffset, toOffset, 0);
        }
    }

    private void write(BlockWriter writer, SeriesOrder order) throws IOException {
        NavigableMap<Long, Object> of = samples.get(order.id());
        long[] times = new long[of.size()];
        double[] values = new double[of.size()];
        FloatHistogram[] rows = new FloatHistogram[of.size()];
        boolean withRows = false;
        int at = 0;
        for (var sample : of.entrySet()) {
            times[at] = sample.getKey();
            if (sample.getValue() instanceof FloatHistogram histogram) {
                rows[at] = histogram;
                withRows = true;
            } else {
                values[at] = Double.longBitsToDouble((long) sample.getValue());
            }
            at++;
        }
        writer.add(order, times, values, withRows ? rows : null, 0, times.length);
    }

    void check(Block block, long start, long end) {
        for (int series : samples.keySet()) {
            assertThat(read(block, series, start, end))
                    .as("series %d", series)
                    .isEqualTo(samples.get(series).subMap(start, true, end, true));
        }
    }

    /** 1 when the series is not whole; what there is of it is right. */
    int missing(Block block, int series) {
        NavigableMap<Long, Object> found = read(block, series, Long.MIN_VALUE, Long.MAX_VALUE);
        NavigableMap<Long, Object> expected = samples.get(series);
        assertThat(expected).containsAllEntriesOf(found);
        return found.size() < expected.size() ? 1 : 0;
    }

    private final BlockReader reader = new BlockReader();

    private NavigableMap<Long, Object> read(Block block, int series, long start, long end) {
        NavigableMap<Long, Object> read = new TreeMap<>();
        reader.read(
                block,
                series,
                start,
                end,
                (times, values, rows, from, to) -> {
                    for (int i = from; i < to; i++) {
                        boolean number = rows == null || rows[i] == null;
                        assertThat(read.isEmpty() || read.lastKey() < times[i]).isTrue();
                        read.put(
                                times[i],
                                number ? (Object) Double.doubleToRawLongBits(values[i]) : rows[i]);
                    }
                });
        return read;
    }
}

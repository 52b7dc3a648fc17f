package dev.belfry.store.block;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.Labels;
import dev.belfry.testkit.HostMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bytes and CPU for a sample of {@link HostMetrics}: a day at 15 s written as blocks of 2 hours,
 * merged to one, read. Arguments: hosts, and a file for the same samples as JSON lines for
 * VictoriaMetrics, or none.
 */
public final class BlockBytesBenchmark {
    private static final int DAY = 5760;
    private static final int TWO_HOURS = 480;
    private static final long START = 1_760_000_000_000L - 1_760_000_000_000L % 86_400_000;

    private record Series(SeriesOrder order, Labels labels, long[] times, double[] values) {}

    private final List<Series> all = new ArrayList<>();

    private BlockBytesBenchmark(int hosts) {
        for (int host = 0; host < hosts; host++) {
            HostMetrics metrics = new HostMetrics(1, host);
            List<Labels> labels = metrics.labels();
            long[] times = new long[DAY];
            double[][] values = new double[labels.size()][DAY];
            double[] scrape = new double[labels.size()];
            for (int i = 0; i < DAY; i++) {
                times[i] = START + 7919L * host % 15_000 + 15_000L * i;
                metrics.scrape(scrape);
                for (int series = 0; series < scrape.length; series++) {
                    values[series][i] = scrape[series];
                }
            }
            for (int series = 0; series < scrape.length; series++) {
                SeriesOrder order = SeriesOrder.of(all.size(), labels.get(series));
                all.add(new Series(order, labels.get(series), times, values[series]));
            }
        }
        all.sort((a, b) -> a.order().compareTo(b.order()));
    }

    private void json(Path path) throws IOException {
        try (var out = Files.newBufferedWriter(path)) {
            for (Series series : all) {
                StringBuilder line = new StringBuilder("{\"metric\":{");
                series.labels()
                        .forEach((name, value) ->
                                line.append('"')
                                        .append(name)
                                        .append("\":\"")
                                        .append(value)
                                        .append("\","));
                line.setCharAt(line.length() - 1, '}');
                line.append(",\"values\":[");
                for (double value : series.values()) {
                    line.append(value).append(',');
                }
                line.setCharAt(line.length() - 1, ']');
                line.append(",\"timestamps\":[");
                for (long time : series.times()) {
                    line.append(time).append(',');
                }
                line.setCharAt(line.length() - 1, ']');
                out.append(line).append("}\n");
            }
        }
    }

    private long write(Path path, int from, int to) throws IOException {
        Files.deleteIfExists(path);
        try (BlockWriter writer = BlockWriter.create(Disk.real(), path)) {
            for (Series series : all) {
                writer.series(series.order(), series.labels());
                writer.add(series.order(), series.times(), series.values(), null, from, to);
            }
            writer.finish(from, to, 0);
        }
        return Files.size(path);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void run(Path folder) throws IOException {
        long samples = (long) all.size() * DAY;
        System.out.printf("%d series, %d samples%n", all.size(), samples);
        List<Block> blocks = new ArrayList<>();
        long began = cpu();
        long size = 0;
        for (int from = 0; from < DAY; from += TWO_HOURS) {
            Path path = folder.resolve("part-" + from);
            size += write(path, from, from + TWO_HOURS);
            blocks.add(Block.open(Disk.real(), path, System.out::println));
        }
        print("write 2 h", size, samples, cpu() - began);
        for (int round = 0; round < 2; round++) {
            Path day = folder.resolve("day");
            Files.deleteIfExists(day);
            began = cpu();
            BlockMerger.merge(Disk.real(), blocks, List.of(), day);
            print("merge to a day", Files.size(day), samples, cpu() - began);
            Path copy = folder.resolve("copy");
            Files.deleteIfExists(copy);
            try (Block whole = Block.open(Disk.real(), day, System.out::println)) {
                began = cpu();
                BlockMerger.merge(Disk.real(), List.of(whole), List.of(), copy);
                print("copy", Files.size(copy), samples, cpu() - began);
                read(whole, samples);
            }
        }
        families();
    }

    private void read(Block block, long samples) {
        BlockReader reader = new BlockReader();
        double[] sum = {0};
        long began = cpu();
        for (Series series : all) {
            reader.read(
                    block,
                    series.order().id(),
                    0,
                    Long.MAX_VALUE,
                    (_, values, _, from, to) -> sum[0] += values[from] + values[to - 1]);
        }
        print("read", (long) Math.abs(sum[0]) % 2, samples, cpu() - began);
    }

    private static void print(String what, long bytes, long samples, long nanos) {
        System.out.printf(
                "%-16s %9d bytes %7.4f B/sample %7.1f ns/sample%n",
                what, bytes, bytes / (double) samples, nanos / (double) samples);
    }

    /* What each family takes, in a block of its own. */
    private void families() throws IOException {
        Map<String, List<Series>> byName = new TreeMap<>();
        for (Series series : all) {
            String name = series.labels().metricName();
            name = name.startsWith("node_fact") || name.contains("fixed") ? "constants" : name;
            byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(series);
        }
        Path path = Files.createTempFile("family", "");
        List<Series> kept = List.copyOf(all);
        Map<Long, String> sizes = new TreeMap<>();
        byName.forEach((name, series) -> {
            all.clear();
            all.addAll(series);
            try {
                long size = write(path, 0, DAY);
                sizes.put(
                        -size * 1000 - sizes.size(),
                        String.format(
                                "%-46s %4d series %8d bytes %7.4f B/sample",
                                name, series.size(), size, size / (double) series.size() / DAY));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
        all.clear();
        all.addAll(kept);
        sizes.values().stream().limit(40).forEach(System.out::println);
        Files.delete(path);
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        BlockBytesBenchmark benchmark = new BlockBytesBenchmark(Integer.parseInt(args[0]));
        if (args.length > 1) {
            benchmark.json(Path.of(args[1]));
        }
        Path folder = Files.createTempDirectory("metric-blocks-");
        benchmark.run(folder);
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}

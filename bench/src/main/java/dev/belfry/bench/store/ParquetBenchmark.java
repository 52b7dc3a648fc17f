package dev.belfry.bench.store;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.HashSet64;
import dev.belfry.store.filter.Phrase;
import dev.belfry.store.filter.Tokens;
import dev.belfry.store.parquet.Column;
import dev.belfry.store.parquet.EncodedRowGroup;
import dev.belfry.store.parquet.FilterCache;
import dev.belfry.store.parquet.PageCache;
import dev.belfry.store.parquet.RowGroupEncoder;
import dev.belfry.store.parquet.SegmentFile;
import dev.belfry.store.parquet.SegmentWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What segments cost: encoding, filters, bytes, and reads, on one core. Argument: rounds (20). */
public final class ParquetBenchmark {
    private static final int ROWS = 32_768;

    private ParquetBenchmark() {}

    /** Prints the figures. */
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        PageCache pages = new PageCache(0);
        RowGroupEncoder encoder = new RowGroupEncoder(pages);
        List<EncodedRowGroup> groups = encode(encoder, rounds);
        sizes(groups);
        Path folder = Files.createTempDirectory("belfry-bench");
        Path parquet = folder.resolve("a.parquet");
        Path filter = folder.resolve("a.filter");
        long before = cpuNanos();
        SegmentWriter.write(Disk.real(), parquet, filter, groups);
        print("write", cpuNanos() - before, (long) rounds * ROWS);
        FilterCache filters =
                new FilterCache(FilterCache.DEFAULT_BUDGET_BYTES, ParquetBenchmark::report);
        try (SegmentFile file = SegmentFile.open(Disk.real(), parquet, filter, pages, filters)) {
            reads(file.rowGroups(), rounds);
        } finally {
            Files.delete(parquet);
            Files.delete(filter);
            Files.delete(folder);
        }
        encoder.close();
    }

    private static List<EncodedRowGroup> encode(RowGroupEncoder encoder, int rounds) {
        ReferenceRows rows = new ReferenceRows(1);
        HashSet64 hashes = new HashSet64();
        List<EncodedRowGroup> groups = new ArrayList<>();
        long tokenNanos = 0;
        long encodeNanos = 0;
        long filterNanos = 0;
        long hashCount = 0;
        for (int round = 0; round < rounds * 2; round++) {
            List<Column> columns = rows.next(ROWS);
            long start = cpuNanos();
            hashes.clear();
            columns.forEach(column -> collect(column, hashes));
            long[] array = hashes.toArray();
            long tokenised = cpuNanos();
            encoder.encode(columns, null, 0);
            long encoded = cpuNanos();
            EncodedRowGroup group = encoder.encode(columns, array, array.length);
            long filtered = cpuNanos();
            // The first half warms up.
            if (round >= rounds) {
                tokenNanos += tokenised - start;
                encodeNanos += encoded - tokenised;
                filterNanos += filtered - encoded - (encoded - tokenised);
                hashCount += array.length;
                groups.add(group);
            }
        }
        long count = (long) rounds * ROWS;
        print("tokens", tokenNanos, count);
        print("encode", encodeNanos, count);
        print("filter (difference)", filterNanos, count);
        System.out.printf("hashes per event %.2f%n", (double) hashCount / count);
        return groups;
    }

    private static void collect(Column column, HashSet64 hashes) {
        switch (column.values()) {
            case Vector.Text(BytesColumn values) -> {
                for (int row = 0; row < values.count(); row++) {
                    Tokens.addAll(values.data(), values.start(row), values.end(row), hashes);
                }
            }
            case Vector.Codes codes -> {
                BytesColumn values = codes.dictionary();
                for (int row = 0; row < values.count(); row++) {
                    Tokens.addAll(values.data(), values.start(row), values.end(row), hashes);
                }
            }
            case Vector.Binary binary -> {
                for (int row = 0; row < binary.count(); row++) {
                    hashes.add(Tokens.hash16(binary.data(), row * 16));
                }
            }
            case Vector.Longs _ -> {}
        }
    }

    private static void sizes(List<EncodedRowGroup> groups) {
        double rows = (double) groups.size() * ROWS;
        double columns = 0;
        long all = 0;
        for (ColumnSpec column : groups.getFirst().columns()) {
            long size = groups.stream().mapToLong(group -> group.sizeBytes(column)).sum();
            columns += size;
            System.out.printf("  %-28s %7.3f B/event%n", column.name(), size / rows);
        }
        for (EncodedRowGroup group : groups) {
            all += group.sizeBytes();
        }
        System.out.printf("  %-28s %7.3f B/event%n", "filter", (all - columns) / rows);
        System.out.printf("  %-28s %7.3f B/event%n", "all", all / rows);
    }

    private static void reads(List<EncodedRowGroup> groups, int rounds) throws IOException {
        for (ColumnSpec column : groups.getFirst().columns()) {
            best(groups, rounds, group -> group.read(column, new ReadCost()));
        }
        for (ColumnSpec column : groups.getFirst().columns()) {
            double micros = best(groups, rounds, group -> group.read(column, new ReadCost()));
            System.out.printf("  read %-28s %8.1f us a group%n", column.name(), micros);
        }
        Random random = new Random(2);
        double row =
                best(
                        groups,
                        rounds,
                        group -> {
                            int[] one = {random.nextInt(ROWS)};
                            for (ColumnSpec column : group.columns()) {
                                group.read(column, one, new ReadCost());
                            }
                        });
        System.out.printf("  one row of all columns %8.1f us%n", row);
        Phrase phrase = Phrase.of("timeout exceeded");
        long[] bits = new long[ROWS / 64];
        List<BytesColumn> texts = new ArrayList<>();
        for (EncodedRowGroup group : groups) {
            texts.add(((Vector.Text) group.read(ColumnSpec.MESSAGE, new ReadCost())).values());
        }
        int[] next = {0};
        double scan =
                best(groups, rounds, _ -> phrase.select(texts.get(next[0]++ % texts.size()), bits));
        System.out.printf("  phrase in a group's messages %8.1f us%n", scan);
        filterTests(groups, random);
    }

    private static void filterTests(List<EncodedRowGroup> groups, Random random) {
        int found = 0;
        int tests = 2_000_000;
        for (int round = 0; round < 2; round++) {
            long start = cpuNanos();
            for (int test = 0; test < tests; test++) {
                found += groups.get(test % groups.size()).mayContain(random.nextLong()) ? 1 : 0;
            }
            double nanos = (double) (cpuNanos() - start) / tests;
            System.out.printf(
                    "  filter test %.1f ns, false %.4f %%%n",
                    nanos, 100.0 * found / tests / (round + 1));
        }
    }

    private interface Read {
        void from(RowGroup group) throws IOException;
    }

    /* The median of the mean over all groups, microseconds a group. */
    private static double best(List<EncodedRowGroup> groups, int rounds, Read read)
            throws IOException {
        double[] times = new double[Math.max(5, rounds)];
        for (int round = 0; round < times.length; round++) {
            long start = cpuNanos();
            for (EncodedRowGroup group : groups) {
                read.from(group);
            }
            times[round] = (cpuNanos() - start) / 1e3 / groups.size();
        }
        java.util.Arrays.sort(times);
        return times[times.length / 2];
    }

    private static void report(IOException damage) {
        throw new IllegalStateException(damage);
    }

    private static void print(String what, long nanos, long events) {
        System.out.printf("%-20s %7.3f us/event%n", what, nanos / 1e3 / events);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}

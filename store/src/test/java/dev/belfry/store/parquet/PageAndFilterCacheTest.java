package dev.belfry.store.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.FieldSpace;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.Vector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageAndFilterCacheTest {
    private static final int GROUPS = 20;
    private static final int HASHES = 3000;
    private static final int ROWS = 5000;

    @TempDir Path folder;

    private final List<List<Column>> inputs = new ArrayList<>();
    private final List<long[]> hashes = new ArrayList<>();

    private SegmentFile write(PageCache pages, FilterCache filters) throws IOException {
        RandomColumns generator = new RandomColumns(new Random(3));
        List<EncodedRowGroup> groups = new ArrayList<>();
        try (RowGroupEncoder encoder = new RowGroupEncoder(pages)) {
            for (int group = 0; group < GROUPS; group++) {
                inputs.add(generator.required(ROWS));
                hashes.add(new Random(group).longs(HASHES).toArray());
                groups.add(encoder.encode(inputs.get(group), hashes.get(group), HASHES));
            }
        }
        Path parquet = folder.resolve("a.parquet");
        Path filter = folder.resolve("a.filter");
        SegmentWriter.write(Disk.real(), parquet, filter, groups);
        return SegmentFile.open(Disk.real(), parquet, filter, pages, filters);
    }

    @Test
    void filters_overTheBudget_areReadAgain() throws IOException {
        FilterCache filters = new FilterCache(16 << 10, damage -> fail(damage));
        try (PageCache pages = new PageCache(1 << 20);
                SegmentFile file = write(pages, filters)) {
            for (int round = 0; round < 3; round++) {
                for (int group = 0; group < GROUPS; group++) {
                    EncodedRowGroup read = file.rowGroups().get(group);
                    assertThat(LongStream.of(hashes.get(group)).allMatch(read::mayContain))
                            .isTrue();
                    assertThat(filters.sizeBytes()).isLessThanOrEqualTo(16 << 10);
                }
            }
            assertThat(filters.sizeBytes()).isPositive();
        }
        assertThat(filters.sizeBytes()).isZero();
    }

    @Test
    void filters_readAhead_takeHalfOfTheBudgetAtMost() throws IOException {
        FilterCache large = new FilterCache(1 << 20, damage -> fail(damage));
        try (PageCache pages = new PageCache(1 << 20);
                SegmentFile file = write(pages, large)) {
            assertThat(large.sizeBytes()).isZero();
            assertThat(file.readFilters()).isTrue();
            assertThat(large.sizeBytes())
                    .isEqualTo(
                            file.rowGroups().stream()
                                    .mapToLong(group -> group.filter().sizeBytes())
                                    .sum());
        }
        FilterCache small = new FilterCache(16 << 10, damage -> fail(damage));
        Path parquet = folder.resolve("a.parquet");
        Path filter = folder.resolve("a.filter");
        try (PageCache pages = new PageCache(1 << 20);
                SegmentFile file = SegmentFile.open(Disk.real(), parquet, filter, pages, small)) {
            assertThat(file.readFilters()).isFalse();
            assertThat(small.sizeBytes()).isBetween(1L, 8L << 10);
        }
    }

    @Test
    void pages_overTheBudget_areDropped_andThoseOfAClosedFile() throws IOException {
        FilterCache filters = new FilterCache(1 << 20, damage -> fail(damage));
        try (PageCache pages = new PageCache(2 << 20)) {
            try (SegmentFile file = write(pages, filters)) {
                int[] rows = {1, ROWS - 1};
                for (EncodedRowGroup group : file.rowGroups()) {
                    group.read(ColumnSpec.TIMESTAMP, rows, new ReadCost());
                    group.read(ColumnSpec.OFFSET, rows, new ReadCost());
                }
                assertThat(pages.sizeBytes()).isBetween(1L, 2L << 20);
            }
            assertThat(pages.sizeBytes()).isZero();
        }
    }

    @Test
    void textOfScans_staysWhereThereIsRoom_andGivesTheSameRows() throws IOException {
        AtomicLong nanoTime = new AtomicLong();
        RandomColumns generator = new RandomColumns(new Random(5));
        FilterCache filters = new FilterCache(1 << 20, damage -> fail(damage));
        Path parquet = folder.resolve("a.parquet");
        Path filter = folder.resolve("a.filter");
        try (PageCache pages = new PageCache(4 << 20, nanoTime::get)) {
            List<EncodedRowGroup> written = new ArrayList<>();
            try (RowGroupEncoder encoder = new RowGroupEncoder(pages)) {
                for (int group = 0; group < GROUPS; group++) {
                    List<Column> columns = new ArrayList<>(generator.all(2 * ROWS));
                    columns.removeIf(column -> isLeftOut(column.spec()));
                    inputs.add(columns);
                    written.add(encoder.encode(columns, null, 0));
                }
            }
            SegmentWriter.write(Disk.real(), parquet, filter, written);
            try (SegmentFile file =
                    SegmentFile.open(Disk.real(), parquet, filter, pages, filters)) {
                List<EncodedRowGroup> groups = file.rowGroups();
                List<EncodedRowGroup> last = List.of(groups.getLast());
                long first = scan(groups);
                assertThat(pages.sizeBytes()).isBetween(2L << 20, 3L << 20);
                assertThat(scan(groups)).isBetween(1L, first - 1);
                long before = scan(last);
                nanoTime.addAndGet(61_000_000_000L);
                scan(last);
                assertThat(scan(last)).isLessThan(before);
                assertThat(pages.sizeBytes()).isBetween(2L << 20, 3L << 20);
            }
            assertThat(pages.sizeBytes()).isZero();
        }
    }

    private static boolean isLeftOut(ColumnSpec column) {
        return column.space() != FieldSpace.EVENT && !column.key().startsWith("TEXT");
    }

    private long scan(List<EncodedRowGroup> groups) throws IOException {
        ReadCost cost = new ReadCost();
        for (EncodedRowGroup group : groups) {
            List<Column> columns =
                    inputs.get(groups.size() == 1 ? GROUPS - 1 : groups.indexOf(group));
            for (Column column : columns) {
                Vector read = group.read(column.spec(), cost);
                boolean same = read.count() == column.values().count();
                for (int row = 0; same && row < read.count(); row++) {
                    same =
                            Objects.equals(
                                    RandomColumns.value(read, row),
                                    RandomColumns.value(column.values(), row));
                }
                assertThat(same).as(column.spec().name()).isTrue();
            }
        }
        return cost.bytes();
    }

    @Test
    void segment_readByManyThreads_givesEachItsRows() throws Exception {
        FilterCache filters = new FilterCache(8 << 10, damage -> fail(damage));
        try (PageCache pages = new PageCache(1 << 20);
                SegmentFile file = write(pages, filters);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> readers = new ArrayList<>();
            for (int reader = 0; reader < 8; reader++) {
                Random random = new Random(reader);
                Callable<Void> task =
                        () -> {
                            for (int round = 0; round < 40; round++) {
                                int group = random.nextInt(GROUPS);
                                int[] some = new RandomColumns(random).someRows(ROWS);
                                RandomColumns.assertReads(
                                        file.rowGroups().get(group), inputs.get(group), some);
                                long hash = hashes.get(group)[random.nextInt(HASHES)];
                                assertThat(file.rowGroups().get(group).mayContain(hash)).isTrue();
                            }
                            return null;
                        };
                readers.add(threads.submit(task));
            }
            for (Future<Void> reader : readers) {
                reader.get();
            }
        }
    }

    private static void fail(IOException damage) {
        throw new AssertionError(damage);
    }
}

package dev.belfry.store.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.ReadCost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

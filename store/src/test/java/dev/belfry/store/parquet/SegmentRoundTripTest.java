package dev.belfry.store.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.FoundTexts;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.PairFilter;
import dev.belfry.store.filter.PairLayout;
import dev.belfry.store.filter.Phrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes into a segment comes out of it, from memory and from the file. */
final class SegmentRoundTripTest {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());

    @TempDir Path folder;

    private final Random random = new Random(SEED);
    private final RandomColumns generator = new RandomColumns(random);
    private final PageCache pages = new PageCache(4 << 20);
    private final FilterCache filters =
            new FilterCache(
                    1 << 20,
                    damage -> {
                        throw new AssertionError(damage);
                    });
    private final RowGroupEncoder encoder = new RowGroupEncoder(pages);

    @AfterEach
    void close() {
        encoder.close();
        pages.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 63, 64, 65, 1000, 4095, 4096, 4097, 32768})
    void everyForm_ofSomeRows_readsBack(int rows) throws IOException {
        System.out.println("belfry.seed=" + SEED);
        List<Column> columns = generator.all(rows);
        EncodedRowGroup group = encoder.encode(columns, new long[] {1, 2, 3}, 3);
        int[] some = generator.someRows(rows);
        RandomColumns.assertReads(group, columns, some);

        try (SegmentFile file = write("a", List.of(group))) {
            RowGroup read = file.rowGroups().getFirst();
            RandomColumns.assertReads(read, columns, some);
            // Once more, from the cache.
            RandomColumns.assertReads(read, columns, some);
            assertThat(read.rowCount()).isEqualTo(rows);
            assertThat(read.columns()).isEqualTo(group.columns());
            assertThat(read.minTimestampNanos()).isEqualTo(group.minTimestampNanos());
            assertThat(read.maxTimestampNanos()).isEqualTo(group.maxTimestampNanos());
            assertThat(read.minOffset()).isEqualTo(group.minOffset());
            assertThat(read.maxOffset()).isEqualTo(group.maxOffset());
            assertThat(Stream.of(1L, 2L, 3L)).allMatch(read::mayContain);
        }
        assertThat(pages.sizeBytes()).isBetween(0L, 4L << 20);
    }

    @Test
    void groupsOfDifferentColumns_inOneFile_readBack() throws IOException {
        List<List<Column>> inputs = new ArrayList<>();
        List<EncodedRowGroup> groups = new ArrayList<>();
        for (int index = 0; index < 5; index++) {
            List<Column> columns = generator.all(1 + random.nextInt(9000));
            List<Column> kept = new ArrayList<>(columns.subList(0, 2));
            columns.stream().skip(2).filter(_ -> random.nextBoolean()).forEach(kept::add);
            inputs.add(kept);
            groups.add(encoder.encode(kept, null, 0));
        }
        try (SegmentFile first = write("a", groups.subList(0, 3));
                SegmentFile second = write("b", groups.subList(3, 5))) {
            List<EncodedRowGroup> all = new ArrayList<>(first.rowGroups());
            all.addAll(second.rowGroups());
            try (SegmentFile merged = write("c", all)) {
                for (int index = 0; index < 5; index++) {
                    RowGroup group = merged.rowGroups().get(index);
                    int[] some = generator.someRows(group.rowCount());
                    RandomColumns.assertReads(group, inputs.get(index), some);
                    assertThat(group.columns()).isEqualTo(groups.get(index).columns());
                    assertThat(group.mayContain(42)).isTrue();
                }
            }
        }
        assertThat(pages.sizeBytes()).isLessThan(4L << 20);
    }

    @Test
    void valuesOfSmallDictionaries_areCounted_andThatIsKeptByMerges() throws IOException {
        int rows = 5000;
        int[] codes = new int[rows];
        int[] expected = new int[3];
        for (int row = 0; row < rows; row++) {
            codes[row] = row < 3 ? row : random.nextInt(4) - 1;
            if (codes[row] >= 0) {
                expected[codes[row]]++;
            }
        }
        BytesColumn texts = BytesColumn.of("info", "warn", "");
        List<Column> columns = new ArrayList<>(generator.all(rows).subList(0, 2));
        columns.add(new Column(ColumnSpec.LEVEL, new Vector.Codes(codes, texts, rows)));
        int[] many = IntStream.range(0, rows).map(row -> row % 1025).toArray();
        String[] names = IntStream.range(0, 1025).mapToObj(i -> "s" + i).toArray(String[]::new);
        columns.add(
                new Column(ColumnSpec.SOURCE, new Vector.Codes(many, BytesColumn.of(names), rows)));
        EncodedRowGroup group = encoder.encode(columns, null, 0);
        try (SegmentFile file = write("a", List.of(group));
                SegmentFile merged = write("b", file.rowGroups())) {
            for (RowGroup read : List.of(group, merged.rowGroups().getFirst())) {
                assertThat(read.valueCounts(ColumnSpec.LEVEL, new ReadCost())).isEqualTo(expected);
                assertThat(read.valueCounts(ColumnSpec.SOURCE, new ReadCost())).isNull();
                assertThat(read.valueCounts(ColumnSpec.OFFSET, new ReadCost())).isNull();
                assertThat(read.extremes(ColumnSpec.OFFSET))
                        .containsExactly(read.minOffset(), read.maxOffset());
                assertThat(read.extremes(ColumnSpec.LEVEL)).isNull();
            }
        }
    }

    @Test
    void countsOfAGroup_haveABound_andTheSmallestAreKept() throws IOException {
        int rows = 3000;
        List<Column> columns = new ArrayList<>(generator.all(rows).subList(0, 2));
        for (int column = 1; column <= 6; column++) {
            int distinct = column * 150;
            int[] codes = IntStream.range(0, rows).map(row -> row % distinct).toArray();
            String[] names =
                    IntStream.range(0, distinct).mapToObj(i -> "v" + i).toArray(String[]::new);
            columns.add(
                    new Column(
                            new ColumnSpec(FieldSpace.TAG, "k" + column, Form.TEXT, 0),
                            new Vector.Codes(codes, BytesColumn.of(names), rows)));
        }
        EncodedRowGroup group = encoder.encode(columns, null, 0);
        int bytes = 0;
        for (ColumnSpec column : group.columns()) {
            bytes += group.chunk(column).info().valueCounts().length;
        }
        assertThat(bytes).isBetween(150 + 300 + 450, Limits.GROUP_COUNTS_BYTES_MAX);
        ColumnSpec least = new ColumnSpec(FieldSpace.TAG, "k1", Form.TEXT, 0);
        assertThat(group.valueCounts(least, new ReadCost())).hasSize(150).containsOnly(20);
    }

    @Test
    void mergedFile_ofOneGroupEach_isTheFileWrittenAtOnce() throws IOException {
        List<EncodedRowGroup> groups =
                List.of(
                        encoder.encode(generator.all(500), new long[] {7}, 1),
                        encoder.encode(generator.all(700), new long[] {7}, 1, pairs(0)),
                        encoder.encode(generator.all(5000), new long[] {8, 9}, 2, pairs(9000)));
        write("whole", groups).close();
        try (SegmentFile first = write("a", groups.subList(0, 1));
                SegmentFile second = write("b", groups.subList(1, 3))) {
            List<EncodedRowGroup> all = new ArrayList<>(first.rowGroups());
            all.addAll(second.rowGroups());
            try (SegmentFile merged = write("merged", all)) {
                long[] pair = {9000};
                ReadCost cost = new ReadCost();
                assertThat(merged.rowGroups())
                        .extracting(group -> group.partsWith(pair, cost))
                        .containsExactly(PairFilter.ALL_PARTS, 0, 2);
                assertThat(cost.bytes()).isBetween(1L, 2L * PairLayout.BLOCK_SIZE_MAX);
            }
        }
        assertThat(folder.resolve("merged.parquet"))
                .hasSameBinaryContentAs(folder.resolve("whole.parquet"));
        assertThat(folder.resolve("merged.filter"))
                .hasSameBinaryContentAs(folder.resolve("whole.filter"));
    }

    /* 1 to count, each in part 2. */
    private static PairFilter pairs(int count) {
        PairFilter.Builder builder = new PairFilter.Builder();
        for (long pair = 1; pair <= count; pair++) {
            builder.add(pair, 2);
        }
        return Objects.requireNonNull(builder.build());
    }

    @Test
    void aRange_readsItsRows() throws IOException {
        int rows = 9000;
        List<Column> columns = generator.all(rows);
        EncodedRowGroup group = encoder.encode(columns, null, 0);
        try (SegmentFile file = write("a", List.of(group))) {
            RowGroup read = file.rowGroups().getFirst();
            for (int round = 0; round < 30; round++) {
                int from = round == 0 ? 4096 : random.nextInt(rows);
                int to = round == 0 ? 8192 : from + random.nextInt(rows - from + 1);
                for (Column column : columns) {
                    Vector some = read.read(column.spec(), from, to, new ReadCost());
                    assertThat(some.count()).isEqualTo(to - from);
                    for (int row = from; row < to; row += 1 + random.nextInt(50)) {
                        assertThat(RandomColumns.value(some, row - from))
                                .isEqualTo(RandomColumns.value(column.values(), row));
                    }
                }
            }
        }
    }

    @Test
    void rowsFarApart_withoutRoomInTheCache_areTakenOutOfTheirPages() throws IOException {
        System.out.println("belfry.seed=" + SEED);
        int rows = 9000;
        List<Column> columns = new ArrayList<>(generator.all(rows));
        String[] alike = new String[rows];
        String[] some = new String[rows];
        for (int row = 0; row < rows; row++) {
            alike[row] = "user-" + random.nextInt(100_000);
            some[row] = random.nextInt(5) == 0 ? null : "user-" + random.nextInt(100_000);
        }
        columns.add(prefixed("alike", alike));
        columns.add(prefixed("some_alike", some));
        try (PageCache none = new PageCache(0);
                RowGroupEncoder own = new RowGroupEncoder(none)) {
            EncodedRowGroup group = own.encode(columns, null, 0);
            assertThat(group.chunk(columns.getLast().spec()).info().encoding())
                    .isEqualTo(Parquet.DELTA_BYTE_ARRAY);
            for (int round = 0; round < 40; round++) {
                int[] wanted =
                        random.ints(1 + random.nextInt(20), 0, rows).sorted().distinct().toArray();
                for (Column column : columns) {
                    Vector picked = group.read(column.spec(), wanted, new ReadCost());
                    assertThat(picked.count()).isEqualTo(wanted.length);
                    for (int index = 0; index < wanted.length; index++) {
                        assertThat(RandomColumns.value(picked, index))
                                .isEqualTo(RandomColumns.value(column.values(), wanted[index]));
                    }
                }
            }
        }
    }

    private static Column prefixed(String key, String[] texts) {
        return new Column(
                RandomColumns.spec(key, Form.TEXT), new Vector.Text(BytesColumn.of(texts)));
    }

    @Test
    void someRows_ofAFile_readTheirPagesOnly() throws IOException {
        List<Column> columns = generator.required(32768);
        EncodedRowGroup group = encoder.encode(columns, null, 0);
        try (SegmentFile file = write("a", List.of(group))) {
            RowGroup read = file.rowGroups().getFirst();
            ReadCost whole = new ReadCost();
            read.read(ColumnSpec.TIMESTAMP, whole);
            ReadCost one = new ReadCost();
            read.read(ColumnSpec.TIMESTAMP, new int[] {20000}, one);
            ReadCost again = new ReadCost();
            read.read(ColumnSpec.TIMESTAMP, new int[] {20001}, again);
            ReadCost kept = new ReadCost();
            read.read(ColumnSpec.TIMESTAMP, new int[] {20002}, kept);
            assertThat(whole.bytes()).isEqualTo(group.sizeBytes(ColumnSpec.TIMESTAMP));
            assertThat(one.bytes()).isBetween(1L, whole.bytes() / 7);
            assertThat(again.bytes()).isEqualTo(one.bytes());
            assertThat(kept.bytes()).isZero();
        }
    }

    @Test
    void aPageLookedThroughTwice_isKept_andAnswersAlike() throws IOException {
        int rows = 4000;
        String[] texts = new String[rows];
        for (int row = 0; row < rows; row++) {
            texts[row] = row % 1000 == 7 ? "a rare one" : "line " + row;
        }
        List<Column> columns = new ArrayList<>(generator.required(rows));
        columns.add(new Column(ColumnSpec.MESSAGE, new Vector.Text(BytesColumn.of(texts))));
        try (SegmentFile file = write("a", List.of(encoder.encode(columns, null, 0)))) {
            RowGroup read = file.rowGroups().getFirst();
            for (int round = 0; round < 4; round++) {
                ReadCost cost = new ReadCost();
                FoundTexts found =
                        read.find(ColumnSpec.MESSAGE, 0, rows, Phrase.of("rare ONE"), cost);
                assertThat(found).isNotNull();
                assertThat(found.rows()).containsExactly(7, 1007, 2007, 3007);
                assertThat(cost.bytes() > 0).isEqualTo(round < 2);
            }
        }
    }

    @Test
    void longTexts_makeSmallPages() throws IOException {
        int rows = 300;
        String[] texts = new String[rows];
        for (int row = 0; row < rows; row++) {
            texts[row] = "x".repeat(random.nextInt(60_000)) + row;
        }
        List<Column> columns = new ArrayList<>(generator.required(rows));
        columns.add(
                new Column(
                        ColumnSpec.MESSAGE,
                        new Vector.Text(dev.belfry.model.BytesColumn.of(texts))));
        EncodedRowGroup group = encoder.encode(columns, null, 0);
        assertThat(group.chunk(ColumnSpec.MESSAGE).info().pageCount()).isGreaterThan(4);
        try (SegmentFile file = write("a", List.of(group))) {
            RandomColumns.assertReads(
                    file.rowGroups().getFirst(), columns, generator.someRows(rows));
        }
    }

    private SegmentFile write(String name, List<EncodedRowGroup> groups) throws IOException {
        Path parquet = folder.resolve(name + ".parquet");
        Path filter = folder.resolve(name + ".filter");
        SegmentWriter.Written written = SegmentWriter.write(Disk.real(), parquet, filter, groups);
        assertThat(Files.size(parquet)).isEqualTo(written.sizeBytes());
        assertThat(Files.size(filter)).isEqualTo(written.filterSizeBytes());
        return SegmentFile.open(Disk.real(), parquet, filter, pages, filters);
    }
}

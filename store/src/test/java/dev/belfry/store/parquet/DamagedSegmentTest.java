package dev.belfry.store.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.PairFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage in a segment is told, and takes nothing with it that it did not hit. */
final class DamagedSegmentTest {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());
    private static final int ROWS = 9000;
    private static final int PART = 4;
    private static final int ENTRY_SIZE = 24;
    private static final int TAIL_SIZE = 36;

    @TempDir Path folder;

    private final Random random = new Random(SEED);
    private final List<IOException> reported = new ArrayList<>();
    private final PageCache pages = new PageCache(0);
    private final FilterCache filters = new FilterCache(1 << 20, reported::add);
    private final long[] hashes = new Random(1).longs(1000).toArray();
    private Path parquet;
    private Path filter;
    private List<Column> columns;
    private byte[] whole;
    private byte[] wholeFilter;

    @BeforeEach
    void write() throws IOException {
        System.out.println("belfry.seed=" + SEED);
        RandomColumns generator = new RandomColumns(random);
        columns = generator.all(ROWS);
        parquet = folder.resolve("a.parquet");
        filter = folder.resolve("a.filter");
        try (RowGroupEncoder encoder = new RowGroupEncoder(pages)) {
            List<EncodedRowGroup> groups =
                    List.of(
                            encoder.encode(columns, hashes, hashes.length, pairs()),
                            encoder.encode(generator.all(100), hashes, hashes.length, pairs()));
            SegmentWriter.write(Disk.real(), parquet, filter, groups);
        }
        whole = Files.readAllBytes(parquet);
        wholeFilter = Files.readAllBytes(filter);
    }

    private PairFilter pairs() {
        PairFilter.Builder builder = new PairFilter.Builder();
        for (long hash : hashes) {
            builder.add(hash, PART);
        }
        return Objects.requireNonNull(builder.build());
    }

    private static int parts(EncodedRowGroup group, long pair) {
        return group.partsWith(new long[] {pair}, new ReadCost());
    }

    @AfterEach
    void close() {
        pages.close();
    }

    private SegmentFile open() throws IOException {
        return SegmentFile.open(Disk.real(), parquet, filter, pages, filters);
    }

    private void damage(Path path, byte[] bytes) throws IOException {
        Files.write(path, bytes);
    }

    private static byte[] flipped(byte[] bytes, long at, int bit) {
        byte[] damaged = bytes.clone();
        damaged[(int) at] ^= (byte) (1 << bit);
        return damaged;
    }

    @Test
    void fileThatIsNotThere_isToldAsSuch() throws IOException {
        Files.delete(parquet);
        assertThatThrownBy(this::open).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void filterFileThatIsNotThere_isTold_andRowsAreReadWithoutIt() throws IOException {
        Files.delete(filter);
        assertReadsWithoutFilter();
        assertThat(reported).first().isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void fileCutAnywhere_withoutFilterFile_isNotOpened() throws IOException {
        Files.delete(filter);
        for (int round = 0; round < 200; round++) {
            damage(parquet, Arrays.copyOf(whole, random.nextInt(whole.length)));
            assertThatThrownBy(this::open).isInstanceOf(CorruptFileException.class);
        }
    }

    private void assertReadsWithoutFilter() throws IOException {
        reported.clear();
        try (SegmentFile file = open()) {
            EncodedRowGroup group = file.rowGroups().getFirst();
            assertThat(file.rowGroups()).hasSize(2);
            assertThat(group.mayContain(random.nextLong())).isTrue();
            assertThat(parts(group, random.nextLong())).isEqualTo(PairFilter.ALL_PARTS);
            Vector read = group.read(ColumnSpec.TIMESTAMP, new ReadCost());
            for (int row = 0; row < ROWS; row += 97) {
                assertThat(RandomColumns.value(read, row))
                        .isEqualTo(RandomColumns.value(columns.getFirst().values(), row));
            }
        }
        assertThat(reported).hasSize(1);
    }

    @Test
    void soundRows_areThoseOutsideDamagedPages() throws IOException {
        long start;
        try (SegmentFile file = open()) {
            EncodedRowGroup group = file.rowGroups().getFirst();
            assertThat(group.soundRows()).hasSize(ROWS);
            ChunkReader chunk = group.chunk(ColumnSpec.TIMESTAMP);
            start = ((ChunkBytes.Stored) chunk.bytes()).start() + chunk.info().pageEnds()[1] - 10;
        }
        damage(parquet, flipped(whole, start, 3));
        try (SegmentFile file = open()) {
            assertThat(file.rowGroups().getFirst().soundRows())
                    .hasSize(ROWS - 4096)
                    .contains(0, 4095, 8192, ROWS - 1)
                    .doesNotContain(4096, 8191);
        }
    }

    @Test
    void fileCutAnywhere_isNotOpened() throws IOException {
        for (int round = 0; round < 200; round++) {
            damage(parquet, Arrays.copyOf(whole, random.nextInt(whole.length)));
            assertThatThrownBy(this::open).isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void magicAndFooterLength_damaged_areRefused() throws IOException {
        for (int at = whole.length - 8; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                damage(parquet, flipped(whole, at, bit));
                assertThatThrownBy(this::open)
                        .as("byte %d bit %d", at, bit)
                        .isInstanceOf(CorruptFileException.class);
            }
        }
    }

    @Test
    void endOfTheFile_withABitFlipped_isRefused() throws IOException {
        int footerSize = (int) ByteSink.INTS.get(whole, whole.length - 8);
        for (int round = 0; round < 500; round++) {
            long at = whole.length - 1 - random.nextInt(footerSize + 1000);
            damage(parquet, flipped(whole, at, random.nextInt(8)));
            assertThatThrownBy(this::open).isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void endOfTheFile_withBytesChangedUnderItsChecksum_isRefusedOrRead() throws IOException {
        int tail = wholeFilter.length - 36;
        int end = (int) (long) ByteSink.LONGS.get(wholeFilter, tail + 12);
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] damaged = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                damaged[end + random.nextInt(whole.length - end)] = (byte) random.nextInt();
            }
            damage(parquet, damaged);
            damage(filter, withChecksum(damaged, end, tail));
            try (SegmentFile file = open()) {
                readAll(file);
            } catch (CorruptFileException told) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    private byte[] withChecksum(byte[] file, int end, int tail) {
        byte[] changed = wholeFilter.clone();
        CRC32 crc = new CRC32();
        crc.update(file, end, file.length - end);
        ByteSink.INTS.set(changed, tail + 20, (int) crc.getValue());
        int directory = tail - 2 * ENTRY_SIZE;
        crc.reset();
        crc.update(changed, directory, tail + 24 - directory);
        ByteSink.INTS.set(changed, tail + 24, (int) crc.getValue());
        return changed;
    }

    private static void readAll(SegmentFile file) throws IOException {
        for (EncodedRowGroup group : file.rowGroups()) {
            for (ColumnSpec column : group.columns()) {
                try {
                    group.read(column, new ReadCost());
                } catch (CorruptFileException _) {
                    // Told; the other columns are tried all the same.
                    continue;
                }
            }
        }
    }

    @Test
    void pageWithABitFlipped_isTold_andOtherColumnsAreWhole() throws IOException {
        int told = 0;
        for (int round = 0; round < 60; round++) {
            int footerSize = (int) ByteSink.INTS.get(whole, whole.length - 8);
            long at = 4 + random.nextInt(whole.length - footerSize - 20_000);
            damage(parquet, flipped(whole, at, random.nextInt(8)));
            try (SegmentFile file = open()) {
                EncodedRowGroup group = file.rowGroups().getFirst();
                int hit = 0;
                for (Column column : columns) {
                    try {
                        Vector vector = group.read(column.spec(), new ReadCost());
                        for (int row = 0; row < ROWS; row += 97) {
                            assertThat(RandomColumns.value(vector, row))
                                    .isEqualTo(RandomColumns.value(column.values(), row));
                        }
                    } catch (CorruptFileException damage) {
                        hit++;
                    }
                }
                assertThat(hit).isLessThanOrEqualTo(1);
                told += hit;
            }
        }
        assertThat(told).isGreaterThan(20);
    }

    @Test
    void damagedPage_leavesOtherPagesOfItsColumnReadable() throws IOException {
        long start;
        try (SegmentFile file = open()) {
            ChunkReader chunk = file.rowGroups().getFirst().chunk(ColumnSpec.TIMESTAMP);
            assertThat(chunk.info().pageCount()).isEqualTo(3);
            start = ((ChunkBytes.Stored) chunk.bytes()).start() + chunk.info().pageEnds()[1] - 10;
        }
        damage(parquet, flipped(whole, start, 3));
        try (SegmentFile file = open()) {
            EncodedRowGroup group = file.rowGroups().getFirst();
            ReadCost cost = new ReadCost();
            int[] outside = {0, 4095, 8192, 8999};
            Vector read = group.read(ColumnSpec.TIMESTAMP, outside, cost);
            Vector expected = columns.getFirst().values();
            for (int index = 0; index < outside.length; index++) {
                assertThat(RandomColumns.value(read, index))
                        .isEqualTo(RandomColumns.value(expected, outside[index]));
            }
            assertThatThrownBy(() -> group.read(ColumnSpec.TIMESTAMP, new int[] {5000}, cost))
                    .isInstanceOf(CorruptFileException.class)
                    .hasMessageContaining("a.parquet at byte");
        }
    }

    @Test
    void damagedFilter_answersMaybe_andIsReportedOnce() throws IOException {
        damage(filter, flipped(wholeFilter, 100, 0));
        try (SegmentFile file = open()) {
            EncodedRowGroup group = file.rowGroups().getFirst();
            assertThat(random.longs(500).allMatch(group::mayContain)).isTrue();
            EncodedRowGroup other = file.rowGroups().get(1);
            assertThat(LongStream.of(hashes).allMatch(other::mayContain)).isTrue();
            assertThat(random.longs(500).filter(other::mayContain).count()).isLessThan(50);
        }
        assertThat(reported).hasSize(1).first().isInstanceOf(CorruptFileException.class);
    }

    @Test
    void damagedPairs_areInEveryPart_andReportedOnce_andTheOtherGroupIsWhole() throws IOException {
        int first = (int) (long) ByteSink.LONGS.get(wholeFilter, directory() + ENTRY_SIZE);
        int size =
                ((int) ByteSink.INTS.get(wholeFilter, directory() + 16) & 0xFFFFFF)
                        * (int) ByteSink.INTS.get(wholeFilter, directory() + 20);
        for (int round = 0; round < 200; round++) {
            reported.clear();
            damage(
                    filter,
                    flipped(wholeFilter, first - 1 - random.nextInt(size), random.nextInt(8)));
            try (SegmentFile file = open()) {
                EncodedRowGroup group = file.rowGroups().getFirst();
                EncodedRowGroup other = file.rowGroups().get(1);
                for (long hash : hashes) {
                    assertThat(parts(group, hash) & PART).isEqualTo(PART);
                    assertThat(parts(other, hash) & PART).isEqualTo(PART);
                    assertThat(parts(other, hash)).isNotEqualTo(PairFilter.ALL_PARTS);
                    assertThat(group.mayContain(hash)).isTrue();
                }
            }
            assertThat(reported).hasSize(1).first().isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void damagedPairs_areLeftOutOfACopy() throws IOException {
        int first = (int) (long) ByteSink.LONGS.get(wholeFilter, directory() + ENTRY_SIZE);
        damage(filter, flipped(wholeFilter, first - 10, 2));
        Path copy = folder.resolve("b.parquet");
        Path copyFilter = folder.resolve("b.filter");
        try (SegmentFile file = open()) {
            SegmentWriter.write(Disk.real(), copy, copyFilter, file.rowGroups());
        }
        assertThat(reported).hasSize(1);
        try (SegmentFile file = SegmentFile.open(Disk.real(), copy, copyFilter, pages, filters)) {
            EncodedRowGroup group = file.rowGroups().getFirst();
            assertThat(parts(group, hashes[0])).isEqualTo(PairFilter.ALL_PARTS);
            assertThat(group.mayContain(hashes[0])).isTrue();
            assertThat(parts(file.rowGroups().get(1), hashes[0]))
                    .isNotEqualTo(PairFilter.ALL_PARTS);
        }
        assertThat(reported).hasSize(1);
    }

    @Test
    void filterFileCutWhileItIsOpen_pairsAreInEveryPart() throws IOException {
        try (SegmentFile file = open()) {
            EncodedRowGroup group = file.rowGroups().getFirst();
            assertThat(parts(group, hashes[0])).isNotEqualTo(PairFilter.ALL_PARTS);
            damage(filter, Arrays.copyOf(wholeFilter, 100));
            assertThat(parts(group, hashes[0])).isEqualTo(PairFilter.ALL_PARTS);
            assertThat(parts(group, hashes[1])).isEqualTo(PairFilter.ALL_PARTS);
        }
        assertThat(reported).hasSize(1);
    }

    private int directory() {
        return wholeFilter.length - TAIL_SIZE - 2 * ENTRY_SIZE;
    }

    @Test
    void filterDirectory_cutOrDamaged_isTold_andRowsAreReadWithoutIt() throws IOException {
        for (int round = 0; round < 100; round++) {
            damage(filter, Arrays.copyOf(wholeFilter, random.nextInt(wholeFilter.length)));
            assertReadsWithoutFilter();
        }
        for (int at = wholeFilter.length - TAIL_SIZE - 2 * ENTRY_SIZE;
                at < wholeFilter.length;
                at++) {
            damage(filter, flipped(wholeFilter, at, random.nextInt(8)));
            assertReadsWithoutFilter();
        }
    }
}

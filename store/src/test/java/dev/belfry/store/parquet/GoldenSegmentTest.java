package dev.belfry.store.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.PairFilter;
import dev.belfry.store.filter.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Segments written by earlier versions are read for ever: one pair of files for each version. A new
 * pair is written by {@link #main}.
 */
final class GoldenSegmentTest {
    private static final int ROWS = 5000;
    private static final long PAIR = Tokens.pair(Tokens.hash("golden"), Tokens.hash("pair"));

    @Test
    void segmentOfVersion1_readsBack() throws IOException, URISyntaxException {
        assertReads(
                "segment-v1",
                group -> {
                    long[] pair = {PAIR};
                    assertThat(group.partsWith(pair, new ReadCost()))
                            .isEqualTo(PairFilter.ALL_PARTS);
                });
    }

    @Test
    void filterFileOfVersion2_readsBack() throws IOException, URISyntaxException {
        assertReads(
                "segment-v1-filter-v2",
                group -> {
                    long[] pair = {PAIR};
                    long[] both = {PAIR, Tokens.alone(Tokens.hash("golden"))};
                    assertThat(group.partsWith(pair, new ReadCost())).isEqualTo(0x81);
                    assertThat(group.partsWith(both, new ReadCost())).isEqualTo(0x80);
                    assertThat(group.partsWith(new long[] {1}, new ReadCost())).isZero();
                });
    }

    @Test
    void filterFileOfVersion3_readsBack() throws IOException, URISyntaxException {
        assertReads(
                "segment-v1-filter-v3",
                group -> {
                    long[] pair = {PAIR};
                    long[] both = {PAIR, Tokens.alone(Tokens.hash("golden"))};
                    assertThat(group.partsWith(pair, new ReadCost())).isEqualTo(0x81);
                    assertThat(group.partsWith(both, new ReadCost())).isEqualTo(0x80);
                    assertThat(group.partsWith(new long[] {1}, new ReadCost())).isZero();
                });
    }

    @Test
    void segmentOfVersion2_readsBack() throws IOException, URISyntaxException {
        assertReads(
                "segment-v2-filter-v3",
                group -> {
                    ColumnSpec ids = ids().spec();
                    try {
                        assertThat(group.chunk(ids).info().encoding())
                                .isEqualTo(Parquet.DELTA_BYTE_ARRAY);
                        RandomColumns.assertReads(group, List.of(ids()), new int[] {0, 1, 4096});
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    @Test
    void segmentOfVersion3_readsBack() throws IOException, URISyntaxException {
        assertReads(
                "segment-v3-filter-v3",
                group -> {
                    try {
                        RandomColumns.assertReads(group, List.of(ids()), new int[] {0, 1, 4096});
                        assertThat(group.valueCounts(ColumnSpec.LEVEL, new ReadCost()))
                                .containsExactly(levelCounts());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /* In the order of their first rows: the first that has one is "info". */
    private static int[] levelCounts() {
        int[] counts = new int[3];
        for (int row = 0; row < ROWS; row++) {
            counts[row / 3 % 3] += row % 7 == 0 ? 0 : 1;
        }
        return counts;
    }

    private static void assertReads(String name, Consumer<EncodedRowGroup> pairs)
            throws IOException, URISyntaxException {
        Path parquet = Path.of(GoldenSegmentTest.class.getResource(name + ".parquet").toURI());
        Path filter = Path.of(GoldenSegmentTest.class.getResource(name + ".filter").toURI());
        FilterCache filters =
                new FilterCache(
                        1 << 20,
                        damage -> {
                            throw new AssertionError(damage);
                        });
        try (PageCache pages = new PageCache(1 << 20);
                SegmentFile file = SegmentFile.open(Disk.real(), parquet, filter, pages, filters)) {
            assertThat(file.rowGroups()).hasSize(2);
            for (EncodedRowGroup group : file.rowGroups()) {
                RandomColumns.assertReads(group, columns(), new int[] {0, 17, 4095, 4096, 4999});
                assertThat(group.mayContain(Tokens.hash("golden"))).isTrue();
                assertThat(group.mayContain(Tokens.hash("0af7651916cd43dd8448eb211c80319c")))
                        .isTrue();
                assertThat(group.minOffset()).isEqualTo(10);
                assertThat(group.maxTimestampNanos()).isEqualTo(1_700_000_000_000_024_995L);
                pairs.accept(group);
            }
        }
    }

    /** Writes the files of the current version into the folder given. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        String name = "segment-v" + FooterWriter.VERSION + "-filter-v" + FilterFile.VERSION;
        long[] hashes = {
            Tokens.hash("golden"), Tokens.hash("0af7651916cd43dd8448eb211c80319c"), 1, 2, 3
        };
        try (PageCache pages = new PageCache(0);
                RowGroupEncoder encoder = new RowGroupEncoder(pages)) {
            PairFilter.Builder pairs = new PairFilter.Builder();
            pairs.add(PAIR, 1);
            pairs.add(PAIR, 0x80);
            pairs.add(Tokens.alone(Tokens.hash("golden")), 0x84);
            List<Column> columns = columns();
            columns.add(ids());
            EncodedRowGroup group = encoder.encode(columns, hashes, hashes.length, pairs.build());
            SegmentWriter.write(
                    Disk.real(),
                    folder.resolve(name + ".parquet"),
                    folder.resolve(name + ".filter"),
                    List.of(group, group));
        }
    }

    /* Texts that all begin alike; rows without one, and one that is no longer than that. */
    private static Column ids() {
        String[] texts = new String[ROWS];
        for (int row = 0; row < ROWS; row++) {
            texts[row] = row % 13 == 0 ? null : row == 14 ? "user-" : "user-" + row * 7919 % 10_007;
        }
        ColumnSpec spec = new ColumnSpec(FieldSpace.PAYLOAD, "user", Form.TEXT, 0);
        return new Column(spec, new Vector.Text(BytesColumn.of(texts)));
    }

    /* Nothing random: each value follows from row and column. */
    private static List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(longs(ColumnSpec.TIMESTAMP, 1_700_000_000_000_000_000L, 5, 0));
        columns.add(longs(ColumnSpec.OFFSET, 10, 1, 0));
        int tenth = 10;
        for (Form form : Form.values()) {
            ColumnSpec spec = new ColumnSpec(FieldSpace.TAG, "k%:" + form, form, scale(form));
            if (form.isText()) {
                columns.add(new Column(spec, new Vector.Text(texts(tenth))));
            } else if (form.isLong()) {
                columns.add(longs(spec, 0, form == Form.BOOLEAN ? 0 : 37, tenth));
            } else {
                columns.add(new Column(spec, binary(form.width(), tenth)));
            }
        }
        int[] codes = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            codes[row] = row % 7 == 0 ? -1 : row / 3 % 3;
        }
        BytesColumn entries = BytesColumn.of("info", "", "wärn");
        columns.add(new Column(ColumnSpec.LEVEL, new Vector.Codes(codes, entries, ROWS)));
        return columns;
    }

    private static int scale(Form form) {
        return form == Form.DECIMAL ? 2 : 0;
    }

    private static Column longs(ColumnSpec spec, long first, long step, int nullEach) {
        long[] values = new long[ROWS];
        long[] nulls = nullEach == 0 ? null : new long[(ROWS + 63) >>> 6];
        for (int row = 0; row < ROWS; row++) {
            if (nulls != null && row % nullEach == 0) {
                nulls[row >>> 6] |= 1L << row;
            } else {
                values[row] = first + row * step + (step == 0 ? row % 3 % 2 : 0);
            }
        }
        return new Column(spec, new Vector.Longs(values, nulls, ROWS));
    }

    private static BytesColumn texts(int nullEach) {
        String[] texts = new String[ROWS];
        for (int row = 0; row < ROWS; row++) {
            texts[row] = row % nullEach == 0 ? null : row % 11 == 0 ? "" : "row " + row + " ü";
        }
        return BytesColumn.of(texts);
    }

    private static Vector binary(int width, int nullEach) {
        byte[] data = new byte[ROWS * width];
        long[] nulls = new long[(ROWS + 63) >>> 6];
        for (int row = 0; row < ROWS; row++) {
            if (row % nullEach == 0) {
                nulls[row >>> 6] |= 1L << row;
            } else {
                for (int index = 0; index < width; index++) {
                    data[row * width + index] = (byte) (row * 31 + index * 7);
                }
            }
        }
        return new Vector.Binary(data, width, nulls, ROWS);
    }
}

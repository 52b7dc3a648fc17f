package dev.belfry.store.parquet;

import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the end of a segment: page directories and Parquet's footer. */
final class FooterWriter {
    /** The version of our own use of Parquet, in the footer's metadata. */
    static final String VERSION = "3";

    static final String VERSION_KEY = "belfry.version";
    static final String COLUMNS_KEY = "belfry.columns";

    /** How many rows of a chunk have each entry of its dictionary, in the chunk's metadata. */
    static final String COUNTS_KEY = "belfry.counts";

    /**
     * A chunk as it stands in the file.
     *
     * @param info of the chunk
     * @param start its first byte
     */
    record Placed(ChunkInfo info, long start) {}

    private static final int CONVERTED_UTF8 = 0;
    private static final int CONVERTED_DECIMAL = 5;
    private static final int CONVERTED_TIMESTAMP_MILLIS = 9;
    private static final int DECIMAL_PRECISION = 18;

    private final ByteSink sink;
    private final ThriftWriter thrift;

    FooterWriter(ByteSink sink) {
        this.sink = sink;
        this.thrift = new ThriftWriter(sink);
    }

    /** The pages of a chunk, as an OffsetIndex. */
    void offsetIndex(Placed chunk) {
        ChunkInfo info = chunk.info();
        thrift.begin().list(1, ThriftWriter.STRUCT, info.pageCount());
        for (int page = 0; page < info.pageCount(); page++) {
            thrift.begin()
                    .i64(1, chunk.start() + info.pageStart(page))
                    .i32(2, info.pageEnds()[page] - info.pageStart(page))
                    .i64(3, info.firstRows()[page])
                    .end();
        }
        thrift.end();
    }

    /**
     * The footer, without its length and the magic.
     *
     * @param columns the file's columns
     * @param groups the chunks of each row group, in the order of the columns
     * @param indexes where the page directory of each chunk begins, and after them where the last
     *     ends
     */
    void footer(List<ColumnSpec> columns, List<List<Placed>> groups, long[] indexes) {
        thrift.begin().i32(1, 2);
        thrift.list(2, ThriftWriter.STRUCT, columns.size() + 1);
        thrift.begin().text(4, "event").i32(5, columns.size()).end();
        columns.forEach(this::schemaElement);
        thrift.i64(3, groups.stream().mapToLong(group -> rowCount(group)).sum());
        thrift.list(4, ThriftWriter.STRUCT, groups.size());
        int timestamp = columns.indexOf(ColumnSpec.TIMESTAMP);
        for (int group = 0; group < groups.size(); group++) {
            rowGroup(groups.get(group), indexes, group, timestamp);
        }
        thrift.list(5, ThriftWriter.STRUCT, 2);
        thrift.begin().text(1, VERSION_KEY).text(2, VERSION).end();
        thrift.begin().text(1, COLUMNS_KEY).text(2, forms(columns)).end();
        thrift.text(6, "belfry version " + VERSION);
        thrift.list(7, ThriftWriter.STRUCT, columns.size());
        columns.forEach(_ -> thrift.begin().empty(1).end());
        thrift.end();
    }

    private static int rowCount(List<Placed> group) {
        return group.getFirst().info().rowCount();
    }

    private static String forms(List<ColumnSpec> columns) {
        return columns.stream()
                .map(spec -> spec.form() + (spec.scale() == 0 ? "" : ":" + spec.scale()))
                .collect(Collectors.joining(","));
    }

    private void schemaElement(ColumnSpec spec) {
        Form form = spec.form();
        thrift.begin().i32(1, Parquet.type(form));
        if (form.width() > 0) {
            thrift.i32(2, form.width());
        }
        thrift.i32(3, Parquet.OPTIONAL).text(4, spec.name());
        switch (form) {
            // JSON as text too: DuckDB parses each value of a JSON column, and one odd one fails
            // all.
            case TEXT, NUMBER, JSON -> thrift.i32(6, CONVERTED_UTF8).begin(10).empty(1).end();
            case DECIMAL -> {
                thrift.i32(6, CONVERTED_DECIMAL).i32(7, spec.scale()).i32(8, DECIMAL_PRECISION);
                thrift.begin(10).begin(5).i32(1, spec.scale()).i32(2, DECIMAL_PRECISION);
                thrift.end().end();
            }
            case TIMESTAMP_MILLIS -> {
                thrift.i32(6, CONVERTED_TIMESTAMP_MILLIS);
                timestamp(1);
            }
            case TIMESTAMP_NANOS -> timestamp(3);
            case UUID -> thrift.begin(10).empty(14).end();
            case BOOLEAN, INTEGER, HEX8, HEX16 -> {}
        }
        thrift.end();
    }

    private void timestamp(int unit) {
        thrift.begin(10).begin(8).bool(1, true).begin(2).empty(unit).end().end().end();
    }

    private void rowGroup(List<Placed> chunks, long[] indexes, int ordinal, int timestamp) {
        long plain = 0;
        long stored = 0;
        thrift.begin().list(1, ThriftWriter.STRUCT, chunks.size());
        for (int column = 0; column < chunks.size(); column++) {
            Placed chunk = chunks.get(column);
            plain += chunk.info().plainSize();
            stored += chunk.info().sizeBytes();
            int index = ordinal * chunks.size() + column;
            thrift.begin().i64(2, 0);
            metadata(chunk);
            thrift.i64(4, indexes[index]).i32(5, (int) (indexes[index + 1] - indexes[index]));
            thrift.end();
        }
        thrift.i64(2, plain).i64(3, rowCount(chunks));
        if (timestamp >= 0) {
            thrift.list(4, ThriftWriter.STRUCT, 1);
            thrift.begin().i32(1, timestamp).bool(2, false).bool(3, false).end();
        }
        thrift.i64(5, chunks.getFirst().start()).i64(6, stored).i16(7, ordinal).end();
    }

    private void metadata(Placed chunk) {
        ChunkInfo info = chunk.info();
        boolean coded = info.dictionarySize() > 0;
        thrift.begin(3).i32(1, Parquet.type(info.spec().form()));
        thrift.list(2, ThriftWriter.I32, coded ? 3 : 2).i32(info.encoding()).i32(Parquet.RLE);
        if (coded) {
            thrift.i32(Parquet.PLAIN);
        }
        thrift.list(3, ThriftWriter.BINARY, 1).text(info.spec().name());
        thrift.i32(4, info.codec()).i64(5, info.rowCount()).i64(6, info.plainSize());
        thrift.i64(7, info.sizeBytes());
        if (info.valueCounts().length > 0) {
            String counts = Base64.getEncoder().encodeToString(info.valueCounts());
            thrift.list(8, ThriftWriter.STRUCT, 1);
            thrift.begin().text(1, COUNTS_KEY).text(2, counts).end();
        }
        thrift.i64(9, chunk.start() + info.dictionarySize());
        if (coded) {
            thrift.i64(11, chunk.start());
        }
        thrift.begin(12).i64(3, info.nullCount());
        if (info.hasRange()) {
            thrift.bytes(5, longBytes(info.max())).bytes(6, longBytes(info.min()));
            thrift.bool(7, true).bool(8, true);
        }
        thrift.end().end();
    }

    private static byte[] longBytes(long value) {
        byte[] bytes = new byte[8];
        ByteSink.LONGS.set(bytes, 0, value);
        return bytes;
    }

    /** How many bytes there are by now. */
    int size() {
        return sink.size();
    }
}

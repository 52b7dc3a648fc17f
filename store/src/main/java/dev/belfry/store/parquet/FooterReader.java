package dev.belfry.store.parquet;

import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads what {@link FooterWriter} writes, and refuses what does not fit together. */
final class FooterReader {
    /** The most bytes that a chunk's page directory has for each of its pages. */
    private static final int TEXT_MAX = 1 << 24;

    /** A column chunk, its pages still to be read. */
    record Chunk(
            int encoding,
            int codec,
            int nullCount,
            boolean hasRange,
            long min,
            long max,
            long plainSize,
            long start,
            long storedSize,
            long dataStart,
            long indexStart,
            int indexSize,
            byte[] valueCounts) {

        int dictionarySize() {
            return (int) (dataStart - start);
        }
    }

    /** A row group: its rows, and a chunk for each column of the file. */
    record Group(int rowCount, List<Chunk> chunks) {}

    /** All of a footer. */
    record Footer(List<ColumnSpec> columns, List<Group> groups) {}

    private final ByteSource source;
    private final ThriftReader thrift;
    private final long limit;
    private final List<String> names = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private long rowCount;
    private @Nullable String version;
    private @Nullable String forms;

    /** Reads a footer of a file whose footer begins at byte {@code limit}. */
    FooterReader(ByteSource source, long limit) {
        this.source = source;
        this.thrift = new ThriftReader(source);
        this.limit = limit;
    }

    Footer read() {
        thrift.begin();
        for (int id = thrift.next(); id != 0; id = thrift.next()) {
            switch (id) {
                case 2 -> schema();
                case 3 -> rowCount = thrift.i64();
                case 4 -> groups();
                case 5 -> metadata();
                default -> thrift.skip();
            }
        }
        /* Version 1 had no texts that leave out what all begin with, version 2 no counts. */
        if (!FooterWriter.VERSION.equals(version) && !"2".equals(version) && !"1".equals(version)) {
            throw source.damage("segment version " + version);
        }
        long rows = groups.stream().mapToLong(Group::rowCount).sum();
        if (rows != rowCount || groups.isEmpty()) {
            throw source.damage(rows + " rows in row groups for " + rowCount);
        }
        return new Footer(columns(), groups);
    }

    private List<ColumnSpec> columns() {
        String[] parts = String.valueOf(forms).split(",", -1);
        if (parts.length != names.size()) {
            throw source.damage(parts.length + " forms for " + names.size() + " columns");
        }
        List<ColumnSpec> columns = new ArrayList<>(parts.length);
        for (int index = 0; index < parts.length; index++) {
            int colon = parts[index].indexOf(':');
            String form = colon < 0 ? parts[index] : parts[index].substring(0, colon);
            try {
                int scale = colon < 0 ? 0 : Integer.parseInt(parts[index].substring(colon + 1));
                columns.add(ColumnSpec.parse(names.get(index), Form.valueOf(form), scale));
            } catch (IllegalArgumentException unknown) {
                throw source.damage("form " + parts[index]);
            }
        }
        return columns;
    }

    private void schema() {
        int count = thrift.list(ThriftWriter.STRUCT);
        if (count - 1 > Limits.COLUMNS_MAX) {
            throw source.damage(count + " columns");
        }
        for (int index = 0; index < count; index++) {
            String name = "";
            thrift.begin();
            for (int id = thrift.next(); id != 0; id = thrift.next()) {
                if (id == 4) {
                    name = thrift.text();
                } else {
                    thrift.skip();
                }
            }
            if (index > 0) {
                names.add(name);
            }
        }
    }

    private void metadata() {
        keyValues((key, value) -> {
            if (key.equals(FooterWriter.VERSION_KEY)) {
                version = value;
            } else if (key.equals(FooterWriter.COLUMNS_KEY)) {
                forms = value;
            }
        });
    }

    private void keyValues(BiConsumer<String, String> each) {
        int count = thrift.list(ThriftWriter.STRUCT);
        for (int index = 0; index < count; index++) {
            String key = "";
            String value = "";
            thrift.begin();
            for (int id = thrift.next(); id != 0; id = thrift.next()) {
                switch (id) {
                    case 1 -> key = thrift.text();
                    case 2 -> value = thrift.text();
                    default -> thrift.skip();
                }
            }
            each.accept(key, value);
        }
    }

    private void groups() {
        int count = thrift.list(ThriftWriter.STRUCT);
        for (int index = 0; index < count; index++) {
            List<Chunk> chunks = List.of();
            long rows = 0;
            thrift.begin();
            for (int id = thrift.next(); id != 0; id = thrift.next()) {
                switch (id) {
                    case 1 -> chunks = chunks();
                    case 3 -> rows = thrift.i64();
                    default -> thrift.skip();
                }
            }
            if (chunks.size() != names.size() || rows < 1 || rows > Limits.GROUP_ROWS_MAX) {
                throw source.damage(chunks.size() + " chunks of " + rows + " rows");
            }
            groups.add(new Group((int) rows, chunks));
        }
    }

    private List<Chunk> chunks() {
        int count = thrift.list(ThriftWriter.STRUCT);
        List<Chunk> chunks = new ArrayList<>(Math.min(count, Limits.COLUMNS_MAX));
        for (int index = 0; index < count; index++) {
            ChunkFields fields = new ChunkFields();
            thrift.begin();
            for (int id = thrift.next(); id != 0; id = thrift.next()) {
                switch (id) {
                    case 3 -> chunkMetadata(fields);
                    case 4 -> fields.indexStart = thrift.i64();
                    case 5 -> fields.indexSize = thrift.i32();
                    default -> thrift.skip();
                }
            }
            chunks.add(fields.check());
        }
        return chunks;
    }

    private void chunkMetadata(ChunkFields fields) {
        thrift.beginField();
        for (int id = thrift.next(); id != 0; id = thrift.next()) {
            switch (id) {
                case 2 -> {
                    int count = thrift.list(ThriftWriter.I32);
                    for (int index = 0; index < count; index++) {
                        int encoding = thrift.i32();
                        fields.encoding = index == 0 ? encoding : fields.encoding;
                    }
                }
                case 4 -> fields.codec = thrift.i32();
                case 6 -> fields.plainSize = thrift.i64();
                case 7 -> fields.storedSize = thrift.i64();
                case 8 -> counts(fields);
                case 9 -> fields.dataStart = thrift.i64();
                case 11 -> fields.start = thrift.i64();
                case 12 -> statistics(fields);
                default -> thrift.skip();
            }
        }
    }

    private void counts(ChunkFields fields) {
        keyValues((key, value) -> {
            if (key.equals(FooterWriter.COUNTS_KEY)) {
                try {
                    fields.valueCounts = Base64.getDecoder().decode(value);
                } catch (IllegalArgumentException _) {
                    throw source.damage("counts " + value);
                }
            }
        });
    }

    private void statistics(ChunkFields fields) {
        thrift.beginField();
        for (int id = thrift.next(); id != 0; id = thrift.next()) {
            switch (id) {
                case 3 -> fields.nullCount = thrift.i64();
                case 5 -> {
                    fields.hasRange = true;
                    fields.max = longOf(thrift.bytes());
                }
                case 6 -> fields.min = longOf(thrift.bytes());
                default -> thrift.skip();
            }
        }
    }

    private long longOf(byte[] bytes) {
        if (bytes.length != 8) {
            throw source.damage("a number of " + bytes.length + " bytes");
        }
        return (long) ByteSink.LONGS.get(bytes, 0);
    }

    private final class ChunkFields {
        int encoding = -1;
        int codec = -1;
        long nullCount;
        boolean hasRange;
        long min;
        long max;
        long plainSize;
        long storedSize;
        long dataStart = -1;
        long start = -1;
        long indexStart = -1;
        int indexSize;
        byte[] valueCounts = ValueCounts.NONE;

        Chunk check() {
            if (start < 0) {
                start = dataStart;
            }
            boolean sound =
                    start >= 4
                            && dataStart >= start
                            && storedSize > dataStart - start
                            && storedSize <= Integer.MAX_VALUE - 64
                            && start <= limit - storedSize
                            && indexSize > 0
                            && indexSize <= TEXT_MAX
                            && indexStart >= 4
                            && indexStart <= limit - indexSize
                            && nullCount >= 0
                            && nullCount <= Limits.GROUP_ROWS_MAX
                            && plainSize >= 0
                            && (codec == Parquet.ZSTD || codec == Parquet.UNCOMPRESSED);
            if (!sound) {
                throw source.damage("chunk at " + start + " of " + storedSize + " bytes");
            }
            return new Chunk(
                    encoding,
                    codec,
                    (int) nullCount,
                    hasRange,
                    min,
                    max,
                    plainSize,
                    start,
                    storedSize,
                    dataStart,
                    indexStart,
                    indexSize,
                    valueCounts);
        }
    }

    /** Reads the pages of a chunk at the place where the source stands. */
    static ChunkInfo pages(ByteSource source, ColumnSpec spec, int rowCount, Chunk chunk) {
        ThriftReader thrift = new ThriftReader(source);
        int[] ends = new int[0];
        int[] firstRows = new int[0];
        thrift.begin();
        for (int id = thrift.next(); id != 0; id = thrift.next()) {
            if (id != 1) {
                thrift.skip();
                continue;
            }
            int count = thrift.list(ThriftWriter.STRUCT);
            ends = new int[count];
            firstRows = new int[count];
            long expected = chunk.dataStart();
            for (int page = 0; page < count; page++) {
                expected = page(thrift, expected, page, ends, firstRows, chunk, rowCount);
            }
        }
        boolean sound =
                ends.length > 0
                        && ends[ends.length - 1] == chunk.storedSize()
                        && chunk.nullCount() <= rowCount
                        && (chunk.valueCounts().length == 0
                                || ValueCounts.areSound(
                                        chunk.valueCounts(), rowCount - chunk.nullCount()));
        ByteSource.check(
                sound, () -> "pages or counts of a chunk that do not fill it", source.at());
        return new ChunkInfo(
                spec,
                chunk.encoding(),
                chunk.codec(),
                rowCount,
                chunk.nullCount(),
                chunk.hasRange(),
                chunk.min(),
                chunk.max(),
                chunk.plainSize(),
                chunk.dictionarySize(),
                ends,
                firstRows,
                chunk.valueCounts());
    }

    private static long page(
            ThriftReader thrift,
            long expected,
            int page,
            int[] ends,
            int[] firstRows,
            Chunk chunk,
            int rowCount) {
        long at = -1;
        long size = -1;
        long row = -1;
        thrift.begin();
        for (int id = thrift.next(); id != 0; id = thrift.next()) {
            switch (id) {
                case 1 -> at = thrift.i64();
                case 2 -> size = thrift.i32();
                case 3 -> row = thrift.i64();
                default -> thrift.skip();
            }
        }
        long end = at - chunk.start() + size;
        boolean sound =
                at == expected
                        && size > 0
                        && end <= chunk.storedSize()
                        && row < rowCount
                        && (page == 0 ? row == 0 : row > firstRows[page - 1]);
        long found = at;
        ByteSource.check(sound, () -> "page " + page + " at " + found, thrift.source().at());
        ends[page] = (int) end;
        firstRows[page] = (int) row;
        return at + size;
    }
}

package dev.belfry.store.parquet;

/**
 * What stands before the bytes of a page.
 *
 * @param type {@link Parquet#DICTIONARY_PAGE} or {@link Parquet#DATA_PAGE_V2}
 * @param plainSize bytes of levels and values before compression
 * @param storedSize bytes of levels and values in the file
 * @param crc CRC32 of the stored bytes
 * @param valueCount rows, or entries of the dictionary
 * @param nullCount rows without a value
 * @param encoding how the values stand
 * @param levelSize bytes of the levels, which are not compressed
 * @param compressed whether the values are
 */
record PageHeader(
        int type,
        int plainSize,
        int storedSize,
        int crc,
        int valueCount,
        int nullCount,
        int encoding,
        int levelSize,
        boolean compressed) {

    void write(ByteSink sink) {
        ThriftWriter writer = new ThriftWriter(sink);
        writer.begin().i32(1, type).i32(2, plainSize).i32(3, storedSize).i32(4, crc);
        if (type == Parquet.DICTIONARY_PAGE) {
            writer.begin(7).i32(1, valueCount).i32(2, encoding).end();
        } else {
            writer.begin(8)
                    .i32(1, valueCount)
                    .i32(2, nullCount)
                    .i32(3, valueCount)
                    .i32(4, encoding)
                    .i32(5, levelSize)
                    .i32(6, 0)
                    .bool(7, compressed)
                    .end();
        }
        writer.end();
    }

    /** Reads a header; the source stands at the stored bytes afterwards, which are there. */
    static PageHeader read(ByteSource source) {
        ThriftReader reader = new ThriftReader(source);
        int[] top = new int[5];
        int[] inner = new int[7];
        boolean compressed = true;
        reader.begin();
        for (int id = reader.next(); id != 0; id = reader.next()) {
            if (id <= 4) {
                top[id] = reader.i32();
            } else if (id == 7 || id == 8) {
                reader.beginField();
                for (int field = reader.next(); field != 0; field = reader.next()) {
                    if (id == 7 && field > 2) {
                        reader.skip();
                    } else if (field < 7) {
                        inner[field] = reader.i32();
                    } else if (field == 7) {
                        compressed = reader.bool();
                    } else {
                        reader.skip();
                    }
                }
            } else {
                reader.skip();
            }
        }
        int type = top[1];
        ByteSource.check(
                type == Parquet.DICTIONARY_PAGE || type == Parquet.DATA_PAGE_V2,
                () -> "page of type " + type,
                source.at());
        boolean dictionary = type == Parquet.DICTIONARY_PAGE;
        PageHeader header =
                new PageHeader(
                        type,
                        source.inRange(top[2], Limits.PAGE_BYTES_MAX),
                        source.inRange(top[3], source.remaining()),
                        top[4],
                        source.inRange(inner[1], Integer.MAX_VALUE),
                        dictionary ? 0 : source.inRange(inner[2], inner[1]),
                        dictionary ? inner[2] : inner[4],
                        dictionary ? 0 : source.inRange(inner[5], top[3]),
                        compressed);
        ByteSource.check(
                dictionary || inner[6] == 0 && inner[3] == inner[1],
                () -> "a page of repeated values",
                source.at());
        return header;
    }
}

package dev.belfry.store.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Sizes and places in a block file ({@code docs/formats/block.md}). */
final class BlockFormat {
    /*
     *   header │ cell … │ pages of entries │ pages of times
     *          │ directory, tail │ directory, tail (the same again)
     *
     *   header (16): magic 8 │ version u32 │ 0 u32
     *   cell:        length varint │ CRC32C u32 │ bytes: a column of times, a chunk, or labels
     *   chunk:       columns − 1 u8 │ length varint of each column but the last │ columns
     *   entry (16):  series u32 │ times u32 │ place of the chunk u56 │ column u8
     *   directory:   min, max, from offset, to offset, tier, samples, place of entries, place of
     *                times, i64 each │ series, entries, columns of times, pages of labels, i32 each
     *                │ for each page of entries: first series u32, CRC32C u32
     *                │ for each page of times: CRC32C u32 │ for each page of labels: place u64
     *   times (32):  min i64 │ max i64 │ place of the cell u64 │ count u32 │ 0 u32
     *   tail (32):   place of the directory u64 │ length u32 │ CRC32C of directory u32
     *                │ version u32 │ CRC32C of the 20 bytes before u32 │ magic 8
     */
    static final long MAGIC =
            'B'
                    | 'E' << 8
                    | 'L' << 16
                    | 'F' << 24
                    | (long) 'R' << 32
                    | (long) 'Y' << 40
                    | (long) 'B' << 48
                    | (long) '1' << 56;
    /* 2: columns of samples may be in segments, which a reader of version 1 takes for damage. */
    static final int VERSION = 2;
    static final int VERSION_MIN = 1;
    static final int HEADER_BYTES = 16;
    static final int TAIL_BYTES = 32;
    static final int ENTRY_BYTES = 16;
    static final int TIMES_BYTES = 32;

    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private BlockFormat() {}

    static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    static int crc(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.asByteBuffer());
        return (int) crc.getValue();
    }
}

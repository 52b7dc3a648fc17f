package dev.belfry.store.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * How a {@link PairFilter} stands in blocks of equal size, each of which answers for its pairs
 * alone and ends with the CRC32 of what it holds.
 *
 * @param planes bits of a fingerprint; 0 for eight Bloom filters, which earlier versions wrote
 * @param blockSize bytes of a block
 * @param blockCount how many blocks there are
 */
public record PairLayout(int planes, int blockSize, int blockCount) {
    /*
     * Fingerprints: for each part a homogeneous ribbon filter (Dillinger, Hübschle-Schneider, Sanders,
     * Walzer, "Fast Succinct Retrieval and Approximate Membership using Ribbon", SEA 2022). A block has a
     * table of bits of `planes` columns for each part. A pair begins at a row and has a coefficient for each of
     * 64 rows from there on; it may be in the part when the rows that it has add up to zero in every
     * column. Tables stand in slabs of 64 rows, so that a question looks at two neighbouring slabs:
     *
     *   block: slabs | CRC32 u32      slab: for each part, for each column: rows u64, the first the lowest bit
     *   mixed = (hash ^ hash >>> 32) * 9e3779b97f4a7c15    block = high 64 bits of mixed * blocks
     *   places = (mixed ^ mixed >>> 29) * bf58476d1ce4e5b9
     *   first row = (places >>> 32) * (rows - 63) >>> 32
     *   coefficients = (places ^ places >>> 32) * 94d049bb133111eb | 1
     *
     * Bloom filters: a slot is a byte with a bit for each part:
     *
     *   block: slots u8 each | CRC32 u32
     *   slot i of 4 = (12 bits of places from bit 16 + 12 * i) * slots >>> 12
     */
    /** Bytes of a block at most. */
    public static final int BLOCK_SIZE_MAX = 1 << 14;

    /** Bits of a fingerprint at most. */
    static final int PLANES_MAX = 16;

    /** Rows of a slab, and of a pair. */
    static final int SLAB_ROWS = 64;

    static final int CRC_SIZE = 4;

    private static final int BLOOM_SIZE_MAX = 1 << 12;
    private static final int BLOOM_PLACES = 4;
    private static final int BLOOM_BITS = 12;
    private static final int BLOOM_FIRST = 64 - BLOOM_PLACES * BLOOM_BITS;

    static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Whether a file may have such blocks. */
    public boolean isValid() {
        int size = blockSize - CRC_SIZE;
        return blockCount > 0
                && size > 0
                && (planes == 0
                        ? blockSize <= BLOOM_SIZE_MAX
                        : planes > 0
                                && planes <= PLANES_MAX
                                && blockSize <= BLOCK_SIZE_MAX
                                && size % slabSize() == 0);
    }

    /** Bytes of a slab. */
    int slabSize() {
        return planes * PairFilter.PARTS * Long.BYTES;
    }

    /** Bytes of all blocks. */
    public long sizeBytes() {
        return (long) blockSize * blockCount;
    }

    /** The block in which {@code pair} is looked for. */
    public int blockOf(long pair) {
        return (int) Math.unsignedMultiplyHigh(mixed(pair), blockCount);
    }

    /** The parts, a bit each, that may have {@code pair}, by its block at {@code from}. */
    public int parts(byte[] data, int from, long pair) {
        long places = places(mixed(pair));
        return planes == 0 ? bloom(data, from, places) : ribbons(data, from, places);
    }

    /** Whether a block at {@code from} is as it was written. */
    public boolean isSound(byte[] data, int from) {
        int end = from + blockSize - CRC_SIZE;
        return (int) INTS.get(data, end) == crc(data, from, end);
    }

    private int bloom(byte[] data, int from, long places) {
        int slots = blockSize - CRC_SIZE;
        int parts = PairFilter.ALL_PARTS;
        for (int place = 0; place < BLOOM_PLACES; place++) {
            int bits = (int) (places >>> BLOOM_FIRST + place * BLOOM_BITS) & (1 << BLOOM_BITS) - 1;
            parts &= data[from + (bits * slots >>> BLOOM_BITS)];
        }
        return parts;
    }

    private int ribbons(byte[] data, int from, long places) {
        int slabSize = slabSize();
        int first = firstRow(places, (blockSize - CRC_SIZE) / slabSize * SLAB_ROWS);
        long coefficients = coefficients(places);
        int at = from + first / SLAB_ROWS * slabSize;
        int shift = first % SLAB_ROWS;
        int parts = 0;
        for (int part = 0; part < PairFilter.PARTS; part++) {
            boolean isZero = true;
            for (int plane = 0; plane < planes && isZero; plane++) {
                int word = at + (part * planes + plane) * Long.BYTES;
                long rows = (long) LONGS.get(data, word) >>> shift;
                if (shift > 0) {
                    rows |= (long) LONGS.get(data, word + slabSize) << SLAB_ROWS - shift;
                }
                isZero = (Long.bitCount(rows & coefficients) & 1) == 0;
            }
            parts |= isZero ? 1 << part : 0;
        }
        return parts;
    }

    static int crc(byte[] data, int from, int end) {
        CRC32 crc = new CRC32();
        crc.update(data, from, end - from);
        return (int) crc.getValue();
    }

    static long mixed(long pair) {
        return (pair ^ pair >>> 32) * 0x9e3779b97f4a7c15L;
    }

    static long places(long mixed) {
        return (mixed ^ mixed >>> 29) * 0xbf58476d1ce4e5b9L;
    }

    /** The first row of a pair in a block of {@code rows}. */
    static int firstRow(long places, int rows) {
        return (int) ((places >>> 32) * (rows - SLAB_ROWS + 1) >>> 32);
    }

    /** Which rows from the first one on a pair has, a bit each; the first one always. */
    static long coefficients(long places) {
        return (places ^ places >>> 32) * 0x94d049bb133111ebL | 1;
    }
}

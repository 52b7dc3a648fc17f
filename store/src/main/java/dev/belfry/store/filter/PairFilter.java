package dev.belfry.store.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Which eighths of a row group may have a text with a pair of neighbouring words, or with one word
 * alone. It errs only by naming eighths that have none. Immutable and safe for many threads.
 */
public final class PairFilter {
    /*
     * Eight Bloom filters side by side: a slot is a byte with a bit for each eighth, so that one
     * look answers for all of them (Bitfunnel: Goodwin et al., SIGIR 2017). All slots of a hash are
     * in one block (Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom Filters",
     * 2007), which has a checksum: so that a question reads a block from a file that is not in
     * memory, and knows that it is whole.
     *
     *   bytes: blocks one after another; block: slots u8 each | CRC32 of the slots u32
     *   mixed = (hash ^ hash >>> 32) * 9e3779b97f4a7c15    block = high 64 bits of mixed * blocks
     *   places = (mixed ^ mixed >>> 29) * bf58476d1ce4e5b9
     *   slot i of 4 = (12 bits of places from bit 16 + 12 * i) * slots >>> 12
     */
    /** The parts of a group's rows. */
    public static final int PARTS = 8;

    /** Every part. */
    public static final int ALL_PARTS = (1 << PARTS) - 1;

    /** Bytes of a block at most. */
    public static final int BLOCK_SIZE_MAX = 4096;

    private static final int CRC_SIZE = 4;
    private static final int BLOCK_SLOTS_MAX = BLOCK_SIZE_MAX - CRC_SIZE;
    private static final int PLACES = 4;
    private static final int PLACE_BITS = 12;
    private static final int FIRST_PLACE = 64 - PLACES * PLACE_BITS;

    /* Of 16 questions for what is not there, one is answered "maybe" (RATIONALE.md). */
    private static final int SLOTS_PER_PAIR = 6;

    private static final int SLOTS_MIN = 32;

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int blockSize;

    private PairFilter(byte[] bytes, int blockSize) {
        this.bytes = bytes;
        this.blockSize = blockSize;
    }

    /** How many rows of a group of {@code rowCount} a part has; the last ones may have fewer. */
    public static int partRows(int rowCount) {
        return (rowCount + PARTS - 1) / PARTS;
    }

    /** The parts, a bit each, that may have {@code pair}. */
    public int parts(long pair) {
        return partsInBlock(bytes, blockOf(pair, blockCount()) * blockSize, blockSize, pair);
    }

    /** Bytes of a block. */
    public int blockSize() {
        return blockSize;
    }

    /** How many blocks there are. */
    public int blockCount() {
        return bytes.length / blockSize;
    }

    /** The filter as files hold it; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** The block in which {@code pair} is looked for. */
    public static int blockOf(long pair, int blockCount) {
        return (int) Math.unsignedMultiplyHigh(mixed(pair), blockCount);
    }

    /** The parts that may have {@code pair}, by its block at {@code from}. */
    public static int partsInBlock(byte[] data, int from, int blockSize, long pair) {
        long places = places(mixed(pair));
        int slots = blockSize - CRC_SIZE;
        int parts = ALL_PARTS;
        for (int place = 0; place < PLACES; place++) {
            parts &= data[from + slot(places, place, slots)];
        }
        return parts;
    }

    /** Whether a block at {@code from} is as it was written. */
    public static boolean isSound(byte[] data, int from, int blockSize) {
        int end = from + blockSize - CRC_SIZE;
        return (int) INTS.get(data, end) == crc(data, from, end);
    }

    private static int crc(byte[] data, int from, int end) {
        CRC32 crc = new CRC32();
        crc.update(data, from, end - from);
        return (int) crc.getValue();
    }

    /** Whether a file may say that a filter has blocks of this size. */
    public static boolean isBlockSize(int size) {
        return size > CRC_SIZE && size <= BLOCK_SIZE_MAX;
    }

    private static long mixed(long pair) {
        return (pair ^ pair >>> 32) * 0x9e3779b97f4a7c15L;
    }

    private static long places(long mixed) {
        return (mixed ^ mixed >>> 29) * 0xbf58476d1ce4e5b9L;
    }

    private static int slot(long places, int place, int slots) {
        int bits = (int) (places >>> FIRST_PLACE + place * PLACE_BITS) & (1 << PLACE_BITS) - 1;
        return bits * slots >>> PLACE_BITS;
    }

    /** Collects pairs and makes filters, one after another in the same arrays; for one thread. */
    public static final class Builder {
        /*
         * What was added not long ago is skipped: lines of a kind have the same pairs. How many
         * different ones are left is estimated by how many bits of a bitmap they set (linear
         * counting; Whang et al., 1990).
         */
        private static final int PAIRS_MAX = 1 << 20;
        private static final int RECENT_BITS = 14;
        private static final int COUNTER_BITS = 19;

        private final long[] recent = new long[1 << RECENT_BITS];
        private final long[] counter = new long[1 << COUNTER_BITS - 6];
        private long[] pairs = new long[1 << 12];
        private byte[] parts = new byte[1 << 12];
        private int count;
        private boolean full;

        /** An empty builder. */
        public Builder() {}

        /** Forgets all pairs. */
        public void clear() {
            count = 0;
            full = false;
            Arrays.fill(recent, 0);
        }

        /** Adds a pair that some {@code of} parts have, a bit each. */
        public void add(long pair, int of) {
            long key = pair ^ of;
            int slot = (int) (key >>> 64 - RECENT_BITS);
            if (recent[slot] == key) {
                return;
            }
            recent[slot] = key;
            if (count == pairs.length) {
                if (count == PAIRS_MAX) {
                    full = true;
                    return;
                }
                pairs = Arrays.copyOf(pairs, count * 2);
                parts = Arrays.copyOf(parts, count * 2);
            }
            pairs[count] = pair;
            parts[count++] = (byte) of;
        }

        /** The filter of what was added; null when that was too much for one. */
        public @Nullable PairFilter build() {
            if (full) {
                return null;
            }
            int slots = (int) Math.max(SLOTS_MIN, Math.ceil(pairsOfAPart() * SLOTS_PER_PAIR));
            int blocks = (slots + BLOCK_SLOTS_MAX - 1) / BLOCK_SLOTS_MAX;
            int blockSlots = (slots + blocks - 1) / blocks;
            int size = blockSlots + CRC_SIZE;
            byte[] bytes = new byte[blocks * size];
            for (int i = 0; i < count; i++) {
                long mixed = mixed(pairs[i]);
                int from = (int) Math.unsignedMultiplyHigh(mixed, blocks) * size;
                long places = places(mixed);
                byte of = parts[i];
                for (int place = 0; place < PLACES; place++) {
                    bytes[from + slot(places, place, blockSlots)] |= of;
                }
            }
            for (int from = 0; from < bytes.length; from += size) {
                INTS.set(bytes, from + blockSlots, crc(bytes, from, from + blockSlots));
            }
            return new PairFilter(bytes, size);
        }

        /*
         * About how many different pairs the part of a pair has, on the mean of all pairs; at most
         * twice the mean of all parts, so that one long part does not make the others larger.
         */
        private double pairsOfAPart() {
            Arrays.fill(counter, 0);
            int set = 0;
            long[] counts = new long[PARTS];
            for (int i = 0; i < count; i++) {
                int of = parts[i] & ALL_PARTS;
                int bit = (int) ((pairs[i] ^ of * 0x9e3779b97f4a7c15L) >>> 64 - COUNTER_BITS);
                long mask = 1L << bit;
                if ((counter[bit >>> 6] & mask) == 0) {
                    counter[bit >>> 6] |= mask;
                    set++;
                    for (int left = of; left != 0; left &= left - 1) {
                        counts[Integer.numberOfTrailingZeros(left)]++;
                    }
                }
            }
            if (set == 0) {
                return 0;
            }
            int bits = 1 << COUNTER_BITS;
            double free = Math.max(1, bits - set) / (double) bits;
            double seen = -Math.log(free) * bits / set;
            double sum = 0;
            double squares = 0;
            for (long of : counts) {
                sum += of;
                squares += (double) of * of;
            }
            return seen * Math.min(squares / sum, 2 * sum / PARTS);
        }
    }
}

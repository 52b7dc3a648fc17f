package dev.belfry.store.filter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which eighths of a row group may have a text with a pair of neighbouring words, or with one word
 * alone. It errs only by naming eighths that have none: one of 128 ({@link PairLayout}). Immutable
 * and safe for many threads.
 */
public final class PairFilter {
    /** The parts of a group's rows. */
    public static final int PARTS = 8;

    /** Every part. */
    public static final int ALL_PARTS = (1 << PARTS) - 1;

    private final byte[] bytes;
    private final PairLayout layout;

    private PairFilter(byte[] bytes, PairLayout layout) {
        this.bytes = bytes;
        this.layout = layout;
    }

    /** How many rows of a group of {@code rowCount} a part has; the last ones may have fewer. */
    public static int partRows(int rowCount) {
        return (rowCount + PARTS - 1) / PARTS;
    }

    /** The parts, a bit each, that may have {@code pair}. */
    public int parts(long pair) {
        return layout.parts(bytes, layout.blockOf(pair) * layout.blockSize(), pair);
    }

    /** Its blocks. */
    public PairLayout layout() {
        return layout;
    }

    /** The filter as files hold it; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Collects pairs and makes filters, one after another in the same arrays; for one thread. */
    public static final class Builder {
        /*
         * What was added not long ago is skipped: lines of a kind have the same pairs. How many
         * different ones are left is estimated by a bitmap: a bit that is set stands for as many as
         * are needed, on the mean, to meet one of those that are free (self-learning bitmap; Chen, Cao, 2009).
         */
        private static final int PAIRS_MAX = 1 << 20;
        private static final int RECENT_BITS = 14;
        private static final int COUNTER_BITS = 19;

        /* Bits of a fingerprint, and rows of a table for each pair and at least (RATIONALE.md). */
        private static final int PLANES = 7;
        private static final double ROWS_PER_PAIR = 1.09;
        private static final int ROWS_MORE = 24;

        /* 4 MiB; more are a few groups of very long messages. */
        private static final int EQUATIONS_KEPT = 1 << 19;

        private final long[] recent = new long[1 << RECENT_BITS];
        private final long[] counter = new long[1 << COUNTER_BITS - 6];
        private long[] pairs = new long[1 << 12];
        private byte[] parts = new byte[1 << 12];
        private long[] equations = new long[0];
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
            PairLayout layout = layoutFor(pairsOfAPart());
            int blockRows =
                    (layout.blockSize() - PairLayout.CRC_SIZE)
                            / layout.slabSize()
                            * PairLayout.SLAB_ROWS;
            int partRows = blockRows * layout.blockCount();
            if (equations.length < PARTS * partRows) {
                equations = new long[PARTS * partRows];
            }
            Arrays.fill(equations, 0, PARTS * partRows, 0);
            for (int i = 0; i < count; i++) {
                long mixed = PairLayout.mixed(pairs[i]);
                long places = PairLayout.places(mixed);
                int block = (int) Math.unsignedMultiplyHigh(mixed, layout.blockCount());
                int row = block * blockRows + PairLayout.firstRow(places, blockRows);
                long coefficients = PairLayout.coefficients(places);
                for (int left = parts[i] & ALL_PARTS; left != 0; left &= left - 1) {
                    int part = Integer.numberOfTrailingZeros(left);
                    insert(part * partRows + row, coefficients);
                }
            }
            byte[] bytes = new byte[Math.toIntExact(layout.sizeBytes())];
            for (int block = 0; block < layout.blockCount(); block++) {
                int from = block * layout.blockSize();
                for (int part = 0; part < PARTS; part++) {
                    solve(part * partRows + block * blockRows, blockRows, part, bytes, from);
                }
                int end = from + layout.blockSize() - PairLayout.CRC_SIZE;
                PairLayout.INTS.set(bytes, end, PairLayout.crc(bytes, from, end));
            }
            if (equations.length > EQUATIONS_KEPT) {
                equations = new long[0];
            }
            return new PairFilter(bytes, layout);
        }

        private static PairLayout layoutFor(double pairs) {
            int slabSize = PLANES * PARTS * Long.BYTES;
            int slabsMax = (PairLayout.BLOCK_SIZE_MAX - PairLayout.CRC_SIZE) / slabSize;
            int slabs = (int) Math.ceil((pairs * ROWS_PER_PAIR + ROWS_MORE) / PairLayout.SLAB_ROWS);
            int blocks = (slabs + slabsMax - 1) / slabsMax;
            int blockSlabs = (slabs + blocks - 1) / blocks;
            return new PairLayout(PLANES, blockSlabs * slabSize + PairLayout.CRC_SIZE, blocks);
        }

        /*
         * An equation is kept in its first row; where there is one already, what differs is an equation of a later
         * row. Nothing is left of one that follows from those before: it holds by itself.
         */
        private void insert(int first, long coefficients) {
            int row = first;
            long left = coefficients;
            while (equations[row] != 0) {
                left ^= equations[row];
                if (left == 0) {
                    return;
                }
                int zeros = Long.numberOfTrailingZeros(left);
                row += zeros;
                left >>>= zeros;
            }
            equations[row] = left;
        }

        /*
         * From the last row to the first: a bit is what its equation makes of the next 63, or any
         * where there is none.
         */
        private void solve(int firstRow, int rows, int part, byte[] bytes, int from) {
            int slabSize = PLANES * PARTS * Long.BYTES;
            for (int plane = 0; plane < PLANES; plane++) {
                long above = 0;
                int at = from + (part * PLANES + plane) * Long.BYTES;
                for (int slab = rows / PairLayout.SLAB_ROWS - 1; slab >= 0; slab--) {
                    int row = firstRow + slab * PairLayout.SLAB_ROWS;
                    long free = PairLayout.places(PairLayout.mixed((long) row * PLANES + plane));
                    for (int bit = PairLayout.SLAB_ROWS - 1; bit >= 0; bit--) {
                        long equation = equations[row + bit];
                        long value =
                                equation == 0 ? free >>> bit : Long.bitCount(equation & above << 1);
                        above = above << 1 | value & 1;
                    }
                    PairLayout.LONGS.set(bytes, at + slab * slabSize, above);
                }
            }
        }

        /*
         * About how many different pairs the part with the most has; at most twice the mean of all parts, so
         * that one long part does not make the others larger.
         */
        private double pairsOfAPart() {
            Arrays.fill(counter, 0);
            int bits = 1 << COUNTER_BITS;
            int free = bits;
            double[] counts = new double[PARTS];
            for (int i = 0; i < count; i++) {
                int of = parts[i] & ALL_PARTS;
                int bit = (int) ((pairs[i] ^ of * 0x9e3779b97f4a7c15L) >>> 64 - COUNTER_BITS);
                long mask = 1L << bit;
                if ((counter[bit >>> 6] & mask) == 0) {
                    counter[bit >>> 6] |= mask;
                    double pairsForABit = (double) bits / free--;
                    for (int left = of; left != 0; left &= left - 1) {
                        counts[Integer.numberOfTrailingZeros(left)] += pairsForABit;
                    }
                }
            }
            double sum = 0;
            double most = 0;
            for (double of : counts) {
                sum += of;
                most = Math.max(most, of);
            }
            return Math.min(most, 2 * sum / PARTS);
        }
    }
}

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
         * are needed, on the mean, to meet one of those that are free (self-learning bitmap; Chen, Cao, 2009). Of many
         * pairs one of four is counted, by its hash.
         */
        private static final int PAIRS_MAX = 1 << 20;
        private static final int RECENT_BITS = 14;
        private static final int COUNTER_BITS = 19;
        private static final int COUNTED_ALL_MAX = 1 << 18;
        private static final int SAMPLE = 4;

        /* Bits of a fingerprint, and rows of a table for each pair and at least (RATIONALE.md). */
        private static final int PLANES = 7;
        private static final double ROWS_PER_PAIR = 1.09;
        private static final int ROWS_MORE = 24;

        private final long[] recent = new long[1 << RECENT_BITS];
        private final long[] counter = new long[1 << COUNTER_BITS - 6];
        private long[] pairs = new long[1 << 12];
        private byte[] parts = new byte[1 << 12];
        private long[] sortedPairs = new long[0];
        private byte[] sortedParts = new byte[0];
        private final long[] above = new long[PLANES];
        private final long[] free = new long[PLANES];

        /* Of one block: for each part its rows. */
        private long[] equations = new long[0];

        /* Equations that are to be inserted and their first rows, and room for one that says nothing. */
        private static final int LIST_SIZE = 512;
        private final int[] listRows = new int[LIST_SIZE + 1];
        private final long[] listEquations = new long[LIST_SIZE + 1];
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
            if (count < pairs.length || hasGrown()) {
                pairs[count] = pair;
                parts[count++] = (byte) of;
            }
        }

        private boolean hasGrown() {
            full = count == PAIRS_MAX;
            if (!full) {
                pairs = Arrays.copyOf(pairs, count * 2);
                parts = Arrays.copyOf(parts, count * 2);
            }
            return !full;
        }

        /** The filter of what was added; null when that was too much for one. */
        public @Nullable PairFilter build() {
            if (full) {
                return null;
            }
            PairLayout layout = layoutFor(pairsOfAPart());
            int[] ends = sortByBlock(layout);
            int rows =
                    (layout.blockSize() - PairLayout.CRC_SIZE)
                            / layout.slabSize()
                            * PairLayout.SLAB_ROWS;
            if (equations.length < PARTS * rows) {
                equations = new long[PARTS * rows];
            }
            byte[] bytes = new byte[Math.toIntExact(layout.sizeBytes())];
            for (int block = 0; block < layout.blockCount(); block++) {
                Arrays.fill(equations, 0, PARTS * rows, 0);
                insertAll(block == 0 ? 0 : ends[block - 1], ends[block], rows);
                int from = block * layout.blockSize();
                for (int part = 0; part < PARTS; part++) {
                    solve(part, rows, (long) part * layout.blockCount() + block, bytes, from);
                }
                int end = from + layout.blockSize() - PairLayout.CRC_SIZE;
                PairLayout.INTS.set(bytes, end, PairLayout.crc(bytes, from, end));
            }
            return new PairFilter(bytes, layout);
        }

        /*
         * A block's equations stay in the processor's cache while its pairs are inserted: in the order in which pairs
         * came each would be waited for. Answers where each block ends.
         */
        private int[] sortByBlock(PairLayout layout) {
            if (sortedPairs.length < count) {
                sortedPairs = new long[pairs.length];
                sortedParts = new byte[pairs.length];
            }
            int[] ends = new int[layout.blockCount()];
            for (int i = 0; i < count; i++) {
                ends[layout.blockOf(pairs[i])]++;
            }
            for (int block = 1; block < ends.length; block++) {
                ends[block] += ends[block - 1];
            }
            for (int i = count - 1; i >= 0; i--) {
                int at = --ends[layout.blockOf(pairs[i])];
                sortedPairs[at] = pairs[i];
                sortedParts[at] = parts[i];
            }
            /* Now they are where each begins. */
            System.arraycopy(ends, 1, ends, 0, ends.length - 1);
            ends[ends.length - 1] = count;
            return ends;
        }

        private void insertAll(int from, int to, int rows) {
            int size = 0;
            for (int i = from; i < to; i++) {
                long places = PairLayout.places(PairLayout.mixed(sortedPairs[i]));
                int row = PairLayout.firstRow(places, rows);
                long coefficients = PairLayout.coefficients(places);
                for (int left = sortedParts[i] & ALL_PARTS; left != 0; left &= left - 1) {
                    listRows[size] = Integer.numberOfTrailingZeros(left) * rows + row;
                    listEquations[size++] = coefficients;
                    if (size == LIST_SIZE) {
                        insertList(size);
                        size = 0;
                    }
                }
            }
            insertList(size);
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
         *
         * How many steps that takes cannot be foreseen, and a branch that the processor expects wrongly costs more
         * than several. So two equations take their steps in turn, and where one has ended the next of
         * the list takes its place, all without a branch.
         */
        private void insertList(int size) {
            if (size == 0) {
                return;
            }
            long[] table = equations;
            listEquations[size] = 0;
            int row = listRows[0];
            long left = listEquations[0];
            int otherRow = listRows[1];
            long other = listEquations[1];
            int next = 2;
            while (next < size) {
                long there = table[row];
                long differs = left ^ there;
                int zeros = Long.numberOfTrailingZeros(differs);
                long goesOn = some(there) & some(differs);
                table[row] = there | left & ~some(there);
                left = differs >>> zeros & goesOn | listEquations[next] & ~goesOn;
                row = row + zeros & (int) goesOn | listRows[next] & (int) ~goesOn;
                next += 1 + (int) goesOn;

                there = table[otherRow];
                differs = other ^ there;
                zeros = Long.numberOfTrailingZeros(differs);
                goesOn = some(there) & some(differs);
                table[otherRow] = there | other & ~some(there);
                other = differs >>> zeros & goesOn | listEquations[next] & ~goesOn;
                otherRow = otherRow + zeros & (int) goesOn | listRows[next] & (int) ~goesOn;
                next += 1 + (int) goesOn;
            }
            insert(row, left);
            insert(otherRow, other);
        }

        /* All bits unless {@code value} is 0. */
        private static long some(long value) {
            return (value | -value) >> 63;
        }

        private void insert(int first, long coefficients) {
            int row = first;
            long left = coefficients;
            while (left != 0 && equations[row] != 0) {
                left ^= equations[row];
                int zeros = Long.numberOfTrailingZeros(left);
                row += zeros;
                left >>>= zeros;
            }
            if (left != 0) {
                equations[row] = left;
            }
        }

        /*
         * From the last row to the first: a bit is what its equation makes of the next 63, or any where there is none.
         * Planes do not depend on one another, so that the processor works on all of them at once.
         */
        private void solve(int part, int rows, long number, byte[] bytes, int from) {
            int slabSize = PLANES * PARTS * Long.BYTES;
            Arrays.fill(above, 0);
            for (int slab = rows / PairLayout.SLAB_ROWS - 1; slab >= 0; slab--) {
                int row = slab * PairLayout.SLAB_ROWS;
                for (int plane = 0; plane < PLANES; plane++) {
                    free[plane] =
                            PairLayout.places(
                                    PairLayout.mixed((number * rows + row) * PLANES + plane));
                }
                for (int bit = PairLayout.SLAB_ROWS - 1; bit >= 0; bit--) {
                    long equation = equations[part * rows + row + bit];
                    for (int plane = 0; plane < PLANES; plane++) {
                        long before = above[plane] << 1;
                        long value =
                                equation == 0
                                        ? free[plane] >>> bit
                                        : Long.bitCount(equation & before);
                        above[plane] = before | value & 1;
                    }
                }
                int at = from + slab * slabSize + part * PLANES * Long.BYTES;
                for (int plane = 0; plane < PLANES; plane++) {
                    PairLayout.LONGS.set(bytes, at + plane * Long.BYTES, above[plane]);
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
            int sample = count > COUNTED_ALL_MAX ? SAMPLE : 1;
            for (int i = 0; i < count; i++) {
                if ((pairs[i] & sample - 1) != 0) {
                    continue;
                }
                int of = parts[i] & ALL_PARTS;
                int bit = (int) ((pairs[i] ^ of * 0x9e3779b97f4a7c15L) >>> 64 - COUNTER_BITS);
                long mask = 1L << bit;
                if ((counter[bit >>> 6] & mask) == 0) {
                    counter[bit >>> 6] |= mask;
                    double pairsForABit = (double) bits / free-- * sample;
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

package dev.belfry.store.metrics;

import dev.belfry.model.series.Labels;
import dev.belfry.model.wire.WireWriter;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * The pairs of each series, and the series of given pairs. One writer at a time; who knows a
 * series' number reads its pairs without a lock.
 */
final class SeriesRows {
    /*
     * A row is a series' pairs in the order of their names, their count ahead, in chunks of int. Rows of series that
     * are gone stay until the next start, for those who have their numbers still: their place is turned over (~).
     */
    private static final int NONE = Integer.MIN_VALUE;
    private static final int ROW_SHIFT = 16;
    private static final int ROW_CHUNK = 1 << ROW_SHIFT;

    /* Below it, comparing rows is cheaper than ranks of pairs. */
    private static final int RANKED_MIN = 256;

    private final Pairs pairs;
    private final PairRanks ranks;

    /* By series: where its row begins. */
    private final IntChunks rowOf = new IntChunks(NONE);
    private int[][] rows = {};
    private int rowsUsed = ROW_CHUNK;

    /*
     * Open addressing: a series' number + 1, 0 where there is none. Empty until a series is looked for: those that a
     * start reads come in thousands, and nobody asks for one of them before they are all there.
     */
    private int[] table = {};
    private int count;

    SeriesRows(Pairs pairs) {
        this.pairs = pairs;
        this.ranks = new PairRanks(pairs);
    }

    /** The row of labels, whose pairs get numbers. */
    int[] rowOf(Labels labels) {
        int[] row = new int[labels.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = pairs.intern(labels.name(i), labels.value(i));
        }
        return row;
    }

    /** The row of labels; empty when a pair of them has no number, and for no labels. */
    int[] knownRow(Labels labels) {
        int[] row = new int[labels.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = pairs.find(labels.name(i), labels.value(i));
            if (row[i] < 0) {
                return new int[0];
            }
        }
        return row;
    }

    boolean has(int series) {
        return rowOf.getAcquire(series) >= 0;
    }

    /** The series that has exactly these pairs; -1 when there is none. */
    int find(int[] row) {
        if (table.length == 0) {
            build();
        }
        int mask = table.length - 1;
        for (int at = hash(row, 0, row.length) & mask; ; at = at + 1 & mask) {
            int series = table[at] - 1;
            if (series < 0 || equal(row, series)) {
                return series;
            }
        }
    }

    private boolean equal(int[] row, int series) {
        int place = rowOf.get(series);
        if (place < 0) {
            return false;
        }
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = (place & ROW_CHUNK - 1) + 1;
        int size = chunk[from - 1];
        return Arrays.equals(chunk, from, from + size, row, 0, row.length);
    }

    private static int hash(int[] row, int from, int size) {
        int hash = size;
        for (int i = from; i < from + size; i++) {
            hash = 31 * hash + row[i] * 0x9E3779B9;
        }
        return Pairs.mix(hash);
    }

    /** Makes room for the places of rows of all series below {@code number}. */
    void expect(int number) {
        rowOf.expect(number);
    }

    /** Adds a series, which has no row yet. */
    void add(int series, int[] row) {
        if (table.length > 0 && 2 * (count + 1) > table.length) {
            build();
        }
        if (rowsUsed + row.length + 1 > ROW_CHUNK) {
            int[][] more = Arrays.copyOf(rows, rows.length + 1);
            more[rows.length] = new int[Math.max(ROW_CHUNK, row.length + 1)];
            VarHandle.releaseFence();
            rows = more;
            rowsUsed = 0;
        }
        int[] chunk = rows[rows.length - 1];
        chunk[rowsUsed] = row.length;
        System.arraycopy(row, 0, chunk, rowsUsed + 1, row.length);
        rowOf.setRelease(series, (rows.length - 1 << ROW_SHIFT) + rowsUsed);
        rowsUsed += row.length + 1;
        if (table.length > 0) {
            put(series, hash(row, 0, row.length));
        }
        count++;
    }

    private void build() {
        table = new int[Math.max(1 << 12, Integer.highestOneBit(count) * 4)];
        int end = rowOf.end();
        for (int one = 0; one < end; one++) {
            if (rowOf.get(one) >= 0) {
                putAgain(one);
            }
        }
    }

    private void putAgain(int series) {
        int place = rowOf.get(series);
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = (place & ROW_CHUNK - 1) + 1;
        put(series, hash(chunk, from, chunk[from - 1]));
    }

    private void put(int series, int hash) {
        int mask = table.length - 1;
        int at = hash & mask;
        while (table[at] != 0) {
            at = at + 1 & mask;
        }
        table[at] = series + 1;
    }

    /** Takes series away, all of which are there. */
    void remove(RoaringBitmap gone) {
        gone.forEach((int series) -> rowOf.setRelease(series, ~rowOf.get(series)));
        table = new int[0];
        count -= gone.getCardinality();
    }

    /**
     * The labels of a series.
     *
     * @throws IllegalArgumentException when there is no such series
     */
    Labels labels(int series) {
        int place = known(series);
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = place & ROW_CHUNK - 1;
        return pairs.labels(chunk, from + 1, chunk[from]);
    }

    /**
     * A copy of a series' row, also of one that is gone.
     *
     * @throws IllegalArgumentException when there never was one
     */
    int[] row(int series) {
        int place = known(series);
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = (place & ROW_CHUNK - 1) + 1;
        return Arrays.copyOfRange(chunk, from, from + chunk[from - 1]);
    }

    /** Writes the labels of a series: their count, then names and values. */
    void writeLabels(int series, WireWriter out) {
        int place = known(series);
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = place & ROW_CHUNK - 1;
        out.varint(chunk[from]);
        for (int i = from + 1; i <= from + chunk[from]; i++) {
            pairs.writeLabel(chunk[i], out);
        }
    }

    private int known(int series) {
        int place = place(series);
        if (place < 0) {
            throw new IllegalArgumentException(
                    "series: " + series + " (expected: one that is known)");
        }
        return place;
    }

    /* Also of one that is gone; below 0 when there never was one. */
    private int place(int series) {
        int place = rowOf.getAcquire(series);
        return place >= 0 || place == NONE ? place : ~place;
    }

    /** Calls {@code visitor} with each pair of the series; not at all when there never was one. */
    void forEachPair(int series, IntConsumer visitor) {
        int place = place(series);
        if (place < 0) {
            return;
        }
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = place & ROW_CHUNK - 1;
        for (int i = from + 1; i <= from + chunk[from]; i++) {
            visitor.accept(chunk[i]);
        }
    }

    /** Writes a series with the numbers of its pairs. */
    void write(int series, WireWriter out) {
        int place = rowOf.getAcquire(series);
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = place & ROW_CHUNK - 1;
        out.varint(series);
        for (int i = from; i <= from + chunk[from]; i++) {
            out.varint(chunk[i]);
        }
    }

    /** Compares two series as {@link Labels#compareTo} does their labels. */
    private int compare(int series, int other) {
        int place = place(series);
        int otherPlace = place(other);
        if (place < 0 || otherPlace < 0) {
            return Integer.compare(place, otherPlace);
        }
        int[] chunk = rows[place >>> ROW_SHIFT];
        int[] otherChunk = rows[otherPlace >>> ROW_SHIFT];
        int from = place & ROW_CHUNK - 1;
        int otherFrom = otherPlace & ROW_CHUNK - 1;
        int size = chunk[from];
        int otherSize = otherChunk[otherFrom];
        for (int i = 1; i <= Math.min(size, otherSize); i++) {
            int pair = chunk[from + i];
            int otherPair = otherChunk[otherFrom + i];
            if (pair != otherPair) {
                return pairs.compare(pair, otherPair);
            }
        }
        return size - otherSize;
    }

    /**
     * Sorts series by their labels.
     *
     * @param pairsEnd pairs below have their names and values
     */
    void sort(int[] series, int pairsEnd) {
        if (series.length < RANKED_MIN) {
            insert(series, 0, series.length);
        } else {
            sort(series, new long[series.length], 0, series.length, 0, ranks.upTo(pairsEnd));
        }
    }

    /* By the rank of the pair at `depth`, then those that have the same by the next one. */
    private void sort(int[] series, long[] keys, int from, int to, int depth, int[] rank) {
        int level = depth;
        while (true) {
            if (to - from < 16) {
                insert(series, from, to);
                return;
            }
            long same = key(series[from], level, rank);
            boolean allSame = true;
            for (int i = from; i < to; i++) {
                long key = key(series[i], level, rank);
                allSame &= key == same;
                keys[i] = key << 32 | series[i];
            }
            if (!allSame) {
                break;
            }
            if (same < 0) {
                return;
            }
            level++;
        }
        Arrays.sort(keys, from, to);
        for (int i = from; i < to; i++) {
            series[i] = (int) keys[i];
        }
        int start = from;
        for (int i = from + 1; i <= to; i++) {
            if (i == to || keys[i] >> 32 != keys[start] >> 32) {
                int end = i;
                long key = keys[start] >> 32;
                if (end - start > 1 && key >= 0) {
                    sort(series, keys, start, end, level + 1, rank);
                }
                if (i < to) {
                    start = i;
                }
            }
        }
    }

    private long key(int series, int depth, int[] rank) {
        int place = place(series);
        if (place < 0) {
            return -1;
        }
        int[] chunk = rows[place >>> ROW_SHIFT];
        int at = place & ROW_CHUNK - 1;
        return depth < chunk[at] ? rank[chunk[at + 1 + depth]] : -1;
    }

    private void insert(int[] series, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int one = series[i];
            int low = from;
            int high = i;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (compare(series[middle], one) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            System.arraycopy(series, low, series, low + 1, i - low);
            series[low] = one;
        }
    }

    /** Memory, about. */
    long bytes() {
        return rowOf.bytes() + 4L * ROW_CHUNK * rows.length + 4L * table.length + ranks.bytes();
    }
}

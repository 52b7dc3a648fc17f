package dev.belfry.store.events;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A chunk's column of byte strings: by dictionary while values repeat, plain once they do not. One
 * writer.
 */
final class TextColumn {
    /* Distinct values at which a column must show that they repeat, and how often: else it becomes plain. */
    private static final int DISTINCT_CHECKED = 1024;

    private final SparseRows rows = new SparseRows();
    private byte[] data = new byte[64];
    private int[] ends = new int[8];
    private int valueCount;
    private int size;
    /* Dictionary mode: codes[i] of value i, slots by hash hold code + 1. Both null in plain mode. */
    private int @Nullable [] codes = new int[8];
    private int @Nullable [] slots = new int[16];
    /* The entry that was met last: what a sender's resource says is the same for many events. */
    private int last;

    int count() {
        return rows.count();
    }

    void add(int row, byte[] bytes, int from, int length) {
        int index = rows.add(row);
        int[] known = codes;
        if (known == null) {
            append(bytes, from, length);
            return;
        }
        if (index == known.length) {
            known = Arrays.copyOf(known, index * 2);
            codes = known;
        }
        if (index > 0 && holds(last, bytes, from, length)) {
            known[index] = last;
            return;
        }
        last = code(bytes, from, length);
        known[index] = last;
        if (valueCount >= DISTINCT_CHECKED && valueCount * 2 > rows.count()) {
            becomePlain();
        }
    }

    /** Gives {@code bytes} to {@code count} rows from {@code row} on. */
    void addRun(int row, int count, byte[] bytes) {
        for (int i = 0; i < count; i++) {
            add(row + i, bytes, 0, bytes.length);
        }
    }

    private boolean holds(int code, byte[] bytes, int from, int length) {
        int start = code == 0 ? 0 : ends[code - 1];
        return ends[code] - start == length
                && Arrays.equals(data, start, ends[code], bytes, from, from + length);
    }

    private int code(byte[] bytes, int from, int length) {
        int[] table = slots;
        if (table == null) {
            throw new IllegalStateException("BUG: no dictionary");
        }
        int mask = table.length - 1;
        int slot = hash(bytes, from, length) & mask;
        while (table[slot] != 0) {
            int code = table[slot] - 1;
            if (holds(code, bytes, from, length)) {
                return code;
            }
            slot = (slot + 1) & mask;
        }
        int code = append(bytes, from, length);
        table[slot] = code + 1;
        if (valueCount * 2 > table.length) {
            grow(table.length * 4);
        }
        return code;
    }

    private void grow(int room) {
        int[] table = new int[room];
        for (int code = 0; code < valueCount; code++) {
            int start = code == 0 ? 0 : ends[code - 1];
            int slot = hash(data, start, ends[code] - start) & (room - 1);
            while (table[slot] != 0) {
                slot = (slot + 1) & (room - 1);
            }
            table[slot] = code + 1;
        }
        slots = table;
    }

    /* FNV-1a over 4 bytes at a time is enough for a table of a few thousand short values. */
    private static int hash(byte[] bytes, int from, int length) {
        long hash = length * 0x9E3779B97F4A7C15L;
        int at = from;
        int end = from + length;
        for (; at + 4 <= end; at += 4) {
            int word =
                    (bytes[at] & 0xFF)
                            | (bytes[at + 1] & 0xFF) << 8
                            | (bytes[at + 2] & 0xFF) << 16
                            | bytes[at + 3] << 24;
            hash = (hash ^ word) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        for (; at < end; at++) {
            hash = (hash ^ bytes[at]) * 0x100000001B3L;
        }
        return (int) (hash ^ hash >>> 32);
    }

    private int append(byte[] bytes, int from, int length) {
        if (size + length > data.length) {
            data = Arrays.copyOf(data, Math.max(size + length, data.length * 2));
        }
        System.arraycopy(bytes, from, data, size, length);
        size += length;
        if (valueCount == ends.length) {
            ends = Arrays.copyOf(ends, valueCount * 2);
        }
        ends[valueCount] = size;
        return valueCount++;
    }

    /* Readers keep the arrays of their snapshot; the plain ones are new. */
    private void becomePlain() {
        int[] known = codes;
        if (known == null) {
            return;
        }
        byte[] values = data;
        int[] bounds = ends;
        int count = rows.count();
        data = new byte[Math.max(64, size * 2)];
        ends = new int[Math.max(8, count * 2)];
        valueCount = 0;
        size = 0;
        codes = null;
        slots = null;
        for (int i = 0; i < count; i++) {
            int code = known[i];
            int start = code == 0 ? 0 : bounds[code - 1];
            append(values, start, bounds[code] - start);
        }
    }

    Frozen freeze() {
        BytesColumn values = BytesColumn.of(data, ends, null, valueCount);
        return new Frozen(rows.freeze(), codes, values);
    }

    /** The column as it was; {@code codes} null in plain mode. */
    record Frozen(SparseRows.Frozen rows, int @Nullable [] codes, BytesColumn values)
            implements FrozenColumn {
        @Override
        public int count() {
            return rows.count();
        }

        @Override
        public Vector pick(int[] wanted) {
            int[] known = codes;
            if (known != null) {
                int[] picked = new int[wanted.length];
                for (int i = 0; i < wanted.length; i++) {
                    int index = rows.index(wanted[i]);
                    picked[i] = index < 0 ? -1 : known[index];
                }
                return new Vector.Codes(picked, values, wanted.length);
            }
            BytesColumn.Builder picked = new BytesColumn.Builder(wanted.length);
            for (int row : wanted) {
                add(picked, rows.index(row));
            }
            return new Vector.Text(picked.build());
        }

        private void add(BytesColumn.Builder target, int index) {
            if (index < 0) {
                target.addNull();
            } else {
                target.add(values.data(), values.start(index), values.length(index));
            }
        }

        @Override
        public Vector vector(int rowCount, int @Nullable [] positions) {
            int[] known = codes;
            return known == null ? text(rowCount, positions) : codes(known, rowCount, positions);
        }

        private Vector codes(int[] known, int rowCount, int @Nullable [] positions) {
            if (positions == null && rows.isDense(rowCount)) {
                return new Vector.Codes(known, values, rowCount);
            }
            int[] ordered = new int[rowCount];
            Arrays.fill(ordered, -1);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                ordered[positions == null ? row : positions[row]] = known[i];
            }
            return new Vector.Codes(ordered, values, rowCount);
        }

        private Vector text(int rowCount, int @Nullable [] positions) {
            if (positions == null && rows.isDense(rowCount)) {
                return new Vector.Text(values);
            }
            int[] indexes = new int[rowCount];
            Arrays.fill(indexes, -1);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.row(i);
                indexes[positions == null ? row : positions[row]] = i;
            }
            BytesColumn.Builder ordered = new BytesColumn.Builder(rowCount);
            for (int index : indexes) {
                add(ordered, index);
            }
            return new Vector.Text(ordered.build());
        }
    }
}

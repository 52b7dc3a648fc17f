package dev.belfry.model;

import java.util.Arrays;

/**
 * The values of one named field (a tag, a payload member) in those events of a batch that have it.
 *
 * @param space where the field stands
 * @param key its name, without the space; {@link #REST} for the column of what did not get one of
 *     its own
 * @param rows the indexes of the events that have it, ascending, {@code rows.length == kinds.length
 *     == values.count()}
 * @param kinds {@link ValueKind} ordinals
 * @param values the bytes that the kind says; empty for TRUE, FALSE, NULL. For {@link #REST}: a
 *     JSON object of the members that stand there
 */
public record FieldColumn(
        FieldSpace space, String key, int[] rows, byte[] kinds, BytesColumn values) {
    /**
     * The key of the column that holds, as a JSON object per event, all members without a column of
     * their own.
     */
    public static final String REST = "\u0000";

    /** How many events have the field. */
    public int count() {
        return rows.length;
    }

    /** The kind of the value {@code index} (an index into {@link #rows()}). */
    public ValueKind kind(int index) {
        return ValueKind.of(kinds[index]);
    }

    /** Collects a field; for one thread. A second value for the same row replaces the first. */
    public static final class Builder {
        private final FieldSpace space;
        private final String key;
        private int[] rows = new int[8];
        private byte[] kinds = new byte[8];
        private final BytesColumn.Builder values;
        private final EventBatchBuilder.Tally tally;
        private int count;

        /** A builder for the field {@code key} of {@code space}. */
        public Builder(FieldSpace space, String key, int expectedCount) {
            this(space, key, expectedCount, new EventBatchBuilder.Tally());
        }

        /* The bytes of its values are added to {@code tally}. */
        Builder(FieldSpace space, String key, int expectedCount, EventBatchBuilder.Tally tally) {
            this.space = space;
            this.key = key;
            this.values = new BytesColumn.Builder(expectedCount);
            this.tally = tally;
        }

        /** Adds a value for {@code row}, which is not below the last one's. */
        public void add(int row, ValueKind kind, byte[] bytes, int from, int length) {
            open(row, kind);
            values.add(bytes, from, length);
            tally.bytes += length;
        }

        /** Adds a text value for {@code row}, which is not below the last one's. */
        public void add(int row, ValueKind kind, String text) {
            open(row, kind);
            int before = values.sizeBytes();
            values.add(text);
            tally.bytes += values.sizeBytes() - before;
        }

        private void open(int row, ValueKind kind) {
            if (count > 0 && rows[count - 1] == row) {
                truncateTo(count - 1);
            }
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, count * 2);
                kinds = Arrays.copyOf(kinds, count * 2);
            }
            rows[count] = row;
            kinds[count++] = (byte) kind.ordinal();
        }

        /** Drops the values of rows from {@code row} on. */
        public void truncateRows(int row) {
            int target = count;
            while (target > 0 && rows[target - 1] >= row) {
                target--;
            }
            truncateTo(target);
        }

        private void truncateTo(int target) {
            count = target;
            int before = values.sizeBytes();
            values.truncate(target);
            tally.bytes -= before - values.sizeBytes();
        }

        /** How many values there are by now. */
        public int count() {
            return count;
        }

        /** The column; the builder must not be used after. */
        public FieldColumn build() {
            return new FieldColumn(
                    space,
                    key,
                    Arrays.copyOf(rows, count),
                    Arrays.copyOf(kinds, count),
                    values.build());
        }
    }
}

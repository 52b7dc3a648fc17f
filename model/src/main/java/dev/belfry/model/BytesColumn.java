package dev.belfry.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable column of byte strings (UTF-8 text, mostly), any of which may be null.
 *
 * <p>Value {@code i} is {@code data[start(i) .. end(i))}. The arrays are shared, not copied: nobody
 * may write to them.
 */
public final class BytesColumn {
    /*
     * ends[i] is the end of value i, and value i starts where value i-1 ends. A null value has length 0 and
     * its bit is set in nulls (absent when there are none).
     */
    private final byte[] data;
    private final int[] ends;
    private final long @Nullable [] nulls;
    private final int count;

    BytesColumn(byte[] data, int[] ends, long @Nullable [] nulls, int count) {
        this.data = data;
        this.ends = ends;
        this.nulls = nulls;
        this.count = count;
    }

    /**
     * A column of {@code count} values over arrays that the caller gives up; {@code ends[count]}
     * ascending.
     */
    public static BytesColumn of(byte[] data, int[] ends, long @Nullable [] nulls, int count) {
        return new BytesColumn(data, ends, nulls, count);
    }

    /** A column of texts, null where {@code values} is. */
    public static BytesColumn of(@Nullable String... values) {
        Builder builder = new Builder(values.length);
        for (String value : values) {
            if (value == null) {
                builder.addNull();
            } else {
                builder.add(value.getBytes(StandardCharsets.UTF_8));
            }
        }
        return builder.build();
    }

    /** How many values there are, nulls included. */
    public int count() {
        return count;
    }

    /** The bytes of all values, in order; may be longer than the last value's end. */
    public byte[] data() {
        return data;
    }

    /** Whether value {@code index} is null. */
    public boolean isNull(int index) {
        return nulls != null && (nulls[index >>> 6] & 1L << index) != 0;
    }

    /** Whether any value may be null; false means that none is. */
    public boolean mayHaveNulls() {
        return nulls != null;
    }

    /** Where value {@code index} starts in {@link #data()}. */
    public int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Where value {@code index} ends in {@link #data()}, exclusive. */
    public int end(int index) {
        return ends[index];
    }

    /** The length of value {@code index} in bytes; 0 for null. */
    public int length(int index) {
        return end(index) - start(index);
    }

    /** How many bytes all values have together. */
    public int sizeBytes() {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** A copy of value {@code index}'s bytes; empty for null. */
    public byte[] bytes(int index) {
        return Arrays.copyOfRange(data, start(index), end(index));
    }

    /** Value {@code index} as text, or null. */
    public @Nullable String text(int index) {
        return isNull(index)
                ? null
                : new String(data, start(index), length(index), StandardCharsets.UTF_8);
    }

    /** Collects a column; for one thread. {@link #build()} hands its arrays over. */
    public static final class Builder {
        private byte[] data;
        private int[] ends;
        private long @Nullable [] nulls;
        private int count;
        private int size;

        /** A builder with room for {@code expectedCount} values to begin with. */
        public Builder(int expectedCount) {
            this(expectedCount, Math.max(4, expectedCount) * 8);
        }

        /** A builder with room for {@code expectedCount} values of {@code expectedBytes} in all. */
        public Builder(int expectedCount, int expectedBytes) {
            ends = new int[Math.max(4, expectedCount)];
            data = new byte[expectedBytes];
        }

        /** How many values there are by now. */
        public int count() {
            return count;
        }

        /** How many bytes the values have by now. */
        public int sizeBytes() {
            return size;
        }

        /** Adds {@code bytes[from .. from + length)}. */
        public void add(byte[] bytes, int from, int length) {
            System.arraycopy(bytes, from, reserve(length), size, length);
            size += length;
            push();
        }

        /** Adds all of {@code bytes}. */
        public void add(byte[] bytes) {
            add(bytes, 0, bytes.length);
        }

        /** Adds the values {@code [from, to)} of {@code column}. */
        public void add(BytesColumn column, int from, int to) {
            if (from == to) {
                return;
            }
            int start = column.start(from);
            int length = column.end(to - 1) - start;
            System.arraycopy(column.data, start, reserve(length), size, length);
            int shift = size - start;
            for (int index = from; index < to; index++) {
                size = column.ends[index] + shift;
                if (column.isNull(index)) {
                    addNull();
                } else {
                    push();
                }
            }
        }

        /** Adds a text as UTF-8. */
        public void add(String text) {
            int length = text.length();
            byte[] target = reserve(length * 3);
            int at = size;
            int index = 0;
            for (; index < length; index++) {
                char unit = text.charAt(index);
                if (unit >= 0x80) {
                    break;
                }
                target[at++] = (byte) unit;
            }
            if (index < length) {
                byte[] rest = text.substring(index).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(rest, 0, target, at, rest.length);
                at += rest.length;
            }
            size = at;
            push();
        }

        /** Adds a null. */
        public void addNull() {
            int word = count >>> 6;
            if (nulls == null) {
                nulls = new long[Math.max(word + 1, (ends.length + 63) >>> 6)];
            } else if (word >= nulls.length) {
                nulls = Arrays.copyOf(nulls, Math.max(word + 1, nulls.length * 2));
            }
            nulls[word] |= 1L << count;
            push();
        }

        /** Adds nulls until there are {@code target} values. */
        public void padTo(int target) {
            while (count < target) {
                addNull();
            }
        }

        /** Drops the values from {@code target} on. */
        public void truncate(int target) {
            while (count > target) {
                count--;
                if (nulls != null && (count >>> 6) < nulls.length) {
                    nulls[count >>> 6] &= ~(1L << count);
                }
            }
            size = count == 0 ? 0 : ends[count - 1];
        }

        /** The column; the builder must not be used after. */
        public BytesColumn build() {
            long @Nullable [] mask = nulls;
            int words = (count + 63) >>> 6;
            if (mask != null && mask.length < words) {
                mask = Arrays.copyOf(mask, words);
            }
            return new BytesColumn(data, ends, mask, count);
        }

        private void push() {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, count * 2);
            }
            ends[count++] = size;
        }

        private byte[] reserve(int more) {
            if (size + more > data.length || size + more < 0) {
                data =
                        Arrays.copyOf(
                                data,
                                Math.max(
                                        Math.addExact(size, more),
                                        (int) Math.min(Integer.MAX_VALUE - 16L, data.length * 2L)));
            }
            return data;
        }
    }
}

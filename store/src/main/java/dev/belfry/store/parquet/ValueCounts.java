package dev.belfry.store.parquet;

import org.jspecify.annotations.Nullable;

/** How many rows of a chunk have each entry of its dictionary, as varints one after another. */
final class ValueCounts {
    /** Not known. */
    static final byte[] NONE = new byte[0];

    private ValueCounts() {}

    /** The first {@code size} of {@code counts}. */
    static byte[] of(int[] counts, int size) {
        ByteSink sink = new ByteSink(size * 2 + 8);
        for (int code = 0; code < size; code++) {
            sink.putVarint(counts[code]);
        }
        return sink.toArray();
    }

    /** Whether {@code bytes} are whole counts of all together {@code rows}. */
    static boolean areSound(byte[] bytes, int rows) {
        long sum = 0;
        long count = 0;
        int shift = 0;
        for (byte one : bytes) {
            count |= (long) (one & 0x7F) << shift;
            shift += 7;
            if (one >= 0) {
                sum += count;
                count = 0;
                shift = 0;
            } else if (shift > 21) {
                return false;
            }
        }
        return shift == 0 && sum == rows;
    }

    /** What sound {@code bytes} say; null unless they are of {@code size} entries. */
    static int @Nullable [] read(byte[] bytes, int size) {
        int[] counts = new int[size];
        int entries = 0;
        int at = 0;
        while (at < bytes.length) {
            if (entries == size) {
                return null;
            }
            int count = bytes[at] & 0x7F;
            for (int shift = 7; bytes[at++] < 0; shift += 7) {
                count |= (bytes[at] & 0x7F) << shift;
            }
            counts[entries++] = count;
        }
        return entries == size ? counts : null;
    }
}

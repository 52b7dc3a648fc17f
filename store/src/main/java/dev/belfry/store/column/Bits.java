package dev.belfry.store.column;

import org.jspecify.annotations.Nullable;

/** Bit masks over rows. */
public final class Bits {
    private Bits() {}

    /** A mask with the first {@code count} bits set. */
    public static long[] ones(int count) {
        long[] mask = new long[(count + 63) >>> 6];
        for (int i = 0; i < count >>> 6; i++) {
            mask[i] = -1L;
        }
        if ((count & 63) != 0) {
            mask[count >>> 6] = (1L << count) - 1;
        }
        return mask;
    }

    /**
     * {@code mask}, or a new one for {@code count} rows when it is null, with bit {@code index}
     * set.
     */
    public static long[] set(long @Nullable [] mask, int index, int count) {
        long[] known = mask == null ? new long[(count + 63) >>> 6] : mask;
        known[index >>> 6] |= 1L << index;
        return known;
    }
}

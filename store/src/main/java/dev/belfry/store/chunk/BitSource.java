package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;

/** Reads what {@link BitSink} wrote: for tables, not for columns; for one thread. */
final class BitSource {
    private final WireReader in;
    private long current;
    private int left;

    BitSource(WireReader in) {
        this.in = in;
    }

    /** The next {@code width} bits (0–32). */
    int get(int width) {
        while (left < width) {
            current |= (long) in.u8() << left;
            left += Byte.SIZE;
        }
        int value = (int) (current & (1L << width) - 1);
        current >>>= width;
        left -= width;
        return value;
    }

    int getGamma() {
        int zeros = 0;
        while (get(1) == 0) {
            if (++zeros > 20) {
                throw in.wrong("a number of over 20 bits", "at most 20");
            }
        }
        return 1 << zeros | get(zeros);
    }
}

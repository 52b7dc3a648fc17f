package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireWriter;

/** Writes bits, lowest first, to the end of a writer; for one thread. */
final class BitSink {
    private final WireWriter out;
    private long word;
    private int filled;

    BitSink(WireWriter out) {
        this.out = out;
    }

    /** Writes the low {@code width} bits (0–64) of {@code value}; those above are zero. */
    void put(long value, int width) {
        word |= value << filled;
        int total = filled + width;
        if (total >= Long.SIZE) {
            out.i64(word);
            filled = total - Long.SIZE;
            word = filled == 0 ? 0 : value >>> width - filled;
        } else {
            filled = total;
        }
    }

    /** Writes a number of at least 1 by Elias' gamma code. */
    void putGamma(int value) {
        int width = BitPacking.width(value);
        put(1L << width - 1, width);
        put(value & ~(1L << width - 1), width - 1);
    }

    /** Fills the last byte with zeros and writes what is left. */
    void close() {
        for (; filled > 0; filled -= Byte.SIZE) {
            out.u8((int) word);
            word >>>= Byte.SIZE;
        }
        filled = 0;
        word = 0;
    }
}

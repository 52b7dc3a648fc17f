package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;

/** Reads what {@link BitSink} wrote, bit by bit: for tables, not for columns; for one thread. */
final class BitSource {
    private final WireReader in;
    private int current;
    private int left;

    BitSource(WireReader in) {
        this.in = in;
    }

    int get(int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            if (left == 0) {
                current = in.u8();
                left = Byte.SIZE;
            }
            value |= (current & 1) << i;
            current >>= 1;
            left--;
        }
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

package dev.belfry.model.series;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 128-bit hash of bytes under a secret seed: what a request's raw labels are known by. Equal
 * bytes give equal hashes in one process only. For one thread.
 */
public final class KeyHash {
    /*
     * Two lanes of multiply-and-fold (64 × 64 → 128 bits, halves XORed) over 16 bytes at a time, as wyhash and
     * rapidhash do (https://github.com/wangyi-fudan/wyhash), with secrets of their own, so that the lanes are
     * independent. The seed is random: who does not know it cannot look for keys that meet.
     */
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long A = 0xA0761D6478BD642FL;
    private static final long B = 0xE7037ED1A0B428DBL;
    private static final long C = 0x8EBC6AF09C88C6E3L;
    private static final long D = 0x589965CC75374CC3L;

    private final long seed;
    private long high;
    private long low;

    /** A hash under {@code seed}, see {@link SeriesResolver#seed}. */
    public KeyHash(long seed) {
        this.seed = seed;
        reset(0);
    }

    /** Begins a new hash; {@code salt} keeps keys of different origins apart. */
    public KeyHash reset(long salt) {
        high = fold(seed ^ C, salt ^ A);
        low = fold(seed ^ D, salt ^ B);
        return this;
    }

    /** Adds {@code bytes[from .. from + length)} and the length. */
    public KeyHash add(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        long first = high;
        long second = low;
        while (end - at >= 16) {
            long x = (long) LONGS.get(bytes, at);
            long y = (long) LONGS.get(bytes, at + 8);
            first = fold(x ^ A, y ^ first);
            second = fold(y ^ B, x ^ second);
            at += 16;
        }
        long x = 0;
        long y = 0;
        if (end - at >= 8) {
            x = (long) LONGS.get(bytes, at);
            at += 8;
        }
        for (int shift = 0; at < end; at++, shift += 8) {
            y |= (bytes[at] & 0xFFL) << shift;
        }
        high = fold(x ^ C, y ^ first) + length;
        low = fold(y ^ D, x ^ second) - length;
        return this;
    }

    /** Adds a number. */
    public KeyHash add(long value) {
        long first = high;
        high = fold(value ^ A, first ^ C);
        low = fold(value ^ B, low ^ D);
        return this;
    }

    /** The upper half. */
    public long high() {
        return fold(high ^ B, low ^ A);
    }

    /** The lower half. */
    public long low() {
        return fold(low ^ C, high ^ D);
    }

    private static long fold(long x, long y) {
        return x * y ^ Math.unsignedMultiplyHigh(x, y);
    }
}

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
     * independent. The seed is random and part of the secrets: who does not know it cannot look for keys that meet,
     * nor send what makes a factor 0 and so forgets what stood ahead.
     */
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long A = 0xA0761D6478BD642FL;
    private static final long B = 0xE7037ED1A0B428DBL;
    private static final long C = 0x8EBC6AF09C88C6E3L;
    private static final long D = 0x589965CC75374CC3L;

    private final long seed;
    private final long a;
    private final long b;
    private final long c;
    private final long d;
    private long high;
    private long low;

    /** A hash under {@code seed}, see {@link SeriesResolver#seed}. */
    public KeyHash(long seed) {
        this.seed = seed;
        a = A ^ mix(seed + A);
        b = B ^ mix(seed + B);
        c = C ^ mix(seed + C);
        d = D ^ mix(seed + D);
        reset(0);
    }

    /* The finaliser of SplitMix64 (https://doi.org/10.1145/2660193.2660195). */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    /** Begins a new hash; {@code salt} keeps keys of different origins apart. */
    public KeyHash reset(long salt) {
        high = fold(seed ^ c, salt ^ a);
        low = fold(seed ^ d, salt ^ b);
        return this;
    }

    /** Adds {@code bytes[from .. from + length)} and the length. */
    public KeyHash add(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        long first = high;
        long second = low;
        long x = 0;
        long y = 0;
        /* Four steps at once: so this is too long to be compiled into its callers, where too few registers are left. */
        while (end - at >= 64) {
            x = (long) LONGS.get(bytes, at);
            y = (long) LONGS.get(bytes, at + 8);
            first = fold(x ^ a, y ^ first);
            second = fold(y ^ b, x ^ second);
            x = (long) LONGS.get(bytes, at + 16);
            y = (long) LONGS.get(bytes, at + 24);
            first = fold(x ^ a, y ^ first);
            second = fold(y ^ b, x ^ second);
            x = (long) LONGS.get(bytes, at + 32);
            y = (long) LONGS.get(bytes, at + 40);
            first = fold(x ^ a, y ^ first);
            second = fold(y ^ b, x ^ second);
            x = (long) LONGS.get(bytes, at + 48);
            y = (long) LONGS.get(bytes, at + 56);
            first = fold(x ^ a, y ^ first);
            second = fold(y ^ b, x ^ second);
            at += 64;
        }
        while (end - at >= 16) {
            x = (long) LONGS.get(bytes, at);
            y = (long) LONGS.get(bytes, at + 8);
            first = fold(x ^ a, y ^ first);
            second = fold(y ^ b, x ^ second);
            at += 16;
        }
        x = 0;
        y = 0;
        if (length >= 16) { // The last 16 bytes, of which some were there already.
            x = (long) LONGS.get(bytes, end - 16);
            y = (long) LONGS.get(bytes, end - 8);
        } else {
            if (length >= 8) {
                x = (long) LONGS.get(bytes, at);
                at += 8;
            }
            for (int shift = 0; at < end; at++, shift += 8) {
                y |= (bytes[at] & 0xFFL) << shift;
            }
        }
        high = fold(x ^ c, y ^ first) + length;
        low = fold(y ^ d, x ^ second) - length;
        return this;
    }

    /** Adds a number. */
    public KeyHash add(long value) {
        long first = high;
        high = fold(value ^ a, first ^ c);
        low = fold(value ^ b, low ^ d);
        return this;
    }

    /** The upper half. */
    public long high() {
        return fold(high ^ b, low ^ a);
    }

    /** The lower half. */
    public long low() {
        return fold(low ^ c, high ^ d);
    }

    private static long fold(long x, long y) {
        return x * y ^ Math.unsignedMultiplyHigh(x, y);
    }
}

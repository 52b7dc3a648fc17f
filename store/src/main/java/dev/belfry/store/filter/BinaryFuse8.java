package dev.belfry.store.filter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of 64-bit hashes that errs only by saying that one is there which is not (1 in
 * 256), at 9 to 11 bits a hash. Safe for many threads.
 */
public final class BinaryFuse8 {
    /*
     * Binary fuse filter: each hash has a slot in three neighbouring segments, and the three
     * fingerprints there, XORed, are the hash's own. It is built by peeling: a slot that only one
     * hash is left in decides that hash's equation, the hash is taken out, and so on until none is
     * left; the slots are then filled in reverse. (Graf & Lemire, "Binary Fuse Filters: Fast and
     * Smaller Than Xor Filters", ACM JEA 27, 2022)
     *
     *   bytes: seed u64 | segment length u32 | segments u32 | fingerprints (segments + 2) * segment
     *   length
     */
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int HEADER_SIZE = 16;
    private static final int SEGMENT_LENGTH_MAX = 1 << 18;

    /*
     * Where a number of hashes just does not need one segment more, there are so few slots that a set may have no order
     * by any seed (of 11,500 hashes, every fourth): after some attempts there are more of them.
     */
    private static final int ATTEMPTS = 4;
    private static final int ATTEMPTS_MAX = 100;

    private final long seed;
    private final int segmentLength;
    private final int segmentCount;
    private final byte[] fingerprints;

    private BinaryFuse8(long seed, int segmentLength, int segmentCount, byte[] fingerprints) {
        this.seed = seed;
        this.segmentLength = segmentLength;
        this.segmentCount = segmentCount;
        this.fingerprints = fingerprints;
    }

    /** Whether {@code hash} may be in the set; false is certain. */
    public boolean mayContain(long hash) {
        if (fingerprints.length == 0) {
            return false;
        }
        long mixed = mix(hash + seed);
        int mask = segmentLength - 1;
        int first = (int) Math.unsignedMultiplyHigh(mixed, (long) segmentCount * segmentLength);
        int second = first + segmentLength ^ (int) (mixed >>> 18) & mask;
        int third = first + 2 * segmentLength ^ (int) mixed & mask;
        int found = fingerprints[first] ^ fingerprints[second] ^ fingerprints[third];
        return (byte) found == fingerprint(mixed);
    }

    /** The bytes of {@link #toBytes()}. */
    public int sizeBytes() {
        return HEADER_SIZE + fingerprints.length;
    }

    /** The filter as files hold it. */
    public byte[] toBytes() {
        byte[] bytes = new byte[sizeBytes()];
        LONGS.set(bytes, 0, seed);
        INTS.set(bytes, 8, segmentLength);
        INTS.set(bytes, 12, segmentCount);
        System.arraycopy(fingerprints, 0, bytes, HEADER_SIZE, fingerprints.length);
        return bytes;
    }

    /** Reads {@link #toBytes()} back; null when these are not the bytes of a filter. */
    public static @Nullable BinaryFuse8 from(byte[] bytes) {
        if (bytes.length < HEADER_SIZE) {
            return null;
        }
        int length = (int) INTS.get(bytes, 8);
        int count = (int) INTS.get(bytes, 12);
        long slots = length == 0 ? 0 : (count + 2L) * length;
        boolean sound =
                length >= 0
                        && length <= SEGMENT_LENGTH_MAX
                        && Integer.bitCount(length) <= 1
                        && count >= 0
                        && (count > 0 || length == 0)
                        && slots == bytes.length - HEADER_SIZE;
        if (!sound) {
            return null;
        }
        return new BinaryFuse8(
                (long) LONGS.get(bytes, 0),
                length,
                count,
                Arrays.copyOfRange(bytes, HEADER_SIZE, bytes.length));
    }

    private static byte fingerprint(long mixed) {
        return (byte) (mixed ^ mixed >>> 32);
    }

    /* The finalizer of MurmurHash3. */
    private static long mix(long value) {
        long mixed = value;
        mixed ^= mixed >>> 33;
        mixed *= 0xff51afd7ed558ccdL;
        mixed ^= mixed >>> 33;
        mixed *= 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    /** Builds filters, one after another in the same arrays; for one thread. */
    public static final class Builder {
        private long[] xors = new long[0];
        private byte[] counts = new byte[0];
        private int[] alone = new int[0];
        private long[] order = new long[0];
        private byte[] places = new byte[0];

        /** A builder. */
        public Builder() {}

        /** The filter of {@code hashes[0 .. count)}; duplicates cost time only. */
        public BinaryFuse8 build(long[] hashes, int count) {
            if (count == 0) {
                return new BinaryFuse8(0, 0, 0, new byte[0]);
            }
            int length = segmentLength(count);
            int segments = segmentCount(count, length);
            long[] keys = hashes;
            int keyCount = count;
            long seed = 0x726b2b9d438b9d4dL;
            for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
                int slots = (segments + 2) * length;
                reserve(slots, count);
                if (peel(keys, keyCount, seed, length, segments)) {
                    return new BinaryFuse8(
                            seed, length, segments, assign(keyCount, length, segments, slots));
                }
                if (attempt % ATTEMPTS == ATTEMPTS - 1) {
                    segments += 1 + segments / 16;
                }
                if (attempt == 0) {
                    keys = Arrays.copyOf(hashes, count);
                    Arrays.sort(keys);
                    keyCount = withoutDuplicates(keys);
                }
                seed = mix(seed + attempt + 1);
            }
            throw new IllegalStateException(
                    "BUG: no filter of " + count + " hashes in " + ATTEMPTS_MAX + " attempts");
        }

        private static int segmentLength(int count) {
            int bits = (int) Math.floor(Math.log(count) / Math.log(3.33) + 2.25);
            return Math.min(1 << bits, SEGMENT_LENGTH_MAX);
        }

        private static int segmentCount(int count, int length) {
            double factor =
                    count == 1
                            ? 1
                            : Math.max(1.125, 0.875 + 0.25 * Math.log(1_000_000) / Math.log(count));
            long capacity = Math.round(count * factor);
            return (int) Math.max(1, (capacity + length - 1) / length - 2);
        }

        private void reserve(int slots, int count) {
            if (xors.length < slots) {
                xors = new long[slots];
                counts = new byte[slots];
                alone = new int[slots + 1];
            }
            if (order.length < count) {
                order = new long[count];
                places = new byte[count];
            }
        }

        /*
         * counts holds, for each slot, 4 times the hashes in it, and in its two lowest bits the XOR
         * of which of their three slots it is: with one hash left, that is the place itself.
         */
        private boolean peel(long[] keys, int count, long seed, int length, int segments) {
            int slots = (segments + 2) * length;
            Arrays.fill(xors, 0, slots, 0);
            Arrays.fill(counts, 0, slots, (byte) 0);
            long span = (long) segments * length;
            int mask = length - 1;
            int overflow = 0;
            for (int index = 0; index < count; index++) {
                long mixed = mix(keys[index] + seed);
                int first = (int) Math.unsignedMultiplyHigh(mixed, span);
                int second = first + length ^ (int) (mixed >>> 18) & mask;
                int third = first + 2 * length ^ (int) mixed & mask;
                counts[first] = (byte) (counts[first] + 4 ^ 0);
                xors[first] ^= mixed;
                counts[second] = (byte) (counts[second] + 4 ^ 1);
                xors[second] ^= mixed;
                counts[third] = (byte) (counts[third] + 4 ^ 2);
                xors[third] ^= mixed;
                overflow |= counts[first] | counts[second] | counts[third];
            }
            return overflow >= 0 && takeOut(count, slots, span, length);
        }

        private boolean takeOut(int count, int slots, long span, int length) {
            int waiting = 0;
            for (int slot = 0; slot < slots; slot++) {
                alone[waiting] = slot;
                waiting += counts[slot] >> 2 == 1 ? 1 : 0;
            }
            int mask = length - 1;
            int taken = 0;
            while (waiting > 0) {
                int slot = alone[--waiting];
                if (counts[slot] >> 2 != 1) {
                    continue;
                }
                long mixed = xors[slot];
                int place = counts[slot] & 3;
                order[taken] = mixed;
                places[taken++] = (byte) place;
                int first = (int) Math.unsignedMultiplyHigh(mixed, span);
                int second = first + length ^ (int) (mixed >>> 18) & mask;
                int third = first + 2 * length ^ (int) mixed & mask;
                if (place != 0) {
                    waiting = remove(first, 0, mixed, waiting);
                }
                if (place != 1) {
                    waiting = remove(second, 1, mixed, waiting);
                }
                if (place != 2) {
                    waiting = remove(third, 2, mixed, waiting);
                }
            }
            return taken == count;
        }

        private int remove(int slot, int place, long mixed, int waiting) {
            xors[slot] ^= mixed;
            counts[slot] = (byte) (counts[slot] - 4 ^ place);
            alone[waiting] = slot;
            return waiting + (counts[slot] >> 2 == 1 ? 1 : 0);
        }

        private byte[] assign(int count, int length, int segments, int slots) {
            byte[] fingerprints = new byte[slots];
            long span = (long) segments * length;
            int mask = length - 1;
            for (int index = count - 1; index >= 0; index--) {
                long mixed = order[index];
                int first = (int) Math.unsignedMultiplyHigh(mixed, span);
                int second = first + length ^ (int) (mixed >>> 18) & mask;
                int third = first + 2 * length ^ (int) mixed & mask;
                int sum = fingerprints[first] ^ fingerprints[second] ^ fingerprints[third];
                int target =
                        switch (places[index]) {
                            case 0 -> first;
                            case 1 -> second;
                            default -> third;
                        };
                sum ^= fingerprints[target];
                fingerprints[target] = (byte) (sum ^ fingerprint(mixed));
            }
            return fingerprints;
        }

        private static int withoutDuplicates(long[] sorted) {
            int kept = 0;
            for (long key : sorted) {
                if (kept == 0 || sorted[kept - 1] != key) {
                    sorted[kept++] = key;
                }
            }
            return kept;
        }
    }
}

package dev.belfry.store.parquet;

/** Parquet's hybrid of run lengths and packed bits, for dictionary codes and null levels. */
final class HybridRuns {
    /*
     * A run is (count << 1) and the value in ceil(width / 8) bytes, or (groups << 1 | 1) and groups
     * * 8 values of width bits, lowest bit first. (Apache Parquet, Encodings.md, "Run Length
     * Encoding / Bit-Packing Hybrid")
     */
    private static final int GROUP = 8;

    /** From this length on a run of one value is cheaper than packed bits, also to decode. */
    private static final int RUN_MIN = 24;

    private HybridRuns() {}

    /** The bits that codes below {@code count} need, at least 1. */
    static int width(int count) {
        return Math.max(1, 32 - Integer.numberOfLeadingZeros(Math.max(0, count - 1)));
    }

    /** Writes {@code values[from .. to)}, each of {@code width} bits (1–32). */
    static void encode(int[] values, int from, int to, int width, ByteSink sink) {
        int pending = from;
        int at = from;
        while (at < to) {
            int value = values[at];
            int runEnd = at + 1;
            while (runEnd < to && values[runEnd] == value) {
                runEnd++;
            }
            int padded = at + (-(at - pending) & GROUP - 1);
            if (runEnd - padded >= RUN_MIN) {
                pack(values, pending, padded, width, sink);
                putRun(value, runEnd - padded, width, sink);
                pending = runEnd;
            }
            at = runEnd;
        }
        pack(values, pending, to, width, sink);
    }

    static void putRun(int value, int count, int width, ByteSink sink) {
        sink.putVarint((long) count << 1);
        for (int shift = 0; shift < width; shift += 8) {
            sink.put(value >>> shift);
        }
    }

    private static void pack(int[] values, int from, int to, int width, ByteSink sink) {
        if (from == to) {
            return;
        }
        int groups = (to - from + GROUP - 1) / GROUP;
        sink.putVarint((long) groups << 1 | 1);
        int length = groups * width;
        byte[] target = sink.reserve(length + 8);
        int at = sink.size();
        if (width == 8) {
            for (int index = from; index < to; index++) {
                target[at++] = (byte) values[index];
            }
            java.util.Arrays.fill(target, at, sink.size() + length, (byte) 0);
        } else {
            packBits(values, from, to, width, target, at, sink.size() + length);
        }
        sink.advance(length);
    }

    private static void packBits(
            int[] values, int from, int to, int width, byte[] target, int start, int end) {
        long bits = 0;
        int filled = 0;
        int at = start;
        long mask = (1L << width) - 1;
        for (int index = from; index < to; index++) {
            bits |= (values[index] & mask) << filled;
            filled += width;
            if (filled >= 32) {
                ByteSink.INTS.set(target, at, (int) bits);
                at += 4;
                bits >>>= 32;
                filled -= 32;
            }
        }
        while (at < end) {
            target[at++] = (byte) bits;
            bits >>>= 8;
        }
    }

    /** Reads {@code count} values of {@code width} bits (0–32) into {@code target[to ..]}. */
    static void decode(ByteSource source, int width, int[] target, int to, int count) {
        int at = to;
        int end = to + count;
        while (at < end) {
            long head = source.getVarint();
            int left = end - at;
            if ((head & 1) == 0) {
                int run = (int) Math.min(head >>> 1, left);
                int value = 0;
                for (int shift = 0; shift < width; shift += 8) {
                    value |= source.get() << shift;
                }
                ByteSource.check(run > 0, () -> "a run of 0", source.at());
                java.util.Arrays.fill(target, at, at + run, value);
                at += run;
            } else {
                long bytes = (head >>> 1) * width;
                int taken = (int) Math.min((head >>> 1) * GROUP, left);
                ByteSource.check(taken > 0, () -> "a run of 0", source.at());
                int from = source.skip(bytes);
                unpack(source.data(), from, from + (int) bytes, width, target, at, taken);
                at += taken;
            }
        }
    }

    /**
     * Reads those of {@code count} values that are at {@code places}, ascending, into {@code
     * target[to ..]}; -1 for a place of -1.
     */
    static void pick(ByteSource source, int width, int count, int[] places, int[] target, int to) {
        long mask = (1L << width) - 1;
        int start = 0;
        int end = 0;
        int packed = -1;
        int packedEnd = 0;
        int repeated = 0;
        for (int index = 0; index < places.length; index++) {
            int place = places[index];
            while (place >= end) {
                start = end;
                long head = source.getVarint();
                int left = count - start;
                int taken;
                if ((head & 1) == 0) {
                    taken = (int) Math.min(head >>> 1, left);
                    packed = -1;
                    repeated = 0;
                    for (int shift = 0; shift < width; shift += 8) {
                        repeated |= source.get() << shift;
                    }
                } else {
                    long bytes = (head >>> 1) * width;
                    taken = (int) Math.min((head >>> 1) * GROUP, left);
                    packed = source.skip(bytes);
                    packedEnd = packed + (int) bytes;
                }
                ByteSource.check(taken > 0, () -> "a run of 0", source.at());
                end = start + taken;
            }
            if (place < 0) {
                target[to + index] = -1;
            } else if (packed < 0) {
                target[to + index] = repeated;
            } else {
                long bit = (long) (place - start) * width;
                long word = tail(source.data(), packed + (int) (bit >>> 3), packedEnd);
                target[to + index] = (int) (word >>> (bit & 7) & mask);
            }
        }
    }

    private static void unpack(
            byte[] data, int from, int end, int width, int[] target, int to, int count) {
        if (width == 8) {
            for (int index = 0; index < count; index++) {
                target[to + index] = data[from + index] & 0xFF;
            }
            return;
        }
        if (width < 8) {
            unpackEights(data, from, end, width, target, to, count);
            return;
        }
        long mask = (1L << width) - 1;
        // The values whose 8 bytes from their first bit on lie inside the array.
        long whole = ((long) data.length - from - 8) * 8 / Math.max(1, width);
        int quick = (int) Math.clamp(whole, 0, count);
        int bit = 0;
        for (int index = 0; index < quick; index++) {
            long word = (long) ByteSink.LONGS.get(data, from + (bit >>> 3));
            target[to + index] = (int) (word >>> (bit & 7) & mask);
            bit += width;
        }
        for (int index = quick; index < count; index++) {
            target[to + index] = (int) (tail(data, from + (bit >>> 3), end) >>> (bit & 7) & mask);
            bit += width;
        }
    }

    /* Eight values of so few bits are in one long: read once, not eight times. */
    private static void unpackEights(
            byte[] data, int from, int end, int width, int[] target, int to, int count) {
        int mask = (1 << width) - 1;
        int at = from;
        int index = to;
        int last = to + count;
        for (; index + 8 <= last && at + 8 <= data.length; index += 8) {
            long word = (long) ByteSink.LONGS.get(data, at);
            target[index] = (int) word & mask;
            target[index + 1] = (int) (word >>> width) & mask;
            target[index + 2] = (int) (word >>> width * 2) & mask;
            target[index + 3] = (int) (word >>> width * 3) & mask;
            target[index + 4] = (int) (word >>> width * 4) & mask;
            target[index + 5] = (int) (word >>> width * 5) & mask;
            target[index + 6] = (int) (word >>> width * 6) & mask;
            target[index + 7] = (int) (word >>> width * 7) & mask;
            at += width;
        }
        for (int bit = 0; index < last; bit += width) {
            target[index++] = (int) (tail(data, at + (bit >>> 3), end) >>> (bit & 7)) & mask;
        }
    }

    private static long tail(byte[] data, int from, int end) {
        long word = 0;
        int last = Math.min(end, from + 8);
        for (int index = last - 1; index >= from; index--) {
            word = word << 8 | data[index] & 0xFF;
        }
        return word;
    }
}

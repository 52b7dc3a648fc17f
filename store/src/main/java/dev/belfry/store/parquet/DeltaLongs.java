package dev.belfry.store.parquet;

/** Parquet's DELTA_BINARY_PACKED: differences of neighbours in packed bits. */
final class DeltaLongs {
    /*
     * Header: values a block (128), miniblocks a block (4), count, first value. A block: its least
     * difference, the width of each miniblock, then the miniblocks: 32 differences less the least,
     * of so many bits. Sums wrap. (Apache Parquet, Encodings.md, "Delta Encoding"; after Lemire &
     * Boytsov, "Decoding billions of integers per second through vectorization", 2012)
     */
    private static final int BLOCK = 128;
    private static final int MINIBLOCKS = 4;
    private static final int MINIBLOCK = BLOCK / MINIBLOCKS;
    private static final int BLOCK_MAX = 1 << 16;

    private DeltaLongs() {}

    /** Writes {@code values[from .. to)}; {@code differences} has room for 128. */
    static void encode(long[] values, int from, int to, long[] differences, ByteSink sink) {
        sink.putVarint(BLOCK);
        sink.putVarint(MINIBLOCKS);
        sink.putVarint(to - from);
        sink.putZigZag(from == to ? 0 : values[from]);
        for (int at = from + 1; at < to; at += BLOCK) {
            encodeBlock(values, at, Math.min(at + BLOCK, to), differences, sink);
        }
    }

    private static void encodeBlock(
            long[] values, int from, int to, long[] differences, ByteSink sink) {
        int count = to - from;
        long least = Long.MAX_VALUE;
        for (int index = 0; index < count; index++) {
            long difference = values[from + index] - values[from + index - 1];
            differences[index] = difference;
            least = Math.min(least, difference);
        }
        sink.putZigZag(least);
        byte[] target = sink.reserve(MINIBLOCKS + BLOCK * 8 + 8);
        int widths = sink.size();
        sink.advance(MINIBLOCKS);
        for (int miniblock = 0; miniblock < MINIBLOCKS; miniblock++) {
            int first = miniblock * MINIBLOCK;
            int last = Math.min(first + MINIBLOCK, count);
            long all = 0;
            for (int index = first; index < last; index++) {
                differences[index] -= least;
                all |= differences[index];
            }
            int width = 64 - Long.numberOfLeadingZeros(all);
            target[widths + miniblock] = (byte) width;
            if (width > 0) {
                pack(differences, first, last, width, target, sink.size());
                sink.advance(width * MINIBLOCK / 8);
            }
        }
    }

    private static void pack(long[] values, int from, int to, int width, byte[] target, int start) {
        long bits = 0;
        int filled = 0;
        int at = start;
        for (int index = from; index < to; index++) {
            long value = values[index];
            bits |= value << filled;
            filled += width;
            if (filled >= 64) {
                ByteSink.LONGS.set(target, at, bits);
                at += 8;
                filled -= 64;
                bits = filled == 0 ? 0 : value >>> width - filled;
            }
        }
        int end = start + width * MINIBLOCK / 8;
        while (at < end) {
            target[at++] = (byte) bits;
            bits >>>= 8;
        }
    }

    /** Reads {@code count} values into {@code target[to ..]}. */
    static void decode(ByteSource source, long[] target, int to, int count) {
        decode(source, target, to, count, count);
    }

    /** The same of the first {@code wanted}, or some more; what follows them is not read. */
    static void decode(ByteSource source, long[] target, int to, int count, int wanted) {
        int block = source.getCount(BLOCK_MAX);
        int miniblocks = source.getCount(BLOCK_MAX);
        boolean sound = miniblocks > 0 && block % (miniblocks * 32L) == 0 && block > 0;
        ByteSource.check(sound, () -> "blocks of " + block + " in " + miniblocks, source.at());
        int total = source.getCount(Integer.MAX_VALUE);
        ByteSource.check(total == count, () -> total + " values for " + count, source.at());
        long last = source.getZigZag();
        if (count == 0) {
            return;
        }
        target[to] = last;
        int miniblock = block / miniblocks;
        int at = to + 1;
        int end = to + count;
        int enough = to + wanted;
        while (at < enough) {
            long least = source.getZigZag();
            int widths = source.skip(miniblocks);
            for (int index = 0; index < miniblocks && at < end; index++) {
                int width = source.data()[widths + index];
                ByteSource.check(width >= 0 && width <= 64, () -> "width " + width, source.at());
                int from = source.skip((long) width * miniblock / 8);
                int taken = Math.min(miniblock, end - at);
                last = sum(source.data(), from, width, least, last, target, at, taken);
                at += taken;
            }
        }
    }

    private static long sum(
            byte[] data,
            int from,
            int width,
            long least,
            long before,
            long[] target,
            int to,
            int count) {
        long last = before;
        if (width == 0) {
            for (int index = 0; index < count; index++) {
                last += least;
                target[to + index] = last;
            }
            return last;
        }
        long mask = -1L >>> 64 - width;
        // The last miniblock of an array may end less than 8 bytes before the array does.
        boolean quick = width <= 56 && from + (((long) count * width) >>> 3) + 8 <= data.length;
        if (!quick) {
            return sumSlowly(data, from, width, least, before, target, to, count);
        }
        int bit = 0;
        for (int index = 0; index < count; index++) {
            long word = (long) ByteSink.LONGS.get(data, from + (bit >>> 3));
            last += least + (word >>> (bit & 7) & mask);
            target[to + index] = last;
            bit += width;
        }
        return last;
    }

    private static long sumSlowly(
            byte[] data,
            int from,
            int width,
            long least,
            long before,
            long[] target,
            int to,
            int count) {
        long last = before;
        long mask = -1L >>> 64 - width;
        for (int index = 0; index < count; index++) {
            int bit = index * width;
            int first = from + (bit >>> 3);
            int end = from + (bit + width + 7 >>> 3);
            int shift = bit & 7;
            long word = 0;
            for (int at = Math.min(end, first + 8) - 1; at >= first; at--) {
                word = word << 8 | data[at] & 0xFF;
            }
            word >>>= shift;
            if (end - first == 9) {
                word |= (data[first + 8] & 0xFFL) << 64 - shift;
            }
            last += least + (word & mask);
            target[to + index] = last;
        }
        return last;
    }
}

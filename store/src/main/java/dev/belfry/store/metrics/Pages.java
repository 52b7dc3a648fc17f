package dev.belfry.store.metrics;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.store.block.Samples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Pages: some samples of one series each, in memory or in a file. */
final class Pages {
    /*
     *   0 i32 page before, -1 none   4 i16 bytes used   6 i16 flags   8 i64 first time
     *  16 i32 last time − first     20 i32 last distance of times    24 i64 last value's bits
     *  32 samples: control byte, then the bytes that it tells of
     *
     * control, low 4 bits: how the distance to the time before differs from the distance before that:
     *   0 not, 1/2/3 by an i8, i16, i32. High 4 bits, the value: 0 the one before, 1/2/3/4 a whole number that
     *   differs from it by an i8, i16, 24 bits, i32; 5 a histogram, whose place is an i64; 8 + n the upper n + 1
     *   bytes of the difference by XOR.
     *
     * A page's bytes are written once; `used` is released after them. A reader sees whole samples and needs no lock.
     * The flags are written ahead of the last times, and read after them: who sees that the last time is lower than
     * one before sees that the times do not ascend.
     */
    static final int PAGE_BYTES = 128;

    /**
     * The size of a series' first page, so that many series with few samples take half the room.
     */
    static final int SMALL_BYTES = 64;

    private static final int HEADER_BYTES = 32;

    /**
     * What reading a page needs: its samples, and up to 8 bytes that are read and not looked at.
     */
    static final int SCRATCH_BYTES = PAGE_BYTES - HEADER_BYTES + 8;

    private static final int BEFORE = 0;
    private static final int USED = 4;
    private static final int FLAGS = 6;
    private static final int FIRST_TIME = 8;
    private static final int LAST_TIMES = 16;
    private static final int LAST_VALUE = 24;

    /* All times in the page ascend; all times before the page are below its first. */
    private static final int SORTED = 1;
    private static final int AFTER_ALL = 2;

    /* The page has SMALL_BYTES. */
    private static final int SMALL = 4;

    private static final int HISTOGRAM = 5;
    private static final int XOR = 8;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_OF_BUFFER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_OF_BUFFER =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_IN =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_IN =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_IN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /* By the leading zeros of a change without its sign. */
    private static final byte[] TIME_CODES = new byte[33];

    static {
        Arrays.fill(TIME_CODES, 0, 17, (byte) 3);
        Arrays.fill(TIME_CODES, 17, 25, (byte) 2);
        Arrays.fill(TIME_CODES, 25, 33, (byte) 1);
    }

    private Pages() {}

    /*
     * Memory is a buffer in little endian: until the last degree of compiling, accesses to a segment are ten times as much
     * code. A file may be longer than a buffer.
     */

    /**
     * Begins a page, of {@link #SMALL_BYTES} where there is none before it; {@code afterAll} when
     * all samples in those before it are below {@code time}.
     */
    static void begin(ByteBuffer chunk, int base, int before, long time, boolean afterAll) {
        long flags = (afterAll ? SORTED | AFTER_ALL : SORTED) | (before < 0 ? SMALL : 0);
        long head = before & 0xFFFF_FFFFL | (long) HEADER_BYTES << 32 | flags << 48;
        chunk.putLong(base, head);
        chunk.putLong(base + FIRST_TIME, time);
        chunk.putLong(base + LAST_TIMES, 0);
        chunk.putLong(base + LAST_VALUE, 0);
    }

    /** Whether all samples in the page and those before it are below {@code time}. */
    static boolean areBelow(ByteBuffer chunk, int base, long time) {
        return (chunk.getShort(base + FLAGS) & (SORTED | AFTER_ALL)) == (SORTED | AFTER_ALL)
                && chunk.getLong(base + FIRST_TIME) + chunk.getInt(base + LAST_TIMES) < time;
    }

    /** Whether all samples in the pages before are below {@code time}. */
    static boolean beginsBy(ByteBuffer chunk, int base, long time) {
        return (chunk.getShort(base + FLAGS) & AFTER_ALL) != 0
                && chunk.getLong(base + FIRST_TIME) <= time;
    }

    /** The page before; -1 when there is none. */
    static int before(ByteBuffer chunk, int base) {
        return chunk.getInt(base + BEFORE);
    }

    /** Writes what is used of a page, up to a multiple of 8 bytes. */
    static void copy(ByteBuffer chunk, int base, ByteBuffer target) {
        int length = chunk.getShort(base + USED) + 7 & -8;
        target.put(target.position(), chunk, base, length);
        target.position(target.position() + length);
    }

    /** Adds a number; false when the page has no room, or the time is too far from its others. */
    static boolean append(ByteBuffer chunk, int base, long time, long bits) {
        long last = chunk.getLong(base + LAST_VALUE);
        if (bits == last) {
            return append(chunk, base, time, 0, 0, 0);
        }
        int bytes = wholeCode(bits, last);
        int code = bytes;
        long rest;
        if (bytes > 0) {
            rest = (long) Double.longBitsToDouble(bits) - (long) Double.longBitsToDouble(last);
            rest &= (1L << 8 * bytes) - 1;
        } else {
            bytes = 8 - (Long.numberOfTrailingZeros(bits ^ last) >>> 3);
            code = XOR + bytes - 1;
            rest = (bits ^ last) >>> 64 - 8 * bytes;
        }
        if (!append(chunk, base, time, code, bytes, rest)) {
            return false;
        }
        chunk.putLong(base + LAST_VALUE, bits);
        return true;
    }

    /** Adds a histogram by its place, or a number where that is null; otherwise as above. */
    static boolean append(
            ByteBuffer chunk,
            int base,
            long time,
            long bits,
            @Nullable FloatHistogram histogram,
            long place) {
        return histogram == null
                ? append(chunk, base, time, bits)
                : append(chunk, base, time, HISTOGRAM, 8, place);
    }

    /*
     * Adds a sample whose value is told by a code and so many bytes, 13 in all at most: it is written by two words.
     */
    private static boolean append(
            ByteBuffer chunk, int base, long time, int code, int bytes, long rest) {
        long head = chunk.getLong(base);
        int used = (short) (head >>> 32);
        int room = ((head >>> 48 & SMALL) != 0 ? SMALL_BYTES : PAGE_BYTES) - used;
        long offset = time - chunk.getLong(base + FIRST_TIME);
        long lastTimes = chunk.getLong(base + LAST_TIMES);
        int distance = (int) (offset - (int) lastTimes);
        int change = distance - (int) (lastTimes >>> 32);
        int timeCode = timeCode(change);
        int valueAt = 1 + (timeCode == 3 ? 4 : timeCode);
        int length = valueAt + bytes;
        if (length > room || isFar(offset, (int) lastTimes, distance)) {
            return false;
        }
        long times = (long) change << 8 & (1L << 8 * valueAt) - 1;
        long low = timeCode | code << 4 | times | rest << 8 * valueAt;
        long high = rest >>> 64 - 8 * valueAt;
        if (room >= 16) {
            chunk.putLong(base + used, low);
            chunk.putLong(base + used + 8, high);
        } else {
            for (int at = 0; at < length; at++) {
                long word = at < 8 ? low >>> 8 * at : high >>> 8 * (at - 8);
                chunk.put(base + used + at, (byte) word);
            }
        }
        if (distance <= 0 && used > HEADER_BYTES) {
            chunk.putShort(base + FLAGS, (short) (head >>> 48 & ~SORTED));
        }
        long now = offset & 0xFFFF_FFFFL | (long) distance << 32;
        LONG_OF_BUFFER.setRelease(chunk, base + LAST_TIMES, now);
        SHORT_OF_BUFFER.setRelease(chunk, base + USED, (short) (used + length));
        return true;
    }

    /* What is kept of times in a page is 32 bits wide. */
    private static boolean isFar(long offset, int lastTime, int distance) {
        return offset != (int) offset || offset - lastTime != distance;
    }

    private static int timeCode(int change) {
        return change == 0 ? 0 : TIME_CODES[Integer.numberOfLeadingZeros(change ^ change >> 31)];
    }

    /* How many bytes the difference of two whole numbers takes, 1–4; 0 when they are not, or it takes more. */
    private static int wholeCode(long bits, long last) {
        double value = Double.longBitsToDouble(bits);
        double before = Double.longBitsToDouble(last);
        long whole = (long) value;
        long wholeBefore = (long) before;
        if (Double.doubleToRawLongBits((double) whole) != bits
                || Double.doubleToRawLongBits((double) wholeBefore) != last) {
            return 0;
        }
        long difference = whole - wholeBefore;
        int bytes = 72 - Long.numberOfLeadingZeros(difference ^ difference >> 63) >>> 3;
        return bytes <= 4 ? bytes : 0;
    }

    /**
     * Adds the samples of a page in memory from {@code start} to {@code end}, both inclusive, to
     * {@code target}.
     *
     * @param scratch {@link #SCRATCH_BYTES} that are overwritten
     */
    static void read(
            ByteBuffer chunk,
            int base,
            long start,
            long end,
            Samples target,
            HistogramSource histograms,
            byte[] scratch) {
        int used = (short) SHORT_OF_BUFFER.getAcquire(chunk, base + USED);
        long first = chunk.getLong(base + FIRST_TIME);
        long last = first + (int) (long) LONG_OF_BUFFER.getAcquire(chunk, base + LAST_TIMES);
        boolean isSorted = (chunk.getShort(base + FLAGS) & SORTED) != 0;
        if (!isSorted || (first <= end && last >= start)) {
            int length = used - HEADER_BYTES;
            chunk.get(base + HEADER_BYTES, scratch, 0, length);
            boolean isWithin = isSorted && first >= start && last <= end;
            decode(scratch, length, first, isSorted, isWithin, start, end, target, histograms);
        }
    }

    /**
     * The same of a page in a file, which nobody writes to.
     *
     * @return the page's length, up to a multiple of 8 bytes
     */
    static int read(
            MemorySegment file,
            long base,
            long start,
            long end,
            Samples target,
            HistogramSource histograms,
            byte[] scratch) {
        int used = file.get(SHORT, base + USED);
        long first = file.get(LONG, base + FIRST_TIME);
        long last = first + file.get(INT, base + LAST_TIMES);
        boolean isSorted = (file.get(SHORT, base + FLAGS) & SORTED) != 0;
        if (!isSorted || (first <= end && last >= start)) {
            int length = used - HEADER_BYTES;
            MemorySegment.copy(
                    file, ValueLayout.JAVA_BYTE, base + HEADER_BYTES, scratch, 0, length);
            boolean isWithin = isSorted && first >= start && last <= end;
            decode(scratch, length, first, isSorted, isWithin, start, end, target, histograms);
        }
        return used + 7 & -8;
    }

    /*
     * Bytes of an array are read without asking each time whether the memory is still there. What a sample mostly is, the
     * distance and often the value of the one before, takes the fewest branches: until the last degree of compiling each
     * of them is counted.
     */
    private static void decode(
            byte[] page,
            int length,
            long first,
            boolean isSorted,
            boolean isWithin,
            long start,
            long end,
            Samples target,
            HistogramSource histograms) {
        int at = 0;
        long time = first;
        int distance = 0;
        double value = 0;
        // The value, as long as it is known to be a whole number: no way through doubles then.
        long whole = 0;
        boolean isWhole = true;
        int size = target.reserve(length);
        long[] times = target.times();
        double[] values = target.values();
        while (at < length) {
            int control = page[at++] & 0xFF;
            if ((control & 15) != 0) {
                switch (control & 15) {
                    case 1 -> distance += page[at++];
                    case 2 -> {
                        distance += (short) SHORT_IN.get(page, at);
                        at += 2;
                    }
                    default -> {
                        distance += (int) INT_IN.get(page, at);
                        at += 4;
                    }
                }
            }
            time += distance;
            int code = control >>> 4;
            if (code != 0) {
                if (code == HISTOGRAM) {
                    target.reserved(size, isSorted);
                    if (time >= start && time <= end) {
                        FloatHistogram histogram =
                                histograms.histogram((long) LONG_IN.get(page, at));
                        if (histogram != null) {
                            target.add(time, histogram);
                        }
                    }
                    at += 8;
                    size = target.reserve(length - at);
                    times = target.times();
                    values = target.values();
                    continue;
                }
                if (code >= XOR) {
                    int bytes = code - XOR + 1;
                    long xor = (long) LONG_IN.get(page, at) << 64 - 8 * bytes;
                    value = Double.longBitsToDouble(Double.doubleToRawLongBits(value) ^ xor);
                    isWhole = false;
                    at += bytes;
                } else {
                    int unused = 32 - 8 * code;
                    if (!isWhole) {
                        whole = (long) value;
                        isWhole = true;
                    }
                    whole += (int) INT_IN.get(page, at) << unused >> unused;
                    value = (double) whole;
                    at += code;
                }
            }
            if (isWithin || (time >= start && time <= end)) {
                times[size] = time;
                values[size++] = value;
            }
        }
        target.reserved(size, isSorted);
    }
}

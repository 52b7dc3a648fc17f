package dev.belfry.store.metrics;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.wire.HistogramCodec;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Open samples of all series, in the order in which they came. One thread adds; others read at the
 * same time without a lock.
 */
final class Generation {
    /*
     * A series' samples stand in pages, the newest first, each with the place of the one before it:
     *
     *   0 i32 page before, -1 none   4 i16 bytes used   6 i16 flags   8 i64 first time
     *  16 i32 last time − first     20 i32 last distance of times    24 i64 last value's bits
     *  32 samples: control byte, then the bytes that it tells of
     *
     * control, low 4 bits: how the distance to the time before differs from the distance before that:
     *   0 not, 1/2/3 by an i8, i16, i32. High 4 bits, the value: 0 the one before, 1/2/3/4 a whole number that
     *   differs from it by an i8, i16, 24 bits, i32; 5 a histogram, whose place is an i64; 8 + n the upper n + 1
     *   bytes of the difference by XOR.
     *
     * A page's bytes are written once; `used` is released after them, and a page's number after the page. A reader
     * sees whole samples and needs no lock. Pages are given back all together when nobody reads the generation.
     */
    static final int PAGE_BYTES = 128;
    private static final int PAGE_SHIFT = 7;
    private static final int CHUNK_PAGES_SHIFT = 13;
    private static final int CHUNK_PAGES = 1 << CHUNK_PAGES_SHIFT;
    private static final int HEADER_BYTES = 32;

    private static final int BEFORE = 0;
    private static final int USED = 4;
    private static final int FLAGS = 6;
    private static final int FIRST_TIME = 8;
    private static final int LAST_TIME = 16;
    private static final int LAST_DISTANCE = 20;
    private static final int LAST_VALUE = 24;

    /* All times in the page ascend; all times before the page are below its first. */
    private static final int SORTED = 1;
    private static final int AFTER_ALL = 2;

    private static final int HISTOGRAM = 5;
    private static final int XOR = 8;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT_ANY =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT_ANY =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG_ANY =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle USED_HANDLE = SHORT.varHandle();

    private static final int LOG_SHIFT = 18;
    private static final int LOG_BYTES = 1 << LOG_SHIFT;

    private final PagePool pool;
    private final long startOffset;
    private final IntChunks newest = new IntChunks(-1);
    private MemorySegment[] chunks = {};
    private int pages;

    /* Histograms as bytes; a place is chunk << 32 | byte. */
    private byte[][] log = {};
    private int logUsed = LOG_BYTES;
    private long logBytes;
    private final WireWriter histogramWriter = new WireWriter(1 << 10);

    private volatile long samples;
    private volatile long minTime = Long.MAX_VALUE;
    private volatile long maxTime = Long.MIN_VALUE;

    /**
     * An empty one.
     *
     * @param startOffset the journal's offset from which on its samples are
     */
    Generation(PagePool pool, long startOffset) {
        this.pool = pool;
        this.startOffset = startOffset;
    }

    long startOffset() {
        return startOffset;
    }

    /** How many samples were added. */
    long samples() {
        return samples;
    }

    /** The lowest time of a sample; the highest long when there is none. */
    long minTime() {
        return minTime;
    }

    long maxTime() {
        return maxTime;
    }

    /** The number after the highest of a series that may have samples. */
    int end() {
        return newest.end();
    }

    boolean has(int series) {
        return newest.get(series) >= 0;
    }

    /** Memory of histograms and of the table of pages, which is on the heap. */
    long heapBytes() {
        return newest.bytes() + logBytes;
    }

    /** Notes that samples were added, for who asks how many and when. */
    void added(int count, long lowestTime, long highestTime) {
        samples += count;
        if (lowestTime < minTime) {
            minTime = lowestTime;
        }
        if (highestTime > maxTime) {
            maxTime = highestTime;
        }
    }

    /** Adds a number. */
    void add(int series, long time, double value) {
        long bits = Double.doubleToRawLongBits(value);
        int page = newest.get(series);
        if (page >= 0) {
            MemorySegment chunk = chunks[page >>> CHUNK_PAGES_SHIFT];
            int base = (page & CHUNK_PAGES - 1) << PAGE_SHIFT;
            if (append(chunk, base, time, bits)) {
                return;
            }
        }
        int fresh = newPage(page, time);
        MemorySegment chunk = chunks[fresh >>> CHUNK_PAGES_SHIFT];
        append(chunk, (fresh & CHUNK_PAGES - 1) << PAGE_SHIFT, time, bits);
        newest.setRelease(series, fresh);
    }

    /** Adds a histogram. */
    void add(int series, long time, FloatHistogram histogram) {
        long place = keep(histogram);
        int page = newest.get(series);
        if (page >= 0) {
            MemorySegment chunk = chunks[page >>> CHUNK_PAGES_SHIFT];
            int base = (page & CHUNK_PAGES - 1) << PAGE_SHIFT;
            if (appendHistogram(chunk, base, time, place)) {
                return;
            }
        }
        int fresh = newPage(page, time);
        MemorySegment chunk = chunks[fresh >>> CHUNK_PAGES_SHIFT];
        appendHistogram(chunk, (fresh & CHUNK_PAGES - 1) << PAGE_SHIFT, time, place);
        newest.setRelease(series, fresh);
    }

    private int newPage(int before, long time) {
        if ((pages & CHUNK_PAGES - 1) == 0) {
            MemorySegment[] more = Arrays.copyOf(chunks, chunks.length + 1);
            more[chunks.length] = pool.take();
            VarHandle.releaseFence();
            chunks = more;
        }
        int page = pages++;
        MemorySegment chunk = chunks[page >>> CHUNK_PAGES_SHIFT];
        int base = (page & CHUNK_PAGES - 1) << PAGE_SHIFT;
        chunk.set(INT, base + BEFORE, before);
        chunk.set(SHORT, base + USED, (short) HEADER_BYTES);
        int flags = SORTED | (before < 0 || followsAll(before, time) ? AFTER_ALL : 0);
        chunk.set(SHORT, base + FLAGS, (short) flags);
        chunk.set(LONG, base + FIRST_TIME, time);
        chunk.set(INT, base + LAST_TIME, 0);
        chunk.set(INT, base + LAST_DISTANCE, 0);
        chunk.set(LONG, base + LAST_VALUE, 0);
        return page;
    }

    private boolean followsAll(int page, long time) {
        MemorySegment chunk = chunks[page >>> CHUNK_PAGES_SHIFT];
        int base = (page & CHUNK_PAGES - 1) << PAGE_SHIFT;
        return chunk.get(SHORT, base + FLAGS) == (SORTED | AFTER_ALL)
                && chunk.get(LONG, base + FIRST_TIME) + chunk.get(INT, base + LAST_TIME) < time;
    }

    /* False when the page has no room, or the time is too far from its others. */
    private static boolean append(MemorySegment chunk, int base, long time, long bits) {
        int used = chunk.get(SHORT, base + USED);
        long offset = time - chunk.get(LONG, base + FIRST_TIME);
        int distance = (int) (offset - chunk.get(INT, base + LAST_TIME));
        if (isFar(chunk, base, offset, distance)
                || used > PAGE_BYTES - 13 && !fits(chunk, base, used, distance, bits)) {
            return false;
        }
        int change = distance - chunk.get(INT, base + LAST_DISTANCE);
        int control = timeCode(change);
        int at = putTime(chunk, base + used + 1, control, change);
        long last = chunk.get(LONG, base + LAST_VALUE);
        if (bits != last) {
            int code = wholeCode(bits, last);
            if (code > 0) {
                int difference =
                        (int)
                                ((long) Double.longBitsToDouble(bits)
                                        - (long) Double.longBitsToDouble(last));
                chunk.set(INT_ANY, at, difference);
                at += code;
            } else {
                long xor = bits ^ last;
                int bytes = 8 - (Long.numberOfTrailingZeros(xor) >>> 3);
                chunk.set(LONG_ANY, at, xor >>> 64 - 8 * bytes);
                at += bytes;
                code = XOR + bytes - 1;
            }
            control |= code << 4;
            chunk.set(LONG, base + LAST_VALUE, bits);
        }
        chunk.set(ValueLayout.JAVA_BYTE, base + used, (byte) control);
        finish(chunk, base, used, at - base, offset, distance);
        return true;
    }

    /* What is kept of times in a page is 32 bits wide. */
    private static boolean isFar(MemorySegment chunk, int base, long offset, int distance) {
        return offset != (int) offset || offset - chunk.get(INT, base + LAST_TIME) != distance;
    }

    private static boolean fits(MemorySegment chunk, int base, int used, int distance, long bits) {
        int change = distance - chunk.get(INT, base + LAST_DISTANCE);
        int time = timeCode(change) == 3 ? 4 : timeCode(change);
        /* What is written is 4 or 8 bytes wide, also where fewer count. */
        return used + 1 + time + valueRoom(bits, chunk.get(LONG, base + LAST_VALUE)) <= PAGE_BYTES;
    }

    private static int valueRoom(long bits, long last) {
        if (bits == last) {
            return 0;
        }
        return wholeCode(bits, last) > 0 ? 4 : 8;
    }

    private static boolean appendHistogram(MemorySegment chunk, int base, long time, long place) {
        int used = chunk.get(SHORT, base + USED);
        long offset = time - chunk.get(LONG, base + FIRST_TIME);
        int distance = (int) (offset - chunk.get(INT, base + LAST_TIME));
        if (isFar(chunk, base, offset, distance) || used > PAGE_BYTES - 13) {
            return false;
        }
        int change = distance - chunk.get(INT, base + LAST_DISTANCE);
        int control = timeCode(change);
        int at = putTime(chunk, base + used + 1, control, change);
        chunk.set(LONG_ANY, at, place);
        chunk.set(ValueLayout.JAVA_BYTE, base + used, (byte) (control | HISTOGRAM << 4));
        finish(chunk, base, used, at + 8 - base, offset, distance);
        return true;
    }

    private static void finish(
            MemorySegment chunk, int base, int before, int used, long offset, int distance) {
        if (distance <= 0 && before > HEADER_BYTES) {
            int flags = chunk.get(SHORT, base + FLAGS);
            chunk.set(SHORT, base + FLAGS, (short) (flags & ~SORTED));
        }
        chunk.set(INT, base + LAST_TIME, (int) offset);
        chunk.set(INT, base + LAST_DISTANCE, distance);
        USED_HANDLE.setRelease(chunk, (long) base + USED, (short) used);
    }

    private static int timeCode(int change) {
        if (change == 0) {
            return 0;
        }
        return change == (byte) change ? 1 : change == (short) change ? 2 : 3;
    }

    private static int putTime(MemorySegment chunk, int at, int code, int change) {
        switch (code) {
            case 0 -> {
                return at;
            }
            case 1 -> {
                chunk.set(ValueLayout.JAVA_BYTE, at, (byte) change);
                return at + 1;
            }
            case 2 -> {
                chunk.set(SHORT_ANY, at, (short) change);
                return at + 2;
            }
            default -> {
                chunk.set(INT_ANY, at, change);
                return at + 4;
            }
        }
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
        if (difference == (byte) difference) {
            return 1;
        }
        if (difference == (short) difference) {
            return 2;
        }
        if (difference == difference << 40 >> 40) {
            return 3;
        }
        return difference == (int) difference ? 4 : 0;
    }

    private long keep(FloatHistogram histogram) {
        histogramWriter.clear();
        HistogramCodec.encode(histogram, histogramWriter);
        int size = histogramWriter.size() + 4;
        if (logUsed + size > LOG_BYTES) {
            byte[][] more = Arrays.copyOf(log, log.length + 1);
            byte[] fresh = new byte[Math.max(LOG_BYTES, size)];
            more[log.length] = fresh;
            VarHandle.releaseFence();
            log = more;
            logBytes += fresh.length;
            logUsed = 0;
        }
        int chunk = log.length - 1;
        long place = (long) chunk << 32 | logUsed;
        MemorySegment target = MemorySegment.ofArray(log[chunk]);
        target.set(INT_ANY, logUsed, size - 4);
        System.arraycopy(histogramWriter.array(), 0, log[chunk], logUsed + 4, size - 4);
        logUsed += size;
        return place;
    }

    private FloatHistogram histogram(long place) {
        byte[] chunk = log[(int) (place >>> 32)];
        int at = (int) place;
        int size = MemorySegment.ofArray(chunk).get(INT_ANY, at);
        return HistogramCodec.decode(new WireReader(chunk, at + 4, size));
    }

    /**
     * Adds a series' samples from {@code start} to {@code end}, both inclusive, to {@code target},
     * in the order in which they came; maybe others too when they did not come in the order of
     * time.
     */
    void read(int series, long start, long end, Samples target, PageList scratch) {
        int page = newest.getAcquire(series);
        scratch.clear();
        while (page >= 0) {
            scratch.add(page);
            MemorySegment chunk = chunks[page >>> CHUNK_PAGES_SHIFT];
            int base = (page & CHUNK_PAGES - 1) << PAGE_SHIFT;
            boolean afterAll = (chunk.get(SHORT, base + FLAGS) & AFTER_ALL) != 0;
            if (afterAll && chunk.get(LONG, base + FIRST_TIME) <= start) {
                break;
            }
            page = chunk.get(INT, base + BEFORE);
        }
        for (int i = scratch.size() - 1; i >= 0; i--) {
            int one = scratch.get(i);
            decode(
                    chunks[one >>> CHUNK_PAGES_SHIFT],
                    (one & CHUNK_PAGES - 1) << PAGE_SHIFT,
                    start,
                    end,
                    target);
        }
    }

    private void decode(MemorySegment chunk, int base, long start, long end, Samples target) {
        int to = base + (short) USED_HANDLE.getAcquire(chunk, (long) base + USED);
        int at = base + HEADER_BYTES;
        long time = chunk.get(LONG, base + FIRST_TIME);
        int distance = 0;
        long bits = 0;
        while (at < to) {
            int control = chunk.get(ValueLayout.JAVA_BYTE, at++) & 0xFF;
            switch (control & 15) {
                case 0 -> {}
                case 1 -> distance += chunk.get(ValueLayout.JAVA_BYTE, at++);
                case 2 -> {
                    distance += chunk.get(SHORT_ANY, at);
                    at += 2;
                }
                default -> {
                    distance += chunk.get(INT_ANY, at);
                    at += 4;
                }
            }
            time += distance;
            int code = control >>> 4;
            if (code == HISTOGRAM) {
                if (time >= start && time <= end) {
                    target.add(time, histogram(chunk.get(LONG_ANY, at)));
                }
                at += 8;
                continue;
            }
            if (code >= XOR) {
                int bytes = code - XOR + 1;
                bits ^= top(chunk, at, bytes);
                at += bytes;
            } else if (code > 0) {
                long whole = (long) Double.longBitsToDouble(bits) + difference(chunk, at, code);
                bits = Double.doubleToRawLongBits((double) whole);
                at += code;
            }
            if (time >= start && time <= end) {
                target.add(time, Double.longBitsToDouble(bits));
            }
        }
    }

    private static long top(MemorySegment chunk, int at, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (chunk.get(ValueLayout.JAVA_BYTE, at + i) & 0xFFL) << 8 * i;
        }
        return value << 64 - 8 * bytes;
    }

    private static int difference(MemorySegment chunk, int at, int bytes) {
        return switch (bytes) {
            case 1 -> chunk.get(ValueLayout.JAVA_BYTE, at);
            case 2 -> chunk.get(SHORT_ANY, at);
            case 3 ->
                    chunk.get(SHORT_ANY, at) & 0xFFFF
                            | chunk.get(ValueLayout.JAVA_BYTE, at + 2) << 16;
            default -> chunk.get(INT_ANY, at);
        };
    }

    /** Takes a series' samples from {@code start} to {@code end} away, by the thread that adds. */
    void delete(int series, long start, long end, Samples scratch, PageList pageScratch) {
        scratch.clear();
        read(series, Long.MIN_VALUE, Long.MAX_VALUE, scratch, pageScratch);
        int before = scratch.size();
        if (before == 0) {
            return;
        }
        scratch.settle();
        scratch.drop(start, end);
        if (scratch.size() == before) {
            return;
        }
        rewrite(series, scratch);
    }

    /* Readers go on with the old pages, which nobody writes to any more. */
    private void rewrite(int series, Samples kept) {
        int page = -1;
        for (int i = 0; i < kept.size(); i++) {
            long time = kept.times()[i];
            FloatHistogram histogram = kept.histograms() == null ? null : kept.histograms()[i];
            long place = histogram == null ? 0 : keep(histogram);
            long bits = Double.doubleToRawLongBits(kept.values()[i]);
            if (page < 0 || !append(page, time, bits, histogram, place)) {
                page = newPage(page, time);
                append(page, time, bits, histogram, place);
            }
        }
        newest.setRelease(series, page);
    }

    private boolean append(
            int page, long time, long bits, @Nullable FloatHistogram histogram, long place) {
        MemorySegment chunk = chunks[page >>> CHUNK_PAGES_SHIFT];
        int base = (page & CHUNK_PAGES - 1) << PAGE_SHIFT;
        return histogram == null
                ? append(chunk, base, time, bits)
                : appendHistogram(chunk, base, time, place);
    }

    /** Gives its pages back; nobody may read it any more. */
    void free() {
        for (MemorySegment chunk : chunks) {
            pool.give(chunk);
        }
        chunks = new MemorySegment[0];
    }

    /** Bytes of its pages. */
    long pageBytes() {
        return (long) chunks.length * PagePool.CHUNK_BYTES;
    }

    /** Numbers of pages; for one thread. */
    static final class PageList {
        private int[] pages = new int[16];
        private int size;

        void clear() {
            size = 0;
        }

        void add(int page) {
            if (size == pages.length) {
                pages = Arrays.copyOf(pages, 2 * size);
            }
            pages[size++] = page;
        }

        int size() {
            return size;
        }

        int get(int index) {
            return pages[index];
        }
    }
}

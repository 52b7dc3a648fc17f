package dev.belfry.store.metrics;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.wire.HistogramCodec;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.block.Samples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Open samples of all series, in the order in which they came. One thread adds; others read at the
 * same time without a lock.
 */
final class Generation implements HistogramSource {
    /*
     * A series' samples stand in pages, the newest first, each with the place of the one before it. A page's number is
     * released after the page; it is its place in units of a small page, of which the others take two. Pages are given
     * back all together when nobody reads the generation.
     */
    private static final int UNIT_SHIFT = 6;
    private static final int CHUNK_UNITS_SHIFT = 14;
    private static final int CHUNK_UNITS = 1 << CHUNK_UNITS_SHIFT;
    private static final int PAGE_UNITS = Pages.PAGE_BYTES >> UNIT_SHIFT;
    private static final ValueLayout.OfInt LENGTH =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int LOG_SHIFT = 18;
    private static final int LOG_BYTES = 1 << LOG_SHIFT;

    private final PagePool pool;
    private final long startOffset;
    private final IntChunks newest = new IntChunks(-1);
    private MemorySegment[] chunks = {};

    /* The same memory. */
    private ByteBuffer[] buffers = {};
    private int units;

    /* Histograms as bytes; a place is chunk << 32 | byte. */
    private byte[][] log = {};
    private int logUsed = LOG_BYTES;
    private long logBytes;
    private final WireWriter histogramWriter = new WireWriter(1 << 10);

    private final AtomicInteger users = new AtomicInteger();
    private volatile long samples;
    private volatile int seriesCount;
    private volatile long receivedMillis;
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

    /** When the newest of its samples came. */
    long receivedMillis() {
        return receivedMillis;
    }

    /** The number after the highest of a series that may have samples. */
    int end() {
        return newest.end();
    }

    /** The series that have samples. */
    RoaringBitmap series() {
        RoaringBitmap found = new RoaringBitmap();
        int to = end();
        for (int one = 0; one < to; one++) {
            if (newest.getAcquire(one) >= 0) {
                found.add(one);
            }
        }
        return found;
    }

    /** How many series have samples, about. */
    int seriesCount() {
        return seriesCount;
    }

    boolean has(int series) {
        return newest.get(series) >= 0;
    }

    /** Memory of histograms and of the table of pages, which is on the heap. */
    long heapBytes() {
        return newest.bytes() + logBytes;
    }

    /** Notes that samples were added, for who asks how many and when. */
    void added(int count, long lowestTime, long highestTime, long received) {
        receivedMillis = Math.max(receivedMillis, received);
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
        if (page < 0 || !Pages.append(buffer(page), base(page), time, bits)) {
            int fresh = newPage(page, time);
            Pages.append(buffer(fresh), base(fresh), time, bits);
            newest.setRelease(series, fresh);
        }
    }

    /** Adds a histogram. */
    void add(int series, long time, FloatHistogram histogram) {
        int page = newest.get(series);
        int last = append(page, time, 0, histogram, keep(histogram));
        if (last != page) {
            newest.setRelease(series, last);
        }
    }

    /* The page in which it stands then. */
    private int append(
            int page, long time, long bits, @Nullable FloatHistogram histogram, long place) {
        if (page >= 0 && Pages.append(buffer(page), base(page), time, bits, histogram, place)) {
            return page;
        }
        int fresh = newPage(page, time);
        Pages.append(buffer(fresh), base(fresh), time, bits, histogram, place);
        return fresh;
    }

    private ByteBuffer buffer(int page) {
        return buffers[page >>> CHUNK_UNITS_SHIFT];
    }

    private static int base(int page) {
        return (page & CHUNK_UNITS - 1) << UNIT_SHIFT;
    }

    private int newPage(int before, long time) {
        int size = PAGE_UNITS;
        if (before < 0) {
            size = Pages.SMALL_BYTES >> UNIT_SHIFT;
            seriesCount++;
        }
        if ((units & CHUNK_UNITS - 1) + size > CHUNK_UNITS) {
            units++;
        }
        if ((units & CHUNK_UNITS - 1) == 0) {
            MemorySegment[] more = Arrays.copyOf(chunks, chunks.length + 1);
            more[chunks.length] = pool.take();
            ByteBuffer[] moreBuffers = Arrays.copyOf(buffers, more.length);
            moreBuffers[chunks.length] =
                    more[chunks.length].asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            VarHandle.releaseFence();
            buffers = moreBuffers;
            chunks = more;
        }
        int page = units;
        units += size;
        boolean afterAll = before < 0 || Pages.areBelow(buffer(before), base(before), time);
        Pages.begin(buffer(page), base(page), before, time, afterAll);
        return page;
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
        target.set(LENGTH, logUsed, size - 4);
        System.arraycopy(histogramWriter.array(), 0, log[chunk], logUsed + 4, size - 4);
        logUsed += size;
        return place;
    }

    @Override
    public FloatHistogram histogram(long place) {
        byte[] chunk = log[(int) (place >>> 32)];
        int at = (int) place;
        int size = MemorySegment.ofArray(chunk).get(LENGTH, at);
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
            ByteBuffer buffer = buffer(page);
            page =
                    Pages.beginsBy(buffer, base(page), start)
                            ? -1
                            : Pages.before(buffer, base(page));
        }
        for (int i = scratch.size() - 1; i >= 0; i--) {
            int one = scratch.get(i);
            Pages.read(buffer(one), base(one), start, end, target, this, scratch.bytes);
        }
    }

    /** Gives the numbers of a series' pages, the newest first; false when it has none. */
    boolean pages(int series, PageList target) {
        target.clear();
        int page = newest.getAcquire(series);
        while (page >= 0) {
            target.add(page);
            page = Pages.before(buffer(page), base(page));
        }
        return target.size() > 0;
    }

    /** Writes what is used of a page, up to a multiple of 8 bytes. */
    void copyPage(int page, ByteBuffer target) {
        Pages.copy(buffer(page), base(page), target);
    }

    /** How many parts its histograms stand in. */
    int logParts() {
        return log.length;
    }

    byte[] logPart(int part) {
        return log[part];
    }

    /** How many bytes of a part are used. */
    int logLength(int part) {
        return part == log.length - 1 ? logUsed : log[part].length;
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
            page = append(page, time, bits, histogram, place);
        }
        newest.setRelease(series, page);
    }

    /** It is read by one more view. */
    void retain() {
        users.incrementAndGet();
    }

    /** It is read by one view less; after the last, its pages are given back. */
    void release() {
        if (users.decrementAndGet() == 0) {
            for (MemorySegment chunk : chunks) {
                pool.give(chunk);
            }
            chunks = new MemorySegment[0];
            buffers = new ByteBuffer[0];
        }
    }

    /** Bytes of its pages. */
    long pageBytes() {
        return (long) chunks.length * PagePool.CHUNK_BYTES;
    }

    /** Numbers of pages, and room to read one; for one thread. */
    static final class PageList {
        final byte[] bytes = new byte[Pages.SCRATCH_BYTES];
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

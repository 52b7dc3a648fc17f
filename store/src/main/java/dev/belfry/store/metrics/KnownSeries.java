package dev.belfry.store.metrics;

import dev.belfry.model.series.SampleBatch;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which series a journal or snapshot defines, so that a batch need not. Safe for many threads; one
 * that is told to be unknown too long costs a definition more.
 */
final class KnownSeries {
    private static final int SHIFT = 16;
    private static final int SIZE = 1 << SHIFT;
    private static final int[] NOTHING = {};

    private volatile AtomicLongArray[] chunks = {};

    boolean contains(int series) {
        AtomicLongArray[] now = chunks;
        int chunk = series >>> SHIFT;
        return chunk < now.length
                && (now[chunk].getPlain((series & SIZE - 1) >>> 6) & 1L << series) != 0;
    }

    /** The series of a batch that are not known, each once, ascending. */
    int[] missing(SampleBatch batch) {
        int[] found = NOTHING;
        int count = 0;
        int[] series = batch.series();
        for (int i = 0; i < batch.count(); i++) {
            if (!contains(series[i])) {
                found = count < found.length ? found : Arrays.copyOf(found, 2 * count + 16);
                found[count++] = series[i];
            }
        }
        for (SampleBatch.SeriesExemplar exemplar : batch.exemplars()) {
            if (!contains(exemplar.series())) {
                found = count < found.length ? found : Arrays.copyOf(found, 2 * count + 16);
                found[count++] = exemplar.series();
            }
        }
        return count == 0 ? NOTHING : distinct(Arrays.copyOf(found, count));
    }

    private static int[] distinct(int[] found) {
        int last = -1;
        boolean ascend = true;
        for (int each : found) {
            ascend &= each > last;
            last = each;
        }
        return ascend ? found : Arrays.stream(found).sorted().distinct().toArray();
    }

    void add(int series) {
        change(series, true);
    }

    void remove(int series) {
        change(series, false);
    }

    private void change(int series, boolean in) {
        AtomicLongArray chunk = chunk(series >>> SHIFT);
        int word = (series & SIZE - 1) >>> 6;
        long bit = 1L << series;
        if (in) {
            if ((chunk.get(word) & bit) == 0) {
                chunk.accumulateAndGet(word, bit, (a, b) -> a | b);
            }
        } else {
            chunk.accumulateAndGet(word, ~bit, (a, b) -> a & b);
        }
    }

    private AtomicLongArray chunk(int index) {
        AtomicLongArray[] now = chunks;
        return index < now.length ? now[index] : grow(index);
    }

    private synchronized AtomicLongArray grow(int index) {
        AtomicLongArray[] now = chunks;
        if (index >= now.length) {
            AtomicLongArray[] more = Arrays.copyOf(now, index + 1);
            for (int i = now.length; i <= index; i++) {
                more[i] = new AtomicLongArray(SIZE >>> 6);
            }
            chunks = more;
            now = more;
        }
        return now[index];
    }
}

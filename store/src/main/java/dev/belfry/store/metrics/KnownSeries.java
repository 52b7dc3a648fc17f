package dev.belfry.store.metrics;

import dev.belfry.model.series.SampleBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Which series a journal or snapshot defines, so that a batch need not. Safe for many threads; one
 * that is told to be unknown too long costs a definition more.
 */
final class KnownSeries {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SHIFT = 12;
    private static final int SIZE = 1 << SHIFT;
    private static final int[] NOTHING = {};

    private volatile long[][] chunks = {};

    boolean contains(int series) {
        long[][] now = chunks;
        int chunk = series >>> SHIFT;
        return chunk < now.length && (now[chunk][word(series)] & 1L << series) != 0;
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
        if (!contains(series)) {
            LONGS.getAndBitwiseOr(chunk(series >>> SHIFT), word(series), 1L << series);
        }
    }

    void remove(int series) {
        LONGS.getAndBitwiseAnd(chunk(series >>> SHIFT), word(series), ~(1L << series));
    }

    private static int word(int series) {
        return (series & SIZE - 1) >>> 6;
    }

    private long[] chunk(int index) {
        long[][] now = chunks;
        return index < now.length ? now[index] : grow(index);
    }

    private synchronized long[] grow(int index) {
        long[][] now = chunks;
        if (index >= now.length) {
            long[][] more = Arrays.copyOf(now, index + 1);
            for (int i = now.length; i <= index; i++) {
                more[i] = new long[SIZE >>> 6];
            }
            chunks = more;
            now = more;
        }
        return now[index];
    }
}

package dev.belfry.store.metrics;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesDefinition;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.store.MetricStoreConfig;

import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** The series: labels to numbers and back, and which series have which labels. */
public final class SeriesIndex implements SeriesResolver {
    /*
     * A series' row is its pairs' numbers in the order of their names, the count ahead, in chunks of int. A pair's
     * postings are the series that have it: null, a sorted int[] for the many pairs with few, else a RoaringBitmap.
     * The lock is held for a new series and while matchers are looked up; key look-ups and rows need none.
     */
    private static final int ROW_SHIFT = 16;
    private static final int ROW_CHUNK = 1 << ROW_SHIFT;
    private static final int FEW = 8;

    private final MetricStoreConfig.Limits limits;
    private final long seed;
    private final KeyTable keys;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Pairs pairs = new Pairs();

    /* By series: where its row begins, -1 for none. */
    private final IntChunks rowOf = new IntChunks(-1);
    private int[][] rows = {};
    private int rowsUsed = ROW_CHUNK;

    /* By pair. */
    private @Nullable Object[] postings = new @Nullable Object[1 << 10];
    private final IntChunks seriesWith = new IntChunks(0);

    /* By name: the series that have it. */
    private RoaringBitmap[] havingName = {};

    private final RoaringBitmap all = new RoaringBitmap();
    private volatile int count;
    private volatile int end;

    /* Open addressing: a series' number + 1, 0 where there is none. */
    private int[] table = new int[1 << 12];

    private final KnownSeries known = new KnownSeries();

    SeriesIndex(MetricStoreConfig.Limits limits, long seed) {
        this.limits = limits;
        this.seed = seed;
        keys = new KeyTable(limits.keysMax());
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public int find(long keyHigh, long keyLow) {
        return keys.find(keyHigh, keyLow);
    }

    @Override
    public int resolve(long keyHigh, long keyLow, Labels labels) {
        int series = keys.find(keyHigh, keyLow);
        if (series >= 0) {
            return series;
        }
        lock.writeLock().lock();
        try {
            int[] row = rowOf(labels);
            series = find(row);
            if (series < 0) {
                checkLimits(labels);
                series = end;
                add(series, row);
            }
        } finally {
            lock.writeLock().unlock();
        }
        keys.put(keyHigh, keyLow, series);
        return series;
    }

    /** Adds a series that the journal or a snapshot defines; nothing when it is there. */
    void define(SeriesDefinition definition) {
        lock.writeLock().lock();
        try {
            if (rowOf.get(definition.series()) < 0) {
                add(definition.series(), rowOf(definition.labels()));
            }
        } finally {
            lock.writeLock().unlock();
        }
        known.add(definition.series());
    }

    /** From now on numbers below {@code number} are not given to new series. */
    void reserve(int number) {
        if (number > end) {
            lock.writeLock().lock();
            try {
                end = Math.max(end, number);
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    /** Which series the journal or a snapshot knows for certain. */
    KnownSeries known() {
        return known;
    }

    private int[] rowOf(Labels labels) {
        int[] row = new int[labels.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = pairs.intern(labels.name(i), labels.value(i));
        }
        return row;
    }

    private int find(int[] row) {
        int mask = table.length - 1;
        for (int at = hash(row, 0, row.length) & mask; ; at = at + 1 & mask) {
            int series = table[at] - 1;
            if (series < 0 || equal(row, series)) {
                return series;
            }
        }
    }

    private boolean equal(int[] row, int series) {
        int place = rowOf.get(series);
        if (place < 0) {
            return false;
        }
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = (place & ROW_CHUNK - 1) + 1;
        int size = chunk[from - 1];
        return Arrays.equals(chunk, from, from + size, row, 0, row.length);
    }

    private static int hash(int[] row, int from, int size) {
        int hash = size;
        for (int i = from; i < from + size; i++) {
            hash = 31 * hash + row[i] * 0x9E3779B9;
        }
        return Pairs.mix(hash);
    }

    private void add(int series, int[] row) {
        if (2 * (count + 1) > table.length) {
            rehash();
        }
        putRow(series, row);
        put(series, hash(row, 0, row.length));
        for (int pair : row) {
            addPosting(pair, series);
        }
        all.add(series);
        count++;
        end = Math.max(end, series + 1);
    }

    private void putRow(int series, int[] row) {
        if (rowsUsed + row.length + 1 > ROW_CHUNK) {
            int[][] more = Arrays.copyOf(rows, rows.length + 1);
            more[rows.length] = new int[ROW_CHUNK];
            VarHandle.releaseFence();
            rows = more;
            rowsUsed = 0;
        }
        int[] chunk = rows[rows.length - 1];
        chunk[rowsUsed] = row.length;
        System.arraycopy(row, 0, chunk, rowsUsed + 1, row.length);
        rowOf.setRelease(series, (rows.length - 1 << ROW_SHIFT) + rowsUsed);
        rowsUsed += row.length + 1;
    }

    private void rehash() {
        table = new int[table.length * 2];
        all.forEach((int series) -> {
            int place = rowOf.get(series);
            int[] chunk = rows[place >>> ROW_SHIFT];
            int from = (place & ROW_CHUNK - 1) + 1;
            put(series, hash(chunk, from, chunk[from - 1]));
        });
    }

    private void put(int series, int hash) {
        int mask = table.length - 1;
        int at = hash & mask;
        while (table[at] != 0) {
            at = at + 1 & mask;
        }
        table[at] = series + 1;
    }

    private void addPosting(int pair, int series) {
        if (pair >= postings.length) {
            postings = Arrays.copyOf(postings, postings.length + (postings.length >> 1));
        }
        Object now = postings[pair];
        switch (now) {
            case null -> postings[pair] = new int[] {series};
            case int[] few -> postings[pair] = with(few, series);
            case RoaringBitmap many -> many.add(series);
            default -> throw new IllegalStateException("BUG: postings " + now);
        }
        seriesWith.set(pair, seriesWith.get(pair) + 1);
        int name = pairs.nameNumber(pair);
        if (name >= havingName.length) {
            RoaringBitmap[] more = Arrays.copyOf(havingName, name + 1);
            for (int i = havingName.length; i <= name; i++) {
                more[i] = new RoaringBitmap();
            }
            havingName = more;
        }
        havingName[name].add(series);
    }

    private static Object with(int[] few, int series) {
        if (few.length == FEW) {
            RoaringBitmap many = RoaringBitmap.bitmapOf(few);
            many.add(series);
            return many;
        }
        int[] more = Arrays.copyOf(few, few.length + 1);
        int at = few.length;
        for (; at > 0 && more[at - 1] > series; at--) {
            more[at] = more[at - 1];
        }
        more[at] = series;
        return more;
    }

    /** Adds the series that have the pair to {@code target}. */
    void collect(int pair, RoaringBitmap target) {
        switch (postings[pair]) {
            case null -> {}
            case int[] few -> target.add(few);
            case RoaringBitmap many -> target.or(many);
            default -> throw new IllegalStateException("BUG: postings " + pair);
        }
    }

    /** The series that have a label of this name; not to be changed. */
    RoaringBitmap having(Pairs.Name name) {
        return name.number < havingName.length ? havingName[name.number] : new RoaringBitmap();
    }

    /** All series; not to be changed. */
    RoaringBitmap all() {
        return all;
    }

    Pairs pairs() {
        return pairs;
    }

    /** How many series have the pair. */
    int seriesWith(int pair) {
        return seriesWith.get(pair);
    }

    /** Does {@code question} while no series is added or removed. */
    <T> T reading(Supplier<T> question) {
        lock.readLock().lock();
        try {
            return question.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public Labels labels(int series) {
        int place = rowOf.getAcquire(series);
        if (place < 0) {
            throw new IllegalArgumentException(
                    "series: " + series + " (expected: one that is known)");
        }
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = place & ROW_CHUNK - 1;
        return pairs.labels(chunk, from + 1, chunk[from]);
    }

    /** Compares two series as {@link Labels#compareTo} does their labels. */
    int compare(int series, int other) {
        int place = rowOf.getAcquire(series);
        int otherPlace = rowOf.getAcquire(other);
        int[] chunk = rows[place >>> ROW_SHIFT];
        int[] otherChunk = rows[otherPlace >>> ROW_SHIFT];
        int from = place & ROW_CHUNK - 1;
        int otherFrom = otherPlace & ROW_CHUNK - 1;
        int size = chunk[from];
        int otherSize = otherChunk[otherFrom];
        for (int i = 1; i <= Math.min(size, otherSize); i++) {
            int pair = chunk[from + i];
            int otherPair = otherChunk[otherFrom + i];
            if (pair != otherPair) {
                return pairs.compare(pair, otherPair);
            }
        }
        return size - otherSize;
    }

    /** Sorts series by their labels. */
    void sort(int[] series) {
        sort(series.clone(), series, 0, series.length);
    }

    /* A merge sort whose halves change places; short ranges by insertion. */
    private void sort(int[] from, int[] to, int start, int end) {
        if (end - start <= 8) {
            for (int i = start + 1; i < end; i++) {
                int one = to[i];
                int at = i;
                for (; at > start && compare(to[at - 1], one) > 0; at--) {
                    to[at] = to[at - 1];
                }
                to[at] = one;
            }
            return;
        }
        int middle = (start + end) >>> 1;
        sort(to, from, start, middle);
        sort(to, from, middle, end);
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            boolean takeLeft =
                    left < middle && (right >= end || compare(from[left], from[right]) <= 0);
            to[at] = takeLeft ? from[left++] : from[right++];
        }
    }

    /** Calls {@code visitor} with each pair of the series. */
    void forEachPair(int series, java.util.function.IntConsumer visitor) {
        int place = rowOf.getAcquire(series);
        int[] chunk = rows[place >>> ROW_SHIFT];
        int from = place & ROW_CHUNK - 1;
        for (int i = from + 1; i <= from + chunk[from]; i++) {
            visitor.accept(chunk[i]);
        }
    }

    /** How many keys of requests are remembered. */
    int keyCount() {
        return keys.size();
    }

    /** How many series there are. */
    int count() {
        return count;
    }

    /** The number after the highest of a series. */
    int end() {
        return end;
    }

    /* In all, of the metric, of the source. */
    private void checkLimits(Labels labels) {
        if (count >= limits.seriesMax()) {
            throw refused(labels, "in all", limits.seriesMax());
        }
        int metric = pairs.find(Labels.NAME, labels.metricName());
        if (metric >= 0 && seriesWith.get(metric) >= limits.seriesPerMetricMax()) {
            throw refused(labels, "of this metric", limits.seriesPerMetricMax());
        }
        for (String source : MetricStoreConfig.SOURCE_LABELS) {
            if (labels.has(source)) {
                int pair = pairs.find(source, labels.get(source));
                if (pair >= 0 && seriesWith.get(pair) >= limits.seriesPerSourceMax()) {
                    String where = "with " + source + "=\"" + labels.get(source) + "\"";
                    throw refused(labels, where, limits.seriesPerSourceMax());
                }
                break;
            }
        }
    }

    private BelfryException refused(Labels labels, String where, int limit) {
        String label = "";
        int most = -1;
        for (int i = 0; i < labels.size(); i++) {
            Pairs.Name name = pairs.name(labels.name(i));
            if (name != null && name.pairs.size() > most) {
                most = name.pairs.size();
                label = name.text;
            }
        }
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "series of metric %s: %d series %s already (expected: at most %d); label %s has %d values: send fewer"
                        .formatted(labels.metricName(), limit, where, limit, label, most));
    }

    /** Memory, about. */
    long bytes() {
        return keys.bytes()
                + pairs.bytes()
                + rowOf.bytes()
                + 4L * ROW_CHUNK * rows.length
                + 4L * table.length
                + 4L * postings.length;
    }
}

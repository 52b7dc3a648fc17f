package dev.belfry.store.metrics;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.LabelBytes;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.SourceLabels;
import dev.belfry.model.wire.SampleBatchCodec;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.Cardinality;
import dev.belfry.store.MetricStoreConfig;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/** The series: labels to numbers and back, and which series have which labels. */
public final class SeriesIndex implements SeriesResolver {
    /* Room that is made ahead of series that are to be read, at most: 64 MiB. */
    private static final int EXPECTED_MAX = 1 << 24;

    /* The lock is held for a new series and while matchers are looked up; keys and labels of a series need none. */
    private final MetricStoreConfig.Limits limits;
    private final long seed;
    private final Runnable ready;
    private final KeyTable keys;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Pairs pairs = new Pairs();
    private final SeriesRows rows = new SeriesRows(pairs);
    private final RowReader reader = new RowReader(pairs);
    private final Postings postings = new Postings(pairs);
    private final KnownSeries known = new KnownSeries();
    private final Churn churn = new Churn();

    /* Series that were asked for by their labels since the last ones began to fade. */
    private final RoaringBitmap touched = new RoaringBitmap();

    /* Rows that were read, to be used again: nobody has the first one any more. */
    private int[] spareRow = {};
    private int[] lastRow = {};
    private volatile int count;
    private volatile int end;
    private volatile long refused;

    /**
     * An empty index.
     *
     * @param ready waits until all series that were ever defined are here, or throws
     */
    SeriesIndex(MetricStoreConfig.Limits limits, long seed, Runnable ready) {
        this.limits = limits;
        this.seed = seed;
        this.ready = ready;
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
    public int find(long keyHigh, long keyLow, int previous) {
        return keys.find(keyHigh, keyLow, previous);
    }

    @Override
    public int resolve(long keyHigh, long keyLow, Labels labels) {
        int series = keys.find(keyHigh, keyLow);
        if (series >= 0) {
            return series;
        }
        ready.run();
        lock.writeLock().lock();
        try {
            return put(keyHigh, keyLow, findOrAdd(labels));
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public int resolve(long keyHigh, long keyLow, LabelBytes labels) {
        int series = keys.find(keyHigh, keyLow);
        if (series >= 0) {
            return series;
        }
        ready.run();
        lock.writeLock().lock();
        try {
            return put(keyHigh, keyLow, findOrAdd(labels));
        } finally {
            lock.writeLock().unlock();
        }
    }

    /* With the lock, so that a series that is forgotten meanwhile leaves no key. */
    private int put(long keyHigh, long keyLow, int series) {
        keys.put(keyHigh, keyLow, series);
        return series;
    }

    private int findOrAdd(LabelBytes labels) {
        int[] row = reader.find(labels);
        int series = reader.isKnown() ? rows.find(row) : NONE;
        if (series >= 0) {
            touched.add(series);
            return series;
        }
        if (mayBeTooMany()) {
            checkLimits(labels.labels());
        }
        return create(reader.intern(labels));
    }

    private int findOrAdd(Labels labels) {
        int[] found = rows.knownRow(labels);
        int series = found.length == 0 ? NONE : rows.find(found);
        if (series >= 0) {
            touched.add(series);
            return series;
        }
        if (mayBeTooMany()) {
            checkLimits(labels);
        }
        return create(rows.rowOf(labels));
    }

    private int create(int[] row) {
        int series = end;
        add(series, row);
        churn.created();
        return series;
    }

    @Override
    public Labels labels(int series) {
        return rows.labels(series);
    }

    private void add(int series, int[] row) {
        rows.add(series, row);
        postings.add(series, row);
        count++;
        end = Math.max(end, series + 1);
    }

    /**
     * Notes that the journal defines a series that {@link #resolve} gave; adds it again when it was
     * forgotten meanwhile.
     */
    void define(int series) {
        if (!rows.has(series)) {
            lock.writeLock().lock();
            try {
                if (!rows.has(series)) {
                    add(series, rows.row(series));
                }
            } finally {
                lock.writeLock().unlock();
            }
        }
        known.add(series);
    }

    /**
     * Adds a series whose labels the journal has next in {@code labels}; nothing when it is there.
     */
    void define(int series, WireReader labels) {
        if (rows.has(series)) {
            SampleBatchCodec.skipLabels(labels);
        } else {
            lock.writeLock().lock();
            try {
                int[] row = reader.read(labels);
                if (!rows.has(series)) {
                    add(series, row);
                }
            } finally {
                lock.writeLock().unlock();
            }
        }
        known.add(series);
    }

    /** Writes the labels of a series as {@link SampleBatchCodec} does. */
    public void writeLabels(int series, WireWriter out) {
        rows.writeLabels(series, out);
    }

    /** Writes a series with the numbers of its pairs. */
    void write(int series, WireWriter out) {
        rows.write(series, out);
    }

    /**
     * Reads all that {@link #write} wrote and adds each series, unless it is there or a pair of it
     * is lost.
     *
     * @param found their numbers, but for those with lost pairs, are added to it
     */
    void read(WireReader in, RoaringBitmap found) {
        lock.writeLock().lock();
        /* Most follow one another: a run of them is added to `found` at once. */
        long from = 0;
        long to = 0;
        try {
            while (in.remaining() > 0) {
                int series = in.count("series", Integer.MAX_VALUE - 1);
                if (!readRow(series, in)) {
                    end = Math.max(end, series + 1);
                    continue;
                }
                known.add(series);
                if (series != to) {
                    found.add(from, to);
                    from = series;
                }
                to = series + 1L;
            }
        } finally {
            found.add(from, to);
            lock.writeLock().unlock();
        }
    }

    /* False when a pair is lost. */
    private boolean readRow(int series, WireReader in) {
        int size = in.count("labels", in.remaining());
        int[] row = spareRow.length == size ? spareRow : new int[size];
        boolean isWhole = true;
        for (int i = 0; i < size; i++) {
            row[i] = in.count("pair", Integer.MAX_VALUE);
            isWhole &= pairs.isKnown(row[i]);
        }
        spareRow = row;
        if (isWhole && !rows.has(series)) {
            add(series, row);
            /* Postings compare the next one with it. */
            spareRow = lastRow;
            lastRow = row;
        }
        return isWhole;
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

    /** As {@link #reserve}; most numbers below are about to be read. */
    void expect(int number) {
        reserve(number);
        rows.expect(Math.min(number, EXPECTED_MAX));
    }

    /** Which series the journal or a snapshot knows for certain. */
    KnownSeries known() {
        return known;
    }

    /** The series that the journal or a snapshot knows for certain. */
    RoaringBitmap knownSeries() {
        RoaringBitmap found = allSeries();
        RoaringBitmap unknown = new RoaringBitmap();
        found.forEach((int series) -> {
            if (!known.contains(series)) {
                unknown.add(series);
            }
        });
        found.andNot(unknown);
        return found;
    }

    /**
     * Begins to forget series without samples: their keys find nothing any more, and a batch that
     * still holds one defines it again.
     */
    void fade(RoaringBitmap idle) {
        lock.writeLock().lock();
        try {
            touched.clear();
            keys.remove(idle::contains);
            idle.forEach((int series) -> known.remove(series));
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Forgets those series that {@link #fade} was told of, and that nobody has asked for since.
     *
     * @return those that are gone
     */
    RoaringBitmap forget(RoaringBitmap faded) {
        lock.writeLock().lock();
        try {
            postings.settle();
            RoaringBitmap gone = RoaringBitmap.and(faded, postings.all());
            gone.andNot(touched);
            faded.forEach((int series) -> {
                if (known.contains(series)) {
                    gone.remove(series);
                }
            });
            remove(gone);
            churn.forgotten(gone.getCardinality());
            return gone;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Takes series away; their numbers are not given again. */
    void remove(RoaringBitmap gone) {
        lock.writeLock().lock();
        try {
            postings.settle();
            RoaringBitmap there = RoaringBitmap.and(gone, postings.all());
            if (there.isEmpty()) {
                return;
            }
            postings.remove(there, rows);
            there.forEach((int series) -> known.remove(series));
            count = postings.all().getCardinality();
            rows.remove(there);
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Adds the series that have the pair to {@code target}; while the index is held still. */
    void collect(int pair, RoaringBitmap target) {
        postings.collect(pair, target);
    }

    /** The series that have a label of this name; not to be changed; while it is held still. */
    RoaringBitmap having(Pairs.Name name) {
        return postings.having(name.number);
    }

    /** All series; not to be changed; while the index is held still. */
    RoaringBitmap all() {
        return postings.all();
    }

    /** A copy of {@link #all}. */
    RoaringBitmap allSeries() {
        return reading(() -> postings.all().clone());
    }

    Pairs pairs() {
        return pairs;
    }

    /** Does {@code question} while no series is added or removed. */
    <T> T reading(Supplier<T> question) {
        lock.readLock().lock();
        if (postings.isOpen()) {
            lock.readLock().unlock();
            lock.writeLock().lock();
            try {
                postings.settle();
                lock.readLock().lock();
            } finally {
                lock.writeLock().unlock();
            }
        }
        try {
            return question.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Sorts series by their labels. */
    void sort(int[] series) {
        rows.sort(series, pairs.count());
    }

    /** Calls {@code visitor} with each pair of the series. */
    void forEachPair(int series, IntConsumer visitor) {
        rows.forEachPair(series, visitor);
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

    /** How often a new series was refused. */
    long refused() {
        return refused;
    }

    /** What takes how many series, the first {@code limit} of each list. */
    Cardinality cardinality(int limit) {
        return reading(() -> new Counts(pairs, postings).cardinality(count, churn, limit));
    }

    /* Whether a limit may be reached: none is while there are fewer series than it in all. */
    private boolean mayBeTooMany() {
        return count
                >= Math.min(
                        limits.seriesMax(),
                        Math.min(limits.seriesPerMetricMax(), limits.seriesPerSourceMax()));
    }

    /* In all, of the metric, of the source. */
    private void checkLimits(Labels labels) {
        if (count >= limits.seriesMax()) {
            throw refused(labels, "in all", limits.seriesMax());
        }
        int metric = pairs.find(Labels.NAME, labels.metricName());
        if (metric >= 0 && postings.count(metric) >= limits.seriesPerMetricMax()) {
            throw refused(labels, "of this metric", limits.seriesPerMetricMax());
        }
        String source = SourceLabels.nameIn(labels);
        int pair = pairs.find(source, labels.get(source));
        if (pair >= 0 && postings.count(pair) >= limits.seriesPerSourceMax()) {
            String where = "with " + source + "=\"" + labels.get(source) + "\"";
            throw refused(labels, where, limits.seriesPerSourceMax());
        }
    }

    private BelfryException refused(Labels labels, String where, int limit) {
        refused++;
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
        return keys.bytes() + pairs.bytes() + rows.bytes() + reading(postings::bytes);
    }
}

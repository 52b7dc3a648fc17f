package dev.belfry.store.metrics;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.SampleBatch.SeriesExemplar;
import dev.belfry.model.series.SeriesDeletion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** The newest exemplars of all series together, a bounded number; safe for many threads. */
public final class ExemplarRing {
    private final int max;

    /* In the order in which they came; one that comes again, as each scrape does, is one. */
    private final LinkedHashSet<SeriesExemplar> ring = new LinkedHashSet<>();
    private long added;
    private long deletions;

    ExemplarRing(int max) {
        this.max = max;
    }

    /** Adds one, unless it is there. */
    public synchronized void add(SeriesExemplar one) {
        if (max == 0 || !ring.add(one)) {
            return;
        }
        if (ring.size() > max) {
            ring.removeFirst();
        }
        added++;
    }

    synchronized void remove(SeriesDeletion deletion) {
        boolean some =
                ring.removeIf(one ->
                        one.exemplar().timestampMillis() >= deletion.startMillis()
                                && one.exemplar().timestampMillis() <= deletion.endMillis()
                                && Arrays.binarySearch(deletion.series(), one.series()) >= 0);
        deletions += some ? 1 : 0;
    }

    synchronized void clear() {
        ring.clear();
    }

    /** The exemplars from {@code start} to {@code end}, inclusive, by series, then by time. */
    public synchronized Map<Integer, List<Exemplar>> find(
            IntPredicate series, long start, long end) {
        Map<Integer, List<Exemplar>> found = new TreeMap<>();
        for (SeriesExemplar one : ring) {
            long time = one.exemplar().timestampMillis();
            if (time >= start && time <= end && series.test(one.series())) {
                found.computeIfAbsent(one.series(), any -> new ArrayList<>()).add(one.exemplar());
            }
        }
        found.values()
                .forEach(list -> list.sort(Comparator.comparingLong(Exemplar::timestampMillis)));
        return found;
    }

    /** How many were ever added. */
    synchronized long added() {
        return added;
    }

    /** How often some were deleted. */
    synchronized long deletions() {
        return deletions;
    }

    /** Those that were added after {@code count} others, as far as they are there. */
    synchronized List<SeriesExemplar> since(long count) {
        int wanted = (int) Math.min(ring.size(), added - count);
        List<SeriesExemplar> all = new ArrayList<>(ring);
        return all.subList(all.size() - wanted, all.size());
    }
}

package dev.belfry.store.metrics;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.SampleBatch.SeriesExemplar;
import dev.belfry.model.series.SeriesDeletion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The newest exemplars of all series together, a bounded number; safe for many threads. */
public final class ExemplarRing {
    private final int max;
    private final ArrayDeque<SeriesExemplar> ring = new ArrayDeque<>();
    private long added;
    private final Map<Integer, Exemplar> newest = new HashMap<>();

    ExemplarRing(int max) {
        this.max = max;
    }

    /** Adds one, unless it is what the series' newest is. */
    public synchronized void add(SeriesExemplar one) {
        Exemplar before = newest.get(one.series());
        if (max == 0 || same(before, one.exemplar())) {
            return;
        }
        if (ring.size() == max) {
            SeriesExemplar oldest = ring.removeFirst();
            newest.remove(oldest.series(), oldest.exemplar());
        }
        ring.addLast(one);
        added++;
        newest.put(one.series(), one.exemplar());
    }

    private static boolean same(@Nullable Exemplar one, Exemplar other) {
        return one != null
                && one.timestampMillis() == other.timestampMillis()
                && Double.compare(one.value(), other.value()) == 0
                && one.labels().equals(other.labels());
    }

    synchronized void remove(SeriesDeletion deletion) {
        ring.removeIf(one ->
                one.exemplar().timestampMillis() >= deletion.startMillis()
                        && one.exemplar().timestampMillis() <= deletion.endMillis()
                        && Arrays.binarySearch(deletion.series(), one.series()) >= 0);
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

    /** Those that were added after {@code count} others, as far as they are there. */
    synchronized List<SeriesExemplar> since(long count) {
        int wanted = (int) Math.min(ring.size(), added - count);
        List<SeriesExemplar> all = new ArrayList<>(ring);
        return all.subList(all.size() - wanted, all.size());
    }
}

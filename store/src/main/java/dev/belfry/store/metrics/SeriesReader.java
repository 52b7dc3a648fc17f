package dev.belfry.store.metrics;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.store.block.Samples;
import dev.belfry.store.block.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/** Answers questions about series from index and samples. Safe for many threads. */
public final class SeriesReader {
    /* A month at 15 s: 4 MiB each. Of more rooms, and of larger ones, none is kept. */
    private static final int ROOMS_MAX = 2;
    private static final int ROOM_SAMPLES_MAX = 1 << 18;

    /* Windows that are closer together than this many lengths are read with what is between them. */
    private static final int GAPS_MIN = 3;

    /*
     * How often a series is read from a file to see whether it has samples in a range, up to 50 µs each; then those are
     * told, too, that stand in files of that time.
     */
    private static final int CLOSE_LOOKS_MAX = 20_000;

    /* What a cursor reads into. */
    private record Room(Samples samples, View.Scratch scratch) {}

    private final MetricTable table;
    private final SeriesIndex index;

    /* Room of closed cursors: a query opens one for some dozens of series, whose columns are as long. */
    private final ArrayBlockingQueue<Room> rooms = new ArrayBlockingQueue<>(ROOMS_MAX);

    /** Reads from {@code table}. */
    public SeriesReader(MetricTable table) {
        this.table = table;
        this.index = table.index();
    }

    /** The series that pass {@code matchers}, in the order of their numbers. */
    public SeriesSource.Selection select(
            List<LabelMatcher> matchers, long start, long end, SeriesSource.Hints hints) {
        View view = table.view();
        try {
            int[] series = matching(List.of(matchers), view, start, end);
            return new Selection(series, view, start, end, hints);
        } catch (RuntimeException failure) {
            view.release();
            throw failure;
        }
    }

    /** The numbers of the series that pass one of {@code selectors}, ascending. */
    public int[] matching(List<List<LabelMatcher>> selectors) {
        return index.reading(() -> new Matching(index).any(selectors)).toArray();
    }

    private int[] matching(List<List<LabelMatcher>> selectors, long start, long end) {
        View view = table.view();
        try {
            return matching(selectors, view, start, end);
        } finally {
            view.release();
        }
    }

    private int[] matching(List<List<LabelMatcher>> selectors, View view, long start, long end) {
        RoaringBitmap found = index.reading(() -> new Matching(index).any(selectors));
        int[] kept = new int[found.getCardinality()];
        int count = 0;
        IntIterator each = found.getIntIterator();
        while (each.hasNext()) {
            int series = each.next();
            if (view.mayHave(series, start, end)) {
                kept[count++] = series;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private int[] sorted(int[] series) {
        index.sort(series);
        return series;
    }

    /** The labels of series with samples in the range, sorted; at most {@code limit}, 0 for all. */
    public List<Labels> series(
            List<List<LabelMatcher>> selectors, long start, long end, int limit) {
        View view = table.view();
        try {
            Samples samples = new Samples();
            View.Scratch scratch = new View.Scratch();
            List<Labels> found = new ArrayList<>();
            scratch.closeLooks = CLOSE_LOOKS_MAX;
            for (int one : sorted(matching(selectors, view, start, end))) {
                if (limit > 0 && found.size() == limit) {
                    break;
                }
                if (view.has(one, start, end, samples, scratch)) {
                    found.add(index.labels(one));
                }
            }
            return found;
        } finally {
            view.release();
        }
    }

    /** The names of labels of the series with samples in the range, sorted. */
    public List<String> labelNames(
            List<List<LabelMatcher>> selectors, long start, long end, int limit) {
        int[] series = matching(selectors, start, end);
        Pairs.Name[] names = index.pairs().names();
        boolean[] seen = new boolean[names.length];
        for (int one : series) {
            index.forEachPair(
                    one,
                    pair -> {
                        int name = index.pairs().nameNumber(pair);
                        if (name < seen.length) {
                            seen[name] = true;
                        }
                    });
        }
        TreeSet<String> found = new TreeSet<>();
        for (int i = 0; i < seen.length; i++) {
            if (seen[i]) {
                found.add(names[i].text);
            }
        }
        return first(found, limit);
    }

    /** The values of a label of the series with samples in the range, sorted. */
    public List<String> labelValues(
            String name, List<List<LabelMatcher>> selectors, long start, long end, int limit) {
        Pairs.Name wanted = index.reading(() -> index.pairs().name(name));
        if (wanted == null) {
            return List.of();
        }
        RoaringBitmap pairs = new RoaringBitmap();
        for (int one : matching(selectors, start, end)) {
            index.forEachPair(
                    one,
                    pair -> {
                        if (index.pairs().nameNumber(pair) == wanted.number) {
                            pairs.add(pair);
                        }
                    });
        }
        TreeSet<String> found = new TreeSet<>();
        pairs.forEach((int pair) -> found.add(index.pairs().value(pair)));
        return first(found, limit);
    }

    /** The exemplars in the range, by the labels of their series, then by time. */
    public SortedMap<Labels, List<Exemplar>> exemplars(
            List<List<LabelMatcher>> selectors, long start, long end) {
        RoaringBitmap series = index.reading(() -> new Matching(index).any(selectors));
        SortedMap<Labels, List<Exemplar>> found = new TreeMap<>();
        table.exemplars()
                .find(series::contains, start, end)
                .forEach((one, list) -> found.put(index.labels(one), list));
        return found;
    }

    private static List<String> first(TreeSet<String> sorted, int limit) {
        return sorted.stream().limit(limit > 0 ? limit : Long.MAX_VALUE).toList();
    }

    private final class Selection implements SeriesSource.Selection {
        private final int[] series;
        private final View view;
        private final long start;
        private final long end;
        private final SeriesSource.Hints hints;
        private final @Nullable Windows windows;
        private final AtomicBoolean closed = new AtomicBoolean();

        Selection(int[] series, View view, long start, long end, SeriesSource.Hints hints) {
            this.hints = hints;
            boolean gaps =
                    hints.windowMillis() > 0
                            && hints.stepMillis() / GAPS_MIN >= hints.windowMillis();
            this.windows =
                    gaps ? new Windows(start, hints.stepMillis(), hints.windowMillis()) : null;
            this.series = series;
            this.view = view;
            this.start = start;
            this.end = end;
        }

        @Override
        public int size() {
            return series.length;
        }

        @Override
        public Labels labels(int at) {
            return index.labels(series[at]);
        }

        @Override
        public SeriesSource.Cursor cursor(int from, int to) {
            return new Cursor(this, from, to);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                view.release();
            }
        }
    }

    private final class Cursor implements SeriesSource.Cursor {
        private final Selection selection;
        private final int to;
        private @Nullable Room room;
        private int at;

        Cursor(Selection selection, int from, int to) {
            this.selection = selection;
            this.at = from;
            this.to = to;
            this.room = rooms.poll();
        }

        @Override
        public @Nullable SeriesSamples next() {
            if (at >= to) {
                return null;
            }
            int one = selection.series[at++];
            Room into = room == null ? new Room(new Samples(), new View.Scratch()) : room;
            room = into;
            Samples samples = into.samples();
            samples.clear();
            into.scratch().windows = selection.windows;
            SeriesSource.Hints hints = selection.hints;
            selection.view.read(
                    one,
                    selection.start,
                    selection.end,
                    hints.function(),
                    hints.rangeMillis(),
                    samples,
                    into.scratch());
            samples.keep(selection.start, selection.end);
            return new SeriesSamples(
                    index.labels(one),
                    samples.times(),
                    samples.values(),
                    samples.histograms(),
                    samples.size());
        }

        @Override
        public void close() {
            at = to;
            Room used = room;
            room = null;
            if (used != null && used.samples().times().length <= ROOM_SAMPLES_MAX) {
                used.samples().clear();
                rooms.offer(used);
            }
        }
    }
}

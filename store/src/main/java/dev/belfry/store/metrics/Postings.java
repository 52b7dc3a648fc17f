package dev.belfry.store.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Which series there are, which have a pair, or a name at all; guarded by the index's lock. */
final class Postings {
    /* A pair's series: null, a sorted int[] for the many pairs with few, else a RoaringBitmap. */
    private static final int FEW = 8;

    /*
     * Series that come one after the other mostly have the same pair at the same place of their rows: such a run of
     * numbers is added to the pair's others when it ends, or when somebody is about to look. Until then it is not
     * among `all` either, so that "all but those with the pair" is right.
     */
    private final Pairs pairs;
    private int[] run = {};
    private int[] pairStarts = {};
    private int[] nameStarts = {};
    private int runStart;
    private int runEnd;

    private @Nullable Object[] byPair = new @Nullable Object[1 << 10];
    private RoaringBitmap[] byName = {};
    private final RoaringBitmap all = new RoaringBitmap();
    private long fewBytes;

    Postings(Pairs pairs) {
        this.pairs = pairs;
    }

    /** Notes that the series, which is new, has the pairs of {@code row}. */
    void add(int series, int[] row) {
        if (series != runEnd) {
            settle();
            runStart = series;
        }
        int both = Math.min(row.length, run.length);
        for (int i = 0; i < both; i++) {
            if (run[i] != row[i]) {
                end(i, series, pairs.nameNumber(row[i]));
                pairStarts[i] = series;
            }
        }
        for (int i = both; i < run.length; i++) {
            end(i, series, -1);
        }
        if (row.length != run.length) {
            pairStarts = Arrays.copyOf(pairStarts, row.length);
            nameStarts = Arrays.copyOf(nameStarts, row.length);
            Arrays.fill(pairStarts, both, row.length, series);
            Arrays.fill(nameStarts, both, row.length, series);
        }
        run = row;
        runEnd = series + 1;
    }

    /* The pair at place i of the run ends before the series, whose pair there has the name `next`. */
    private void end(int i, int series, int next) {
        note(run[i], pairStarts[i], series);
        int name = pairs.nameNumber(run[i]);
        if (name != next) {
            noteName(name, nameStarts[i], series);
            nameStarts[i] = series;
        }
    }

    /** Whether something was added that is not to be seen yet. */
    boolean isOpen() {
        return runStart != runEnd;
    }

    /** From now on all that was added is seen. */
    void settle() {
        for (int i = 0; i < run.length; i++) {
            end(i, runEnd, -1);
        }
        if (runStart != runEnd) {
            add(all, runStart, runEnd);
        }
        run = new int[0];
        pairStarts = run;
        nameStarts = run;
        runStart = runEnd;
    }

    private static void add(RoaringBitmap target, int from, int to) {
        if (to - from == 1) {
            target.add(from);
        } else {
            target.add((long) from, (long) to);
        }
    }

    private void note(int pair, int from, int to) {
        if (pair >= byPair.length) {
            byPair = Arrays.copyOf(byPair, Math.max(pair + 1, byPair.length * 3 / 2));
        }
        if (byPair[pair] instanceof RoaringBitmap many) {
            add(many, from, to);
        } else if (to - from > FEW) {
            RoaringBitmap many = new RoaringBitmap();
            if (byPair[pair] instanceof int[] few) {
                many.add(few);
            }
            add(many, from, to);
            byPair[pair] = many;
        } else {
            for (int series = from; series < to; series++) {
                note(pair, series);
            }
        }
    }

    private void note(int pair, int series) {
        Object now = byPair[pair];
        if (now == null) {
            byPair[pair] = new int[] {series};
            fewBytes += 24;
        } else if (now instanceof int[] few) {
            byPair[pair] = with(few, series);
        } else {
            ((RoaringBitmap) now).add(series);
        }
    }

    private void noteName(int name, int from, int to) {
        if (name >= byName.length) {
            RoaringBitmap[] more = Arrays.copyOf(byName, name + 1);
            for (int i = byName.length; i <= name; i++) {
                more[i] = new RoaringBitmap();
            }
            byName = more;
        }
        add(byName[name], from, to);
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

    /** Takes series away, which are settled. */
    void remove(RoaringBitmap gone, SeriesRows rows) {
        gone.forEach((int series) -> rows.forEachPair(series, pair -> remove(pair, series)));
        all.andNot(gone);
    }

    private void remove(int pair, int series) {
        switch (byPair[pair]) {
            case int[] few -> byPair[pair] = without(few, series);
            case RoaringBitmap many -> {
                many.remove(series);
                if (many.isEmpty()) {
                    byPair[pair] = null;
                }
            }
            case null, default -> throw new IllegalStateException("BUG: postings " + pair);
        }
        byName[pairs.nameNumber(pair)].remove(series);
    }

    private static int @Nullable [] without(int[] few, int series) {
        int at = Arrays.binarySearch(few, series);
        if (few.length == 1) {
            return at == 0 ? null : few;
        }
        if (at < 0) {
            return few;
        }
        int[] less = Arrays.copyOf(few, few.length - 1);
        System.arraycopy(few, at + 1, less, at, few.length - at - 1);
        return less;
    }

    /** All series that are settled; not to be changed. */
    RoaringBitmap all() {
        return all;
    }

    /** Adds the series that have the pair to {@code target}. */
    void collect(int pair, RoaringBitmap target) {
        Object found = pair < byPair.length ? byPair[pair] : null;
        switch (found) {
            case null -> {}
            case int[] few -> target.add(few);
            case RoaringBitmap many -> target.or(many);
            default -> throw new IllegalStateException("BUG: postings " + pair);
        }
    }

    /** How many series have the pair, those that are not settled included. */
    int count(int pair) {
        int open = 0;
        for (int i = 0; i < run.length; i++) {
            open += run[i] == pair ? runEnd - pairStarts[i] : 0;
        }
        Object found = pair < byPair.length ? byPair[pair] : null;
        return switch (found) {
            case null -> open;
            case int[] few -> open + few.length;
            case RoaringBitmap many -> open + many.getCardinality();
            default -> throw new IllegalStateException("BUG: postings " + pair);
        };
    }

    /** The series that have a label of this name; not to be changed. */
    RoaringBitmap having(int name) {
        return name < byName.length ? byName[name] : new RoaringBitmap();
    }

    /** Memory, about; bitmaps are counted one by one. */
    long bytes() {
        long bytes = 4L * byPair.length + fewBytes;
        for (Object one : byPair) {
            if (one instanceof RoaringBitmap many) {
                bytes += 100 + many.getSizeInBytes();
            }
        }
        for (RoaringBitmap name : byName) {
            bytes += name.getSizeInBytes();
        }
        return bytes;
    }
}

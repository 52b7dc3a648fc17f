package dev.belfry.store.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Which series have a pair, or a name at all; guarded by the index's lock. */
final class Postings {
    /* A pair's series: null, a sorted int[] for the many pairs with few, else a RoaringBitmap. */
    private static final int FEW = 8;

    private @Nullable Object[] byPair = new @Nullable Object[1 << 10];
    private RoaringBitmap[] byName = {};
    private long fewBytes;

    /** Notes that the series has the pair, which is of the name. */
    void add(int pair, int name, int series) {
        if (pair >= byPair.length) {
            byPair = Arrays.copyOf(byPair, Math.max(pair + 1, byPair.length * 3 / 2));
        }
        Object now = byPair[pair];
        switch (now) {
            case null -> {
                byPair[pair] = new int[] {series};
                fewBytes += 24;
            }
            case int[] few -> byPair[pair] = with(few, series);
            case RoaringBitmap many -> many.add(series);
            default -> throw new IllegalStateException("BUG: postings " + pair);
        }
        if (name >= byName.length) {
            RoaringBitmap[] more = Arrays.copyOf(byName, name + 1);
            for (int i = byName.length; i <= name; i++) {
                more[i] = new RoaringBitmap();
            }
            byName = more;
        }
        byName[name].add(series);
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

    /** The series does not have the pair any more. */
    void remove(int pair, int name, int series) {
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
        byName[name].remove(series);
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

    /** How many series have the pair. */
    int count(int pair) {
        Object found = pair < byPair.length ? byPair[pair] : null;
        return switch (found) {
            case null -> 0;
            case int[] few -> few.length;
            case RoaringBitmap many -> many.getCardinality();
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

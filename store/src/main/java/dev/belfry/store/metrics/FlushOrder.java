package dev.belfry.store.metrics;

import dev.belfry.store.block.SeriesOrder;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/**
 * The order in which series stand in blocks, kept from flush to flush: labels are looked at once.
 * For one thread.
 */
final class FlushOrder {
    private final SeriesIndex index;
    private final RoaringBitmap known = new RoaringBitmap();

    /* By place in the order; what a comparison needs stands beside the number. */
    private int[] series = {};
    private long[] groups = {};
    private int[] ranks = {};
    private int size;

    FlushOrder(SeriesIndex index) {
        this.index = index;
    }

    int size() {
        return size;
    }

    SeriesOrder get(int place) {
        return new SeriesOrder(groups[place], ranks[place], series[place]);
    }

    int series(int place) {
        return series[place];
    }

    /** Takes in the series of {@code wanted} that it has not, and drops those that are gone. */
    void update(RoaringBitmap wanted, RoaringBitmap all) {
        if (!known.isEmpty() && RoaringBitmap.andNotCardinality(known, all) > 0) {
            retain(all);
        }
        RoaringBitmap fresh = RoaringBitmap.andNot(wanted, known);
        if (fresh.isEmpty()) {
            return;
        }
        SeriesOrder[] orders = new SeriesOrder[fresh.getCardinality()];
        int[] at = {0};
        fresh.forEach((int one) -> orders[at[0]++] = SeriesOrder.of(one, index.labels(one)));
        Arrays.sort(orders);
        merge(orders);
        known.or(fresh);
    }

    private void retain(RoaringBitmap all) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (all.contains(series[i])) {
                series[kept] = series[i];
                groups[kept] = groups[i];
                ranks[kept++] = ranks[i];
            }
        }
        size = kept;
        known.and(all);
    }

    /* From the end on, so that nothing is overwritten that is still needed. */
    private void merge(SeriesOrder[] fresh) {
        int total = size + fresh.length;
        if (total > series.length) {
            int room = total + total / 8;
            series = Arrays.copyOf(series, room);
            groups = Arrays.copyOf(groups, room);
            ranks = Arrays.copyOf(ranks, room);
        }
        int old = size - 1;
        int next = fresh.length - 1;
        for (int to = total - 1; next >= 0; to--) {
            if (old >= 0 && compare(old, fresh[next]) > 0) {
                series[to] = series[old];
                groups[to] = groups[old];
                ranks[to] = ranks[old--];
            } else {
                series[to] = fresh[next].id();
                groups[to] = fresh[next].group();
                ranks[to] = fresh[next--].rank();
            }
        }
        size = total;
    }

    private int compare(int place, SeriesOrder other) {
        int order = Long.compare(groups[place], other.group());
        order = order != 0 ? order : Integer.compare(ranks[place], other.rank());
        return order != 0 ? order : Integer.compare(series[place], other.id());
    }
}

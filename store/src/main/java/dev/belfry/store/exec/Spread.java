package dev.belfry.store.exec;

import dev.belfry.store.column.RowGroup;
import java.util.Comparator;

/** Samples that are spread evenly over groups and rows, the same ones each time. */
final class Spread {
    /** An order of groups that has nothing to do with time. */
    static final Comparator<RowGroup> ORDER =
            Comparator.comparingLong((RowGroup group) -> mix(group.minOffset()))
                    .thenComparingLong(RowGroup::minOffset);

    private Spread() {}

    /**
     * A share of a group's rows: some that follow one another, so that few pages are read, from a
     * place that differs by group.
     *
     * @param share 0 to 1
     */
    static Rows of(Rows rows, double share, RowGroup group) {
        int count = (int) Math.min(rows.count(), Math.ceil(rows.count() * share));
        if (count == rows.count()) {
            return rows;
        }
        int from = (int) Math.floorMod(mix(group.minOffset()), rows.count() - count + 1L);
        return rows.slice(from, from + count);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * 0xd6e8feb86659fd93L;
        mixed = (mixed ^ mixed >>> 32) * 0xd6e8feb86659fd93L;
        return mixed ^ mixed >>> 32;
    }
}

package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts rows, or those with a value. */
final class CountMeasure implements Accumulator {
    private final @Nullable Expr operand;
    private long[] counts = new long[16];

    CountMeasure(@Nullable Expr operand) {
        this.operand = operand;
    }

    @Override
    public void add(GroupReader reader, Rows rows, GroupIds ids) {
        ensure(ids.groups());
        int[] idAt = ids.ids();
        if (operand == null) {
            if (idAt == null) {
                counts[ids.single()] += ids.count();
            } else {
                countEach(idAt, ids.count(), ids.groups());
            }
            return;
        }
        Predicate counted = new Predicate.Single(operand, TextConditions.any());
        Rows present = FilterEvaluator.filter(counted, reader, rows);
        if (idAt == null) {
            counts[ids.single()] += present.count();
            return;
        }
        int next = 0;
        for (int i = 0; i < rows.count() && next < present.count(); i++) {
            if (rows.at(i) == present.at(next)) {
                counts[idAt[i]]++;
                next++;
            }
        }
    }

    @Override
    public boolean isKnown(GroupReader reader, boolean split) {
        return operand == null;
    }

    @Override
    public void addKnown(GroupReader reader, long rows, int id, int groups) {
        ensure(groups);
        counts[id] += rows;
    }

    /*
     * Four counters a group in turn: adding to the one that was just added to waits for it, which
     * is what costs most where a few groups have most rows.
     */
    private void countEach(int[] idAt, int count, int groups) {
        if (groups > Limits.SPREAD_COUNT_GROUPS_MAX) {
            for (int i = 0; i < count; i++) {
                counts[idAt[i]]++;
            }
            return;
        }
        int[] spread = new int[groups * 4];
        for (int i = 0; i < count; i++) {
            spread[idAt[i] * 4 + (i & 3)]++;
        }
        for (int i = 0; i < spread.length; i++) {
            counts[i >> 2] += spread[i];
        }
    }

    /**
     * How many of the positions {@code from} to {@code to} have each code, and first those without
     * one: four counters for each, to be added up.
     */
    static int[] spread(KeyCodes values, int from, int to) {
        int[] codes = values.codes();
        int[] spread = new int[(values.size() + 1) * 4];
        if (codes == null) {
            spread[4] = to - from;
            return spread;
        }
        for (int i = from; i < to; i++) {
            spread[codes[i] * 4 + 4 + (i & 3)]++;
        }
        return spread;
    }

    @Override
    public void merge(Accumulator other, int[] ids, int groups) {
        ensure(groups);
        long[] others = ((CountMeasure) other).counts;
        for (int i = 0; i < ids.length && i < others.length; i++) {
            counts[ids[i]] += others[i];
        }
    }

    @Override
    public Object result(int id) {
        return id < counts.length ? counts[id] : 0L;
    }

    private void ensure(int groups) {
        if (groups > counts.length) {
            counts = Arrays.copyOf(counts, Math.max(groups, counts.length * 2));
        }
    }
}

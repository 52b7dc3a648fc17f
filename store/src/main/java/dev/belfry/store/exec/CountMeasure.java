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
                for (int i = 0; i < ids.count(); i++) {
                    counts[idAt[i]]++;
                }
            }
            return;
        }
        Predicate counted = new Predicate.Single(operand, TextTests.any());
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

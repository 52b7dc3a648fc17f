package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.Expr;
import dev.belfry.store.QueryContext;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts distinct values by 64-bit hashes; by a sketch when there are very many. */
final class DistinctMeasure implements Accumulator {
    private final Expr operand;
    private final QueryContext context;
    private @Nullable DistinctSet[] sets = new @Nullable DistinctSet[16];

    DistinctMeasure(Expr operand, QueryContext context) {
        this.operand = operand;
        this.context = context;
    }

    @Override
    public void add(GroupReader reader, Rows rows, GroupIds ids) {
        ensure(ids.groups());
        BytesColumn texts = ids.ids() == null ? reader.distinct(operand, rows) : null;
        if (texts != null) {
            for (int i = 0; i < texts.count(); i++) {
                set(0).add(hash(String.valueOf(texts.text(i))));
            }
            return;
        }
        KeyCodes codes = KeyReader.codes(operand, reader, rows);
        long[] hashes = new long[codes.size()];
        boolean[] known = new boolean[codes.size()];
        boolean[] absent = new boolean[codes.size()];
        for (int i = 0; i < rows.count(); i++) {
            int code = codes.code(i);
            if (code < 0) {
                continue;
            }
            boolean isFirst = !known[code];
            if (isFirst) {
                Object value = codes.values().of(code);
                known[code] = true;
                absent[code] = value == null;
                hashes[code] = value == null ? 0 : hash(value);
            }
            if (!absent[code] && (isFirst || ids.ids() != null)) {
                set(ids.at(i)).add(hashes[code]);
            }
        }
    }

    private DistinctSet set(int id) {
        DistinctSet set = sets[id];
        if (set == null) {
            set = new DistinctSet(context);
            sets[id] = set;
        }
        return set;
    }

    /* A number has the hash of its double, every other value that of its text and type. */
    private static long hash(Object value) {
        if (value instanceof Double number) {
            return LongTable.mix(Double.doubleToLongBits(number) + 1);
        }
        if (value instanceof Long number) {
            return LongTable.mix(LongTable.mix(number) + 2);
        }
        String text = value.toString();
        long hash = value instanceof String ? 3 : 5;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return LongTable.mix(hash);
    }

    @Override
    public void merge(Accumulator other, int[] ids, int groups) {
        ensure(groups);
        @Nullable DistinctSet[] others = ((DistinctMeasure) other).sets;
        for (int i = 0; i < ids.length && i < others.length; i++) {
            DistinctSet set = others[i];
            if (set != null) {
                set(ids[i]).addAll(set);
            }
        }
    }

    @Override
    public Object result(int id) {
        DistinctSet set = id < sets.length ? sets[id] : null;
        return set == null ? 0L : set.count();
    }

    private void ensure(int groups) {
        if (groups > sets.length) {
            sets = Arrays.copyOf(sets, Math.max(groups, sets.length * 2));
        }
    }
}

package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the values of one field; one thread. */
final class FieldValues {
    /*
     * Rows are counted by code within a row group, and only a group's distinct values are looked up.
     * A field with very many values (ids, mostly) is counted over some rows only, the newest: those of
     * the groups until there are too many values, and of a group whose values hardly repeat a few.
     * What was counted is then scaled to all rows.
     *
     * Where numbers may be coarse, a field with too many values has its numbers rounded down to two digits,
     * those so far too: a measured length of time then has some hundred values and all rows count.
     */
    private final QueryContext context;
    private final int valuesMax;
    private final boolean coarsens;
    private GroupTable values;
    private long[] counts = new long[64];
    private long rows;
    private long rowsCounted;
    private int[] byCode = new int[0];
    private boolean coarse;

    /** Counts all rows up to {@code valuesMax} values. */
    FieldValues(QueryContext context, int valuesMax) {
        this(context, valuesMax, false);
    }

    /** The same; {@code coarsens}: numbers of a field with more values are rounded down. */
    FieldValues(QueryContext context, int valuesMax, boolean coarsens) {
        this.context = context;
        this.valuesMax = valuesMax;
        this.coarsens = coarsens;
        this.values = new GroupTable(context, 8);
    }

    /** Counts {@code matching} rows of a group. */
    void add(Expr field, GroupReader reader, Rows matching) {
        rows += matching.count();
        if (values.count() > valuesMax) {
            return;
        }
        Rows sample =
                matching.slice(
                        Math.max(0, matching.count() - Limits.FIELD_SAMPLE_ROWS), matching.count());
        Rows counted = repeats(field, reader, sample) ? matching : sample;
        KeyCodes codes = KeyReader.codes(field, reader, counted);
        if (codes.size() > valuesMax && counted.count() > sample.count()) {
            counted = sample;
            codes = KeyReader.codes(field, reader, counted);
        }
        rowsCounted += counted.count();
        count(coarse && codes.texts() == null ? codes.map(Coarse::of) : codes, counted.count());
        if (values.count() > valuesMax && coarsens && !coarse) {
            coarsen();
        }
    }

    private void coarsen() {
        coarse = true;
        GroupTable exact = values;
        long[] exactCounts = counts;
        values = new GroupTable(context, 8);
        counts = new long[64];
        for (int id = 0; id < exact.count(); id++) {
            add(
                    values.id(Collections.singletonList(Coarse.of(exact.key(id).getFirst()))),
                    exactCounts[id]);
        }
    }

    /* Whether the group has dictionaries, or numbers, for all places of the field. */
    private static boolean repeats(Expr field, GroupReader reader, Rows sample) {
        for (Source source : reader.sources(field)) {
            if (source instanceof Source.Physical(ColumnSpec spec)
                    && !(reader.lane(spec, sample).vector() instanceof Vector.Codes)
                    && !spec.form().isLong()) {
                return false;
            }
        }
        return true;
    }

    private void count(KeyCodes codes, int count) {
        if (byCode.length < codes.size() + 1) {
            byCode = new int[codes.size() + 1];
        } else {
            Arrays.fill(byCode, 0, codes.size() + 1, 0);
        }
        int[] of = codes.codes();
        if (of == null) {
            byCode[1] = count;
        } else {
            for (int i = 0; i < count; i++) {
                byCode[of[i] + 1]++;
            }
        }
        for (int code = 0; code < codes.size(); code++) {
            if (byCode[code + 1] > 0) {
                add(codes, code, byCode[code + 1]);
            }
        }
    }

    private void add(KeyCodes codes, int code, long count) {
        add(values.id(codes, code), count);
    }

    private void add(int id, long count) {
        if (id >= counts.length) {
            context.reserve(8L * counts.length);
            counts = Arrays.copyOf(counts, counts.length * 2);
        }
        counts[id] += count;
    }

    /** Takes in what another thread counted of the same field. */
    void merge(FieldValues other) {
        agree(this, other);
        rows += other.rows;
        rowsCounted += other.rowsCounted;
        for (int id = 0; id < other.values.count(); id++) {
            add(values.id(other.values.key(id)), other.counts[id]);
        }
    }

    /** Rounds numbers of both as far as one of them does. */
    static void agree(FieldValues one, FieldValues other) {
        if (one.coarse != other.coarse) {
            (one.coarse ? other : one).coarsen();
        }
    }

    /** Whether numbers were rounded. */
    boolean isCoarse() {
        return coarse;
    }

    /** Takes a value and the rows that have it. */
    interface Taker {
        void take(@Nullable Object value, long count);
    }

    /** Gives each value, and null for rows without one, as it was counted. */
    void forEach(Taker taker) {
        long present = 0;
        for (int id = 0; id < values.count(); id++) {
            Object value = values.key(id).getFirst();
            if (value != null) {
                present += counts[id];
                taker.take(value, counts[id]);
            }
        }
        if (present < rowsCounted) {
            taker.take(null, rowsCounted - present);
        }
    }

    /** Rows that were counted; not all when there were too many values. */
    long rowsCounted() {
        return rowsCounted;
    }

    /**
     * Adds a row for each of the {@code max} most frequent values, with the columns of {@link
     * Plan.TopValues}.
     */
    void addTo(List<@Nullable Object[]> table, String name, int max) {
        List<Integer> ids = new ArrayList<>();
        long present = 0;
        for (int id = 0; id < values.count(); id++) {
            if (values.key(id).getFirst() != null) {
                ids.add(id);
                present += counts[id];
            }
        }
        ids.sort(
                Comparator.comparingLong((Integer id) -> -counts[id])
                        .thenComparing(id -> values.key(id).getFirst(), Scalars::order));
        boolean approximate = rowsCounted < rows;
        double scale = approximate && rowsCounted > 0 ? (double) rows / rowsCounted : 1;
        for (int id : ids.subList(0, Math.min(max, ids.size()))) {
            table.add(
                    new @Nullable Object[] {
                        name,
                        values.key(id).getFirst(),
                        Math.round(counts[id] * scale),
                        Math.round(present * scale),
                        (long) ids.size(),
                        approximate
                    });
        }
    }
}

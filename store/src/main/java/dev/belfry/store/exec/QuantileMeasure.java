package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The value below which a part of all values lies: exact, by a sketch when there are very many. */
final class QuantileMeasure implements Accumulator {
    private final Expr operand;
    private final double quantile;
    private final QueryContext context;
    private @Nullable LongCounts[] counted = new @Nullable LongCounts[16];
    private @Nullable NumberBag[] bags = new @Nullable NumberBag[16];
    private long kept;
    private boolean sketched;

    QuantileMeasure(Expr operand, double quantile, QueryContext context) {
        this.operand = operand;
        this.quantile = quantile;
        this.context = context;
    }

    @Override
    public void add(GroupReader reader, Rows rows, GroupIds ids) {
        ensure(ids.groups());
        if (ids.groups() == 1 && addCounted(reader, rows)) {
            return;
        }
        double[] values = NumberReader.numbers(operand, reader, rows);
        if (ids.ids() == null) {
            bag(ids.single()).addAll(values);
        } else {
            for (int i = 0; i < values.length; i++) {
                if (!Double.isNaN(values[i])) {
                    bag(ids.at(i)).add(values[i]);
                }
            }
        }
        keep(values.length);
    }

    private void keep(long more) {
        kept += more;
        if (kept > Limits.QUANTILE_EXACT_MAX) {
            sketchAll();
        }
    }

    /* Whole numbers close together are counted, not kept, where all are of one group: counts of many would be too much. */
    private boolean addCounted(GroupReader reader, Rows rows) {
        ColumnSpec spec = reader.longs(operand);
        if (spec == null) {
            return false;
        }
        Lane lane = reader.lane(spec, rows);
        LongCounts counts = counted[0];
        if (counts == null) {
            context.reserve(8L * Limits.COUNTED_NUMBERS_MAX);
            counts = new LongCounts(spec);
            counted[0] = counts;
        }
        return counts.add(spec, (Vector.Longs) lane.vector(), lane);
    }

    private NumberBag bag(int id) {
        NumberBag bag = bags[id];
        if (bag == null) {
            bag = new NumberBag(context);
            bags[id] = bag;
            if (sketched) {
                bag.sketch();
            }
        }
        return bag;
    }

    private void sketchAll() {
        sketched = true;
        for (NumberBag bag : bags) {
            if (bag != null) {
                bag.sketch();
            }
        }
    }

    @Override
    public void merge(Accumulator other, int[] ids, int groups) {
        ensure(groups);
        QuantileMeasure from = (QuantileMeasure) other;
        kept += from.kept;
        if (kept > Limits.QUANTILE_EXACT_MAX || from.sketched) {
            sketchAll();
            from.sketchAll();
        }
        for (int i = 0; i < ids.length && i < from.bags.length; i++) {
            NumberBag bag = from.bags[i];
            if (bag != null) {
                bag(ids[i]).addAll(bag);
            }
            LongCounts counts = from.counted[i];
            LongCounts own = counted[ids[i]];
            if (counts != null && own == null) {
                counted[ids[i]] = counts;
            } else if (counts != null && own != null && !own.add(counts)) {
                pour(counts, ids[i]);
            }
        }
    }

    @Override
    public @Nullable Object result(int id) {
        LongCounts counts = id < bags.length ? counted[id] : null;
        if (counts != null && bags[id] == null) {
            double value = counts.quantile(quantile);
            return Double.isFinite(value) ? (Double) value : null;
        }
        if (counts != null) {
            counted[id] = null;
            pour(counts, id);
        }
        NumberBag bag = id < bags.length ? bags[id] : null;
        double value = bag == null ? Double.NaN : bag.quantile(quantile);
        return Double.isFinite(value) ? (Double) value : null;
    }

    private void pour(LongCounts counts, int id) {
        keep(counts.total());
        counts.pour(bag(id));
    }

    private void ensure(int groups) {
        if (groups > bags.length) {
            bags = Arrays.copyOf(bags, Math.max(groups, bags.length * 2));
            counted = Arrays.copyOf(counted, bags.length);
        }
    }
}

package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Sum, average and standard deviation. */
final class MomentsMeasure implements Accumulator {
    /*
     * The mean and the sum of squared differences from it, updated value by value and merged pair
     * by pair, lose no digits where sums of squares would. Welford 1962; Chan, Golub, LeVeque 1979.
     * Both count from the first value, so that times keep their last digits too.
     */
    private final Plan.Function function;
    private final Expr operand;
    private long[] counts = new long[16];
    private double[] sums = new double[16];
    private double[] firsts = new double[16];
    private double[] means = new double[16];
    private double[] squares = new double[16];

    MomentsMeasure(Plan.Function function, Expr operand) {
        this.function = function;
        this.operand = operand;
    }

    @Override
    public void add(GroupReader reader, Rows rows, GroupIds ids) {
        ensure(ids.groups());
        double[] values = NumberReader.numbers(operand, reader, rows);
        if (function == Plan.Function.STANDARD_DEVIATION) {
            for (int i = 0; i < values.length; i++) {
                if (!Double.isNaN(values[i])) {
                    int id = ids.at(i);
                    if (counts[id] == 0) {
                        firsts[id] = values[i];
                    }
                    double value = values[i] - firsts[id];
                    double delta = value - means[id];
                    means[id] += delta / ++counts[id];
                    squares[id] += delta * (value - means[id]);
                }
            }
            return;
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                int id = ids.at(i);
                counts[id]++;
                sums[id] += values[i];
            }
        }
    }

    @Override
    public void merge(Accumulator other, int[] ids, int groups) {
        ensure(groups);
        MomentsMeasure from = (MomentsMeasure) other;
        for (int i = 0; i < ids.length && i < from.counts.length; i++) {
            if (from.counts[i] == 0) {
                continue;
            }
            int id = ids[i];
            if (counts[id] == 0) {
                firsts[id] = from.firsts[i];
            }
            double delta = from.firsts[i] - firsts[id] + from.means[i] - means[id];
            double both = (double) counts[id] + from.counts[i];
            squares[id] += from.squares[i] + delta * delta * counts[id] * from.counts[i] / both;
            means[id] += delta * from.counts[i] / both;
            counts[id] += from.counts[i];
            sums[id] += from.sums[i];
        }
    }

    @Override
    public @Nullable Object result(int id) {
        long count = id < counts.length ? counts[id] : 0;
        double value =
                switch (function) {
                    case SUM -> count == 0 ? Double.NaN : sums[id];
                    case AVERAGE -> count == 0 ? Double.NaN : sums[id] / count;
                    default -> count < 2 ? Double.NaN : Math.sqrt(squares[id] / (count - 1));
                };
        return Double.isFinite(value) ? (Double) value : null;
    }

    private void ensure(int groups) {
        if (groups > counts.length) {
            int room = Math.max(groups, counts.length * 2);
            counts = Arrays.copyOf(counts, room);
            sums = Arrays.copyOf(sums, room);
            firsts = Arrays.copyOf(firsts, room);
            means = Arrays.copyOf(means, room);
            squares = Arrays.copyOf(squares, room);
        }
    }
}

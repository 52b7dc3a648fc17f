package dev.belfry.model.series;

import dev.belfry.model.series.FloatHistogram.ResetHint;
import java.util.Arrays;

/**
 * Adds histograms up, of different resolutions too: the result has the coarsest schema, the widest
 * zero bucket, the bounds that all have. Not safe for several threads.
 */
public final class HistogramSum {
    private int schema;
    private ResetHint hint;
    private double count;
    private double countLost;
    private double sum;
    private double sumLost;
    private double zeroThreshold;
    private double zeroCount;
    private double zeroLost;
    private final HistogramBuckets positive;
    private final HistogramBuckets negative;
    private double[] bounds;
    private boolean collided;
    private boolean reconciled;

    /** Begins with {@code first}. */
    public HistogramSum(FloatHistogram first) {
        schema = first.schema();
        hint = first.hint();
        count = first.count();
        sum = first.sum();
        zeroThreshold = first.zeroThreshold();
        zeroCount = first.zeroCount();
        positive = new HistogramBuckets(first.positiveIndexes(), first.positiveCounts());
        negative = new HistogramBuckets(first.negativeIndexes(), first.negativeCounts());
        bounds = first.bounds();
    }

    /** {@code left + right}; the schemas must agree in being custom. */
    public static FloatHistogram plus(FloatHistogram left, FloatHistogram right) {
        HistogramSum result = new HistogramSum(left);
        result.add(right);
        return result.plainResult();
    }

    /** Whether {@code other} can be added: both have exponential or both have custom buckets. */
    public boolean accepts(FloatHistogram other) {
        return (schema == FloatHistogram.CUSTOM) == other.custom();
    }

    /** Whether a known reset met a known absence of one. */
    public boolean collided() {
        return collided;
    }

    /** Whether bounds differed, so that buckets had to be joined. */
    public boolean reconciled() {
        return reconciled;
    }

    /** Whether its custom bounds are {@code other} now. */
    public boolean hasBounds(double[] other) {
        return Arrays.equals(bounds, other);
    }

    /** Adds {@code other}. */
    public void add(FloatHistogram other) {
        combine(other, 1);
    }

    /** Takes {@code other} away. */
    public void subtract(FloatHistogram other) {
        combine(other, -1);
    }

    private void combine(FloatHistogram other, double sign) {
        mergeHint(other.hint());
        FloatHistogram aligned =
                schema == FloatHistogram.CUSTOM ? alignBounds(other) : align(other);
        double newCount = count + sign * aligned.count();
        countLost = Kahan.lost(count, sign * aligned.count(), newCount, countLost);
        count = newCount;
        double newSum = sum + sign * aligned.sum();
        sumLost = Kahan.lost(sum, sign * aligned.sum(), newSum, sumLost);
        sum = newSum;
        double newZero = zeroCount + sign * aligned.zeroCount();
        zeroLost = Kahan.lost(zeroCount, sign * aligned.zeroCount(), newZero, zeroLost);
        zeroCount = newZero;
        positive.add(aligned.positiveIndexes(), aligned.positiveCounts(), sign);
        negative.add(aligned.negativeIndexes(), aligned.negativeCounts(), sign);
    }

    private void mergeHint(ResetHint other) {
        if (other == hint || hint == ResetHint.GAUGE) {
            return;
        }
        if (other == ResetHint.GAUGE) {
            hint = ResetHint.GAUGE;
            return;
        }
        collided |= hint != ResetHint.UNKNOWN && other != ResetHint.UNKNOWN;
        hint = ResetHint.UNKNOWN;
    }

    private FloatHistogram align(FloatHistogram other) {
        FloatHistogram aligned = other;
        while (aligned.zeroThreshold() != zeroThreshold) {
            if (zeroThreshold > aligned.zeroThreshold()) {
                aligned = HistogramForms.widen(aligned, zeroThreshold);
            } else {
                widenZero(aligned.zeroThreshold());
            }
        }
        if (aligned.schema() < schema) {
            positive.coarsen(schema - aligned.schema());
            negative.coarsen(schema - aligned.schema());
            schema = aligned.schema();
        }
        return HistogramForms.toSchema(aligned, schema);
    }

    private void widenZero(double threshold) {
        FloatHistogram now = result(false);
        FloatHistogram wider = HistogramForms.widen(now, threshold);
        zeroThreshold = wider.zeroThreshold();
        zeroLost = 0;
        zeroCount = wider.zeroCount();
        positive.removeFirst(firstAfter(positive, wider.positiveIndexes()));
        negative.removeFirst(firstAfter(negative, wider.negativeIndexes()));
    }

    private static int firstAfter(HistogramBuckets buckets, int[] kept) {
        int removed = 0;
        while (removed < buckets.size && (kept.length == 0 || buckets.indexes[removed] < kept[0])) {
            removed++;
        }
        return removed;
    }

    private FloatHistogram alignBounds(FloatHistogram other) {
        if (Arrays.equals(bounds, other.bounds())) {
            return other;
        }
        reconciled = true;
        double[] common = HistogramForms.commonBounds(bounds, other.bounds());
        positive.remap(HistogramForms.mapping(bounds, common), common.length + 1);
        bounds = common;
        return HistogramForms.toBounds(other, common);
    }

    /** Multiplies what was added so far. */
    public void times(double factor) {
        count *= factor;
        countLost *= factor;
        sum *= factor;
        sumLost *= factor;
        zeroCount *= factor;
        zeroLost *= factor;
        positive.scale(factor, false);
        negative.scale(factor, false);
    }

    /** Sets what the result says of resets. */
    public void hint(ResetHint newHint) {
        hint = newHint;
    }

    /** Whether the count or the sum would leave the range of numbers with {@code other}. */
    public boolean wouldOverflow(FloatHistogram other) {
        return Double.isInfinite(count + other.count()) || Double.isInfinite(sum + other.sum());
    }

    /** The sum, with what rounding took away. */
    public FloatHistogram result() {
        return result(true);
    }

    /** The sum as plain additions give it. */
    public FloatHistogram plainResult() {
        return result(false);
    }

    private FloatHistogram result(boolean compensated) {
        return new FloatHistogram(
                schema,
                hint,
                compensated ? count + countLost : count,
                compensated ? sum + sumLost : sum,
                zeroThreshold,
                compensated ? zeroCount + zeroLost : zeroCount,
                positive.resultIndexes(),
                compensated ? positive.resultCounts() : positive.plainCounts(),
                negative.resultIndexes(),
                compensated ? negative.resultCounts() : negative.plainCounts(),
                bounds);
    }
}

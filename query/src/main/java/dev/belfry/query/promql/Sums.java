package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.HistogramSum;
import dev.belfry.model.series.Kahan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sum} and {@code avg} of groups. */
final class Sums {
    private Sums() {}

    static void add(
            Evaluator evaluator,
            Expr.Aggregation aggregation,
            Aggregations.Group group,
            Row target) {
        boolean average = aggregation.operator().equals("avg");
        boolean histograms = group.rows.stream().anyMatch(row -> row.histograms != null);
        if (average || histograms) {
            for (int i = 0; i < target.values.length; i++) {
                addStep(evaluator, aggregation, group, target, i, average, histograms);
            }
            return;
        }
        double[] sums = target.values;
        double[] lost = new double[sums.length];
        for (Row row : group.rows) {
            double[] values = row.values;
            for (int i = 0; i < sums.length; i++) {
                double value = values[i];
                if (Row.absent(value)) {
                    continue;
                }
                double sum = Row.absent(sums[i]) ? 0 : sums[i];
                double total = sum + value;
                lost[i] = Kahan.lost(sum, value, total, lost[i]);
                sums[i] = Row.kept(total);
            }
        }
        for (int i = 0; i < sums.length; i++) {
            if (!Row.absent(sums[i])) {
                sums[i] = Row.kept(sums[i] + lost[i]);
            }
        }
    }

    private static void addStep(
            Evaluator evaluator,
            Expr.Aggregation aggregation,
            Aggregations.Group group,
            Row target,
            int step,
            boolean average,
            boolean histograms) {
        Mean numbers = new Mean();
        Histograms sum = new Histograms();
        for (Row row : group.rows) {
            FloatHistogram histogram = histograms ? row.histogram(step) : null;
            if (histogram != null) {
                if (!sum.add(histogram)) {
                    evaluator
                            .annotations()
                            .mixedExponentialCustom(
                                    row.labels.metricName(), aggregation.expr().span());
                }
            } else if (row.hasNumber(step)) {
                numbers.add(row.values[step]);
            }
        }
        Span span = aggregation.expr().span();
        sum.annotate(evaluator.annotations(), span);
        if (numbers.count > 0 && sum.count > 0) {
            evaluator.annotations().mixedFloatsHistogramsAggregation(span);
        } else if (sum.count > 0) {
            FloatHistogram result = average ? sum.mean() : sum.sum();
            if (result != null) {
                target.set(step, result);
            }
        } else if (numbers.count > 0) {
            target.set(step, average ? numbers.mean() : numbers.sum());
        }
    }

    /** Adds numbers up, or finds their mean even where their sum is no number any more. */
    static final class Mean {
        long count;
        private double sum;
        private double lost;
        private boolean incremental;
        private double mean;

        void add(double value) {
            count++;
            if (!incremental) {
                double total = sum + value;
                if (!Double.isInfinite(total) || count == 1) {
                    lost = Kahan.lost(sum, value, total, lost);
                    sum = total;
                    return;
                }
                incremental = true;
                mean = sum / (count - 1);
                lost /= count - 1;
            }
            if (Double.isInfinite(mean)) {
                boolean sameInfinity = Double.isInfinite(value) && (mean > 0) == (value > 0);
                boolean finite = !Double.isInfinite(value) && !Double.isNaN(value);
                if (sameInfinity || finite) {
                    return;
                }
            }
            double share = (double) (count - 1) / count;
            double before = share * mean;
            double part = value / count;
            double total = before + part;
            lost = Kahan.lost(before, part, total, share * lost);
            mean = total;
        }

        double sum() {
            return sum + lost;
        }

        double mean() {
            return incremental ? mean + lost : sum / count + lost / count;
        }
    }

    /** Adds histograms up. */
    static final class Histograms {
        long count;
        private final List<FloatHistogram> added = new ArrayList<>();
        private @Nullable HistogramSum sum;
        private boolean incompatible;
        private boolean reset;
        private boolean notReset;

        /** Whether it could be added. */
        boolean add(FloatHistogram histogram) {
            count++;
            added.add(histogram);
            reset |= histogram.hint() == ResetHint.RESET;
            notReset |= histogram.hint() == ResetHint.NOT_RESET;
            if (sum == null) {
                sum = new HistogramSum(histogram);
                return true;
            }
            if (incompatible || !sum.accepts(histogram)) {
                incompatible = true;
                return false;
            }
            sum.add(histogram);
            return true;
        }

        void annotate(Annotations annotations, Span span) {
            if (reset && notReset) {
                annotations.resetCollision("aggregation", span);
            }
            if (sum != null && sum.reconciled()) {
                annotations.reconciledBounds("aggregation", span);
            }
        }

        @Nullable FloatHistogram sum() {
            return sum == null || incompatible ? null : sum.result();
        }

        @Nullable FloatHistogram mean() {
            FloatHistogram result = sum();
            if (result == null || sum == null) {
                return null;
            }
            return sum.overflowed() ? incrementalMean() : result.dividedBy(count);
        }

        /* The sum is no number any more: each histogram is weighed in instead. */
        private FloatHistogram incrementalMean() {
            HistogramSum mean = new HistogramSum(added.getFirst());
            for (int i = 1; i < added.size(); i++) {
                mean.times((double) i / (i + 1));
                mean.add(added.get(i).dividedBy(i + 1));
            }
            return mean.result();
        }
    }
}

package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.HistogramSum;
import dev.belfry.model.series.Kahan;
import dev.belfry.model.series.Labels;
import org.jspecify.annotations.Nullable;

/** Sums and means of numbers and of histograms. */
final class Sums {
    private Sums() {}

    // ---- of groups

    /** {@code sum}. */
    static final class Total extends OfGroup {
        private final double[] sums;
        private final double[] lost;

        /* There is a number at each step from here to there and at no other; -1 when that is not so. */
        private int from;
        private int to;

        Total(Expr.Aggregation aggregation, Labels labels, int steps) {
            super(aggregation, labels, steps);
            sums = absentColumn(steps);
            lost = new double[steps];
        }

        @Override
        void addNumbers(Row row) {
            double[] values = row.values;
            boolean joins = row.runTo > row.runFrom && (to == 0 || touches(row.runFrom, row.runTo));
            if (!joins) {
                for (int i = 0; i < steps; i++) {
                    add(i, values[i], 0);
                }
                to = -1;
                return;
            }
            int there = Math.max(from, row.runFrom);
            addRun(values, there, Math.min(to, row.runTo));
            if (to == 0) {
                System.arraycopy(values, row.runFrom, sums, row.runFrom, row.runTo - row.runFrom);
                from = row.runFrom;
            } else if (row.runFrom < from) {
                System.arraycopy(values, row.runFrom, sums, row.runFrom, from - row.runFrom);
                from = row.runFrom;
            }
            if (to > 0 && row.runTo > to) {
                System.arraycopy(values, to, sums, to, row.runTo - to);
            }
            to = Math.max(to, row.runTo);
        }

        private boolean touches(int otherFrom, int otherTo) {
            return otherFrom <= to && otherTo >= from;
        }

        /* Exact errors without a branch (Knuth's TwoSum): the loop is made of vectors. */
        private void addRun(double[] values, int first, int end) {
            for (int i = first; i < end; i++) {
                double sum = sums[i];
                double value = values[i];
                double total = sum + value;
                double part = total - sum;
                lost[i] += (sum - (total - part)) + (value - part);
                sums[i] = total;
            }
        }

        private void add(int step, double value, double lostBefore) {
            if (Row.absent(value)) {
                return;
            }
            double sum = sums[step];
            if (Row.absent(sum)) {
                sums[step] = value;
                lost[step] = lostBefore;
                return;
            }
            double total = sum + value;
            lost[step] = Kahan.lost(sum, value, total, lost[step] + lostBefore);
            sums[step] = Row.kept(total);
        }

        @Override
        void mergeNumbers(OfGroup later) {
            Total more = (Total) later;
            for (int i = 0; i < steps; i++) {
                add(i, more.sums[i], more.lost[i]);
            }
            boolean joins = to > 0 && more.to > 0 && touches(more.from, more.to);
            from = Math.min(from, more.from);
            to = joins ? Math.max(to, more.to) : -1;
        }

        @Override
        boolean hasNumber(int step) {
            return !Row.absent(sums[step]);
        }

        @Override
        double number(int step) {
            double sum = sums[step];
            return Double.isInfinite(sum) ? sum : sum + lost[step];
        }
    }

    /** {@code avg}. */
    static final class Average extends OfGroup {
        private final double[] sums;
        private final double[] lost;
        private final int[] counts;

        /* Where the sum was too large: there, sums are means. */
        private boolean @Nullable [] incremental;

        Average(Expr.Aggregation aggregation, Labels labels, int steps) {
            super(aggregation, labels, steps);
            sums = new double[steps];
            lost = new double[steps];
            counts = new int[steps];
        }

        @Override
        void addNumbers(Row row) {
            if (row.runTo > row.runFrom && incremental == null && staysFinite(row)) {
                addRun(row);
                return;
            }
            for (int i = 0; i < steps; i++) {
                double value = row.values[i];
                if (!Row.absent(value)) {
                    counts[i]++;
                    add(i, value);
                }
            }
        }

        private boolean staysFinite(Row row) {
            double greatest = 0;
            for (int i = row.runFrom; i < row.runTo; i++) {
                greatest = Math.max(greatest, Math.abs(sums[i] + row.values[i]));
            }
            return greatest <= Double.MAX_VALUE;
        }

        /* As the sum does it; without a sum it begins at 0, which loses nothing. */
        private void addRun(Row row) {
            double[] values = row.values;
            for (int i = row.runFrom; i < row.runTo; i++) {
                double sum = sums[i];
                double value = values[i];
                double total = sum + value;
                double part = total - sum;
                lost[i] += (sum - (total - part)) + (value - part);
                sums[i] = total;
            }
            for (int i = row.runFrom; i < row.runTo; i++) {
                counts[i]++;
            }
        }

        private void add(int step, double value) {
            if (incremental == null || !incremental[step]) {
                double total = sums[step] + value;
                if (!Double.isInfinite(total) || counts[step] == 1) {
                    lost[step] = Kahan.lost(sums[step], value, total, lost[step]);
                    sums[step] = total;
                    return;
                }
                beIncremental(step, counts[step] - 1);
            }
            weigh(step, (double) (counts[step] - 1) / counts[step], value / counts[step], 0);
        }

        private void beIncremental(int step, int count) {
            if (incremental == null) {
                incremental = new boolean[steps];
            }
            incremental[step] = true;
            sums[step] /= count;
            lost[step] /= count;
        }

        private void weigh(int step, double share, double part, double lostOfPart) {
            double mean = sums[step];
            if (Double.isInfinite(mean)) {
                boolean same = Double.isInfinite(part) && (mean > 0) == (part > 0);
                if (same || (!Double.isInfinite(part) && !Double.isNaN(part))) {
                    return;
                }
            }
            double before = share * mean;
            double total = before + part;
            lost[step] = Kahan.lost(before, part, total, share * lost[step] + lostOfPart);
            sums[step] = total;
        }

        @Override
        void mergeNumbers(OfGroup later) {
            Average more = (Average) later;
            for (int i = 0; i < steps; i++) {
                if (more.counts[i] > 0) {
                    merge(more, i);
                }
            }
        }

        private void merge(Average more, int step) {
            int count = counts[step];
            int moreCount = more.counts[step];
            boolean sums1 = incremental == null || !incremental[step];
            boolean sums2 = more.incremental == null || !more.incremental[step];
            counts[step] = count + moreCount;
            if (count == 0) {
                sums[step] = more.sums[step];
                lost[step] = more.lost[step];
                if (!sums2) {
                    beIncremental(step, 1);
                }
                return;
            }
            double total = sums[step] + more.sums[step];
            if (sums1 && sums2 && !Double.isInfinite(total)) {
                double lostBefore = lost[step] + more.lost[step];
                lost[step] = Kahan.lost(sums[step], more.sums[step], total, lostBefore);
                sums[step] = total;
                return;
            }
            if (sums1) {
                beIncremental(step, count);
            }
            double weight = (double) moreCount / counts[step];
            double divisor = sums2 ? moreCount : 1;
            weigh(
                    step,
                    (double) count / counts[step],
                    more.sums[step] / divisor * weight,
                    more.lost[step] / divisor * weight);
        }

        @Override
        boolean hasNumber(int step) {
            return counts[step] > 0;
        }

        @Override
        double number(int step) {
            boolean mean = incremental != null && incremental[step];
            int divisor = mean ? 1 : counts[step];
            return sums[step] / divisor + lost[step] / divisor;
        }
    }

    /* What sums and means of a group have in common: their histograms. */
    abstract static class OfGroup extends Accumulator {
        private @Nullable Histograms @Nullable [] histograms;

        OfGroup(Expr.Aggregation aggregation, Labels labels, int steps) {
            super(aggregation, labels, steps);
        }

        abstract void addNumbers(Row row);

        abstract void mergeNumbers(OfGroup later);

        abstract boolean hasNumber(int step);

        abstract double number(int step);

        @Override
        int columns() {
            return 2;
        }

        @Override
        final void add(Row row, Annotations annotations) {
            addNumbers(row);
            for (int i = 0; i < steps && row.histograms != null; i++) {
                FloatHistogram histogram = row.histogram(i);
                if (histogram != null) {
                    add(i, histogram, row.labels.metricName(), annotations);
                }
            }
        }

        /* As in Prometheus, what came first decides what is said of a mixture. */
        private void add(
                int step, FloatHistogram histogram, String metric, Annotations annotations) {
            Histograms there = histograms(step);
            boolean afterNumber = hasNumber(step);
            if (there.incompatible || (there.sum == null && afterNumber)) {
                return;
            }
            if (!there.add(histogram)) {
                there.onlyHistograms = !afterNumber;
                noteMix(metric, annotations);
            }
        }

        private void noteMix(String metric, Annotations annotations) {
            annotations.mixedExponentialCustom(metric, aggregation.expr().span());
        }

        private Histograms histograms(int step) {
            if (histograms == null) {
                histograms = new Histograms[steps];
            }
            Histograms there = histograms[step];
            if (there == null) {
                there = new Histograms(aggregation.operator().equals("avg"));
                histograms[step] = there;
            }
            return there;
        }

        @Override
        final void merge(Accumulator later, Annotations annotations) {
            OfGroup more = (OfGroup) later;
            mergeNumbers(more);
            for (int i = 0; i < steps && more.histograms != null; i++) {
                Histograms sum = more.histograms[i];
                if (sum != null && !histograms(i).merge(sum)) {
                    noteMix(labels.metricName(), annotations);
                }
            }
        }

        @Override
        final void finish(Row row, Annotations annotations) {
            Span span = aggregation.expr().span();
            for (int i = 0; i < steps; i++) {
                Histograms sum = histograms == null ? null : histograms[i];
                if (sum != null) {
                    sum.annotate(annotations, span);
                }
                boolean number = hasNumber(i) && (sum == null || !sum.onlyHistograms);
                if (number && sum != null) {
                    annotations.mixedFloatsHistogramsAggregation(span);
                } else if (number) {
                    row.set(i, number(i));
                } else if (sum != null) {
                    FloatHistogram result = sum.result();
                    if (result != null) {
                        row.set(i, result);
                    }
                }
            }
        }
    }

    // ---- one after the other

    /** Finds the mean of numbers even where their sum is no number any more. */
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

        double mean() {
            return incremental ? mean + lost : sum / count + lost / count;
        }
    }

    /** Adds histograms up, or finds their mean. */
    static final class Histograms {
        private final boolean average;
        private long count;
        private @Nullable HistogramSum sum;

        /* Whether the sum would be too large, so that it is the mean. */
        private boolean incremental;
        private boolean incompatible;

        /* Whether there was no number yet when it turned out that they do not go together. */
        private boolean onlyHistograms;
        private boolean reset;
        private boolean notReset;
        private boolean reconciled;

        Histograms(boolean average) {
            this.average = average;
        }

        /** Whether it could be added. */
        boolean add(FloatHistogram histogram) {
            count++;
            reset |= histogram.hint() == ResetHint.RESET;
            notReset |= histogram.hint() == ResetHint.NOT_RESET;
            if (sum == null) {
                sum = new HistogramSum(histogram);
                return true;
            }
            if (!sum.accepts(histogram)) {
                incompatible = true;
                return false;
            }
            if (average && !incremental && sum.wouldOverflow(histogram)) {
                incremental = true;
                sum.times(1.0 / (count - 1));
            }
            if (incremental) {
                sum.times((double) (count - 1) / count);
                sum.add(histogram.dividedBy((double) count));
            } else {
                sum.add(histogram);
            }
            return true;
        }

        /** Adds those of a later part; whether they could be added. */
        boolean merge(Histograms later) {
            FloatHistogram more = later.sum == null ? null : later.sum.result();
            if (more == null) {
                return true;
            }
            reset |= later.reset;
            notReset |= later.notReset;
            reconciled |= later.sum != null && later.sum.reconciled();
            long before = count;
            count += later.count;
            incompatible |= later.incompatible;
            if (sum == null) {
                sum = new HistogramSum(more);
                incremental = later.incremental;
                return true;
            }
            if (incompatible || !sum.accepts(more)) {
                incompatible = true;
                return false;
            }
            boolean asMeans =
                    incremental || later.incremental || (average && sum.wouldOverflow(more));
            if (asMeans) {
                sum.times((incremental ? 1.0 : 1.0 / before) * ((double) before / count));
                sum.add(more.times((later.incremental ? later.count : 1.0) / count));
                incremental = true;
            } else {
                sum.add(more);
            }
            return true;
        }

        void annotate(Annotations annotations, Span span) {
            if (reset && notReset) {
                annotations.resetCollision("aggregation", span);
            }
            if (reconciled || (sum != null && sum.reconciled())) {
                annotations.reconciledBounds("aggregation", span);
            }
        }

        /** The sum or the mean; null when they do not go together. */
        @Nullable FloatHistogram result() {
            if (sum == null || incompatible) {
                return null;
            }
            FloatHistogram result = sum.result();
            return average && !incremental ? result.dividedBy((double) count) : result;
        }
    }
}

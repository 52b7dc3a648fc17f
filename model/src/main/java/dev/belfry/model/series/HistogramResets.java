package dev.belfry.model.series;

import java.util.Arrays;

/** Finds counter resets between histograms: some count went down, or the layout got finer. */
final class HistogramResets {
    private HistogramResets() {}

    static boolean between(FloatHistogram before, FloatHistogram now) {
        if (now.count() < before.count() || now.custom() != before.custom()) {
            return true;
        }
        if (now.custom()) {
            return customReset(before, now);
        }
        if (now.schema() > before.schema() || now.zeroThreshold() < before.zeroThreshold()) {
            return true;
        }
        FloatHistogram widened = HistogramForms.widen(before, now.zeroThreshold());
        if (widened.zeroThreshold() != now.zeroThreshold()
                || now.zeroCount() < widened.zeroCount()) {
            return true;
        }
        FloatHistogram aligned = HistogramForms.toSchema(widened, now.schema());
        return fell(
                        aligned.positiveIndexes(),
                        aligned.positiveCounts(),
                        now.positiveIndexes(),
                        now.positiveCounts())
                || fell(
                        aligned.negativeIndexes(),
                        aligned.negativeCounts(),
                        now.negativeIndexes(),
                        now.negativeCounts());
    }

    private static boolean customReset(FloatHistogram before, FloatHistogram now) {
        FloatHistogram left = before;
        FloatHistogram right = now;
        if (!Arrays.equals(before.bounds(), now.bounds())) {
            double[] common = HistogramForms.commonBounds(before.bounds(), now.bounds());
            left = HistogramForms.toBounds(before, common);
            right = HistogramForms.toBounds(now, common);
        }
        return fell(
                left.positiveIndexes(),
                left.positiveCounts(),
                right.positiveIndexes(),
                right.positiveCounts());
    }

    private static boolean fell(
            int[] beforeIndexes, double[] beforeCounts, int[] nowIndexes, double[] nowCounts) {
        int at = 0;
        for (int i = 0; i < beforeIndexes.length; i++) {
            while (at < nowIndexes.length && nowIndexes[at] < beforeIndexes[i]) {
                at++;
            }
            double now =
                    at < nowIndexes.length && nowIndexes[at] == beforeIndexes[i]
                            ? nowCounts[at]
                            : 0;
            if (now < beforeCounts[i]) {
                return true;
            }
        }
        return false;
    }
}

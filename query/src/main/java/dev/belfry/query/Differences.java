package dev.belfry.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much the shares of a field's values differ between two sides. */
final class Differences {
    /*
     * For each value i, p_i and q_i are its shares on the two sides, and s_i is how far apart they surely are:
     * the end of the confidence interval of p_i - q_i that is nearer to 0, or 0 when it holds 0. The interval
     * is Newcombe's (Interval estimation for the difference between independent proportions, Statistics in
     * Medicine 17, 1998, method 10), which holds for shares near 0 and 1 and for few events. As v values are
     * looked at, its error is ALPHA / v (Bonferroni); with P(|Z| > z) <= exp(-z^2 / 2) that is
     * z = sqrt(2 ln(v / ALPHA)).
     *
     *     score = sqrt(1/2 * sum s_i^2)
     *
     * Without the s for p - q this is the kernel distance of the two distributions where values are equal or
     * not (MMD, Gretton et al., JMLR 13, 2012): by how much more likely two events of one side agree in the
     * field than two of different sides. It does not grow with the number of values: n ids that occur once
     * each on one side differ by 1/n each, which squared sums up to 1/n, and s is about 0 before. Sums of
     * absolute differences, chi-square, G and Kullback-Leibler all rank such ids first.
     */
    private static final double ALPHA = 0.01;

    /* Of a field in the answer. */
    private static final int VALUES_MAX = 10;

    /* Numbers with more values are shown by so many ranges. */
    private static final int EXACT_NUMBERS_MAX = 20;
    private static final int RANGES = 10;

    private Differences() {}

    /** A value, and how many events of a side have it. */
    record Counted(
            @Nullable Object value,
            @Nullable Double from,
            @Nullable Double to,
            @Nullable String like,
            long selection,
            long baseline) {}

    /** Sizes of the sides: as counted, and in all. */
    record Sides(long selectionRows, long baselineRows, long selectionAll, long baselineAll) {}

    static Comparison.Field field(
            String name, Comparison.Kind kind, List<Counted> counted, Sides sides) {
        List<Counted> all = ranges(counted);
        double z = Math.sqrt(2 * Math.log(Math.max(1, all.size()) / ALPHA));
        record Scored(Counted value, double sure) {}
        List<Scored> scored = new ArrayList<>(all.size());
        double sum = 0;
        for (Counted value : all) {
            double sure =
                    sure(
                            value.selection(),
                            sides.selectionRows(),
                            value.baseline(),
                            sides.baselineRows(),
                            z);
            sum += sure * sure;
            scored.add(new Scored(value, Math.abs(sure)));
        }
        scored.sort(
                Comparator.comparingDouble((Scored one) -> -one.sure())
                        .thenComparingDouble(one -> -Math.abs(difference(one.value(), sides)))
                        .thenComparingLong(one -> -one.value().selection()));
        List<Comparison.Value> values = new ArrayList<>();
        for (Scored one : scored.subList(0, Math.min(VALUES_MAX, scored.size()))) {
            values.add(value(one.value(), sides));
        }
        double score = Math.round(1e6 * Math.sqrt(sum / 2)) / 1e6;
        return new Comparison.Field(name, kind, Math.min(1, score), values);
    }

    private static double difference(Counted value, Sides sides) {
        return share(value.selection(), sides.selectionRows())
                - share(value.baseline(), sides.baselineRows());
    }

    private static Comparison.Value value(Counted value, Sides sides) {
        double selection = share(value.selection(), sides.selectionRows());
        double baseline = share(value.baseline(), sides.baselineRows());
        return new Comparison.Value(
                value.value(),
                value.from(),
                value.to(),
                value.like(),
                Math.round(selection * sides.selectionAll()),
                Math.round(baseline * sides.baselineAll()),
                selection,
                baseline);
    }

    private static double share(long count, long rows) {
        return rows == 0 ? 0 : (double) count / rows;
    }

    /** How far two shares surely are apart, with the sign of their difference. */
    static double sure(long a, long aRows, long b, long bRows, double z) {
        if (aRows == 0 || bRows == 0) {
            return 0;
        }
        double p = (double) a / aRows;
        double q = (double) b / bRows;
        if (p < q) {
            return -sure(b, bRows, a, aRows, z);
        }
        double below = p - wilson(a, aRows, z, -1);
        double above = wilson(b, bRows, z, 1) - q;
        return Math.max(0, p - q - Math.sqrt(below * below + above * above));
    }

    /* An end of Wilson's interval for a share. */
    private static double wilson(long count, long rows, double z, int sign) {
        double p = (double) count / rows;
        double square = z * z;
        double half = z * Math.sqrt(p * (1 - p) / rows + square / (4.0 * rows * rows));
        return Math.clamp(
                (p + square / (2.0 * rows) + sign * half) / (1 + square / rows), 0.0, 1.0);
    }

    /* A field of very many numbers by ranges with about as many events each, the sides weighing the same. */
    private static List<Counted> ranges(List<Counted> counted) {
        List<Counted> numbers = new ArrayList<>();
        List<Counted> others = new ArrayList<>();
        double selection = 0;
        double baseline = 0;
        for (Counted value : counted) {
            if (value.value() instanceof Number) {
                numbers.add(value);
                selection += value.selection();
                baseline += value.baseline();
            } else {
                others.add(value);
            }
        }
        if (numbers.size() <= EXACT_NUMBERS_MAX) {
            return counted;
        }
        numbers.sort(Comparator.comparingDouble(Differences::number));
        double weight = (selection > 0 ? 1 : 0) + (baseline > 0 ? 1 : 0);
        double filled = 0;
        List<Counted> open = new ArrayList<>();
        int made = 0;
        for (Counted value : numbers) {
            if (!open.isEmpty() && filled >= weight * (made + 1) / RANGES) {
                others.add(range(open, number(value)));
                open.clear();
                made = (int) (filled / weight * RANGES);
            }
            open.add(value);
            filled += value.selection() / Math.max(1, selection);
            filled += value.baseline() / Math.max(1, baseline);
        }
        others.add(range(open, null));
        return others;
    }

    private static double number(Counted value) {
        return value.value() instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static Counted range(List<Counted> values, @Nullable Double to) {
        double from = number(values.getFirst());
        long selection = 0;
        long baseline = 0;
        for (Counted value : values) {
            selection += value.selection();
            baseline += value.baseline();
        }
        return new Counted(from, from, to, null, selection, baseline);
    }
}

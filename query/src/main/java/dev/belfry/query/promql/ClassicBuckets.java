package dev.belfry.query.promql;

/** The cumulative buckets of one classic histogram at one step; used again for the next step. */
final class ClassicBuckets {
    /* Smaller differences come from adding floats in another order. */
    private static final double TOLERANCE = 1e-12;

    /* Of numbers that are not negative, a rise by more than this share of their sum is one, however it is rounded. */
    private static final double CLEAR = 1e-9;

    private final double[] bounds;
    private final double[] counts;
    private int size;
    private boolean doubled;
    private boolean repaired;
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;
    private double largest;

    ClassicBuckets(int capacity) {
        bounds = new double[capacity];
        counts = new double[capacity];
    }

    /** Forgets all buckets. */
    void clear() {
        size = 0;
        doubled = false;
        repaired = false;
        lowest = Double.POSITIVE_INFINITY;
        highest = Double.NEGATIVE_INFINITY;
        largest = 0;
    }

    /** Adds a bucket; bounds ascend. */
    void add(double bound, double count) {
        doubled |= size > 0 && bound == bounds[size - 1];
        bounds[size] = bound;
        counts[size++] = count;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean repaired() {
        return repaired;
    }

    double lowestRepaired() {
        return lowest;
    }

    double highestRepaired() {
        return highest;
    }

    double largestRepair() {
        return largest;
    }

    double quantile(double quantile) {
        if (Double.isNaN(quantile)) {
            return Double.NaN;
        }
        if (quantile < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (quantile > 1) {
            return Double.POSITIVE_INFINITY;
        }
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        coalesce();
        makeMonotonic();
        double observations = counts[size - 1];
        if (size < 2 || observations == 0) {
            return Double.NaN;
        }
        double rank = quantile * observations;
        int at = 0;
        while (at < size - 1 && !(counts[at] >= rank)) {
            at++;
        }
        if (at == size - 1) {
            return bounds[size - 2];
        }
        if (at == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double start = 0;
        double count = counts[at];
        if (at > 0) {
            start = bounds[at - 1];
            count -= counts[at - 1];
            rank -= counts[at - 1];
        }
        return start + (bounds[at] - start) * (rank / count);
    }

    double fraction(double lower, double upper) {
        if (bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        coalesce();
        double count = counts[size - 1];
        if (count == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        double below = Math.min(rank(lower), count);
        return (Math.min(rank(upper), count) - below) / count;
    }

    private double rank(double value) {
        double below = 0;
        for (int i = 0; i < size; i++) {
            double start = i > 0 ? bounds[i - 1] : Double.NEGATIVE_INFINITY;
            double end = bounds[i];
            if (start >= value) {
                return below;
            }
            if (end > value) {
                return Double.isInfinite(start)
                        ? counts[i]
                        : below + (counts[i] - below) * ((value - start) / (end - start));
            }
            below = counts[i];
        }
        return Double.POSITIVE_INFINITY;
    }

    /* Two ways to write a bound are one bucket. */
    private void coalesce() {
        if (!doubled) {
            return;
        }
        int last = 0;
        for (int i = 1; i < size; i++) {
            if (bounds[i] == bounds[last]) {
                counts[last] += counts[i];
            } else {
                bounds[++last] = bounds[i];
                counts[last] = counts[i];
            }
        }
        size = last + 1;
    }

    private void makeMonotonic() {
        double before = counts[0];
        for (int i = 1; i < size; i++) {
            double count = counts[i];
            if (count == before) {
                continue;
            }
            boolean clear = before >= 0 && count >= Double.MIN_NORMAL;
            if (clear && count - before > CLEAR * (count + before)) {
                before = count;
            } else if (almostEqual(before, count)) {
                counts[i] = before;
            } else if (count < before) {
                counts[i] = before;
                repaired = true;
                lowest = Math.min(lowest, bounds[i]);
                highest = Math.max(highest, bounds[i]);
                largest = Math.max(largest, before - count);
            } else {
                before = count;
            }
        }
    }

    private static boolean almostEqual(double left, double right) {
        if (Double.isNaN(left) || Double.isNaN(right)) {
            return Double.isNaN(left) && Double.isNaN(right);
        }
        double sum = Math.abs(left) + Math.abs(right);
        double difference = Math.abs(left - right);
        if (left == 0 || right == 0 || sum < Double.MIN_NORMAL) {
            return difference < TOLERANCE * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < TOLERANCE;
    }
}

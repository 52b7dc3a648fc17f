package dev.belfry.model.series;

import java.util.Arrays;

/** The buckets on one side of zero while they are added up, with what rounding took away. */
final class HistogramBuckets {
    int size;
    int[] indexes;
    double[] counts;
    double[] lost;

    HistogramBuckets(int[] indexes, double[] counts) {
        this.size = indexes.length;
        this.indexes = indexes.clone();
        this.counts = counts.clone();
        this.lost = new double[size];
    }

    /** Lowers the resolution: 2^{@code shift} buckets become one. */
    void coarsen(int shift) {
        int at = -1;
        for (int i = 0; i < size; i++) {
            int index = coarse(indexes[i], shift);
            if (at >= 0 && indexes[at] == index) {
                add(at, counts[i]);
                lost[at] += lost[i];
            } else {
                at++;
                indexes[at] = index;
                counts[at] = counts[i];
                lost[at] = lost[i];
            }
        }
        size = at + 1;
    }

    /** The bucket that holds {@code index} when 2^{@code shift} are one. */
    static int coarse(int index, int shift) {
        return ((index - 1) >> shift) + 1;
    }

    /** Adds the buckets of another histogram of the same resolution, times {@code sign}. */
    void add(int[] otherIndexes, double[] otherCounts, double sign) {
        int at = 0;
        int missing = 0;
        for (int i = 0; i < otherIndexes.length; i++) {
            while (at < size && indexes[at] < otherIndexes[i]) {
                at++;
            }
            if (at < size && indexes[at] == otherIndexes[i]) {
                add(at, sign * otherCounts[i]);
            } else {
                missing++;
            }
        }
        if (missing > 0) {
            insertMissing(otherIndexes, otherCounts, sign, missing);
        }
    }

    private void insertMissing(int[] otherIndexes, double[] otherCounts, double sign, int missing) {
        int[] newIndexes = new int[size + missing];
        double[] newCounts = new double[size + missing];
        double[] newLost = new double[size + missing];
        int left = 0;
        int right = 0;
        int at = 0;
        while (left < size || right < otherIndexes.length) {
            boolean takeLeft =
                    right == otherIndexes.length
                            || (left < size && indexes[left] <= otherIndexes[right]);
            if (takeLeft) {
                if (right < otherIndexes.length && indexes[left] == otherIndexes[right]) {
                    right++;
                }
                newIndexes[at] = indexes[left];
                newCounts[at] = counts[left];
                newLost[at++] = lost[left++];
            } else {
                newIndexes[at] = otherIndexes[right];
                newCounts[at++] = sign * otherCounts[right++];
            }
        }
        indexes = newIndexes;
        counts = newCounts;
        lost = newLost;
        size = at;
    }

    private void add(int at, double value) {
        double sum = counts[at] + value;
        lost[at] = Kahan.lost(counts[at], value, sum, lost[at]);
        counts[at] = sum;
    }

    /**
     * Joins custom buckets: bucket i becomes part of {@code mapped[i]}, one of {@code bucketCount}.
     */
    void remap(int[] mapped, int bucketCount) {
        double[] newCounts = new double[bucketCount];
        double[] newLost = new double[bucketCount];
        int[] newIndexes = new int[bucketCount];
        for (int i = 0; i < bucketCount; i++) {
            newIndexes[i] = i;
        }
        for (int i = 0; i < size; i++) {
            int to = mapped[indexes[i]];
            double sum = newCounts[to] + counts[i];
            newLost[to] = Kahan.lost(newCounts[to], counts[i], sum, newLost[to]) + lost[i];
            newCounts[to] = sum;
        }
        indexes = newIndexes;
        counts = newCounts;
        lost = newLost;
        size = bucketCount;
    }

    /** Takes away the buckets nearest to zero, {@code number} of them. */
    void removeFirst(int number) {
        indexes = Arrays.copyOfRange(indexes, number, size);
        counts = Arrays.copyOfRange(counts, number, size);
        lost = Arrays.copyOfRange(lost, number, size);
        size -= number;
    }

    void scale(double factor, boolean divide) {
        for (int i = 0; i < size; i++) {
            counts[i] = divide ? counts[i] / factor : counts[i] * factor;
            lost[i] = divide ? lost[i] / factor : lost[i] * factor;
        }
    }

    int[] resultIndexes() {
        return Arrays.copyOf(indexes, size);
    }

    double[] resultCounts() {
        double[] result = new double[size];
        for (int i = 0; i < size; i++) {
            result[i] = counts[i] + lost[i];
        }
        return result;
    }

    double[] plainCounts() {
        return Arrays.copyOf(counts, size);
    }
}

package dev.belfry.receive.prometheus;

import java.util.Arrays;

/** Indexes of buckets as runs: how far from the run before, and how long. */
final class BucketSpans {
    private final int[] offsets;
    private final int[] lengths;
    private final int count;

    private BucketSpans(int[] offsets, int[] lengths, int count) {
        this.offsets = offsets;
        this.lengths = lengths;
        this.count = count;
    }

    /** The runs of {@code indexes}, which ascend. */
    static BucketSpans of(int[] indexes) {
        int[] offsets = new int[indexes.length];
        int[] lengths = new int[indexes.length];
        int count = 0;
        int next = 0;
        for (int index : indexes) {
            if (count > 0 && index == next) {
                lengths[count - 1]++;
            } else {
                offsets[count] = index - next;
                lengths[count++] = 1;
            }
            next = index + 1;
        }
        return new BucketSpans(Arrays.copyOf(offsets, count), Arrays.copyOf(lengths, count), count);
    }

    int count() {
        return count;
    }

    /** The first index, or the gap to the run before. */
    int offset(int span) {
        return offsets[span];
    }

    int length(int span) {
        return lengths[span];
    }
}

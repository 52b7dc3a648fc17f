package dev.belfry.query.promql;

/**
 * The times of evaluation: groups of the same number at even distances. Those of a query are one
 * group; those of a subquery may have gaps between the groups, in which nobody looks at it.
 *
 * @param startMillis the first
 * @param intervalMillis time between two of a group; 1 when there is only one
 * @param count how many, of all groups
 * @param groupCount how many in each group
 * @param groupMillis time between the first ones of two groups
 */
record Steps(long startMillis, long intervalMillis, int count, int groupCount, long groupMillis) {
    /** One group. */
    Steps(long startMillis, long intervalMillis, int count) {
        this(startMillis, intervalMillis, count, count, 0);
    }

    long time(int step) {
        int group = step / groupCount;
        return startMillis + group * groupMillis + (step - group * groupCount) * intervalMillis;
    }

    long endMillis() {
        return time(count - 1);
    }

    boolean isOneGroup() {
        return groupCount == count;
    }
}

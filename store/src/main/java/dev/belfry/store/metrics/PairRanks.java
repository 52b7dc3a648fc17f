package dev.belfry.store.metrics;

/** The place of each pair among all, sorted by name and value; safe for many threads. */
final class PairRanks {
    private final Pairs pairs;
    private int[] sorted = {};
    private volatile int[] ranks = {};

    PairRanks(Pairs pairs) {
        this.pairs = pairs;
    }

    /**
     * The ranks by pair, of the pairs below {@code end} at least. Ranks of one answer can be
     * compared with each other only.
     */
    int[] upTo(int end) {
        int[] now = ranks;
        return now.length >= end ? now : extend(end);
    }

    /* What is new is sorted by itself and put among the others. */
    private synchronized int[] extend(int end) {
        int known = sorted.length;
        if (known >= end) {
            return ranks;
        }
        int[] fresh = new int[end - known];
        int count = 0;
        for (int pair = known; pair < end; pair++) {
            fresh[count++] = pair;
        }
        sort(fresh.clone(), fresh, 0, count);
        int[] merged = new int[end];
        int left = 0;
        int right = 0;
        for (int at = 0; at < end; at++) {
            boolean takeLeft =
                    left < known
                            && (right >= count || pairs.compare(sorted[left], fresh[right]) <= 0);
            merged[at] = takeLeft ? sorted[left++] : fresh[right++];
        }
        int[] next = new int[end];
        for (int at = 0; at < end; at++) {
            next[merged[at]] = at;
        }
        sorted = merged;
        ranks = next;
        return next;
    }

    /* A merge sort whose halves change places; short ranges by insertion. */
    private void sort(int[] from, int[] to, int start, int end) {
        if (end - start <= 8) {
            for (int i = start + 1; i < end; i++) {
                int one = to[i];
                int at = i;
                for (; at > start && pairs.compare(to[at - 1], one) > 0; at--) {
                    to[at] = to[at - 1];
                }
                to[at] = one;
            }
            return;
        }
        int middle = (start + end) >>> 1;
        sort(to, from, start, middle);
        sort(to, from, middle, end);
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            boolean takeLeft =
                    left < middle && (right >= end || pairs.compare(from[left], from[right]) <= 0);
            to[at] = takeLeft ? from[left++] : from[right++];
        }
    }

    long bytes() {
        return 4L * (sorted.length + ranks.length);
    }
}

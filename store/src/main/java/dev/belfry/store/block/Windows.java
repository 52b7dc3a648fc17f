package dev.belfry.store.block;

/**
 * The times at which samples matter: windows of one length at even distances, with gaps between
 * them.
 *
 * @param startMillis where the first one begins
 * @param stepMillis from the begin of one to that of the next, above the length
 * @param lengthMillis from the begin of one to its end, which belongs to it
 */
public record Windows(long startMillis, long stepMillis, long lengthMillis) {
    /** Checks the distance. */
    public Windows {
        if (lengthMillis < 0 || stepMillis <= lengthMillis) {
            throw new IllegalArgumentException(
                    "windows: of "
                            + lengthMillis
                            + " ms every "
                            + stepMillis
                            + " (expected: gaps)");
        }
    }

    /** The begin of the first window that ends at {@code time} or later. */
    long beginOfNext(long time) {
        long number = Math.ceilDiv(time - startMillis - lengthMillis, stepMillis);
        return startMillis + Math.max(0, number) * stepMillis;
    }

    /** Whether a window has a time from {@code minMillis} to {@code maxMillis}, both inclusive. */
    boolean touch(long minMillis, long maxMillis) {
        return beginOfNext(minMillis) <= maxMillis;
    }
}

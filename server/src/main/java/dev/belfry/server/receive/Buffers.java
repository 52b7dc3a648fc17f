package dev.belfry.server.receive;

import java.util.concurrent.ArrayBlockingQueue;

/** Arrays that are used again; safe for many threads. */
final class Buffers {
    private static final int KEPT_MAX = 4;
    private static final int KEPT_BYTES_MAX = 4 << 20;
    private static final int BYTES_MIN = 256 << 10;

    /* What inflates writes a little over the end of what is wanted, where there is room: that is faster. */
    private static final int MARGIN = 64;

    private final ArrayBlockingQueue<byte[]> kept = new ArrayBlockingQueue<>(KEPT_MAX);

    /** An array with room for {@code length} bytes, of any content. */
    byte[] take(int length) {
        byte[] one = kept.poll();
        return one != null && one.length >= length + MARGIN
                ? one
                : new byte[Math.max(BYTES_MIN, length + MARGIN + (length >> 2))];
    }

    /** Takes an array back. */
    void give(byte[] one) {
        if (one.length <= KEPT_BYTES_MAX) {
            kept.offer(one);
        }
    }
}

package dev.belfry.server.http;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Arrays of bodies, used again; safe for many threads. */
final class BodyArrays {
    /*
     * Under load a body waits for its turn longer than a young object lives. As garbage it would lie among the
     * old ones, and collecting those stops everything: 350 kB a request were one such stop of 120 ms each 1.3 s.
     */
    private static final int KEPT_MIN = 64 << 10;
    private static final int KEPT_MAX = 8 << 20;

    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();

    /** By length; the length that was used last stands last. */
    private final Map<Integer, ArrayDeque<byte[]>> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /** Keeps {@code bytesMax} bytes at most. */
    BodyArrays(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** An array of any content for {@code length} bytes, up to a quarter longer. */
    byte[] take(int length) {
        int capacity = capacity(length);
        byte[] used = capacity < KEPT_MIN ? null : poll(capacity);
        return used == null ? new byte[capacity] : used;
    }

    /** Takes back an array that nobody holds any more. */
    void give(byte[] used) {
        if (used.length < KEPT_MIN || used.length > KEPT_MAX) {
            return;
        }
        lock.lock();
        try {
            ArrayDeque<byte[]> same = kept.computeIfAbsent(used.length, _ -> new ArrayDeque<>());
            makeRoom(used.length);
            if (bytes + used.length <= bytesMax) {
                bytes += used.length;
                same.push(used);
            }
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom(int length) {
        Iterator<Map.Entry<Integer, ArrayDeque<byte[]>>> oldest = kept.entrySet().iterator();
        while (bytes + length > bytesMax && oldest.hasNext()) {
            Map.Entry<Integer, ArrayDeque<byte[]>> other = oldest.next();
            if (other.getKey().intValue() == length) {
                continue;
            }
            while (bytes + length > bytesMax && other.getValue().poll() != null) {
                bytes -= other.getKey();
            }
        }
    }

    private byte @Nullable [] poll(int capacity) {
        lock.lock();
        try {
            ArrayDeque<byte[]> same = kept.get(capacity);
            byte[] used = same == null ? null : same.poll();
            bytes -= used == null ? 0 : capacity;
            return used;
        } finally {
            lock.unlock();
        }
    }

    /* Four sizes between a power of two and the next, so that most arrays fit most bodies. */
    private static int capacity(int length) {
        if (length < KEPT_MIN || length > KEPT_MAX) {
            return length;
        }
        int step = Integer.highestOneBit(length) >> 2;
        return (length + step - 1) / step * step;
    }
}

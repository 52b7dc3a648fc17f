package dev.belfry.server.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one client that wait for its socket, bounded by themselves and with those of all
 * clients. One thread adds, one takes, any may close.
 */
final class TailLines {
    static final int LINES_MAX = 2_000;
    static final long BYTES_MAX = 8L << 20;

    /** Above this, all clients' lines together, a client keeps only its share. */
    static final long ALL_BYTES_MAX = 24L << 20;

    /** With all of {@link TailService#CLIENTS_MAX} clients 24 MiB more. */
    static final long SHARE_BYTES = 120L << 10;

    private final AtomicLong allBytes;
    private final Queue<byte[]> lines = new ArrayDeque<>();
    private long bytes; // With the line that was taken last.
    private int taken;
    private boolean closed;

    /**
     * None yet.
     *
     * @param allBytes of all clients' lines
     */
    TailLines(AtomicLong allBytes) {
        this.allBytes = allBytes;
    }

    /** Whether there are as many as may be, so that none need be made. */
    synchronized boolean isFull() {
        return closed || lines.size() >= LINES_MAX;
    }

    /** Adds {@code line}; false where there is no room. */
    synchronized boolean add(byte[] line) {
        boolean many = allBytes.get() + line.length > ALL_BYTES_MAX;
        if (isFull() || bytes + line.length > (many ? SHARE_BYTES : BYTES_MAX)) {
            return false;
        }
        lines.add(line);
        hold(line.length);
        notifyAll();
        return true;
    }

    /** The next line, null when none came in time; the one before has been sent. */
    synchronized byte @Nullable [] next(Duration patience) throws InterruptedException {
        hold(-taken);
        taken = 0;
        long endNanoTime = System.nanoTime() + patience.toNanos();
        while (lines.isEmpty()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(endNanoTime - System.nanoTime());
            if (millis <= 0) {
                return null;
            }
            wait(millis);
        }
        byte[] line = lines.remove();
        taken = line.length;
        return line;
    }

    /** Gives all up. */
    synchronized void close() {
        closed = true;
        lines.clear();
        taken = 0;
        hold(-bytes);
    }

    private void hold(long more) {
        bytes += more;
        allBytes.addAndGet(more);
    }
}

package dev.belfry.server.listen;

import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.receive.StatsdMetrics;
import dev.belfry.receive.StatsdMetrics.Gathered;
import dev.belfry.server.config.Listener;
import dev.belfry.server.logging.Log;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Metrics of one listener of StatsD: added up, and every few seconds appended. Safe for many
 * threads.
 */
final class StatsdFlushes implements TcpListener.Conversation {
    /*
     * Senders are not told anything, whatever the protocol, so that nothing is promised for what was not flushed yet
     * when the process is killed. Its end flushes. While the store refuses, lines are added up on, and dropped when
     * there is no more room; connections are read all the time.
     */
    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final int ENDING_MILLIS = 2_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Listener settings;
    private final Intake intake;
    private final String name;
    private final Log log;
    private final StatsdMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition full = lock.newCondition();
    private final Thread flusher;
    private long bytes;
    private volatile boolean closed;
    private volatile boolean over;

    StatsdFlushes(Listener settings, Intake intake, String name, Log log) {
        this.settings = settings;
        this.intake = intake;
        this.name = name;
        this.log = log;
        this.metrics = new StatsdMetrics(settings.source());
        this.flusher = Thread.ofVirtual().name(name + "-flush").unstarted(this::run);
    }

    /** Begins to flush. */
    void start() {
        flusher.start();
    }

    /** Takes the lines of {@code data[from .. to)}. */
    void add(byte[] data, int from, int to) {
        lock.lock();
        try {
            bytes += to - from;
            metrics.add(data, from, to);
            if (metrics.isFull()) {
                full.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void hold(Socket socket, TcpListener listener) throws IOException {
        byte[] buffer = new byte[LINE_BYTES_MAX];
        int size = 0;
        boolean passing = false;
        InputStream input = socket.getInputStream();
        for (int read = input.read(buffer);
                read >= 0;
                read = input.read(buffer, size, free(size))) {
            size += read;
            int lines = size;
            while (lines > 0 && buffer[lines - 1] != '\n') {
                lines--;
            }
            if (lines > 0) {
                add(buffer, passing ? behindLine(buffer) : 0, lines);
                passing = false;
            } else if (size == buffer.length) {
                lines = size;
                if (!passing) {
                    tooLong();
                }
                passing = true;
            }
            System.arraycopy(buffer, lines, buffer, 0, size - lines);
            size -= lines;
        }
        if (!passing && !listener.isClosed()) {
            add(buffer, 0, size);
        }
    }

    private static int free(int size) {
        return LINE_BYTES_MAX - size;
    }

    private static int behindLine(byte[] buffer) {
        int at = 0;
        while (buffer[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private void tooLong() {
        lock.lock();
        try {
            metrics.tooLong(LINE_BYTES_MAX);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long next = System.nanoTime() + settings.flush().toNanos();
        while (!closed) {
            lock.lock();
            try {
                long left = next - System.nanoTime();
                while (left > 0 && !closed && !metrics.isFull()) {
                    left = full.awaitNanos(left);
                }
            } catch (InterruptedException _) {
                closed = true;
            } finally {
                lock.unlock();
            }
            flush();
            next = Math.max(next + settings.flush().toNanos(), System.nanoTime());
        }
        flush();
    }

    private void flush() {
        Gathered gathered;
        long size;
        lock.lock();
        try {
            gathered = metrics.take();
            size = bytes;
            bytes = 0;
        } finally {
            lock.unlock();
        }
        if (gathered.malformed() > 0) {
            intake.metrics().dropped.add(gathered.malformed(), name, "malformed");
            log.warn(
                    "listen",
                    name + ": " + gathered.malformed() + " lines: " + gathered.firstRefusal(),
                    Map.of());
        }
        if (gathered.dropped() > 0) {
            intake.metrics().dropped.add(gathered.dropped(), name, "overload");
        }
        if (gathered.lines() > 0) {
            append(gathered, size);
        }
    }

    private void append(Gathered gathered, long size) {
        long nowMillis = intake.nowNanos() / NANOS_PER_MILLI;
        int[] refused = new int[1];
        try {
            Principal principal = intake.principal(settings.key(), name);
            boolean kept =
                    intake.append(
                            principal,
                            size,
                            (families, series) -> {
                                StatsdMetrics.Decoded decoded =
                                        gathered.decode(families, series, nowMillis);
                                refused[0] = decoded.refusedLines();
                                return decoded.samples();
                            },
                            () -> over);
            if (kept) {
                intake.metrics().messages.add(gathered.lines() - refused[0], name);
                intake.metrics().dropped.add(refused[0], name, "refused");
            } else {
                intake.metrics().dropped.add(gathered.lines(), name, "end");
            }
        } catch (BelfryException e) {
            intake.metrics().dropped.add(gathered.lines(), name, "refused");
            log.warn("listen", name + ": " + e.getMessage(), Map.of());
        }
    }

    /** What ends {@code door}, and then flushes what came through it. */
    AutoCloseable behind(AutoCloseable door) {
        return () -> {
            door.close();
            lock.lock();
            try {
                closed = true;
                full.signal();
            } finally {
                lock.unlock();
            }
            flusher.join(ENDING_MILLIS);
            over = true;
            flusher.join(ENDING_MILLIS);
        };
    }
}

package dev.belfry.journal;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.DiskFullException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one thread that writes: takes all that waits, writes it, forces it, answers all; meanwhile
 * the next group gathers (group commit).
 */
final class Committer {
    private static final System.Logger LOGGER = System.getLogger(Committer.class.getName());
    private static final long IDLE_MILLIS = 10_000;

    private final JournalConfig config;
    private final AppendQueue queue;
    private final JournalWriter writer;
    private final MemoryTail tail;
    private final Keys keys;
    private final Room room;
    private final InstantSource clock;
    private final Histogram requestsPerForce = new Histogram();
    private final Thread thread;

    /** Held by who uses the writer: the thread during a group, and trimming. */
    private final ReentrantLock writing = new ReentrantLock();

    private long lastForceNanos = System.nanoTime();
    private volatile long appends;
    private volatile long records;
    private volatile long bodyBytes;
    private volatile boolean died;

    Committer(
            JournalConfig config,
            AppendQueue queue,
            JournalWriter writer,
            MemoryTail tail,
            Keys keys,
            Room room,
            InstantSource clock) {
        this.config = config;
        this.queue = queue;
        this.writer = writer;
        this.tail = tail;
        this.keys = keys;
        this.room = room;
        this.clock = clock;
        thread = Thread.ofPlatform().name("journal-committer").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isFailed() {
        return died || writer.isBroken();
    }

    long appends() {
        return appends;
    }

    long records() {
        return records;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    Distribution requestsPerForce() {
        return requestsPerForce.snapshot();
    }

    /** Runs {@code action} while no group is being written. */
    void exclusively(WriterAction action) throws IOException {
        writing.lock();
        try {
            action.apply(writer);
        } finally {
            writing.unlock();
        }
    }

    /** Something to do with the writer. */
    interface WriterAction {
        void apply(JournalWriter writer) throws IOException;
    }

    /** Writes what still waits and ends. */
    void close() {
        queue.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException interrupt) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<PendingAppend> group = List.of();
        try {
            boolean interval = config.sync() == SyncPolicy.INTERVAL;
            long waitMillis = interval ? config.syncInterval().toMillis() : IDLE_MILLIS;
            while (!queue.isDrained()) {
                group = queue.take(config.groupBytesMax(), waitMillis);
                if (!group.isEmpty()) {
                    commit(group);
                }
                if (interval) {
                    forceIfDue();
                }
            }
        } catch (InterruptedException | RuntimeException | Error bug) {
            died = true;
            LOGGER.log(Level.ERROR, "BUG: the journal's committer ended", bug);
            refuse(group, stopped());
            refuseAll();
        }
    }

    private void commit(List<PendingAppend> group) {
        writing.lock();
        try {
            write(group);
        } finally {
            writing.unlock();
            queue.done(group);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread
    private void write(List<PendingAppend> group) {
        long bytes = 0;
        for (PendingAppend append : group) {
            bytes += append.frameBytes();
        }
        if (!room.has(bytes)) {
            refuse(group, full());
            return;
        }
        if (isFailed()) {
            refuse(group, stopped());
            return;
        }
        long now = clock.millis();
        JournalWriter.Written written;
        try {
            written = writer.write(group, now);
            if (config.sync() == SyncPolicy.ALWAYS) {
                writer.force(written.endOffset());
                requestsPerForce.add(group.size());
            }
        } catch (DiskFullException failure) {
            room.wasFull();
            refuse(group, full());
            return;
        } catch (IOException failure) {
            LOGGER.log(Level.ERROR, "writing the journal failed", failure);
            refuse(
                    group,
                    new BelfryException(
                            ErrorCode.INTERNAL_SERVER_ERROR,
                            "journal: the write failed (expected: a disk that works); send it "
                                    + "again, with the same Idempotency-Key",
                            failure));
            return;
        }
        writer.accept(written);
        keys.remember(group, written.baseOffset(), now);
        publish(group, written.baseOffset(), now);
        appends = appends + group.size();
        records = records + written.endOffset() - written.baseOffset();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread
    private void publish(List<PendingAppend> group, long baseOffset, long receivedMillis) {
        List<Frame> frames = new ArrayList<>(group.size());
        long offset = baseOffset;
        long bytes = 0;
        for (PendingAppend append : group) {
            Append request = append.request();
            /* The frame stays in memory for a while: not with a buffer that is mostly empty. */
            byte[] body = request.body();
            if (body.length / 2 > request.bodyLength()) {
                body = Arrays.copyOf(body, request.bodyLength());
            }
            frames.add(
                    new Frame(
                            request.stream(),
                            request.kind(),
                            request.schemaVersion(),
                            offset,
                            request.count(),
                            0,
                            receivedMillis,
                            request.principal(),
                            body,
                            request.bodyLength(),
                            request.decoded()));
            offset += request.count();
            bytes += request.bodyLength();
        }
        bodyBytes = bodyBytes + bytes;
        tail.publish(frames);
        for (int index = 0; index < frames.size(); index++) {
            Frame frame = frames.get(index);
            group.get(index)
                    .succeed(
                            new Appended(
                                    0, frame.baseOffset(), frame.count(), receivedMillis, false));
        }
    }

    private void forceIfDue() {
        long now = System.nanoTime();
        if (!writer.hasUnforced() || now - lastForceNanos < config.syncInterval().toNanos()) {
            return;
        }
        lastForceNanos = now;
        writing.lock();
        try {
            writer.force(writer.endOffset());
        } catch (IOException failure) {
            LOGGER.log(Level.ERROR, "forcing the journal failed", failure);
        } finally {
            writing.unlock();
        }
    }

    BelfryException full() {
        return new BelfryException(ErrorCode.STORAGE_FULL, room.message());
    }

    BelfryException stopped() {
        return new BelfryException(
                ErrorCode.INTERNAL_SERVER_ERROR,
                "journal: stopped after failed writes (expected: a disk that works); look at the "
                        + "machine's disk and restart");
    }

    private static void refuse(List<PendingAppend> group, BelfryException reason) {
        for (PendingAppend append : group) {
            append.fail(reason);
        }
    }

    private void refuseAll() {
        queue.close();
        try {
            while (!queue.isDrained()) {
                List<PendingAppend> group = queue.take(Long.MAX_VALUE, 0);
                refuse(group, stopped());
                queue.done(group);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}

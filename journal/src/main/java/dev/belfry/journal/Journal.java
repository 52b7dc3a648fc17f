package dev.belfry.journal;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The append-only log that everything received goes through first: an append returns when its bytes
 * are on disk; stores and followers read it, each from its own position. Safe for many threads.
 *
 * <p>Offsets count records. They ascend, are never reused, and have no holes but for reported
 * damage and failed writes.
 */
public final class Journal implements AutoCloseable {
    private final JournalConfig config;
    private final Disk disk;
    private final Path folder;
    private final InstantSource clock;
    private final DamageLog damages;
    private final FileSet files;
    private final MemoryTail tail;
    private final AppendQueue queue;
    private final Keys keys;
    private final Room room;
    private final JournalWriter writer;
    private final Committer committer;
    private final Map<String, Pin> pins = new TreeMap<>();

    /* Files that are no longer in the set, to be deleted. */
    private final Queue<Path> trimmed = new ConcurrentLinkedQueue<>();
    private final AtomicLong refusedFull = new AtomicLong();
    private final AtomicLong refusedOverload = new AtomicLong();
    private volatile boolean closed;

    private Journal(JournalConfig config, Disk disk, Path folder, InstantSource clock)
            throws IOException {
        this.config = config;
        this.disk = disk;
        this.folder = folder;
        this.clock = clock;
        Folders.make(disk, folder);
        damages = new DamageLog(disk, folder.resolve("quarantine"));
        IdempotencyIndex index =
                new IdempotencyIndex(
                        config.idempotencyKeysMax(), config.idempotencyAge().toMillis());
        KeyFiles keyFiles = new KeyFiles(disk, folder.resolve("idempotency"), damages);
        Recovery.Found found = new Recovery(disk, folder, damages, keyFiles, index).run();
        files = new FileSet(found.files());
        tail = new MemoryTail(config.tailFramesMax(), config.tailBytesMax(), found.end());
        queue = new AppendQueue(config.waitingBytesMax());
        keys = new Keys(index, keyFiles);
        room = new Room(disk, folder, config.usableBytesMin(), clock);
        writer = new JournalWriter(disk, folder, config, files, damages, found);
        committer = new Committer(config, queue, writer, tail, keys, room, clock);
    }

    /**
     * Opens the journal in {@code folder}, which is made if it is not there. The torn end of a
     * write that a crash interrupted is copied to {@code quarantine/} and ignored from then on;
     * damage is reported in {@link #status()}.
     *
     * @param clock gives received times
     * @throws NewerFormatException when a newer release wrote it; nothing was changed
     */
    public static Journal open(JournalConfig config, Disk disk, Path folder, InstantSource clock)
            throws IOException {
        Journal journal = new Journal(config, disk, folder, clock);
        journal.committer.start();
        return journal;
    }

    /**
     * Appends {@code request} and returns when it is durable; blocks the thread meanwhile, so call
     * it on a virtual one.
     *
     * @throws BelfryException STORAGE_FULL when there is no room; OVERLOADED when too much waits;
     *     QUERY_LIMIT when the idempotency key was used with another body; INTERNAL_SERVER_ERROR
     *     when the disk fails. Nothing of the request is seen by readers then, but after a disk's
     *     failure a restart may find it whole
     */
    public Appended append(Append request) {
        Idempotency key = request.idempotency();
        if (key == null) {
            return write(request);
        }
        Appended before = keys.claim(key, clock.millis());
        if (before != null) {
            return before;
        }
        try {
            return write(request);
        } finally {
            keys.release(key);
        }
    }

    /** The offset after the last durable record: what a query waits for. */
    public long durableEnd() {
        return tail.endOffset();
    }

    /** The oldest offset that is still there; {@link #durableEnd()} when there is none. */
    public long firstOffset() {
        List<JournalFile> all = files.all();
        return all.isEmpty() ? durableEnd() : all.getFirst().baseOffset();
    }

    /** Whether there was no room when it was last looked for: appends are refused. */
    public boolean isFull() {
        return room.isFull();
    }

    /** The bytes of the files that hold something from {@code offset} on. */
    public long bytesFrom(long offset) {
        long bytes = 0;
        for (JournalFile file : files.all()) {
            bytes += file.endOffset() > offset ? file.readableBytes() : 0;
        }
        return bytes;
    }

    /**
     * A reader of {@code streams} from {@code fromOffset} on, independent of all others.
     *
     * @param name for diagnostics
     */
    public JournalReader reader(String name, Set<Stream> streams, long fromOffset) {
        if (fromOffset < 0) {
            throw new IllegalArgumentException("fromOffset: " + fromOffset + " (expected: >= 0)");
        }
        return new TailingReader(
                name, streams, tail, new FileReader(disk, files, damages, streams, fromOffset));
    }

    /**
     * Keeps the journal from {@code offset} on for {@code reader}, until it pins a later offset. A
     * store pins before it reads and before anything is appended: when it has seen offsets that the
     * journal does not have (any more), new ones begin beyond them, and this is reported.
     */
    public void pin(String reader, long offset) throws IOException {
        pin(reader, offset, Long.MAX_VALUE);
        if (offset > durableEnd()) {
            committer.exclusively(target -> {
                if (offset > target.nextOffset()) {
                    lostAtEnd(reader, offset, target);
                }
            });
        }
    }

    /**
     * As above for a follower: keeps what is at most {@code bytesMax} behind the end, in whole
     * files. A follower that is further behind finds the rest gone and counted in {@link
     * JournalReader#lostRecords()}.
     */
    public void pin(String reader, long offset, long bytesMax) {
        synchronized (pins) {
            Pin before = pins.get(reader);
            long latest = before == null ? offset : Math.max(offset, before.offset());
            pins.put(reader, new Pin(latest, bytesMax));
        }
    }

    /**
     * Deletes the files of which every record is below all pins; none when there is no pin. The
     * idempotency keys in them stay remembered.
     */
    public void trim() throws IOException {
        long lowest = Long.MAX_VALUE;
        synchronized (pins) {
            for (Pin pin : pins.values()) {
                lowest = Math.min(lowest, kept(pin));
            }
        }
        if (lowest == Long.MAX_VALUE) {
            return;
        }
        long upTo = lowest;
        committer.exclusively(target -> trim(upTo, target));
        for (Path file = trimmed.poll(); file != null; file = trimmed.poll()) {
            try {
                disk.deleteGradually(file);
            } catch (IOException | RuntimeException failure) {
                trimmed.add(file);
                throw failure;
            }
        }
    }

    /**
     * Ends the file that is being written, if it is large, so that trimming need not keep it for
     * what comes next: the next append begins another one.
     */
    public void endFile() throws IOException {
        committer.exclusively(target -> {
            List<JournalFile> all = files.all();
            if (!all.isEmpty() && all.getLast().readableBytes() >= Limits.TRIM_LAST_BYTES_MIN) {
                if (target.hasUnforced()) {
                    target.force(target.endOffset());
                }
                target.end();
            }
        });
    }

    /** The bytes of the files that are kept only because {@code reader} has pinned them. */
    public long bytesHeldBy(String reader) {
        long own = Long.MAX_VALUE;
        long others = Long.MAX_VALUE;
        synchronized (pins) {
            for (Map.Entry<String, Pin> pin : pins.entrySet()) {
                long offset = kept(pin.getValue());
                if (pin.getKey().equals(reader)) {
                    own = offset;
                } else {
                    others = Math.min(others, offset);
                }
            }
        }
        long bytes = 0;
        for (JournalFile file : files.all()) {
            long end = file.endOffset();
            bytes += end > own && end <= others ? file.readableBytes() : 0;
        }
        return bytes;
    }

    private long kept(Pin pin) {
        return Math.max(pin.offset(), endBefore(pin.bytesMax()));
    }

    /** How it is now. */
    public JournalStatus status() {
        boolean hasRoom = closed || room.has(0);
        JournalStatus.State state =
                closed
                        ? JournalStatus.State.CLOSED
                        : committer.isFailed()
                                ? JournalStatus.State.FAILED
                                : hasRoom ? JournalStatus.State.WRITABLE : JournalStatus.State.FULL;
        String reason =
                switch (state) {
                    case WRITABLE -> "";
                    case FULL -> room.message();
                    case FAILED -> String.valueOf(committer.stopped().getMessage());
                    case CLOSED -> "closed";
                };
        Map<String, Long> pinned = new TreeMap<>();
        synchronized (pins) {
            pins.forEach((name, pin) -> pinned.put(name, pin.offset()));
        }
        Distribution forceNanos = writer.forceNanos();
        return new JournalStatus(
                state,
                reason,
                files.all().size(),
                files.bytes(),
                firstOffset(),
                durableEnd(),
                room.usableBytes(),
                queue.bytes(),
                tail.frames(),
                tail.bytes(),
                keys.size(),
                damages.damages(),
                damages.count(),
                damages.lostRecords(),
                committer.appends(),
                committer.records(),
                committer.bodyBytes(),
                writer.writtenBytes(),
                forceNanos.count(),
                writer.failedForces(),
                refusedFull.get(),
                refusedOverload.get(),
                committer.requestsPerForce(),
                forceNanos,
                pinned);
    }

    /** Writes what waits, and ends; readers get an {@link IOException} from then on. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        committer.close();
        tail.close();
        committer.exclusively(target -> {
            try {
                if (target.hasUnforced()) {
                    target.force(target.endOffset());
                }
                /* Only a start that goes by it needs it to be durable: after `interval`, to know
                 * that nothing was lost. Otherwise the keys are in the files as well. */
                boolean durably = config.sync() == SyncPolicy.INTERVAL;
                keys.save(target.endOffset(), target.ceiling(), 0, durably);
            } finally {
                target.end();
            }
        });
    }

    private Appended write(Append request) {
        if (committer.isFailed()) {
            throw committer.stopped();
        }
        if (room.isFull() && !room.has(request.bodyLength())) {
            refusedFull.incrementAndGet();
            throw committer.full();
        }
        PendingAppend pending = new PendingAppend(request, config.codec());
        switch (queue.offer(pending)) {
            case TAKEN -> {
                try {
                    return pending.await();
                } catch (BelfryException refused) {
                    if (refused.code() == ErrorCode.STORAGE_FULL) {
                        refusedFull.incrementAndGet();
                    }
                    throw refused;
                }
            }
            case TOO_MUCH -> {
                refusedOverload.incrementAndGet();
                throw new BelfryException(
                        ErrorCode.OVERLOADED,
                        ("journal: %d bytes wait to be written (expected: at most %d); send again "
                                        + "later")
                                .formatted(queue.bytes(), config.waitingBytesMax()));
            }
            case CLOSED ->
                    throw new BelfryException(
                            ErrorCode.OVERLOADED, "journal: closed (expected: open)");
        }
        throw new IllegalStateException("BUG: unreachable");
    }

    private void lostAtEnd(String reader, long seen, JournalWriter target) {
        List<JournalFile> all = files.all();
        Path file = all.isEmpty() ? folder : all.getLast().path();
        long end = all.isEmpty() ? 0 : all.getLast().readableBytes();
        damages.report(
                Damage.Kind.LOST,
                file,
                end,
                end,
                durableEnd(),
                seen,
                reader + " has seen records that the journal does not have");
        target.jumpBeyond(seen);
    }

    /** Where the oldest files end that are more than {@code bytes} behind the end. */
    private long endBefore(long bytes) {
        List<JournalFile> all = files.all();
        long left = bytes;
        for (int index = all.size() - 1; index >= 0; index--) {
            left -= all.get(index).readableBytes();
            if (left < 0) {
                int newestGone = Math.min(index, all.size() - 2);
                return newestGone < 0 ? 0 : all.get(newestGone).endOffset();
            }
        }
        return 0;
    }

    /** Takes from the set what ends before {@code lowest}. */
    private void trim(long lowest, JournalWriter target) throws IOException {
        List<JournalFile> all = files.all();
        if (all.isEmpty() || all.getFirst().endOffset() > lowest) {
            return;
        }
        JournalFile last = all.getLast();
        boolean withLast =
                last.endOffset() <= lowest
                        && last.endOffset() > last.baseOffset()
                        && last.readableBytes() >= Limits.TRIM_LAST_BYTES_MIN;
        List<JournalFile> gone =
                all.stream()
                        .filter(file -> file.endOffset() <= lowest)
                        .filter(file -> withLast || !file.path().equals(last.path()))
                        .toList();
        if (gone.isEmpty()) {
            return;
        }
        if (target.hasUnforced()) {
            target.force(target.endOffset());
        }
        /* Durable before the first deletion; the deletions need no force: what comes back after a
         * crash is known to be trimmed. */
        JournalFile newest = gone.getLast();
        long trimmedTo = Math.max(newest.endOffset(), newest.baseOffset() + 1); // it may be empty
        keys.save(target.endOffset(), target.ceiling(), trimmedTo, true);
        if (withLast) {
            target.end();
        }
        for (JournalFile file : gone) {
            files.removeFirst();
            trimmed.add(file.path());
        }
    }

    /** From where a reader needs the journal, and how much of it at most. */
    private record Pin(long offset, long bytesMax) {}
}

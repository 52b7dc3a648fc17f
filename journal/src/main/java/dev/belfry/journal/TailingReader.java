package dev.belfry.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A reader that takes from memory what is there, and the rest from the files. */
final class TailingReader implements JournalReader {
    private final String name;
    private final Set<Stream> streams;
    private final MemoryTail tail;
    private final FileReader files;
    private long position;
    private volatile boolean woken;

    TailingReader(String name, Set<Stream> streams, MemoryTail tail, FileReader files) {
        this.name = name;
        this.streams = Set.copyOf(streams);
        this.tail = tail;
        this.files = files;
        this.position = files.position();
        tail.attach(this, this.streams, position);
    }

    @Override
    public List<Frame> poll(int maxFrames, long maxBytes, Duration timeout)
            throws InterruptedException, IOException {
        List<Frame> frames = new ArrayList<>();
        long deadline = System.nanoTime() + timeout.toNanos();
        long start = position;
        while (frames.isEmpty() && position == start) {
            long wait = woken ? 0 : deadline - System.nanoTime();
            boolean more = tail.awaitBeyond(this, position, wait, () -> woken);
            if (tail.isClosed()) {
                throw new IOException("journal: closed (expected: open), reader " + name);
            }
            if (!more) {
                break;
            }
            read(maxFrames, maxBytes, frames);
        }
        return frames;
    }

    @Override
    public void wake() {
        woken = true;
        tail.wakeAll();
    }

    @Override
    public void catchUp() {
        tail.hurry(this);
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long lostRecords() {
        return files.lostRecords();
    }

    @Override
    public void close() {
        tail.detach(this);
        files.close();
    }

    private void read(int maxFrames, long maxBytes, List<Frame> frames) throws IOException {
        long reached = tail.read(this, position, streams, maxFrames, maxBytes, frames);
        if (reached >= 0) {
            position = reached;
            return;
        }
        files.seek(position);
        files.read(tail.endOffset(), maxFrames, maxBytes, frames);
        position = files.position();
    }

    @Override
    public String toString() {
        return name + "@" + position;
    }
}

package dev.belfry.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Reads the journal's durable frames in order from a position of its own; for one thread.
 *
 * <p>A reader that keeps up is served from memory; one that is behind, from the files. Both see the
 * same. Offsets may jump over what was damaged, trimmed or abandoned after a failed write.
 */
public interface JournalReader extends AutoCloseable {
    /**
     * The next frames of the reader's streams; waits up to {@code timeout} for the first. A frame
     * that holds the reader's start in its middle is returned whole.
     *
     * @param maxFrames at most so many
     * @param maxBytes at most so many bytes of bodies, but always at least one frame
     * @return empty when there was none in time, and when frames of other streams were passed over:
     *     then {@link #position} has moved
     * @throws IOException when a file cannot be read (damage is skipped, not thrown), or when the
     *     journal was closed
     */
    List<Frame> poll(int maxFrames, long maxBytes, Duration timeout)
            throws InterruptedException, IOException;

    /**
     * From another thread: a poll goes beyond all that is durable now. Without this, frames of
     * other streams are passed over when it suits: while a poll has nothing else to wait for, that
     * may take until its timeout.
     */
    void catchUp();

    /**
     * From another thread: a poll that waits returns at once, and none after it waits, so that the
     * thread that reads can be ended without waiting for its timeout.
     */
    void wake();

    /** The offset after the last frame that was returned or skipped. */
    long position();

    /** How many records were gone when this reader came to them: damaged, or trimmed. */
    long lostRecords();

    @Override
    void close();
}

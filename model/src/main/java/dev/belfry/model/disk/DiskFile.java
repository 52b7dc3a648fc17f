package dev.belfry.model.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** An open file; safe for many readers and one writer. */
public interface DiskFile extends Closeable {
    /**
     * Reads into {@code target} from {@code position} until it is full or the file ends.
     *
     * @return the bytes read, 0 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Writes all of {@code source} at {@code position}; durable after {@link #force}.
     *
     * @throws DiskFullException when there is no room; part of it may have been written
     */
    void write(ByteBuffer source, long position) throws IOException;

    /** Makes all bytes written so far, and the file's length, durable (fdatasync). */
    void force() throws IOException;

    /**
     * Has the disk take what was written so far, so that a later {@link #force} of this or another
     * file waits less; of a long file that is written at once. Nothing is durable by it.
     *
     * @throws IOException when that failed: as if {@link #force} had
     */
    default void writeBack() throws IOException {}

    /** Cuts the file to {@code sizeBytes}. */
    void truncate(long sizeBytes) throws IOException;

    /** The file's length in bytes. */
    long size() throws IOException;

    /**
     * The file's bytes as memory to read, valid until {@code arena} is closed, whether or not this
     * is. The real disk maps the file; this one reads all of it.
     */
    default MemorySegment map(Arena arena) throws IOException {
        MemorySegment copy = arena.allocate(size());
        for (long at = 0; at < copy.byteSize(); ) {
            long part = Math.min(copy.byteSize() - at, Integer.MAX_VALUE);
            int read = read(copy.asSlice(at, part).asByteBuffer(), at);
            if (read == 0) {
                throw new EOFException("the end at " + at + " (expected: " + size() + ")");
            }
            at += read;
        }
        return copy;
    }

    @Override
    void close() throws IOException;
}

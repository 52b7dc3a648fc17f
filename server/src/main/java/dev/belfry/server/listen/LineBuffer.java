package dev.belfry.server.listen;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** What was read from a connection and not yet used; for one thread. */
final class LineBuffer implements AutoCloseable {
    /*
     * A read gives 128 KiB at most, however much waits: the socket copies that much at a time. So what waits is read
     * until none does or the buffer is full, since a batch costs a force, some switches of threads and an array for each
     * of its columns, whether it has 400 lines or 3,500. The buffer grows when more waits, as far as there is room.
     */
    private static final int FIRST_BYTES = 16 << 10;
    private static final int BYTES_MAX = 1 << 20;

    private final InputStream input;
    private final int freeBytes;
    private final BufferRoom room;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    /**
     * Reads from {@code input}.
     *
     * @param freeBytes up to this length a buffer takes no room
     */
    LineBuffer(InputStream input, int freeBytes, BufferRoom room) {
        this.input = input;
        this.freeBytes = freeBytes;
        this.room = room;
    }

    /** The bytes; the first {@link #size} count. */
    byte[] bytes() {
        return bytes;
    }

    /** How many bytes count. */
    int size() {
        return size;
    }

    /** Waits for bytes, and reads what else has come; false when the connection is at its end. */
    boolean fill() throws IOException {
        if (size == bytes.length) {
            grow(1);
        } else if (bytes.length > freeBytes && size < FIRST_BYTES && input.available() == 0) {
            resize(FIRST_BYTES);
        }
        int read = input.read(bytes, size, bytes.length - size);
        if (read < 0) {
            return false;
        }
        size += read;
        try {
            readOn();
        } catch (IOException broken) {
            /* What was read is used first; the next read says it again. */
            return true;
        }
        return true;
    }

    private void readOn() throws IOException {
        int more = input.available();
        while (more > 0 && (size < bytes.length || grow(more))) {
            int read = input.read(bytes, size, Math.min(more, bytes.length - size));
            if (read < 0) {
                return;
            }
            size += read;
            more = input.available();
        }
    }

    /** Forgets the bytes before {@code from}. */
    void drop(int from) {
        size -= from;
        System.arraycopy(bytes, from, bytes, 0, size);
    }

    /* Gives back the room. */
    @Override
    public void close() {
        room.give(cost(bytes.length));
    }

    /* To hold {@code more}, as far as there is room; at least to what takes none. */
    private boolean grow(int more) {
        int most = Math.max(BYTES_MAX, freeBytes);
        int length = bytes.length;
        while (length < most && length < size + more) {
            length = Math.min(most, 2 * length);
        }
        return length > bytes.length
                && (resize(length) || bytes.length < freeBytes && resize(freeBytes));
    }

    private boolean resize(int length) {
        int more = cost(length) - cost(bytes.length);
        if (more > 0 && !room.take(more)) {
            return false;
        }
        room.give(Math.max(0, -more));
        bytes = Arrays.copyOf(bytes, length);
        return true;
    }

    private int cost(int length) {
        return length <= freeBytes ? 0 : length;
    }
}

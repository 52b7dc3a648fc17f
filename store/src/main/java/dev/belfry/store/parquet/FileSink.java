package dev.belfry.store.parquet;

import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends to a new file through a buffer; for one thread. */
final class FileSink {
    private static final int BUFFER_SIZE = 1 << 18;

    private final DiskFile file;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private int filled;
    private long written;

    FileSink(DiskFile file) {
        this.file = file;
    }

    /** Where the next byte goes. */
    long position() {
        return written + filled;
    }

    void put(byte[] source, int from, int length) throws IOException {
        if (length > buffer.length - filled) {
            flush();
        }
        if (length >= buffer.length) {
            file.write(ByteBuffer.wrap(source, from, length), written);
            written += length;
        } else {
            System.arraycopy(source, from, buffer, filled, length);
            filled += length;
        }
    }

    void flush() throws IOException {
        if (filled > 0) {
            file.write(ByteBuffer.wrap(buffer, 0, filled), written);
            written += filled;
            filled = 0;
        }
    }
}

package dev.belfry.store.parquet;

import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends to a new file through a buffer; for one thread. */
final class FileSink {
    private static final int BUFFER_SIZE = 1 << 18;

    /** The journal's force waits for what another's has begun to write: so little at once. */
    private static final int WRITTEN_BACK = 1 << 20;

    private final DiskFile file;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private int filled;
    private long written;
    private long writtenBack;

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
            write(source, from, length);
        } else {
            System.arraycopy(source, from, buffer, filled, length);
            filled += length;
        }
    }

    void flush() throws IOException {
        if (filled > 0) {
            write(buffer, 0, filled);
            filled = 0;
        }
    }

    private void write(byte[] source, int from, int length) throws IOException {
        file.write(ByteBuffer.wrap(source, from, length), written);
        written += length;
        if (written - writtenBack >= WRITTEN_BACK) {
            file.writeBack();
            writtenBack = written;
        }
    }
}

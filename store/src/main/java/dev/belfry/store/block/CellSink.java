package dev.belfry.store.block;

import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.wire.WireWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends to the file of a block through a buffer; for one thread. */
final class CellSink implements Closeable {
    private static final int BUFFER_BYTES = 1 << 18;

    private final DiskFile file;
    private final WireWriter buffer = new WireWriter(2 * BUFFER_BYTES);
    private long written;

    CellSink(DiskFile file) {
        this.file = file;
    }

    /** Where the next byte goes. */
    long position() {
        return written + buffer.size();
    }

    void header() {
        buffer.i64(BlockFormat.MAGIC);
        buffer.i32(BlockFormat.VERSION);
        buffer.i32(0);
    }

    /** Appends a cell; where it begins. */
    long cell(byte[] bytes, int from, int length) throws IOException {
        long place = position();
        buffer.varint(length);
        buffer.i32(BlockFormat.crc(bytes, from, length));
        bytes(bytes, from, length);
        return place;
    }

    void bytes(byte[] bytes, int from, int length) throws IOException {
        buffer.bytes(bytes, from, length);
        if (buffer.size() >= BUFFER_BYTES) {
            flush();
        }
    }

    private void flush() throws IOException {
        file.write(ByteBuffer.wrap(buffer.array(), 0, buffer.size()), written);
        written += buffer.size();
        buffer.clear();
    }

    void force() throws IOException {
        flush();
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

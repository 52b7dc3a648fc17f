package dev.belfry.store.parquet;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.store.column.ReadCost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Where the bytes of a column chunk stand. */
sealed interface ChunkBytes {
    /**
     * Points {@code workspace.source()} at {@code length} bytes from {@code from} (in the chunk)
     * on; they stay until the workspace is used again.
     */
    void load(int from, int length, Workspace workspace, ReadCost cost) throws IOException;

    /** The damage at byte {@code at} of the chunk, as the caller of the store should see it. */
    IOException corrupt(int at, String found);

    /** A chunk just encoded. */
    record Memory(byte[] data) implements ChunkBytes {
        @Override
        public void load(int from, int length, Workspace workspace, ReadCost cost) {
            workspace.source().reset(data, from, from + length);
        }

        @Override
        public IOException corrupt(int at, String found) {
            throw new IllegalStateException("BUG: chunk in memory at byte " + at + ": " + found);
        }
    }

    /** A chunk in a file, from byte {@code start} on. */
    record Stored(DiskFile file, Path path, long start) implements ChunkBytes {
        @Override
        public void load(int from, int length, Workspace workspace, ReadCost cost)
                throws IOException {
            byte[] target = workspace.input(length);
            int read = file.read(ByteBuffer.wrap(target, 0, length), start + from);
            cost.addBytes(read);
            if (read != length) {
                throw corrupt(from + read, "the end of the file");
            }
            workspace.source().reset(target, 0, length);
        }

        @Override
        public IOException corrupt(int at, String found) {
            return new CorruptFileException(path, start + at, found, "a page of a column chunk");
        }
    }
}

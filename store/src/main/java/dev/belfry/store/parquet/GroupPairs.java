package dev.belfry.store.parquet;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.filter.PairFilter;
import dev.belfry.store.filter.PairLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The pairs of words in a row group, wherever their filter is. */
sealed interface GroupPairs permits GroupPairs.None, GroupPairs.Memory, GroupPairs.Stored {
    /** The parts of the group that may have each of {@code pairs} ({@link PairFilter}). */
    int parts(long[] pairs, ReadCost cost);

    /** The filter's blocks; null without one. */
    @Nullable PairLayout layout();

    /**
     * The filter as it stands in its file; empty without one.
     *
     * @throws CorruptFileException when it is damaged
     */
    byte[] toBytes() throws IOException;

    /** No filter: anything may be in each part. */
    record None() implements GroupPairs {
        @Override
        public int parts(long[] pairs, ReadCost cost) {
            return PairFilter.ALL_PARTS;
        }

        @Override
        public @Nullable PairLayout layout() {
            return null;
        }

        @Override
        public byte[] toBytes() {
            return new byte[0];
        }
    }

    /** One just built. */
    record Memory(PairFilter filter) implements GroupPairs {
        @Override
        public int parts(long[] pairs, ReadCost cost) {
            int parts = PairFilter.ALL_PARTS;
            for (long pair : pairs) {
                parts &= filter.parts(pair);
            }
            return parts;
        }

        @Override
        public PairLayout layout() {
            return filter.layout();
        }

        @Override
        public byte[] toBytes() {
            return filter.bytes();
        }
    }

    /** One in a file: a question reads a block for each pair. */
    final class Stored implements GroupPairs {
        private final FilterCache cache;
        private final DiskFile file;
        private final Path path;
        private final long at;
        private final PairLayout layout;
        private volatile boolean damaged;

        Stored(FilterCache cache, DiskFile file, Path path, long at, PairLayout layout) {
            this.cache = cache;
            this.file = file;
            this.path = path;
            this.at = at;
            this.layout = layout;
        }

        @Override
        public int parts(long[] pairs, ReadCost cost) {
            int parts = PairFilter.ALL_PARTS;
            for (int i = 0; i < pairs.length && parts != 0 && !damaged; i++) {
                int block = layout.blockOf(pairs[i]);
                byte[] bytes = cache.borrow();
                try {
                    load(block, 1, bytes);
                    cost.addBytes(layout.blockSize());
                    parts &= layout.parts(bytes, 0, pairs[i]);
                } catch (IOException failure) {
                    tell(failure);
                } finally {
                    cache.giveBack(bytes);
                }
            }
            return damaged ? PairFilter.ALL_PARTS : parts;
        }

        @Override
        public PairLayout layout() {
            return layout;
        }

        @Override
        public byte[] toBytes() throws IOException {
            byte[] bytes = new byte[Math.toIntExact(layout.sizeBytes())];
            load(0, layout.blockCount(), bytes);
            return bytes;
        }

        private void load(int block, int count, byte[] bytes) throws IOException {
            int blockSize = layout.blockSize();
            int size = count * blockSize;
            long from = at + (long) block * blockSize;
            if (file.read(ByteBuffer.wrap(bytes, 0, size), from) != size) {
                throw new CorruptFileException(path, from, "the end of the file", "a filter");
            }
            for (int start = 0; start < size; start += blockSize) {
                if (!layout.isSound(bytes, start)) {
                    throw new CorruptFileException(
                            path, from + start, "another checksum", "a block of a filter");
                }
            }
        }

        /** Counts the filter as damaged from now on, and tells it the first time. */
        synchronized void tell(IOException failure) {
            if (!damaged) {
                damaged = true;
                cache.tell(failure);
            }
        }
    }
}

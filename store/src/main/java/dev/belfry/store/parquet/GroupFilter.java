package dev.belfry.store.parquet;

import dev.belfry.store.filter.BinaryFuse8;
import java.io.IOException;

/** The filter of a row group, wherever it is. */
sealed interface GroupFilter permits GroupFilter.None, GroupFilter.Memory, FilterCache.Stored {
    /** Whether a row may hold the hash. */
    boolean mayContain(long hash);

    /** The bytes of the filter in its file; 0 without one. */
    int sizeBytes();

    /** The filter as it stands in its file; empty without one. */
    byte[] toBytes() throws IOException;

    /** No filter: anything may be in the group. */
    record None() implements GroupFilter {
        @Override
        public boolean mayContain(long hash) {
            return true;
        }

        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public byte[] toBytes() {
            return new byte[0];
        }
    }

    /** One just built. */
    record Memory(BinaryFuse8 filter) implements GroupFilter {
        @Override
        public boolean mayContain(long hash) {
            return filter.mayContain(hash);
        }

        @Override
        public int sizeBytes() {
            return filter.sizeBytes();
        }

        @Override
        public byte[] toBytes() {
            return filter.toBytes();
        }
    }
}

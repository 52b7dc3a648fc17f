package dev.belfry.store.parquet;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.store.filter.BinaryFuse8;
import dev.belfry.store.filter.PairLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The filters of open segments that are in memory, within a budget. Safe for many threads. */
public final class FilterCache {
    /*
     * A clock: filters stand in a ring in the order of loading; over the budget the first goes,
     * unless it was asked since it last stood there (then it goes to the end). So a test costs two
     * volatile reads and no lock.
     */
    /** The budget that the store takes when nothing else is configured, bytes. */
    public static final long DEFAULT_BUDGET_BYTES = 64L << 20;

    private final ArrayDeque<Stored> ring = new ArrayDeque<>();
    private final ArrayDeque<byte[]> blocks = new ArrayDeque<>();
    private final long budgetBytes;
    private final Consumer<IOException> onDamage;
    private long sizeBytes;

    /**
     * A cache of at most {@code budgetBytes}.
     *
     * @param onDamage told once of each filter that cannot be read; such a filter answers "maybe"
     */
    public FilterCache(long budgetBytes, Consumer<IOException> onDamage) {
        this.budgetBytes = budgetBytes;
        this.onDamage = onDamage;
    }

    /** Tells of a file of filters that cannot be read. */
    void tell(IOException damage) {
        onDamage.accept(damage);
    }

    /** The bytes kept now. */
    public synchronized long sizeBytes() {
        return sizeBytes;
    }

    private synchronized boolean isFreeFor(int length) {
        return sizeBytes + length <= budgetBytes / 2;
    }

    /** Lends an array for a block of pairs, to be given back by {@link #giveBack}. */
    byte[] borrow() {
        byte[] kept;
        synchronized (blocks) {
            kept = blocks.pollLast();
        }
        return kept == null ? new byte[PairLayout.BLOCK_SIZE_MAX] : kept;
    }

    void giveBack(byte[] block) {
        synchronized (blocks) {
            if (blocks.size() < Limits.WORKSPACES_KEPT) {
                blocks.addLast(block);
            }
        }
    }

    private synchronized void admit(Stored stored, BinaryFuse8 filter) {
        if (stored.closed) {
            return;
        }
        stored.loaded = filter;
        ring.addLast(stored);
        sizeBytes += filter.sizeBytes();
        while (sizeBytes > budgetBytes) {
            Stored first = ring.removeFirst();
            if (first.used && first != stored) {
                first.used = false;
                ring.addLast(first);
            } else {
                first.loaded = null;
                sizeBytes -= first.length;
            }
        }
    }

    synchronized void close(Collection<Stored> gone) {
        for (Stored stored : gone) {
            stored.closed = true;
            if (stored.loaded != null) {
                ring.remove(stored);
                stored.loaded = null;
                sizeBytes -= stored.length;
            }
        }
    }

    /** A filter in a file. */
    static final class Stored implements GroupFilter {
        private final FilterCache cache;
        private final DiskFile file;
        private final Path path;
        private final long at;
        private final int length;
        private final int crc;
        private volatile @Nullable BinaryFuse8 loaded;
        private volatile boolean used;
        private volatile boolean damaged;
        private volatile boolean closed;

        Stored(FilterCache cache, DiskFile file, Path path, long at, int length, int crc) {
            this.cache = cache;
            this.file = file;
            this.path = path;
            this.at = at;
            this.length = length;
            this.crc = crc;
        }

        @Override
        public boolean mayContain(long hash) {
            BinaryFuse8 filter = loaded;
            if (filter == null) {
                filter = load();
                if (filter == null) {
                    return true;
                }
            }
            if (!used) {
                used = true;
            }
            return filter.mayContain(hash);
        }

        @Override
        public int sizeBytes() {
            return length;
        }

        @Override
        public byte[] toBytes() throws IOException {
            byte[] bytes = new byte[length];
            int read = file.read(ByteBuffer.wrap(bytes), at);
            CRC32 found = new CRC32();
            found.update(bytes);
            if (read != length || (int) found.getValue() != crc) {
                throw new CorruptFileException(
                        path, at, "checksum " + Long.toHexString(found.getValue()), "a filter");
            }
            return bytes;
        }

        private synchronized @Nullable BinaryFuse8 load() {
            BinaryFuse8 filter = loaded;
            if (filter != null || damaged) {
                return filter;
            }
            try {
                filter = BinaryFuse8.from(toBytes());
                if (filter == null) {
                    throw new CorruptFileException(path, at, "other bytes", "a filter");
                }
                cache.admit(this, filter);
                return filter;
            } catch (IOException failure) {
                tell(failure);
                return null;
            }
        }

        /**
         * Reads it before it is asked; false, and nothing is read, when that would take more than
         * half of the cache.
         */
        boolean readAhead() {
            if (loaded == null && !damaged) {
                if (!cache.isFreeFor(length)) {
                    return false;
                }
                load();
            }
            return true;
        }

        /** Counts the filter as damaged from now on, and tells it the first time. */
        synchronized void tell(IOException failure) {
            if (!damaged) {
                damaged = true;
                cache.onDamage.accept(failure);
            }
        }
    }
}

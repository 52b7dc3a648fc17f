package dev.belfry.store.parquet;

import dev.belfry.store.column.Vector;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Dictionaries and decoded pages of segments, the least recently used dropped over a budget; also
 * lends out what readers work with. Safe for many threads.
 */
public final class PageCache implements AutoCloseable {
    /*
     * Reads of some rows keep their pages here: ids, pages of a list and cursors come back to the
     * same ones. Reads of whole columns keep the dictionary, and of plain text, which is dear to
     * inflate, what finds room: a scan drops nothing that was used in the last minute. So a search
     * over far more than fits, from the newest on, leaves the newest here, and the next one finds
     * them.
     */
    /** The budget that the store takes when nothing else is configured, bytes. */
    public static final long DEFAULT_BUDGET_BYTES = 64L << 20;

    private static final int SHARDS = 16;

    /** Of four parts of a shard, those that pages of scans may fill. */
    private static final int OFFERED_QUARTERS = 3;

    /** Unused for so long, an entry makes room for a scan's. */
    private static final long STALE_NANOS = 60_000_000_000L;

    /* Pages that were looked for of late, by a hash; that threads overwrite each other's costs a page a look more. */
    private static final int MISSED_BITS = 12;

    /* A chunk equals itself only. */
    private record Key(ChunkReader chunk, int page) {}

    private static final class Entry {
        final Vector vector;
        final long sizeBytes;
        long usedNanoTime;

        Entry(Vector vector, long sizeBytes, long nanoTime) {
            this.vector = vector;
            this.sizeBytes = sizeBytes;
            this.usedNanoTime = nanoTime;
        }
    }

    private static final class Shard {
        final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
        long sizeBytes;
    }

    private final Shard[] shards = new Shard[SHARDS];
    private final long shardBudgetBytes;
    private final LongSupplier nanoTime;
    private final int[] missed = new int[1 << MISSED_BITS];
    private final ArrayDeque<Workspace> workspaces = new ArrayDeque<>();
    private boolean closed;

    /** A cache of at most {@code budgetBytes}; with 0 nothing is kept. */
    public PageCache(long budgetBytes) {
        this(budgetBytes, System::nanoTime);
    }

    /** The same by another clock. */
    PageCache(long budgetBytes, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        shardBudgetBytes = budgetBytes / SHARDS;
        for (int index = 0; index < SHARDS; index++) {
            shards[index] = new Shard();
        }
    }

    @Nullable Vector get(ChunkReader chunk, int page) {
        Key key = new Key(chunk, page);
        Shard shard = shard(key);
        synchronized (shard) {
            Entry entry = shard.entries.get(key);
            if (entry == null) {
                return null;
            }
            entry.usedNanoTime = nanoTime.getAsLong();
            return entry.vector;
        }
    }

    void put(ChunkReader chunk, int page, Vector vector) {
        long size = Vectors.sizeBytes(vector) + 200;
        if (size > shardBudgetBytes / 2) {
            return;
        }
        Key key = new Key(chunk, page);
        Shard shard = shard(key);
        synchronized (shard) {
            Entry replaced = shard.entries.put(key, new Entry(vector, size, nanoTime.getAsLong()));
            shard.sizeBytes += size - (replaced == null ? 0 : replaced.sizeBytes);
            Iterator<Entry> eldest = shard.entries.values().iterator();
            while (shard.sizeBytes > shardBudgetBytes) {
                shard.sizeBytes -= eldest.next().sizeBytes;
                eldest.remove();
            }
        }
    }

    /**
     * Whether a page that is not kept was looked for here before, not long ago; from now on it was.
     */
    boolean isWantedAgain(ChunkReader chunk, int page) {
        int hash = new Key(chunk, page).hashCode() | 1;
        int slot = (hash * 0x9E3779B9) >>> 32 - MISSED_BITS;
        boolean again = missed[slot] == hash;
        missed[slot] = hash;
        return again;
    }

    /** Whether {@link #offer} would keep such a page now. */
    boolean isOpenFor(ChunkReader chunk, int page, long sizeBytes) {
        long size = sizeBytes + 200;
        long most = shardBudgetBytes / 4 * OFFERED_QUARTERS;
        Shard shard = shard(new Key(chunk, page));
        synchronized (shard) {
            if (shard.sizeBytes + size <= most) {
                return true;
            }
            Iterator<Entry> eldest = shard.entries.values().iterator();
            return size <= most
                    && eldest.hasNext()
                    && nanoTime.getAsLong() - eldest.next().usedNanoTime >= STALE_NANOS;
        }
    }

    /**
     * Keeps the page that {@code vector} makes, of about {@code sizeBytes}, where that needs
     * nothing to be dropped but what nobody used of late.
     */
    void offer(ChunkReader chunk, int page, long sizeBytes, Supplier<Vector> vector) {
        long size = sizeBytes + 200;
        long most = shardBudgetBytes / 4 * OFFERED_QUARTERS;
        Key key = new Key(chunk, page);
        Shard shard = shard(key);
        synchronized (shard) {
            if (size > most || shard.entries.containsKey(key)) {
                return;
            }
            long now = nanoTime.getAsLong();
            Iterator<Entry> eldest = shard.entries.values().iterator();
            while (shard.sizeBytes + size > most) {
                Entry next = eldest.hasNext() ? eldest.next() : null;
                if (next == null || now - next.usedNanoTime < STALE_NANOS) {
                    return;
                }
                shard.sizeBytes -= next.sizeBytes;
                eldest.remove();
            }
            shard.entries.put(key, new Entry(vector.get(), size, now));
            shard.sizeBytes += size;
        }
    }

    /** Drops the pages of the chunks that {@code gone} names. */
    void forget(Predicate<ChunkReader> gone) {
        for (Shard shard : shards) {
            synchronized (shard) {
                Iterator<Map.Entry<Key, Entry>> entries = shard.entries.entrySet().iterator();
                while (entries.hasNext()) {
                    Map.Entry<Key, Entry> entry = entries.next();
                    if (gone.test(entry.getKey().chunk())) {
                        shard.sizeBytes -= entry.getValue().sizeBytes;
                        entries.remove();
                    }
                }
            }
        }
    }

    /** The bytes kept now. */
    public long sizeBytes() {
        long sum = 0;
        for (Shard shard : shards) {
            synchronized (shard) {
                sum += shard.sizeBytes;
            }
        }
        return sum;
    }

    /** Lends a workspace, to be given back by {@link #giveBack}. */
    Workspace borrow() {
        synchronized (workspaces) {
            Workspace kept = workspaces.pollLast();
            if (kept != null) {
                return kept;
            }
        }
        return new Workspace();
    }

    void giveBack(Workspace workspace) {
        workspace.trim();
        synchronized (workspaces) {
            if (!closed && workspaces.size() < Limits.WORKSPACES_KEPT) {
                workspaces.addLast(workspace);
                return;
            }
        }
        workspace.close();
    }

    @Override
    public void close() {
        synchronized (workspaces) {
            closed = true;
            workspaces.forEach(Workspace::close);
            workspaces.clear();
        }
        forget(_ -> true);
    }

    private Shard shard(Key key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return shards[hash >>> 28];
    }
}

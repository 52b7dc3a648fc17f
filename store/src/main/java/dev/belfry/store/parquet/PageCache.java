package dev.belfry.store.parquet;

import dev.belfry.store.column.Vector;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Dictionaries and decoded pages of segments, the least recently used dropped over a budget; also
 * lends out what readers work with. Safe for many threads.
 */
public final class PageCache implements AutoCloseable {
    /*
     * Reads of some rows keep their pages here: ids, pages of a list and cursors come back to the
     * same ones. Reads of whole columns keep the dictionary only, so that a scan does not empty the
     * cache.
     */
    /** The budget that the store takes when nothing else is configured, bytes. */
    public static final long DEFAULT_BUDGET_BYTES = 64L << 20;

    private static final int SHARDS = 16;

    /* A chunk equals itself only. */
    private record Key(ChunkReader chunk, int page) {}

    private record Entry(Vector vector, long sizeBytes) {}

    private static final class Shard {
        final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
        long sizeBytes;
    }

    private final Shard[] shards = new Shard[SHARDS];
    private final long shardBudgetBytes;
    private final ArrayDeque<Workspace> workspaces = new ArrayDeque<>();
    private boolean closed;

    /** A cache of at most {@code budgetBytes}; with 0 nothing is kept. */
    public PageCache(long budgetBytes) {
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
            return entry == null ? null : entry.vector();
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
            Entry replaced = shard.entries.put(key, new Entry(vector, size));
            shard.sizeBytes += size - (replaced == null ? 0 : replaced.sizeBytes());
            Iterator<Entry> eldest = shard.entries.values().iterator();
            while (shard.sizeBytes > shardBudgetBytes) {
                shard.sizeBytes -= eldest.next().sizeBytes();
                eldest.remove();
            }
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
                        shard.sizeBytes -= entry.getValue().sizeBytes();
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

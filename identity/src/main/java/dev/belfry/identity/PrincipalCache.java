package dev.belfry.identity;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Verified tokens in memory: what makes the check of each request cheap. */
final class PrincipalCache {
    /*
     * Every change to users, keys or sessions that can take something away raises the generation
     * after its commit. An entry carries the generation that was read before its rows were read and
     * stands only while that is still the newest. So a revoked key is refused from the moment on at
     * which its revocation is answered, and an entry that was read before the commit and put after
     * it never stands. Changes are rare; after one, each token is read again once.
     */
    private final Map<TokenHash, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();

    /** To be read before the rows that make an entry are read. */
    long generation() {
        return generation.get();
    }

    /** To be called after the commit of a change. */
    void invalidate() {
        generation.incrementAndGet();
        entries.clear();
    }

    /** The principal of {@code hash} if it was verified lately; null: read it again. */
    @Nullable Principal fresh(TokenHash hash, long nowMillis) {
        Entry entry = entries.get(hash);
        return entry != null
                        && entry.generation == generation.get()
                        && nowMillis < entry.freshUntilMillis
                        && nowMillis < entry.expiresAtMillis
                ? entry.principal
                : null;
    }

    /** What stands in when the store does not answer: not too old, not expired, not changed. */
    @Nullable Principal stale(TokenHash hash, long nowMillis) {
        Entry entry = entries.get(hash);
        if (entry == null
                || entry.generation != generation.get()
                || nowMillis >= entry.readAtMillis + Limits.STALE_MAX.toMillis()
                || nowMillis >= entry.expiresAtMillis) {
            return null;
        }
        long untilMillis = nowMillis + Limits.RETRY_AFTER.toMillis();
        entries.replace(hash, entry, entry.freshUntil(untilMillis));
        return entry.principal;
    }

    void put(TokenHash hash, Entry entry) {
        if (entries.size() >= Limits.CACHED_MAX) {
            makeRoom();
        }
        entries.put(hash, entry);
    }

    void remove(TokenHash hash) {
        entries.remove(hash);
    }

    int size() {
        return entries.size();
    }

    /** Drops a tenth, in no order: the map is of hashes, and the dropped are only read again. */
    private void makeRoom() {
        Iterator<TokenHash> keys = entries.keySet().iterator();
        for (int i = 0; i < Limits.CACHED_MAX / 10 && keys.hasNext(); i++) {
            keys.next();
            keys.remove();
        }
    }

    /** A verified token: as read at {@code readAtMillis} in {@code generation}. */
    record Entry(
            Principal principal,
            long generation,
            long readAtMillis,
            long freshUntilMillis,
            long expiresAtMillis) {
        Entry freshUntil(long untilMillis) {
            return new Entry(principal, generation, readAtMillis, untilMillis, expiresAtMillis);
        }
    }
}

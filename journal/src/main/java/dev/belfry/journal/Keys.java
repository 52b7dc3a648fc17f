package dev.belfry.journal;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Sees to it that a request that is sent twice is written once. */
final class Keys {
    private record Key(long high, long low) {
        static Key of(Idempotency idempotency) {
            return new Key(idempotency.keyHashHigh(), idempotency.keyHashLow());
        }
    }

    private final IdempotencyIndex index;
    private final KeyFiles files;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition finished = lock.newCondition();
    private final Map<Key, Idempotency> inFlight = new HashMap<>();

    Keys(IdempotencyIndex index, KeyFiles files) {
        this.index = index;
        this.files = files;
    }

    /**
     * Claims {@code key} for the caller, who must {@link #release} it; waits while another has it.
     *
     * @return what was appended with it before; null when the caller now has it
     * @throws BelfryException when it was used with another body
     */
    @Nullable Appended claim(Idempotency key, long nowMillis) {
        lock.lock();
        try {
            while (true) {
                Idempotency other = inFlight.get(Key.of(key));
                if (other == null) {
                    break;
                }
                requireSameBody(key, other);
                finished.awaitUninterruptibly();
            }
            IdempotencyIndex.Entry known = index.find(key, nowMillis);
            if (known == null) {
                inFlight.put(Key.of(key), key);
                return null;
            }
            requireSameBody(key, known.key());
            return new Appended(0, known.baseOffset(), known.count(), known.receivedMillis(), true);
        } finally {
            lock.unlock();
        }
    }

    void release(Idempotency key) {
        lock.lock();
        try {
            inFlight.remove(Key.of(key));
            finished.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Remembers the keys of appends that are durable now, in the order of their offsets. */
    void remember(List<PendingAppend> group, long baseOffset, long receivedMillis) {
        lock.lock();
        try {
            long offset = baseOffset;
            for (PendingAppend append : group) {
                Idempotency key = append.request().idempotency();
                int count = append.request().count();
                if (key != null) {
                    index.put(new IdempotencyIndex.Entry(key, offset, count, receivedMillis));
                }
                offset += count;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes what is remembered survive the files up to {@code trimmedTo}, which are then deleted.
     */
    void save(long durableEnd, long ceiling, long trimmedTo, boolean durably) throws IOException {
        lock.lock();
        try {
            files.write(index, durableEnd, ceiling, trimmedTo, durably);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return index.size();
        } finally {
            lock.unlock();
        }
    }

    private static void requireSameBody(Idempotency key, Idempotency first) {
        if (key.bodyHashHigh() != first.bodyHashHigh()
                || key.bodyHashLow() != first.bodyHashLow()) {
            throw new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "Idempotency-Key: used before with another body (expected: the same body, or a "
                            + "new key)");
        }
    }
}

package dev.belfry.identity;

import dev.belfry.identity.IdentityConfig.LockOut;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Counts failed logins and says who must wait; in memory, bounded. */
final class LoginThrottle {
    /*
     * Failures are counted for (user name, address) and for the address alone:
     *
     *   failures   1 … freeTries-1    no delay
     *   failures   freeTries …        1 s, 2 s, 4 s … after the last one
     *   failures   failuresMax        locked for `duration`, counted from the last one
     *
     * Those of a pair count until none came for `duration`; those of an address only within a window
     * of that length, so that one wrong agent does not lock out its whole network over the hours.
     *
     * A lock-out of the name alone would let anybody lock anybody out; one of the address alone
     * would let one wrong agent behind a gateway lock all out, so its bound is much higher. An IPv6
     * client owns a /64 at least: the address is its first four groups. The map is in the order of
     * the last failure; the one that has been quiet for longest is forgotten first.
     */
    private final LockOut rules;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Failures> failures =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                    return size() > Limits.THROTTLED_MAX;
                }
            };

    LoginThrottle(LockOut rules, InstantSource clock) {
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * Returns when a login may be tried.
     *
     * @throws BelfryException {@code RATE_LIMITED} with {@code retry_after_seconds}
     */
    void check(String foldedUsername, String address) {
        long nowMillis = clock.millis();
        lock.lock();
        try {
            long waitMillis =
                    Math.max(
                            waitMillis(failures.get(pair(foldedUsername, address)), nowMillis),
                            addressWaitMillis(failures.get(network(address)), nowMillis));
            if (waitMillis > 0) {
                long seconds = (waitMillis + 999) / 1000;
                throw new BelfryException(
                        ErrorCode.RATE_LIMITED,
                        "too many failed logins (try again in " + seconds + " s)",
                        Map.of("retry_after_seconds", seconds));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failure; true when it is the one that locks (name, address) or the address. */
    boolean failed(String foldedUsername, String address) {
        long nowMillis = clock.millis();
        lock.lock();
        try {
            int ofPair = countOfPair(pair(foldedUsername, address), nowMillis);
            int ofAddress = countOfAddress(network(address), nowMillis);
            return ofPair == rules.failuresMax() || ofAddress == rules.addressFailuresMax();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the failures of the pair; those of the address stay, they may be of other names. */
    void succeeded(String foldedUsername, String address) {
        lock.lock();
        try {
            failures.remove(pair(foldedUsername, address));
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return failures.size();
        } finally {
            lock.unlock();
        }
    }

    private int countOfPair(String key, long nowMillis) {
        Failures before = failures.get(key);
        boolean counts = before != null && nowMillis - before.lastMillis < durationMillis();
        return put(key, counts ? before : null, nowMillis);
    }

    private int countOfAddress(String key, long nowMillis) {
        Failures before = failures.get(key);
        boolean counts = before != null && nowMillis - before.firstMillis < durationMillis();
        return put(key, counts ? before : null, nowMillis);
    }

    private int put(String key, @Nullable Failures before, long nowMillis) {
        Failures after =
                before == null
                        ? new Failures(1, nowMillis, nowMillis)
                        : new Failures(before.count + 1, before.firstMillis, nowMillis);
        failures.put(key, after);
        return after.count;
    }

    private long durationMillis() {
        return rules.duration().toMillis();
    }

    private long waitMillis(@Nullable Failures of, long nowMillis) {
        if (of == null || of.count < rules.freeTries()) {
            return 0;
        }
        long lockMillis = durationMillis();
        int doublings = Math.min(of.count - rules.freeTries(), 20);
        long delayMillis =
                of.count >= rules.failuresMax()
                        ? lockMillis
                        : Math.min(lockMillis, 1000L << doublings);
        return of.lastMillis + delayMillis - nowMillis;
    }

    private long addressWaitMillis(@Nullable Failures of, long nowMillis) {
        if (of == null || of.count < rules.addressFailuresMax()) {
            return 0;
        }
        return of.lastMillis + durationMillis() - nowMillis;
    }

    private static String pair(String foldedUsername, String address) {
        return foldedUsername + '\n' + network(address);
    }

    /** An IPv4 address as it is, of an IPv6 address its first four groups. */
    static String network(String address) {
        int colons = 0;
        String plain = address.toLowerCase(Locale.ROOT);
        if (plain.startsWith("::ffff:") && plain.indexOf('.') > 0) {
            return plain.substring(7);
        }
        for (int i = 0; i < plain.length(); i++) {
            if (plain.charAt(i) == ':') {
                colons++;
                boolean compressed = i + 1 < plain.length() && plain.charAt(i + 1) == ':';
                if (compressed || colons == 4) {
                    return plain.substring(0, i) + "::/64";
                }
            }
        }
        return plain;
    }

    private record Failures(int count, long firstMillis, long lastMillis) {}
}

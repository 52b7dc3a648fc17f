package dev.belfry.server.http;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Memory of bodies that are in work, all together and by sender bounded; safe for many threads. */
public final class InFlight {
    /*
     *   arriving ──whole()──► whole ──close()──► closed
     *      └── a faster body needs the room ───────▲
     *
     * A body takes room in steps, as its bytes come: what is only announced costs nothing. When a step does not
     * fit, slower ones of those that are arriving make room for it; if there are none, it is the one that is
     * refused. What is whole counts as the fastest and never makes room. So nothing waits, the fastest body always
     * comes through or finds bodies in work only, and those end by themselves.
     *
     * Slower ones are mostly old ones. They are looked for in the order of their age, the slowest of some first,
     * and given up after so many that do not help: a hundred thousand bodies of a byte must not cost a look at
     * all others each.
     *
     * A sender has half of the room; small bodies have an eighth more that large ones never take. Over a bound
     * is one body that is alone within it.
     */
    /** What a byte of a body costs while it is decoded, encoded and written, at most about. */
    public static final int COST = 4;

    private static final long SMALL = (64L << 10) * COST;
    private static final int CHOICE = 64;
    private static final int LOOKS_IN_VAIN = 1024;

    private final long maxBytes;
    private final LongSupplier nanoTime;
    private final BodyArrays arrays;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Share> arriving = new LinkedHashSet<>();
    private final Map<String, Long> owners = new HashMap<>();
    private long arrivingBytes;
    private volatile long bytes;

    /** At most {@code maxBytes} at once. */
    public InFlight(long maxBytes) {
        this(maxBytes, System::nanoTime);
    }

    /** The same by another clock. */
    InFlight(long maxBytes, LongSupplier nanoTime) {
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
        this.arrays = new BodyArrays(maxBytes / (2 * COST));
    }

    /**
     * A share for a body of {@code owner} that is arriving.
     *
     * @param evicted is told, by any thread, when its room went to a faster body
     */
    Share arriving(String owner, Runnable evicted) {
        return new Share(owner, evicted);
    }

    /** Where the arrays of bodies come from and go to. */
    BodyArrays arrays() {
        return arrays;
    }

    /** How many bytes are held now. */
    public long bytes() {
        return bytes;
    }

    /** What a body is told that finds no room. */
    static BelfryException refusal() {
        return new BelfryException(
                ErrorCode.RATE_LIMITED,
                "bodies in work: over limits.inflight, or one sender's half of it"
                        + " (expected: to be sent again, later or in smaller batches)");
    }

    private void take(Share share, long more) {
        share.held += more;
        bytes = bytes + more;
        if (owners.merge(share.owner, more, Long::sum) == 0) {
            owners.remove(share.owner);
        }
        if (!share.whole) {
            arrivingBytes += more;
            if (share.held > 0) {
                arriving.add(share);
            } else {
                arriving.remove(share);
            }
        }
    }

    /** Those whose room must be had for {@code more}. */
    private List<Share> slower(Share share, long more) {
        Room room = new Room(share, more);
        if (room.isEnough()) {
            return List.of();
        }
        if (!room.allFit(arrivingBytes - (share.whole ? 0 : share.held))) {
            throw refusal();
        }
        long now = nanoTime.getAsLong();
        double rate = share.rate(now);
        List<Share> chosen = new ArrayList<>();
        List<Slower> some = new ArrayList<>();
        int inVain = 0;
        Iterator<Share> oldest = arriving.iterator();
        while (oldest.hasNext() && inVain < LOOKS_IN_VAIN) {
            Share other = oldest.next();
            double otherRate = other.rate(now);
            if (other != share && otherRate < rate && room.isHelpedBy(other)) {
                some.add(new Slower(other, otherRate));
            } else {
                inVain++;
            }
            if (some.size() == CHOICE) {
                room.choose(some, chosen);
                if (room.isEnough()) {
                    return chosen;
                }
            }
        }
        room.choose(some, chosen);
        if (room.isEnough()) {
            return chosen;
        }
        throw refusal();
    }

    private record Slower(Share share, double rate) implements Comparable<Slower> {
        @Override
        public int compareTo(Slower other) {
            return Double.compare(rate, other.rate);
        }
    }

    /** The room as it would be. */
    private final class Room {
        private final Share share;
        private final long more;
        private final long spare;
        private long all = bytes;
        private long own;

        Room(Share share, long more) {
            this.share = share;
            this.more = more;
            this.own = owners.getOrDefault(share.owner, 0L);
            this.spare = share.held + more > SMALL ? maxBytes / 8 : 0;
        }

        boolean isEnough() {
            return allFit(0) && ownFit();
        }

        /** Moves from {@code some} to {@code chosen} what is needed, slowest first. */
        void choose(List<Slower> some, List<Share> chosen) {
            some.sort(null);
            for (Slower next : some) {
                Share other = next.share;
                if (!isEnough() && isHelpedBy(other)) {
                    all -= other.held;
                    own -= other.owner.equals(share.owner) ? other.held : 0;
                    chosen.add(other);
                }
            }
            some.clear();
        }

        boolean isHelpedBy(Share other) {
            return !allFit(0) || other.owner.equals(share.owner);
        }

        /** Whether it would fit without {@code gone} bytes of others. */
        boolean allFit(long gone) {
            long rest = all - gone;
            return rest + more <= maxBytes - spare || rest == share.held;
        }

        private boolean ownFit() {
            return own + more <= maxBytes / 2 + maxBytes / 8 - spare || own == share.held;
        }
    }

    /** What one body holds. */
    public final class Share implements AutoCloseable {
        private final String owner;
        private final Runnable evicted;
        private final long startNanoTime = nanoTime.getAsLong();
        private volatile long arrived;
        private long held;
        private boolean whole;
        private boolean closed;

        private Share(String owner, Runnable evicted) {
            this.owner = owner;
            this.evicted = evicted;
        }

        /**
         * Takes {@code more} bytes, until the share is closed; gives back when it is negative.
         *
         * @throws BelfryException RATE_LIMITED when there is no room, or the share is closed
         */
        public void reserve(long more) {
            List<Share> gone;
            lock.lock();
            try {
                if (closed) {
                    throw refusal();
                }
                gone = more <= 0 ? List.of() : slower(this, more);
                gone.forEach(Share::end);
                take(this, more);
            } finally {
                lock.unlock();
            }
            gone.forEach(share -> share.evicted.run());
        }

        /** So many bytes of the body are here. */
        void arrived(long value) {
            arrived = value;
        }

        /** The body is here to its end; says whether the share is still open. */
        boolean whole() {
            lock.lock();
            try {
                if (!closed && !whole) {
                    arriving.remove(this);
                    arrivingBytes -= held;
                    whole = true;
                }
                return !closed;
            } finally {
                lock.unlock();
            }
        }

        /** Gives back what was taken; again does nothing. */
        @Override
        public void close() {
            lock.lock();
            try {
                end();
            } finally {
                lock.unlock();
            }
        }

        private void end() {
            if (!closed) {
                closed = true;
                take(this, -held);
            }
        }

        /** Bytes a second; one second is added, so that it says something from the start. */
        private double rate(long now) {
            return whole ? Double.POSITIVE_INFINITY : arrived / (1 + (now - startNanoTime) / 1e9);
        }
    }
}

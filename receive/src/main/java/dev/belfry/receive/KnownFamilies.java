package dev.belfry.receive;

import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which families' type, unit and help are in the store already, so that each request does not
 * repeat them. Safe for many threads.
 */
public final class KnownFamilies {
    /*
     * Known is what was durable: what a request told that was refused is told by the next one again. After an hour,
     * which is part of the key, all is told once more. Most requests tell what the one before told: such keys are
     * found in their places of an array, without a box for each.
     */
    /** More than a large installation has; beyond it all are forgotten, and told once more. */
    private static final int KEYS_MAX = 100_000;

    /** As many as a request is thought to tell of; the others are left to the next one. */
    private static final int TOLD_MAX = 1 << 16;

    /** Characters of a name, unit or help; what is behind them is cut. */
    private static final int CHARS_MAX = 4096;

    private static final long HOUR_MILLIS = 3_600_000;

    /** Places of what was known last, a power of two. */
    private static final int RECENT = 1 << 12;

    private final Set<Long> keys = ConcurrentHashMap.newKeySet();

    /** Keys that were found, each in the place of its lowest bits; 0 for none. */
    private final AtomicLongArray recent = new AtomicLongArray(RECENT);

    /** Begins a request that came at {@code nowMillis}, epoch milliseconds. */
    public Told begin(long nowMillis) {
        return new Told(this, nowMillis / HOUR_MILLIS);
    }

    /** What one request tells of families that are not known; for one thread at a time. */
    public static final class Told {
        private final KnownFamilies known;
        private final long hour;
        private final Set<Long> keys = new HashSet<>();

        private Told(KnownFamilies known, long hour) {
            this.known = known;
            this.hour = hour;
        }

        /**
         * Whether what has this hash, half of a {@link dev.belfry.model.series.KeyHash}, is to be
         * told: it is not known, and the request did not tell it yet.
         */
        public boolean isNew(long hash) {
            long key = hash + hour;
            int place = (int) key & RECENT - 1;
            if (known.recent.getOpaque(place) == key && key != 0) {
                return false;
            }
            if (known.keys.contains(key)) {
                known.recent.setOpaque(place, key);
                return false;
            }
            return keys.size() < TOLD_MAX && keys.add(key);
        }

        /** To be called when the request is durable: all that it told is known now. */
        public void kept() {
            if (known.keys.size() + keys.size() > KEYS_MAX) {
                known.keys.clear();
            }
            known.keys.addAll(keys);
        }
    }

    /** What is told of a family, cut to what is kept of it. */
    public static MetricMetadata metadata(
            String family, MetricType type, String unit, String help) {
        return new MetricMetadata(cut(family), type, cut(unit), cut(help));
    }

    private static String cut(String text) {
        return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX);
    }
}

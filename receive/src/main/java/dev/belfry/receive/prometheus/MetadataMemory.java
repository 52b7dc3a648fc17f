package dev.belfry.receive.prometheus;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers which metadata was kept already, since senders repeat it without end. Safe for many
 * threads.
 */
public final class MetadataMemory {
    /*
     * One place for each hash; what meets there is forgotten, and so is all after an hour, which is part of the key:
     * then metadata is journalled once more.
     */
    private static final int PLACES = 1 << 14;

    private final AtomicLongArray keys = new AtomicLongArray(PLACES);

    boolean has(long key) {
        return keys.getPlain(place(key)) == key;
    }

    /** Remembers metadata that was kept. */
    public void add(long[] kept) {
        for (long key : kept) {
            keys.setPlain(place(key), key);
        }
    }

    private static int place(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 50);
    }
}

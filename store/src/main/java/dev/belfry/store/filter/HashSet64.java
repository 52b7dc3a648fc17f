package dev.belfry.store.filter;

import java.util.Arrays;

/** A set of 64-bit hashes that is filled, read and cleared again; for one thread. */
public final class HashSet64 {
    /*
     * Open addressing, three quarters full at most: small, so that it stays in the processor's
     * cache. A slot holds the hash; 0 is free, and the hash 0 is kept apart. Clearing a set that
     * grew large for once and holds little gives the memory back.
     */
    private static final int SLOTS_MIN = 1 << 10;
    private static final int SLOTS_KEPT_MAX = 1 << 20;

    private long[] slots = new long[SLOTS_MIN];
    private int count;
    private boolean hasZero;

    /** An empty set. */
    public HashSet64() {}

    /** Adds a hash; whether it was not there. */
    public boolean add(long hash) {
        /* Most are there already, where they are looked for first: that is small enough to be inlined. */
        long first = slots[(int) (hash >>> 32) & slots.length - 1];
        return (first != hash || hash == 0) && addNew(hash);
    }

    private boolean addNew(long hash) {
        if (hash == 0) {
            boolean added = !hasZero;
            hasZero = true;
            return added;
        }
        int mask = slots.length - 1;
        int slot = (int) (hash >>> 32) & mask;
        while (slots[slot] != 0) {
            if (slots[slot] == hash) {
                return false;
            }
            slot = slot + 1 & mask;
        }
        slots[slot] = hash;
        count++;
        if (count > slots.length - (slots.length >> 2)) {
            grow();
        }
        return true;
    }

    /** Whether {@code hash} was added. */
    public boolean contains(long hash) {
        if (hash == 0) {
            return hasZero;
        }
        int mask = slots.length - 1;
        int slot = (int) (hash >>> 32) & mask;
        while (slots[slot] != 0) {
            if (slots[slot] == hash) {
                return true;
            }
            slot = slot + 1 & mask;
        }
        return false;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[before.length * 2];
        int mask = slots.length - 1;
        for (long hash : before) {
            if (hash != 0) {
                int slot = (int) (hash >>> 32) & mask;
                while (slots[slot] != 0) {
                    slot = slot + 1 & mask;
                }
                slots[slot] = hash;
            }
        }
    }

    /** How many hashes there are. */
    public int count() {
        return count + (hasZero ? 1 : 0);
    }

    /** Empties the set. */
    public void clear() {
        if (slots.length > SLOTS_KEPT_MAX) {
            slots = new long[SLOTS_MIN];
        } else {
            Arrays.fill(slots, 0);
        }
        count = 0;
        hasZero = false;
    }

    /** The hashes, in no order. */
    public long[] toArray() {
        long[] hashes = new long[count()];
        int at = 0;
        for (long hash : slots) {
            if (hash != 0) {
                hashes[at++] = hash;
            }
        }
        if (hasZero) {
            hashes[at] = 0;
        }
        return hashes;
    }
}

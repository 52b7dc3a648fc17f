package dev.belfry.model;

import java.util.UUID;

/**
 * An event's id: a UUIDv8 made of where the journal keeps it, so that it costs no storage.
 *
 * @param receivedMillis epoch milliseconds of receipt, 48 bits
 * @param partition the journal's partition, 12 bits
 * @param offset the event's offset in the partition, 62 bits
 */
public record EventId(long receivedMillis, int partition, long offset) {
    /* RFC 9562, section 5.8:  48 bits received | 0b1000 | 12 bits partition | 0b10 | 62 bits offset */
    private static final long OFFSET_MASK = (1L << 62) - 1;

    public EventId {
        if (receivedMillis < 0 || receivedMillis >>> 48 != 0) {
            throw new IllegalArgumentException(
                    "receivedMillis: " + receivedMillis + " (expected: 48 bits)");
        }
        if (partition < 0 || partition >>> 12 != 0) {
            throw new IllegalArgumentException("partition: " + partition + " (expected: 0-4095)");
        }
        if (offset < 0 || offset > OFFSET_MASK) {
            throw new IllegalArgumentException("offset: " + offset + " (expected: 62 bits)");
        }
    }

    /** The id as a UUID. */
    public UUID uuid() {
        return new UUID(receivedMillis << 16 | 0x8000 | partition, 0x8000_0000_0000_0000L | offset);
    }

    /** Reads an id back; null-free: throws when {@code uuid} is not one that Belfry made. */
    public static EventId of(UUID uuid) {
        long high = uuid.getMostSignificantBits();
        long low = uuid.getLeastSignificantBits();
        if (uuid.version() != 8 || uuid.variant() != 2) {
            throw new BelfryException(
                    ErrorCode.NOT_FOUND,
                    "event id: " + uuid + " (expected: an id that Belfry gave)");
        }
        return new EventId(high >>> 16, (int) (high & 0xFFF), low & OFFSET_MASK);
    }
}

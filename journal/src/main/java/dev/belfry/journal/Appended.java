package dev.belfry.journal;

/**
 * Where a request's records are.
 *
 * @param partition the journal's partition
 * @param baseOffset the first record's offset; the others follow without a hole
 * @param count how many records
 * @param receivedMillis the frame's received time, epoch milliseconds: with the offset it makes an
 *     event's id
 * @param replayed whether an earlier request with the same idempotency key wrote them
 */
public record Appended(
        int partition, long baseOffset, int count, long receivedMillis, boolean replayed) {}

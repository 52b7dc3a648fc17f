package dev.belfry.journal;

import java.util.List;
import java.util.Map;

/**
 * How the journal is at a moment.
 *
 * @param state whether it takes appends
 * @param reason why not, in words; empty when it does
 * @param files how many files
 * @param bytes their size together
 * @param firstOffset the oldest offset still there
 * @param durableEnd the offset after the last durable record
 * @param usableBytes room on the disk when it was last looked at
 * @param waitingBytes bytes that wait to be written
 * @param tailFrames frames in memory
 * @param tailBytes their size
 * @param idempotencyKeys keys that are remembered
 * @param damages what was damaged, oldest first, at most 1,000
 * @param damageCount how many damages there were since the start
 * @param lostRecords records that were durable and are lost, as far as known
 * @param appends requests that were appended since the start
 * @param records records that were appended since the start
 * @param bodyBytes bytes of bodies that were appended since the start, before compression
 * @param writtenBytes bytes that were written since the start
 * @param forces forces since the start
 * @param failedForces forces that failed since the start
 * @param refusedFull appends refused because the disk is full
 * @param refusedOverload appends refused because too much waits
 * @param requestsPerForce how many requests a force covered
 * @param forceNanos how long a force took
 * @param pins each store's pin
 */
public record JournalStatus(
        State state,
        String reason,
        int files,
        long bytes,
        long firstOffset,
        long durableEnd,
        long usableBytes,
        long waitingBytes,
        int tailFrames,
        long tailBytes,
        int idempotencyKeys,
        List<Damage> damages,
        long damageCount,
        long lostRecords,
        long appends,
        long records,
        long bodyBytes,
        long writtenBytes,
        long forces,
        long failedForces,
        long refusedFull,
        long refusedOverload,
        Distribution requestsPerForce,
        Distribution forceNanos,
        Map<String, Long> pins) {

    /** Whether it takes appends. */
    public enum State {
        /** It does. */
        WRITABLE,
        /** Not until there is room on the disk; it looks by itself. */
        FULL,
        /** Not until a restart: forces failed on several files. */
        FAILED,
        /** Not any more. */
        CLOSED
    }

    public JournalStatus {
        damages = List.copyOf(damages);
        pins = Map.copyOf(pins);
    }
}

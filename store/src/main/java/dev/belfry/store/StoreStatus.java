package dev.belfry.store;

import java.util.List;

/**
 * How the event store is doing.
 *
 * @param appliedEnd the journal offset up to which everything is readable
 * @param events events stored now
 * @param eventsEver events ever applied, restarts included
 * @param hotRows rows not in segments yet
 * @param hotBytes memory that they take, about
 * @param lagBytes bytes acknowledged and not readable yet
 * @param segments what is kept in files
 * @param seals seals since the start
 * @param compactions merges since the start
 * @param compactionNanos time that they took
 * @param filesMerged segments that they replaced
 * @param bytesSaved bytes that they saved
 * @param eventsExpired events that retention dropped since the start
 * @param retentionMillis when retention last looked at all segments, ms since 1970; 0 before
 * @param futureEvents events more than an hour ahead of their receipt, since the start
 * @param unapplied frames that could not be applied and were put aside
 * @param unreadableEvents events of segments that cannot be read, not among {@code events}
 * @param damages how much damage was found since the start
 * @param damage what was found damaged, the first 100
 * @param sealFailure why the last seal failed, empty when it did not
 */
public record StoreStatus(
        long appliedEnd,
        long events,
        long eventsEver,
        long hotRows,
        long hotBytes,
        long lagBytes,
        List<SegmentStatus> segments,
        long seals,
        long compactions,
        long compactionNanos,
        long filesMerged,
        long bytesSaved,
        long eventsExpired,
        long retentionMillis,
        long futureEvents,
        long unapplied,
        long unreadableEvents,
        long damages,
        List<String> damage,
        String sealFailure) {
    /**
     * One segment.
     *
     * @param name its file's name without ending
     * @param day its day as {@code 2026-01-24}, or {@code late}
     * @param retentionClass the retention rule
     * @param rows events in it
     * @param bytes size of its files
     * @param minTimestampNanos lowest event time, epoch nanoseconds
     * @param maxTimestampNanos highest event time, epoch nanoseconds
     */
    public record SegmentStatus(
            String name,
            String day,
            String retentionClass,
            long rows,
            long bytes,
            long minTimestampNanos,
            long maxTimestampNanos) {}

    /** Bytes of all segments. */
    public long segmentBytes() {
        return segments.stream().mapToLong(SegmentStatus::bytes).sum();
    }
}

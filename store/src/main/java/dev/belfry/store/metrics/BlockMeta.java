package dev.belfry.store.metrics;

import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;

/**
 * What the manifest says of a block.
 *
 * @param name its file's name without ending
 * @param isSpill whether it holds open samples as they were
 * @param minMillis lowest time of a sample
 * @param maxMillis highest time of a sample
 * @param fromOffset the journal's offset from which on its samples are
 * @param toOffset the offset before which they are
 * @param tierMillis 0 for samples as they came, else the distance of those made of them
 * @param series how many series
 * @param samples how many samples
 * @param bytes the file's size
 * @param receivedMillis when the newest of its samples came
 * @param deletions the deletions with a lower number are carried out in it
 */
record BlockMeta(
        String name,
        boolean isSpill,
        long minMillis,
        long maxMillis,
        long fromOffset,
        long toOffset,
        long tierMillis,
        int series,
        long samples,
        long bytes,
        long receivedMillis,
        long deletions) {
    void write(WireWriter out) {
        out.text(name);
        out.u8(isSpill ? 1 : 0);
        out.signed(minMillis);
        out.signed(maxMillis);
        out.varint(fromOffset);
        out.varint(toOffset);
        out.varint(tierMillis);
        out.varint(series);
        out.varint(samples);
        out.varint(bytes);
        out.signed(receivedMillis);
        out.varint(deletions);
    }

    static BlockMeta read(WireReader in) {
        return new BlockMeta(
                in.text(),
                in.u8() == 1,
                in.signed(),
                in.signed(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.count("series", Integer.MAX_VALUE),
                in.varint(),
                in.varint(),
                in.signed(),
                in.varint());
    }

    /** The highest of all max(time, receipt): retention counts from it. */
    long newestMillis() {
        return Math.max(maxMillis, receivedMillis);
    }

    /** Whether all its samples are of a day that is yet to come, as seen when they came. */
    boolean isFuture() {
        return isFuture(minMillis, receivedMillis);
    }

    /** Whether a time is more than a day after a receipt. */
    static boolean isFuture(long timeMillis, long receivedMillis) {
        return timeMillis > receivedMillis + BlockFiles.DAY_MILLIS;
    }

    boolean overlaps(long start, long end) {
        return minMillis <= end && maxMillis >= start;
    }
}

package dev.belfry.store.metrics;

import dev.belfry.model.series.SeriesDeletion;
import dev.belfry.model.wire.SeriesDeletionCodec;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.block.Tombstone;
import org.roaringbitmap.RoaringBitmap;

/** A deletion that is not yet carried out in every block. */
final class Deletion {
    private final long number;
    private final long bound;
    private final SeriesDeletion deletion;
    private final RoaringBitmap series;
    private final Tombstone tombstone;

    /**
     * Hides samples.
     *
     * @param number ascends with each deletion
     * @param bound blocks of which the samples stand before this offset are meant
     * @param deletion of what
     */
    Deletion(long number, long bound, SeriesDeletion deletion) {
        this.number = number;
        this.bound = bound;
        this.deletion = deletion;
        series = RoaringBitmap.bitmapOf(deletion.series());
        series.runOptimize();
        tombstone =
                new Tombstone(
                        series::contains, deletion.startMillis(), deletion.endMillis(), bound);
    }

    long number() {
        return number;
    }

    SeriesDeletion deletion() {
        return deletion;
    }

    /** Whether it may hide samples of the block. */
    boolean concerns(BlockMeta block) {
        return block.toOffset() <= bound
                && block.deletions() <= number
                && block.overlaps(deletion.startMillis(), deletion.endMillis());
    }

    /** Whether it hides samples of the series that stand before {@code toOffset}. */
    boolean concerns(int one, long toOffset) {
        return toOffset <= bound && series.contains(one);
    }

    /** As blocks know it. */
    Tombstone tombstone() {
        return tombstone;
    }

    void write(WireWriter out) {
        out.varint(number);
        out.varint(bound);
        SeriesDeletionCodec.encode(deletion, out);
    }

    static Deletion read(WireReader in) {
        return new Deletion(in.varint(), in.varint(), SeriesDeletionCodec.decode(in));
    }
}

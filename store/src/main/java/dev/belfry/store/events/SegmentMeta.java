package dev.belfry.store.events;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the manifest knows of a segment.
 *
 * @param name the file's name without its ending
 * @param partition what its rows share
 * @param rows how many there are
 * @param bytes the size of the Parquet file
 * @param filterBytes the size of the filter file
 * @param minTimestampNanos the lowest event time
 * @param maxTimestampNanos the highest event time
 * @param minOffset the lowest journal offset
 * @param maxOffset the highest journal offset
 * @param newestMillis the highest of all max(event time, receipt), epoch milliseconds: from when
 *     retention counts
 */
record SegmentMeta(
        String name,
        Partition partition,
        long rows,
        long bytes,
        long filterBytes,
        long minTimestampNanos,
        long maxTimestampNanos,
        long minOffset,
        long maxOffset,
        long newestMillis) {

    void write(DataOutput out) throws IOException {
        out.writeUTF(name);
        out.writeLong(partition.day());
        out.writeUTF(partition.retentionClass());
        out.writeLong(rows);
        out.writeLong(bytes);
        out.writeLong(filterBytes);
        out.writeLong(minTimestampNanos);
        out.writeLong(maxTimestampNanos);
        out.writeLong(minOffset);
        out.writeLong(maxOffset);
        out.writeLong(newestMillis);
    }

    static SegmentMeta read(DataInput in) throws IOException {
        return new SegmentMeta(
                in.readUTF(),
                new Partition(in.readLong(), in.readUTF()),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }
}

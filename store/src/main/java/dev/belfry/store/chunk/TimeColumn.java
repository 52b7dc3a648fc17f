package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;

/** The times of a chunk, ascending; reused; for one thread. */
final class TimeColumn {
    /*
     *   count, varint │ first time, zigzag varint │ last − first, varint │ a column of longs
     *
     * The column has the distances of the times to the first one, without it: a regular pattern is
     * a first difference and a constant, in 5 bytes.
     */
    private final LongColumn column = new LongColumn();
    private long[] distances = new long[0];

    /** Writes {@code timesMillis[from .. from + count)}. */
    void write(long[] timesMillis, int from, int count, WireWriter out) {
        if (count < 1 || count > Limits.CHUNK_SAMPLES_MAX) {
            throw new IllegalArgumentException(
                    "samples: " + count + " (expected: 1–" + Limits.CHUNK_SAMPLES_MAX + ")");
        }
        room(count);
        long first = timesMillis[from];
        long before = 0;
        for (int i = 1; i < count; i++) {
            long distance = timesMillis[from + i] - first;
            if (distance <= before) {
                throw new IllegalArgumentException(
                        "time: " + timesMillis[from + i] + " (expected: above the one before)");
            }
            before = distance;
            distances[i - 1] = distance;
        }
        out.varint(count);
        LongColumn.zigzag(out, first);
        out.varint(before);
        if (count > 1) {
            column.write(distances, count - 1, out);
        }
    }

    static ChunkDecoder.TimeHeader readHeader(WireReader in) {
        int count = in.count("samples", Limits.CHUNK_SAMPLES_MAX);
        long first = LongColumn.unzigzag(LongColumn.wide(in));
        long last = first + in.varint();
        if (count < 1 || last < first || (count == 1) != (last == first)) {
            throw in.wrong(count + " samples from " + first + " to " + last, "a range of times");
        }
        return new ChunkDecoder.TimeHeader(count, first, last);
    }

    /** Reads what follows on {@code header} into {@code timesMillis} from {@code at} on. */
    void read(WireReader in, ChunkDecoder.TimeHeader header, long[] timesMillis, int at) {
        int count = header.count();
        room(count);
        long first = header.minMillis();
        timesMillis[at] = first;
        if (count == 1) {
            return;
        }
        column.read(in, distances, count - 1);
        boolean ascending = distances[0] > 0;
        timesMillis[at + 1] = first + distances[0];
        for (int i = 1; i < count - 1; i++) {
            ascending &= distances[i] > distances[i - 1];
            timesMillis[at + i + 1] = first + distances[i];
        }
        if (!ascending || timesMillis[at + count - 1] != header.maxMillis()) {
            throw in.wrong("times that do not ascend to the last one", "ascending times");
        }
    }

    private void room(int count) {
        if (distances.length < count) {
            distances = new long[Math.max(count, 2 * distances.length)];
        }
    }
}

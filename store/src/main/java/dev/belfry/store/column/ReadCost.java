package dev.belfry.store.column;

import java.util.concurrent.atomic.LongAdder;

/** What one query has read so far; safe for many threads. */
public final class ReadCost {
    private final LongAdder bytes = new LongAdder();
    private final LongAdder rows = new LongAdder();

    /** Counts {@code count} bytes read from a segment (compressed). */
    public void addBytes(long count) {
        bytes.add(count);
    }

    /** Counts {@code count} rows that a filter looked at. */
    public void addRows(long count) {
        rows.add(count);
    }

    /** Bytes read so far. */
    public long bytes() {
        return bytes.sum();
    }

    /** Rows looked at so far. */
    public long rows() {
        return rows.sum();
    }
}

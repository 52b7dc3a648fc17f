package dev.belfry.store;

import dev.belfry.model.EventBatch;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.events.EventTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch that the store has just made readable; immutable, safe for several threads. */
public final class AppliedBatch {
    private final EventBatch batch;
    private final long baseOffset;
    private final long receivedMillis;
    private final String principal;
    private final int bytes;
    private @Nullable List<RowGroup> rows;

    /**
     * Makes one.
     *
     * @param batch the events
     * @param baseOffset the journal offset of event 0; event {@code i} has {@code baseOffset + i}
     * @param receivedMillis when it was received, epoch milliseconds
     * @param principal who sent it
     * @param bytes what it takes in the journal
     */
    public AppliedBatch(
            EventBatch batch, long baseOffset, long receivedMillis, String principal, int bytes) {
        this.batch = batch;
        this.baseOffset = baseOffset;
        this.receivedMillis = receivedMillis;
        this.principal = principal;
        this.bytes = bytes;
    }

    /** How many events there are. */
    public int count() {
        return batch.count();
    }

    /** What it takes in the journal, about as much as in memory. */
    public int bytes() {
        return bytes;
    }

    /** The offset after the last event's. */
    long endOffset() {
        return baseOffset + batch.count();
    }

    /** The events as queries read them; made once, however many ask. */
    synchronized List<RowGroup> rows() {
        List<RowGroup> made = rows;
        if (made == null) {
            made = EventTable.rowsOf(batch, baseOffset, receivedMillis, principal);
            rows = made;
        }
        return made;
    }
}

package dev.belfry.receive.json;

import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.ItemError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which items of a body became rows of a batch, and why the others did not; for one thread. */
public final class ItemRows {
    private static final int ITEM_BYTES_GUESS = 300;

    private final EventBatchBuilder builder;
    private final List<ItemError> errors = new ArrayList<>();
    private int[] itemOf;
    private int items;

    /** Nothing yet of a body of {@code length} bytes. */
    public ItemRows(int length) {
        int expected = Math.clamp(length / ITEM_BYTES_GUESS + 1L, 1, Limits.EXPECTED_EVENTS_MAX);
        builder =
                new EventBatchBuilder(
                        expected, Math.max(EventBatchBuilder.WRITTEN_BYTES_MAX, 2L * length));
        itemOf = new int[expected];
    }

    /** What the rows go to. */
    public EventBatchBuilder builder() {
        return builder;
    }

    /** How many items there are by now, good and bad. */
    public int count() {
        return items;
    }

    /** Keeps the current row as the next item. */
    public void good() {
        int row = builder.count();
        builder.commit();
        if (row == itemOf.length) {
            itemOf = Arrays.copyOf(itemOf, row * 2);
        }
        itemOf[row] = items++;
    }

    /** Drops the current row: the next item is bad. */
    public void bad(ErrorCode code, String message) {
        builder.rollback();
        errors.add(new ItemError(items++, code, message));
    }

    /** All of the body; used once. */
    public DecodedEvents decoded() {
        int good = items - errors.size();
        return new DecodedEvents(
                builder.build(), Arrays.copyOf(itemOf, good), errors, false, items);
    }
}

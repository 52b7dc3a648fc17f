package dev.belfry.receive.columns;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldSpace;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.JsonEventsConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The items of a body on their way to rows: bounded, good ones committed, bad ones noted. Used
 * once, by one thread.
 *
 * <p>Per item {@link #begin}, then either {@link #commit} or {@link #refuse}.
 */
public final class Rows {
    /*
     * Bytes of resources, scopes and labels that the items of one body repeat are bounded by a multiple of what a
     * body may have: one large resource with very many empty records would fill the memory.
     */
    private static final int CONTEXT_FACTOR_MAX = 4;
    private static final int EXPECTED_EVENTS_MAX = 20_000;
    private static final int ITEM_BYTES_GUESS = 250;

    /** Where the items' values go. */
    public final EventBatchBuilder builder;

    /** Their tags. */
    public final FieldTable tags;

    /** Their payload. */
    public final FieldTable payload;

    private final JsonEventsConfig config;
    private final List<ItemError> errors = new ArrayList<>();
    private final long contextBytesMax;
    private int[] itemOf;
    private int items;
    private long contextBytes;

    /** The rows of a body of {@code bodyBytes}. */
    public Rows(JsonEventsConfig config, int bodyBytes) {
        this.config = config;
        int expected = Math.min(bodyBytes / ITEM_BYTES_GUESS + 1, EXPECTED_EVENTS_MAX);
        builder =
                new EventBatchBuilder(
                        expected, Math.max(EventBatchBuilder.WRITTEN_BYTES_MAX, 2L * bodyBytes));
        itemOf = new int[expected];
        tags = new FieldTable(builder, FieldSpace.TAG);
        payload = new FieldTable(builder, FieldSpace.PAYLOAD);
        contextBytesMax = (long) CONTEXT_FACTOR_MAX * config.bodyBytesMax();
    }

    /**
     * Begins an item.
     *
     * @param ownBytes its size in the body
     * @param repeatedBytes what it gets from a resource, a scope, a stream
     * @return false when it is too large, and refused
     * @throws BelfryException TOO_LARGE when the body has too many
     */
    public boolean begin(int ownBytes, int repeatedBytes) {
        if (items >= config.itemsMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: more than "
                            + config.itemsMax()
                            + " records (expected: at most "
                            + config.itemsMax()
                            + ")");
        }
        int size = ownBytes + repeatedBytes;
        if (size > config.eventBytesMax()) {
            errors.add(
                    new ItemError(
                            items++,
                            ErrorCode.TOO_LARGE,
                            "record: "
                                    + size
                                    + " bytes with what it shares with others (expected: at most "
                                    + config.eventBytesMax()
                                    + ")"));
            return false;
        }
        contextBytes += repeatedBytes;
        if (contextBytes > contextBytesMax) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: its records repeat more than "
                            + contextBytesMax
                            + " bytes of resources, scopes or labels (expected: at most that)");
        }
        tags.begin();
        payload.begin();
        return true;
    }

    /** Ends the item as a row of {@code source}. */
    public void commit(byte[] source) {
        tags.finish();
        payload.finish();
        builder.source(source, 0, source.length);
        int row = builder.count();
        if (row >= itemOf.length) {
            itemOf = Arrays.copyOf(itemOf, itemOf.length * 2);
        }
        itemOf[row] = items++;
        builder.commit();
    }

    /** Ends the item without a row. */
    public void refuse(ErrorCode code, String message) {
        builder.rollback();
        errors.add(new ItemError(items++, code, message));
    }

    /** What came of it. */
    public DecodedEvents decoded() {
        int[] kept = Arrays.copyOf(itemOf, builder.count());
        return new DecodedEvents(builder.build(), kept, errors, false, items);
    }
}

package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.bulk.BulkBody;
import java.util.List;

/**
 * A body of Elasticsearch's {@code _bulk}: lines with an action, each but {@code delete} followed
 * by a line with its document. Used once.
 */
public final class BulkEvents {
    /* As Elasticsearch has it: each item of the answer repeats the name. */
    private static final int INDEX_CHARACTERS_MAX = 255;

    private final JsonEventsConfig limits;
    private final String index;
    private List<BulkItem> items = List.of();

    /**
     * A body to come.
     *
     * @param index where to when an action does not say; may be empty
     */
    public BulkEvents(JsonEventsConfig limits, String index) {
        this.limits = limits;
        this.index = index;
    }

    /**
     * The documents of {@code body[0 .. length)} as events, one item an action. A document that
     * names no source has its index's name.
     *
     * @param nowNanos the time of documents that have none, epoch nanoseconds
     * @param sources what the sender may write
     * @throws BelfryException VALIDATION_ERROR when an action or the index is none, or there is no
     *     action at all; TOO_LARGE when it has too many bytes or actions
     */
    public DecodedEvents decode(byte[] body, int length, long nowNanos, SourceRule sources) {
        BulkBody parser = parser(body, length, nowNanos, sources);
        DecodedEvents events = parser.parse();
        items = parser.items();
        return events;
    }

    /**
     * {@code body[0 .. length)} as the one document that {@code item} stores, over as many lines as
     * it likes; the index is that of the constructor. The rest as {@link #decode}.
     */
    public DecodedEvents decodeDocument(
            BulkItem item, byte[] body, int length, long nowNanos, SourceRule sources) {
        return parser(body, length, nowNanos, sources).document(item);
    }

    /** The actions of the body that was decoded, in its order. */
    public List<BulkItem> items() {
        return items;
    }

    private BulkBody parser(byte[] body, int length, long nowNanos, SourceRule sources) {
        if (length > limits.bodyBytesMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: "
                            + length
                            + " bytes (expected: at most "
                            + limits.bodyBytesMax()
                            + " bytes)");
        }
        if (index.length() > INDEX_CHARACTERS_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "index: "
                            + index.length()
                            + " characters (expected: at most "
                            + INDEX_CHARACTERS_MAX
                            + ")");
        }
        return new BulkBody(body, length, limits, nowNanos, sources, index);
    }
}

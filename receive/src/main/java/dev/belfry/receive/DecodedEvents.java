package dev.belfry.receive;

import dev.belfry.model.EventBatch;
import java.util.List;

/**
 * What a body held: the good items as a batch, and why the others are not in it.
 *
 * @param batch the good items, in the order of the body
 * @param itemOf the item index of each row of the batch, ascending; {@code int[batch.count()]}
 * @param errors one for each item that is not in the batch, by item index
 * @param single whether the body was one object, which is answered with the event, not with a list
 * @param itemCount how many items there were, good and bad
 */
public record DecodedEvents(
        EventBatch batch, int[] itemOf, List<ItemError> errors, boolean single, int itemCount) {

    public DecodedEvents {
        errors = List.copyOf(errors);
    }
}

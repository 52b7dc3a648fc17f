package dev.belfry.receive;

import dev.belfry.model.series.PushBatch;
import dev.belfry.model.series.SampleBatch;
import java.util.List;

/**
 * The samples of a body, and what was wrong with the others.
 *
 * @param batch the good ones; may be empty
 * @param pushed increments and observations that the store adds up; may be empty
 * @param errors the first of those that were refused, at most {@link #ERRORS_MAX} where the answer
 *     is for a person, by the place of their series or item in the body
 * @param refused how many samples, exemplars and metadata were refused; where a body has items, how
 *     many of them
 * @param itemCount how many items there were, good and bad: points, lines, objects
 * @param told which families it tells of; to be told when it is durable
 */
public record DecodedSamples(
        SampleBatch batch,
        PushBatch pushed,
        List<ItemError> errors,
        int refused,
        int itemCount,
        KnownFamilies.Told told) {
    /** Errors that are kept of one body: an answer is for a person, who needs no more. */
    public static final int ERRORS_MAX = 10;

    /** Copies the list. */
    public DecodedSamples {
        errors = List.copyOf(errors);
    }

    /** Samples only; {@code refused} of them are not in it. */
    public DecodedSamples(
            SampleBatch batch, List<ItemError> errors, int refused, KnownFamilies.Told told) {
        this(batch, PushBatch.EMPTY, errors, refused, batch.records() + refused, told);
    }
}

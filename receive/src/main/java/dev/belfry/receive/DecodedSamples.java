package dev.belfry.receive;

import dev.belfry.model.series.SampleBatch;

import java.util.List;

/**
 * The samples of a body, and what was wrong with the others.
 *
 * @param batch the good ones; may be empty
 * @param errors the first of those that were refused, at most {@link #ERRORS_MAX}, by the place of
 *     their series or item in the body
 * @param refused how many samples, exemplars and metadata were refused
 */
public record DecodedSamples(SampleBatch batch, List<ItemError> errors, int refused) {
    /** Errors that are kept of one body: an answer is for a person, who needs no more. */
    public static final int ERRORS_MAX = 10;

    /** Copies the list. */
    public DecodedSamples {
        errors = List.copyOf(errors);
    }
}

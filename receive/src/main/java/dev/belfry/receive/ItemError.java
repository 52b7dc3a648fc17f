package dev.belfry.receive;

import dev.belfry.model.ErrorCode;

/**
 * Why one item of a batch was not taken.
 *
 * @param index the item's place in the request, from 0; blank lines do not count
 * @param code what kind of error it is
 * @param message the value and what was expected
 */
public record ItemError(int index, ErrorCode code, String message) {}

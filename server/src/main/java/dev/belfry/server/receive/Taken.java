package dev.belfry.server.receive;

import dev.belfry.journal.Appended;
import dev.belfry.receive.DecodedEvents;
import org.jspecify.annotations.Nullable;

/**
 * What became of a body.
 *
 * @param decoded what it held
 * @param appended where its good events are; null when there were none
 */
public record Taken(DecodedEvents decoded, @Nullable Appended appended) {}

package dev.belfry.query;

import dev.belfry.model.Event;
import dev.belfry.store.ResultTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of events.
 *
 * @param events in the order asked for
 * @param nextCursor where the next page begins; null when this is the last
 * @param total how many there are in all; null when that is not known
 * @param cut whether it has fewer events than asked for because they are large
 * @param statistics what it cost
 */
public record EventPage(
        List<Event> events,
        @Nullable String nextCursor,
        @Nullable Long total,
        boolean cut,
        ResultTable.Statistics statistics) {}

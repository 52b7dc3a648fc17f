package dev.belfry.query;

import dev.belfry.model.Event;
import dev.belfry.store.ResultTable;
import java.util.List;

/**
 * An event with its neighbours.
 *
 * @param before those before it, the oldest first
 * @param event the event itself
 * @param after those after it, the oldest first
 * @param cut whether there are fewer than asked for because they are large
 * @param statistics what it cost
 */
public record EventContext(
        List<Event> before,
        Event event,
        List<Event> after,
        boolean cut,
        ResultTable.Statistics statistics) {}

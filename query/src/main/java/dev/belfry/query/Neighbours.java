package dev.belfry.query;

import dev.belfry.model.Event;
import dev.belfry.model.EventId;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import dev.belfry.store.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events around one event. */
final class Neighbours {
    private static final Expr SOURCE = new Expr.Column("source");

    private final EventStore store;
    private final Owner owner;
    private final QueryContext context;

    Neighbours(EventStore store, Owner owner, QueryContext context) {
        this.store = store;
        this.owner = owner;
        this.context = context;
    }

    /** What {@link EventQueries#around} gives. */
    Optional<EventContext> of(UUID id, int before, int after, List<String> tags) {
        Plan.Scan one =
                new Plan.Scan(
                        Table.EVENTS,
                        TimeRange.ALL,
                        new Expr.In(new Expr.Column("id"), List.of(id.toString()), false),
                        owner,
                        null);
        List<Event> found = EventRows.events(store.execute(new Plan.Limit(one, 0, 1), context));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Event event = found.getFirst();
        Expr alike = alike(event, one, tags);
        ResultTable earlier = page(event, alike, true, before);
        ResultTable later = page(event, alike, false, after);
        return Optional.of(
                new EventContext(
                        EventRows.events(earlier).reversed(),
                        event,
                        EventRows.events(later),
                        earlier.truncated() || later.truncated(),
                        later.statistics()));
    }

    /* That an event has the source of {@code event}, and its values of {@code tags}. */
    private Expr alike(Event event, Plan.Scan one, List<String> tags) {
        List<Expr> same = new ArrayList<>();
        same.add(new Expr.In(SOURCE, List.of(event.source()), false));
        if (!tags.isEmpty()) {
            List<Plan.Named> named = new ArrayList<>();
            tags.forEach(tag -> named.add(new Plan.Named(tag, tag(tag))));
            ResultTable values =
                    store.execute(new Plan.Limit(new Plan.Extract(one, named), 0, 1), context);
            for (@Nullable Object[] row : values.rows()) {
                for (int i = 0; i < row.length; i++) {
                    String text = Values.text(row[i]);
                    same.add(
                            text == null
                                    ? new Expr.Not(new Expr.Exists(tag(tags.get(i))))
                                    : new Expr.In(tag(tags.get(i)), List.of(text), false));
                }
            }
        }
        return new Expr.And(same);
    }

    private static Expr tag(String name) {
        return new Expr.Field(FieldSpace.TAG, name);
    }

    private ResultTable page(Event event, Expr alike, boolean earlier, int count) {
        Plan.Resume from =
                new Plan.Resume(
                        Long.MAX_VALUE, event.timestampNanos(), EventId.of(event.id()).offset());
        TimeRange range =
                earlier
                        ? new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE)
                        : new TimeRange(event.timestampNanos(), Long.MAX_VALUE);
        Plan.Scan scan = new Plan.Scan(Table.EVENTS, range, alike, owner, from);
        return store.execute(
                new Plan.Limit(
                        new Plan.Sort(scan, List.of(new Plan.SortKey("timestamp", earlier))),
                        0,
                        count),
                context);
    }
}

package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.Event;
import dev.belfry.model.EventId;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.store.AppliedBatch;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The questions about events that pages and clients ask; safe for many threads. */
public final class EventQueries {
    /** Events of a page at most. */
    public static final int PAGE_MAX = 1000;

    /** Rows that may be skipped with an offset; further pages are reached by cursor. */
    public static final int OFFSET_MAX = 100_000;

    /** Neighbours of an event on one side at most. */
    public static final int AROUND_MAX = 500;

    private final EventStore store;
    private final SeriesSource series;

    EventQueries(EventStore store, SeriesSource series) {
        this.store = store;
        this.series = series;
    }

    /**
     * A page of the events that meet {@code filter}.
     *
     * @param limit 0 to {@link #PAGE_MAX}; a page may have fewer events though more follow, when
     *     they are large
     * @param offset 0 to {@link #OFFSET_MAX}; 0 with a cursor
     * @param cursor {@code nextCursor} of the page before; null for the first page
     */
    public EventPage search(
            EventFilter filter,
            Order order,
            int limit,
            int offset,
            @Nullable String cursor,
            QueryContext context) {
        check("limit", limit, PAGE_MAX);
        check("offset", offset, cursor == null ? OFFSET_MAX : 0);
        Plan.Resume resume = cursor == null ? null : Cursor.parse(cursor, order);
        boolean descending = order == Order.NEWEST_FIRST;
        Plan plan =
                new Plan.Limit(
                        new Plan.Sort(
                                scan(filter, resume),
                                List.of(new Plan.SortKey("timestamp", descending))),
                        offset,
                        limit + 1);
        ResultTable table = store.execute(plan, context);
        List<Event> events = EventRows.events(table);
        boolean cut = table.truncated();
        boolean more = events.size() > limit || cut;
        String next = null;
        if (more) {
            events = events.subList(0, Math.min(limit, events.size()));
            if (!events.isEmpty()) {
                Event last = events.getLast();
                long end = resume == null ? table.endOffset() : resume.endOffset();
                long at = EventId.of(last.id()).offset();
                next = Cursor.text(new Plan.Resume(end, last.timestampNanos(), at), order);
            }
        }
        boolean counted = !more && cursor == null && (offset == 0 || !events.isEmpty());
        Long total = counted ? (long) offset + events.size() : null;
        return new EventPage(List.copyOf(events), next, total, cut, table.statistics());
    }

    private static void check(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, name + ": " + value + " (expected: 0-" + max + ")");
        }
    }

    private static Plan.Scan scan(EventFilter filter, Plan.@Nullable Resume resume) {
        return new Plan.Scan(
                Table.EVENTS, filter.range(), filter.expression(), filter.owner(), resume);
    }

    /** The event of this id, if there is one that {@code owner} may see. */
    public Optional<Event> find(UUID id, Owner owner, QueryContext context) {
        EventId.of(id);
        Expr filter = new Expr.In(new Expr.Column("id"), List.of(id.toString()), false);
        Plan plan =
                new Plan.Limit(
                        new Plan.Scan(Table.EVENTS, TimeRange.ALL, filter, owner, null), 0, 1);
        return EventRows.events(store.execute(plan, context)).stream().findFirst();
    }

    /**
     * An event with its neighbours in the order of the store, whatever they say: of the same
     * source, and with the same values of {@code tags} (or like it without).
     *
     * @param before neighbours at most, 0 to {@link #AROUND_MAX}
     * @param after the same
     * @param tags names, dotted for nested ones; at most 10
     */
    public Optional<EventContext> around(
            UUID id, int before, int after, List<String> tags, Owner owner, QueryContext context) {
        EventId.of(id);
        check("before", before, AROUND_MAX);
        check("after", after, AROUND_MAX);
        check("by", tags.size(), 10);
        return new Neighbours(store, owner, context).of(id, before, after, tags);
    }

    /**
     * The templates of the messages of the events that meet {@code filter}; of some of them, from
     * all over the range, when there are very many.
     *
     * @param limit templates, 1 to 1000
     * @param buckets of their trends, 1 to 100
     */
    public MessagePatterns patterns(
            EventFilter filter, int limit, int buckets, QueryContext context) {
        return PatternSearch.of(store, filter, limit, buckets, context);
    }

    /**
     * How some events differ from others: by which fields and message templates; over some of them,
     * from all over the range, when there are very many.
     *
     * @throws BelfryException VALIDATION_ERROR for a baseline before a time that has no bounds
     */
    public Comparison compare(Comparison.Question question, QueryContext context) {
        return new Comparing(store, question, context).compare();
    }

    /** How many events meet {@code filter}. */
    public long count(EventFilter filter, QueryContext context) {
        Plan plan =
                new Plan.Aggregate(
                        scan(filter, null),
                        List.of(),
                        List.of(new Plan.Measure("count", Plan.Function.COUNT, null, 0)));
        return (Long) store.execute(plan, context).rows().getFirst()[0];
    }

    /**
     * The events that meet {@code filter} over time by level, in at most {@code bucketsMax}
     * intervals.
     */
    public Histogram histogram(EventFilter filter, int bucketsMax, QueryContext context) {
        return Histograms.of(store, filter, scan(filter, null), bucketsMax, context);
    }

    /** All fields of the events that meet {@code filter}, see below. */
    public FieldSummary.Summaries fields(
            EventFilter filter, int valuesPerField, QueryContext context) {
        return fields(filter, FieldSummary.Choice.ALL, valuesPerField, context);
    }

    /**
     * The fields of the events that meet {@code filter}, with their most frequent values; over the
     * newest events of the range only when there are very many.
     */
    public FieldSummary.Summaries fields(
            EventFilter filter,
            FieldSummary.Choice choice,
            int valuesPerField,
            QueryContext context) {
        return FieldSummaries.of(store, filter, choice, valuesPerField, context);
    }

    /**
     * The events of {@code batch} that meet {@code filter}, in the order in which they came; the
     * range does not matter.
     */
    public List<Event> matching(EventFilter filter, AppliedBatch batch, QueryContext context) {
        Plan plan = scan(filter.withRange(TimeRange.ALL), null);
        List<Event> events =
                new ArrayList<>(EventRows.events(store.executeOn(batch, plan, context)));
        events.sort((a, b) -> Long.compare(offset(a), offset(b)));
        return events;
    }

    /**
     * Answers SQL of an administrator: one SELECT over the table {@code events} and over {@code
     * samples(selector, start, end)}, see docs/sql.md. It sees all owners' events and series.
     *
     * @throws BelfryException VALIDATION_ERROR for what is not one harmless SELECT or fails in
     *     itself, QUERY_LIMIT over a bound of {@code context}
     */
    public ResultTable sql(String text, QueryContext context) {
        return store.sql(text, this::readSamples, context);
    }

    private void readSamples(
            String selector, long startMillis, long endMillis, Consumer<SeriesSamples> target) {
        try (SeriesSource.Selection selection =
                        series.select(
                                matchers(selector),
                                startMillis,
                                endMillis,
                                SeriesSource.Hints.NONE);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            for (SeriesSamples one = cursor.next(); one != null; one = cursor.next()) {
                target.accept(one);
            }
        }
    }

    private static List<LabelMatcher> matchers(String selector) {
        List<LabelMatcher> matchers;
        try {
            matchers = Promql.matchers(selector);
        } catch (PromqlFailure failure) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "query: samples: selector " + selector + ": " + failure.getMessage(),
                    failure);
        }
        if (matchers.stream().allMatch(matcher -> matcher.matches(""))) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "query: samples: selector "
                            + selector
                            + " (expected: a matcher that the empty text does not pass)");
        }
        return matchers;
    }

    private static long offset(Event event) {
        return EventId.of(event.id()).offset();
    }
}

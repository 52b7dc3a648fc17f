package dev.belfry.store.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.Event;
import dev.belfry.model.EventId;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.ScalarFunction;
import dev.belfry.store.Table;
import dev.belfry.store.TextPattern;
import dev.belfry.store.TimeRange;
import dev.belfry.store.column.RowGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages, bounds and refusals of the executor. */
final class ExecutorBoundsTest {
    private static final long SEED = Long.getLong("belfry.seed", 7);
    private static final Expr SOURCE = new Expr.Column("source");

    private final Executor executor = new Executor();

    private static QueryContext context() {
        return new QueryContext(Duration.ofSeconds(60), 1L << 30, 10_000, false);
    }

    private static Plan.Scan scan(Expr filter, Plan.@Nullable Resume resume) {
        return new Plan.Scan(Table.EVENTS, TimeRange.ALL, filter, Owner.ALL, resume);
    }

    private static Plan page(Plan.@Nullable Resume resume, boolean descending, int count) {
        Plan columns =
                new Plan.Extract(
                        scan(new Expr.Not(new Expr.In(SOURCE, List.of("db"), false)), resume),
                        List.of(
                                new Plan.Named("id", new Expr.Column("id")),
                                new Plan.Named("timestamp", new Expr.Column("timestamp"))));
        return new Plan.Limit(
                new Plan.Sort(columns, List.of(new Plan.SortKey("timestamp", descending))),
                0,
                count);
    }

    @Test
    void pages_neitherRepeatNorSkipWhileGroupsAreAdded() {
        for (boolean descending : new boolean[] {true, false}) {
            Generated generated = new Generated(SEED);
            List<Event> events = generated.events(500, 0);
            List<RowGroup> view = new ArrayList<>(FakeRowGroup.groups(events, 23, SEED));
            List<UUID> seen = new ArrayList<>();
            Plan.Resume resume = null;
            long viewEnd = 500;
            while (true) {
                ResultTable page =
                        executor.run(page(resume, descending, 7), view, viewEnd, context());
                assertThat(page.endOffset()).isEqualTo(500);
                if (page.rows().isEmpty()) {
                    break;
                }
                page.rows().forEach(row -> seen.add((UUID) row[0]));
                @Nullable Object[] last = page.rows().getLast();
                resume =
                        new Plan.Resume(
                                page.endOffset(),
                                (Long) last[1],
                                EventId.of((UUID) last[0]).offset());
                view.addAll(FakeRowGroup.groups(generated.events(5, viewEnd), 3, SEED));
                viewEnd += 5;
            }
            Comparator<Event> order =
                    Comparator.comparingLong(Event::timestampNanos)
                            .thenComparingLong(FakeRowGroup::offset);
            assertThat(seen)
                    .isEqualTo(
                            events.stream()
                                    .filter(e -> !e.source().equals("db"))
                                    .sorted(descending ? order.reversed() : order)
                                    .map(Event::id)
                                    .toList());
        }
    }

    @Test
    void rowsFromTheViewsEndOn_areNotSeen() {
        List<RowGroup> view = FakeRowGroup.groups(new Generated(SEED).events(100, 0), 30, SEED);
        Plan count =
                new Plan.Aggregate(
                        scan(Expr.TRUE, null),
                        List.of(),
                        List.of(new Plan.Measure("n", Plan.Function.COUNT, null, 0)));

        assertThat(executor.run(count, view, 42, context()).rows().getFirst()[0]).isEqualTo(42L);
        assertThat(executor.run(scan(Expr.TRUE, null), view, 42, context()).rows()).hasSize(42);
    }

    @Test
    void quantilesOfManyBins_takeNoMoreMemoryThanTheirNumbers() {
        List<RowGroup> view = FakeRowGroup.groups(new Generated(SEED).events(400, 0), 1, SEED);
        Plan plan =
                new Plan.Aggregate(
                        scan(Expr.TRUE, null),
                        List.of(
                                new Plan.Named(
                                        "bin", new Expr.Bin(new Expr.Column("timestamp"), 1e6, 0))),
                        List.of(
                                new Plan.Measure(
                                        "q",
                                        Plan.Function.QUANTILE,
                                        new Expr.Column("severity_number"),
                                        0.5)));
        QueryContext narrow = new QueryContext(Duration.ofSeconds(60), 4 << 20, 10_000, false);

        assertThat(executor.run(plan, view, 400, narrow).rows()).hasSizeGreaterThan(30);
    }

    @Test
    void aQueryByTime_looksAtTheNewestGroupsOnly() {
        List<Event> events =
                new Generated(SEED)
                        .events(400, 0).stream()
                                .sorted(Comparator.comparingLong(Event::timestampNanos))
                                .toList();
        List<RowGroup> view = FakeRowGroup.groups(events, 20, SEED);

        ResultTable result = executor.run(page(null, true, 5), view, 1000, context());

        assertThat(result.rows()).hasSize(5);
        assertThat(result.statistics().rowsRead()).isLessThan(100);
    }

    @Test
    void anId_isFoundInItsGroupAlone() {
        List<Event> events = new Generated(SEED).events(300, 0);
        List<RowGroup> view = FakeRowGroup.groups(events, 20, SEED);
        Expr equal =
                new Expr.Compare(
                        Expr.Comparison.EQUAL,
                        new Expr.Column("id"),
                        new Expr.Text(events.get(123).id().toString()));

        ResultTable result = executor.run(scan(equal, null), view, 1000, context());

        assertThat(result.rows()).hasSize(1);
        assertThat(result.rows().getFirst()[0]).isEqualTo(events.get(123).id());
        assertThat(result.statistics().rowGroupsSkipped()).isEqualTo(view.size() - 1);
    }

    @Test
    void anOwnerWhoSeesSomeRows_isToldOfNoOthers() {
        List<Event> events = new Generated(SEED).events(400, 0);
        List<RowGroup> view = FakeRowGroup.groups(events, 20, SEED);
        Owner owner = Owner.of(Set.of("api"), Set.of());
        for (Expr filter :
                List.of(
                        Expr.TRUE,
                        new Expr.Phrase("never"),
                        new Expr.In(SOURCE, List.of("db"), false))) {
            Plan count =
                    new Plan.Aggregate(
                            new Plan.Scan(Table.EVENTS, TimeRange.ALL, filter, owner, null),
                            List.of(),
                            List.of(new Plan.Measure("n", Plan.Function.COUNT, null, 0)));
            ResultTable result = executor.run(count, view, 1000, context());

            long own = events.stream().filter(e -> e.source().equals("api")).count();
            assertThat(result.statistics().rowsRead()).isLessThanOrEqualTo(own);
            assertThat(result.statistics().bytesRead()).isZero();
            assertThat(result.statistics().rowGroupsSkipped()).isZero();
            assertThat(result.statistics().rowGroupsTotal()).isLessThanOrEqualTo(view.size());
        }
    }

    /* Each costs seconds for a row, and there are enough rows for minutes. */
    @Test
    void longTexts_areStoppedWhenTheTimeIsOver() {
        List<Event> events = new ArrayList<>();
        for (Event event : new Generated(SEED).events(60, 0)) {
            events.add(withMessage(event, "a".repeat(250_000)));
        }
        List<RowGroup> view = FakeRowGroup.groups(events, 60, SEED);
        Expr message = new Expr.Column("message");
        Expr wanted = new Expr.Text("a".repeat(15_000) + "b");
        for (Expr slow :
                List.of(
                        new Expr.Like(message, "%" + "a".repeat(990) + "b%", false),
                        new Expr.Call(ScalarFunction.CONTAINS, List.of(message, wanted)),
                        new Expr.Exists(
                                new Expr.Call(
                                        ScalarFunction.REPLACE,
                                        List.of(message, wanted, new Expr.Text("x")))),
                        new Expr.Exists(
                                new Expr.Call(
                                        ScalarFunction.PART,
                                        List.of(message, wanted, new Expr.Number(3)))),
                        new Expr.Exists(
                                new Expr.Capture(
                                        message,
                                        new TextPattern.Glob(List.of("a".repeat(15_000) + "b", "")),
                                        0)))) {
            QueryContext context =
                    new QueryContext(Duration.ofMillis(300), 1L << 30, 10_000, false);
            long start = System.nanoTime();
            refused(
                    new Plan.Aggregate(
                            scan(slow, null),
                            List.of(),
                            List.of(new Plan.Measure("n", Plan.Function.COUNT, null, 0))),
                    view,
                    context,
                    ErrorCode.QUERY_LIMIT,
                    "timeout");
            assertThat(System.nanoTime() - start).as(slow.toString()).isLessThan(5_000_000_000L);
        }
    }

    private static Event withMessage(Event event, String message) {
        return new Event(
                event.id(),
                event.type(),
                event.source(),
                message,
                event.level(),
                event.tagsJson(),
                event.payloadJson(),
                event.timestampNanos(),
                event.receivedMillis(),
                event.createdBy(),
                event.traceId(),
                event.spanId(),
                event.severityNumber(),
                event.observedNanos(),
                event.flags(),
                event.eventName());
    }

    @Test
    void moreRowsThanTheBound_areCutAndSaidSo() {
        List<RowGroup> view = FakeRowGroup.groups(new Generated(SEED).events(100, 0), 30, SEED);
        QueryContext ten = new QueryContext(Duration.ofSeconds(60), 1L << 30, 10, false);

        ResultTable cut = executor.run(scan(Expr.TRUE, null), view, 1000, ten);
        ResultTable asked =
                executor.run(new Plan.Limit(scan(Expr.TRUE, null), 0, 10), view, 1000, ten);

        assertThat(cut.rows()).hasSize(10);
        assertThat(cut.truncated()).isTrue();
        assertThat(asked.rows()).hasSize(10);
        assertThat(asked.truncated()).isFalse();
    }

    @Test
    void moreMemoryThanTheShare_failsTheQuery() {
        List<RowGroup> view = FakeRowGroup.groups(new Generated(SEED).events(500, 0), 100, SEED);
        QueryContext small = new QueryContext(Duration.ofSeconds(60), 10_000, 10_000, false);

        refused(scan(Expr.TRUE, null), view, small, ErrorCode.QUERY_LIMIT, "memory");
        refused(
                new Plan.Aggregate(
                        scan(Expr.TRUE, null),
                        List.of(new Plan.Named("id", new Expr.Column("id"))),
                        List.of()),
                view,
                new QueryContext(Duration.ofSeconds(60), 10_000, 10_000, false),
                ErrorCode.QUERY_LIMIT,
                "memory");
    }

    @Test
    void aCancelledQuery_stopsOnAllThreads() {
        List<RowGroup> view = FakeRowGroup.groups(new Generated(SEED).events(500, 0), 5, SEED);
        QueryContext context = context();
        context.cancel();
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            assertThatThrownBy(() ->
                            new Executor(pool, 3).run(scan(Expr.TRUE, null), view, 1000, context))
                    .isInstanceOf(BelfryException.class)
                    .hasMessageContaining("cancelled");
        }
    }

    @Test
    void aQuery_goesOnWithoutHelpers() {
        List<RowGroup> view = FakeRowGroup.groups(new Generated(SEED).events(300, 0), 10, SEED);
        List<java.util.concurrent.Executor> pools =
                List.of(
                        _ -> {},
                        _ -> {
                            throw new RejectedExecutionException("busy");
                        });
        for (java.util.concurrent.Executor pool : pools) {
            ResultTable result =
                    new Executor(pool, 4).run(scan(Expr.TRUE, null), view, 1000, context());
            assertThat(result.rows()).hasSize(300);
        }
    }

    @Test
    void aFailureOfAHelper_isTheQuerys() {
        List<RowGroup> view =
                FakeRowGroup.groups(
                        Collections.nCopies(40, message("ab".repeat(100_000))), 1, SEED);
        Expr filter = new Expr.Matches(new Expr.Column("message"), Pattern.compile("(a|b)+$"));
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            assertThatThrownBy(() ->
                            new Executor(pool, 3).run(scan(filter, null), view, 1000, context()))
                    .isInstanceOf(BelfryException.class)
                    .hasMessageContaining("stack");
        }
    }

    @Test
    void columnsOfAGroup_areGivenBackBeforeTheNext() {
        List<RowGroup> view = FakeRowGroup.groups(new Generated(SEED).events(5000, 0), 50, SEED);
        Plan bySource =
                new Plan.Aggregate(
                        scan(new Expr.Phrase("error"), null),
                        List.of(new Plan.Named("source", SOURCE)),
                        List.of(new Plan.Measure("n", Plan.Function.COUNT, null, 0)));
        QueryContext small = new QueryContext(Duration.ofSeconds(60), 60_000, 10_000, false);

        assertThat(executor.run(bySource, view, 10_000, small).rows()).hasSize(3);
    }

    @Test
    void aPatternThatBacktracks_endsWithTheTimeout() {
        Event event = message("a".repeat(60) + "!");
        QueryContext brief = new QueryContext(Duration.ofMillis(200), 1L << 30, 10, false);
        Expr filter =
                new Expr.Matches(new Expr.Column("message"), Pattern.compile("(?:(a|aa)+)\\1b$"));

        refused(
                scan(filter, null),
                List.of(new FakeRowGroup(List.of(event), 1)),
                brief,
                ErrorCode.QUERY_LIMIT,
                "timeout");
    }

    @Test
    void aPatternThatOverflowsTheStack_isRefused() {
        Event event = message("ab".repeat(100_000));
        Expr filter = new Expr.Matches(new Expr.Column("message"), Pattern.compile("(a|b)+$"));

        refused(
                scan(filter, null),
                List.of(new FakeRowGroup(List.of(event), 1)),
                context(),
                ErrorCode.QUERY_LIMIT,
                "stack");
    }

    private static Event message(String text) {
        return new Event(
                new EventId(1, 0, 1).uuid(),
                EventType.LOG,
                "s",
                text,
                null,
                "{}",
                "{}",
                1,
                1,
                "",
                null,
                null,
                0,
                0,
                0,
                null);
    }

    @Test
    void plansThatMeanNothing_areRefusedNamingWhatThereIs() {
        Plan.Scan all = scan(Expr.TRUE, null);
        Plan.Sort sorted = new Plan.Sort(all, List.of(new Plan.SortKey("nope", true)));
        invalid(sorted, "sort: nope (expected: one of id, event_type");
        invalid(new Plan.Extract(new Plan.Limit(all, 0, 1), List.of()), "out of order");
        invalid(new Plan.Limit(all, -1, 1), "offset: -1");
        invalid(
                scan(new Expr.Exists(new Expr.Column("nope")), null),
                "column: nope (expected: one of");
        invalid(scan(new Expr.Exists(new Expr.Field(FieldSpace.TAG, "")), null), "field: empty");
        invalid(scan(new Expr.Exists(new Expr.Bin(SOURCE, 0, 0)), null), "width 0.0");
        invalid(
                new Plan.Extract(
                        all, List.of(new Plan.Named("a", SOURCE), new Plan.Named("a", SOURCE))),
                "name: a twice");
        invalid(
                new Plan.Aggregate(
                        all,
                        List.of(),
                        List.of(new Plan.Measure("q", Plan.Function.QUANTILE, SOURCE, 2))),
                "quantile 2.0");
        invalid(
                new Plan.Aggregate(
                        all, List.of(), List.of(new Plan.Measure("m", Plan.Function.MAX, null, 0))),
                "MAX of nothing");
        invalid(
                new Plan.Sort(
                        scan(Expr.TRUE, new Plan.Resume(1, 1, 1)),
                        List.of(new Plan.SortKey("source", true))),
                "resume: order by source");
        Expr deep = Expr.TRUE;
        for (int i = 0; i < 10_000; i++) {
            deep = new Expr.Not(deep);
        }
        invalid(scan(deep, null), "nested over");
    }

    private void invalid(Plan plan, String message) {
        refused(plan, Collections.emptyList(), context(), ErrorCode.VALIDATION_ERROR, message);
    }

    private void refused(
            Plan plan, List<RowGroup> view, QueryContext context, ErrorCode code, String message) {
        assertThatThrownBy(() -> executor.run(plan, view, 1000, context))
                .isInstanceOfSatisfying(
                        BelfryException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}

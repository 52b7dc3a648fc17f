package dev.belfry.store.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.Event;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.parquet.PageCache;
import dev.belfry.store.parquet.RowGroupEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Generated plans over generated events answer as the plain reference does. */
final class ExecutorTest {
    private static final long SEED = Long.getLong("belfry.seed", 20_26);
    private static final int ROUNDS = Integer.getInteger("belfry.rounds", 1500);
    private static final int ROWS_MAX = 100_000;

    private static QueryContext context() {
        return new QueryContext(Duration.ofSeconds(60), 1L << 30, ROWS_MAX, false);
    }

    @Test
    void generatedPlans_answerAsTheReference() {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                Generated generated = new Generated(SEED + round);
                List<Event> events = generated.events(40 + generated.below(60), 1000);
                List<RowGroup> groups =
                        FakeRowGroup.groups(events, 1 + generated.below(30), SEED + round);
                Executor executor =
                        generated.below(2) == 0 ? new Executor() : new Executor(pool, 2);
                check("seed " + (SEED + round), generated, events, groups, executor);
            }
        }
    }

    @Test
    void generatedPlans_overEncodedGroups_answerAsTheReference() {
        try (PageCache cache = new PageCache(1 << 20);
                RowGroupEncoder encoder = new RowGroupEncoder(cache)) {
            for (int round = 0; round < ROUNDS / 5; round++) {
                long seed = SEED + 1_000_000 + round;
                Generated generated = new Generated(seed);
                List<Event> events = generated.events(40 + generated.below(60), 1000);
                List<RowGroup> groups =
                        FakeRowGroup.groups(events, 10 + generated.below(90), seed).stream()
                                .map(group -> ((FakeRowGroup) group).encoded(encoder))
                                .toList();
                check("seed " + seed, generated, events, groups, new Executor());
            }
        }
    }

    private static void check(
            String seed,
            Generated generated,
            List<Event> events,
            List<RowGroup> groups,
            Executor executor) {
        TimeRange range =
                generated.below(2) == 0
                        ? TimeRange.ALL
                        : new TimeRange(
                                Generated.START_NANOS + generated.below(20) * 1_000_000_000L,
                                Generated.START_NANOS + generated.below(41) * 1_000_000_000L);
        Owner owner =
                generated.below(3) == 0 ? Owner.of(Set.of("api"), Set.of("user:1")) : Owner.ALL;
        if (generated.below(4) == 0) {
            owner = owner.within(Set.of("api", "db"));
        }
        Expr filter = generated.below(4) == 0 ? Expr.TRUE : generated.filter(0);
        Plan.Scan scan = new Plan.Scan(Table.EVENTS, range, filter, owner, null);
        Reference reference = new Reference(events);
        int offset = generated.below(3) == 0 ? generated.below(20) : 0;
        int count = generated.below(2) == 0 ? generated.below(30) : 1_000_000;
        List<@Nullable Object[]> expected;
        Plan plan;
        if (generated.below(2) == 0) {
            List<Plan.Named> keys = generated.named("k", 3);
            List<Plan.Measure> measures = generated.measures();
            plan = new Plan.Limit(new Plan.Aggregate(scan, keys, measures), offset, count);
            expected = reference.aggregate(scan, keys, measures);
        } else {
            List<Plan.Named> columns = generated.named("c", 4);
            List<Plan.SortKey> sort = new ArrayList<>();
            if (generated.below(2) == 0) {
                sort.add(new Plan.SortKey("timestamp", generated.below(2) == 0));
            } else if (!columns.isEmpty() && generated.below(2) == 0) {
                columns.forEach(c -> sort.add(new Plan.SortKey(c.name(), generated.below(2) == 0)));
            }
            Plan input = new Plan.Extract(scan, columns);
            plan =
                    new Plan.Limit(
                            sort.isEmpty() ? input : new Plan.Sort(input, sort), offset, count);
            expected = reference.rows(scan, columns, sort);
        }
        ResultTable result = executor.run(plan, groups, Long.MAX_VALUE, context());
        int end = Math.min(expected.size(), offset + count);
        List<String> wanted = plain(expected.subList(Math.min(offset, end), end));
        assertSame(seed + " " + plan, plain(result.rows()), wanted);
        assertThat(result.truncated()).isFalse();
        if (owner.equals(Owner.ALL)) {
            assertThat(result.statistics().rowGroupsTotal()).isEqualTo(groups.size());
        }
    }

    private static void assertSame(String what, List<String> actual, List<String> expected) {
        for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
            assertThat(actual.get(i)).as(what + " row " + i).isEqualTo(expected.get(i));
        }
        assertThat(actual).as(what).hasSameSizeAs(expected);
    }

    private static List<String> plain(List<@Nullable Object[]> rows) {
        return rows.stream()
                .map(row -> Arrays.stream(row).map(ExecutorTest::plain).toList().toString())
                .toList();
    }

    /* Numbers to 12 digits; JSON with keys in order. */
    private static String plain(@Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case JsonTree.Null _ -> "-";
            case Long number -> number.toString();
            case Double number -> "d" + round(number);
            case JsonTree.Num num -> "d" + round(Double.parseDouble(num.text()));
            case ResultTable.Json json -> plain(JsonTree.parse(json.text()));
            case Map<?, ?> map -> new java.util.TreeMap<>(map).toString();
            case List<?> list -> list.toString();
            default -> value.getClass().getSimpleName() + ":" + value;
        };
    }

    private static String round(double number) {
        if (number == 0) {
            return "0";
        }
        return new java.math.BigDecimal(number)
                .round(new java.math.MathContext(6))
                .stripTrailingZeros()
                .toString();
    }

    @Test
    void wholeEvents_comeBackAsTheyWere() {
        List<Event> events = new Generated(SEED).events(200, 5);
        List<RowGroup> groups = FakeRowGroup.groups(events, 17, SEED);
        Plan.Scan scan = new Plan.Scan(Table.EVENTS, TimeRange.ALL, Expr.TRUE, Owner.ALL, null);
        List<Plan.Named> columns =
                PlanShape.EVENT_COLUMNS.stream()
                        .map(name -> new Plan.Named(name, new Expr.Column(name)))
                        .toList();

        ResultTable result = new Executor().run(scan, groups, Long.MAX_VALUE, context());

        assertThat(result.columns()).isEqualTo(PlanShape.EVENT_COLUMNS);
        assertSame(
                "whole events",
                plain(result.rows()),
                plain(new Reference(events).rows(scan, columns, List.of())));
    }
}

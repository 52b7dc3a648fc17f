package dev.belfry.store.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.Event;
import dev.belfry.store.Contrast;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import dev.belfry.store.column.RowGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Counts on two sides, and samples. */
final class ContrastTest {
    private static final long SEED = Long.getLong("belfry.seed", 7);
    private static final Expr SOURCE = new Expr.Column("source");
    private static final Expr LEVEL = new Expr.Column("level");

    private final List<Event> events = new Generated(SEED).events(600, 0);
    private final List<RowGroup> view = FakeRowGroup.groups(events, 25, SEED);

    private static QueryContext context() {
        return new QueryContext(Duration.ofSeconds(60), 1L << 30, 10_000, false);
    }

    private static Plan.Scan scan(Expr filter) {
        return new Plan.Scan(Table.EVENTS, TimeRange.ALL, filter, Owner.ALL, null);
    }

    private Contrast contrast(Expr selection, long rowsMax) {
        return new Executor()
                .contrast(
                        List.of(scan(selection)),
                        List.of(scan(new Expr.Not(selection))),
                        List.of(new Plan.Named("level", LEVEL)),
                        rowsMax,
                        view,
                        1000,
                        context());
    }

    @Test
    void values_areCountedOnTheirSides_absentOnesToo() {
        String source = events.getFirst().source();
        Contrast contrast = contrast(new Expr.In(SOURCE, List.of(source), false), 1000);

        Map<@Nullable Object, long[]> expected = new HashMap<>();
        for (Event event : events) {
            int side = event.source().equals(source) ? 0 : 1;
            expected.computeIfAbsent(event.level(), _ -> new long[2])[side]++;
        }
        Contrast.FieldCounts counts = contrast.fields().getFirst();
        assertThat(counts.values()).hasSameSizeAs(expected.keySet());
        for (int i = 0; i < counts.values().size(); i++) {
            long[] sides = expected.get(counts.values().get(i));
            assertThat(new long[] {counts.selection()[i], counts.baseline()[i]})
                    .as(String.valueOf(counts.values().get(i)))
                    .isEqualTo(sides);
        }
        assertThat(contrast.selection().rows() + contrast.baseline().rows()).isEqualTo(600);
        assertThat(counts.selectionRows()).isEqualTo(contrast.selection().rows());
    }

    @Test
    void aLargeSide_isSampled_andItsSizeIsExact() {
        Contrast contrast = contrast(new Expr.In(SOURCE, List.of("nobody"), false), 100);
        assertThat(contrast.selection()).isEqualTo(new Contrast.Side(0, 0));
        assertThat(contrast.baseline().rows()).isEqualTo(600);
        assertThat(contrast.baseline().rowsCounted()).isBetween(100L, 200L);
    }

    @Test
    void aShareOfTheRows_isFromAllGroups_andTheSameEachTime() {
        Plan plan =
                new Plan.Extract(
                        scan(Expr.TRUE), List.of(new Plan.Named("id", new Expr.Column("id"))));
        List<Object> first = visited(plan, 0.2);
        assertThat(first).isEqualTo(visited(plan, 0.2));
        assertThat(first).doesNotHaveDuplicates();
        assertThat(first.size()).isBetween(120, 120 + view.size());
        assertThat(visited(plan, 1)).hasSize(600);
        assertThat(visited(plan, 0)).isEmpty();
    }

    private List<Object> visited(Plan plan, double share) {
        List<Object> found = new ArrayList<>();
        new Executor()
                .visit(
                        plan,
                        share,
                        view,
                        1000,
                        context(),
                        () ->
                                columns -> {
                                    for (Object id : columns[0]) {
                                        found.add(id);
                                    }
                                });
        return found;
    }

    @Test
    void coarseNumbers_haveTwoDigits_roundedDown() {
        assertThat(Coarse.of(1234.0)).isEqualTo(1200.0);
        assertThat(Coarse.of(-1234.0)).isEqualTo(-1300.0);
        assertThat((Double) Coarse.of(0.04567)).isBetween(0.0449, 0.0451);
        assertThat(Coarse.of(7.0)).isEqualTo(7.0);
        assertThat(Coarse.of(0.0)).isEqualTo(0.0);
        assertThat(Coarse.of("12345")).isEqualTo("12345");
        assertThat(Coarse.of(null)).isNull();
    }
}

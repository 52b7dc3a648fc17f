package dev.belfry.store.exec;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plan that was checked, by its parts.
 *
 * @param scan the rows
 * @param columns of the result; for an aggregation, its keys
 * @param measures of an aggregation; null when rows are wanted
 * @param sort empty for the natural order: rows newest first, groups by their keys
 * @param offset rows skipped
 * @param count rows wanted
 */
record PlanShape(
        Plan.Scan scan,
        List<Plan.Named> columns,
        @Nullable List<Plan.Measure> measures,
        List<Plan.SortKey> sort,
        int offset,
        int count) {
    private static final Expr TIMESTAMP = new Expr.Column("timestamp");

    /** What rows have when nothing is extracted, in this order. */
    static final List<String> EVENT_COLUMNS =
            List.of(
                    "id",
                    "event_type",
                    "source",
                    "message",
                    "level",
                    "tags",
                    "payload",
                    "timestamp",
                    "created_at",
                    "created_by",
                    "trace_id",
                    "span_id",
                    "severity_number",
                    "observed",
                    "flags",
                    "event_name");

    private static final List<Plan.Named> WHOLE_EVENTS =
            EVENT_COLUMNS.stream()
                    .map(name -> new Plan.Named(name, new Expr.Column(name)))
                    .toList();

    /** Names of the result's columns. */
    List<String> names() {
        List<String> names = new ArrayList<>(columns.size());
        columns.forEach(column -> names.add(column.name()));
        if (measures != null) {
            measures.forEach(measure -> names.add(measure.name()));
        }
        return names;
    }

    /** Whether rows are wanted in the order of time. */
    boolean isByTime() {
        return sort.size() <= 1 && isByTimeFirst();
    }

    /** Whether time is the first sort key, or the only order. */
    boolean isByTimeFirst() {
        return sort.isEmpty() || TIMESTAMP.equals(sortExpr(sort.getFirst()));
    }

    /** Whether the first sort key, or time without one, descends. */
    boolean isDescending() {
        return sort.isEmpty() || sort.getFirst().descending();
    }

    /** What a sort key of rows sorts by. */
    Expr sortExpr(Plan.SortKey key) {
        for (Plan.Named column : columns) {
            if (column.name().equals(key.name())) {
                return column.expr();
            }
        }
        return TIMESTAMP;
    }

    /**
     * Checks a plan and takes it apart.
     *
     * @throws BelfryException VALIDATION_ERROR when it is not one that can be run
     */
    static PlanShape of(Plan plan) {
        Plan rest = plan;
        int offset = 0;
        int count = Integer.MAX_VALUE;
        List<Plan.SortKey> sort = List.of();
        Plan.Aggregate aggregate = null;
        List<Plan.Named> extract = null;
        if (rest instanceof Plan.Limit limit) {
            offset = atLeastZero("offset", limit.offset());
            count = atLeastZero("limit", limit.count());
            rest = limit.input();
        }
        if (rest instanceof Plan.Sort sorted) {
            sort = sorted.keys();
            rest = sorted.input();
        }
        if (rest instanceof Plan.Aggregate grouped) {
            aggregate = grouped;
            rest = grouped.input();
        }
        if (rest instanceof Plan.Extract extracted) {
            extract = extracted.columns();
            rest = extracted.input();
        }
        if (!(rest instanceof Plan.Scan scan)) {
            throw invalid(
                    "plan: "
                            + rest.getClass().getSimpleName()
                            + " out of order (expected: Scan, Extract, Aggregate, Sort, Limit,"
                            + " each at most once)");
        }
        PlanShape shape;
        if (aggregate == null) {
            List<Plan.Named> columns = extract == null ? WHOLE_EVENTS : extract;
            shape = new PlanShape(scan, columns, null, sort, offset, count);
        } else {
            Substitution names = new Substitution(extract == null ? List.of() : extract);
            shape =
                    new PlanShape(
                            scan,
                            aggregate.keys().stream().map(names::named).toList(),
                            aggregate.measures().stream().map(names::measure).toList(),
                            sort,
                            offset,
                            count);
        }
        shape.check();
        return shape;
    }

    private void check() {
        PlanChecks.check(scan.filter());
        columns.forEach(column -> PlanChecks.check(column.expr()));
        if (measures != null) {
            measures.forEach(PlanChecks::check);
        }
        List<String> names = names();
        Set<String> known = new HashSet<>();
        for (String name : names) {
            if (!known.add(name)) {
                throw invalid("name: " + name + " twice (expected: each name once)");
            }
        }
        if (measures == null) {
            known.add("timestamp");
        }
        for (Plan.SortKey key : sort) {
            if (!known.contains(key.name())) {
                throw invalid(
                        "sort: "
                                + key.name()
                                + " (expected: one of "
                                + String.join(", ", names)
                                + (measures == null ? ", timestamp)" : ")"));
            }
        }
        if (measures == null && scan.resume() != null && !isByTime()) {
            throw invalid(
                    "resume: order by "
                            + sort.getFirst().name()
                            + " (expected: a page after the first only in the order of timestamp)");
        }
    }

    /**
     * Checks a plan of fields.
     *
     * @throws BelfryException VALIDATION_ERROR when it is not one that can be run
     */
    static void check(Plan.TopValues plan) {
        PlanChecks.check(plan.input().filter());
        atLeastZero("count", plan.count());
        if (plan.input().resume() != null) {
            throw invalid("resume: of field values (expected: none)");
        }
        for (Plan.Named field : plan.fields()) {
            PlanChecks.check(field.expr());
            if (!(field.expr() instanceof Expr.Column || field.expr() instanceof Expr.Field)) {
                throw invalid(field.name() + ": an expression (expected: a column or field)");
            }
        }
    }

    private static int atLeastZero(String name, int value) {
        if (value < 0) {
            throw invalid(name + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    static BelfryException invalid(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }
}

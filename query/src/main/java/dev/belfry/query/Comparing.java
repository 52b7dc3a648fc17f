package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.FieldSpace;
import dev.belfry.query.insight.TemplateSearch;
import dev.belfry.store.Contrast;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds how some events differ from others. */
final class Comparing {
    /** Fields of an answer at most. */
    static final int FIELDS_MAX = 100;

    /* Rows in which the names of fields are looked for: the newest. */
    private static final long NAMES_ROWS_MAX = 1 << 23;

    /* Values of fields that are counted on a side: a tenth of a second's work. */
    private static final long VALUES_COUNTED_MAX = 10_000_000;
    private static final long ROWS_MIN = 200_000;

    /* Messages of a side whose templates are found: a share of 1 % is met a thousand times. */
    private static final double MESSAGES_MAX = 60_000;

    private final EventStore store;
    private final Comparison.Question question;
    private final QueryContext context;

    Comparing(EventStore store, Comparison.Question question, QueryContext context) {
        this.store = store;
        this.question = question;
        this.context = context;
    }

    Comparison compare() {
        if (question.limit() < 1 || question.limit() > FIELDS_MAX) {
            throw invalid("limit: " + question.limit() + " (expected: 1-" + FIELDS_MAX + ")");
        }
        List<Plan.Scan> selection = selection();
        List<Plan.Scan> baseline = baseline();
        List<Named> named = names();
        long rowsMax = Math.max(ROWS_MIN, VALUES_COUNTED_MAX / Math.max(1, named.size()));
        Contrast contrast =
                store.contrast(
                        selection,
                        baseline,
                        named.stream()
                                .map(field -> new Plan.Named(field.name(), field.expr()))
                                .toList(),
                        rowsMax,
                        context);
        Contrast.Side one = contrast.selection();
        Contrast.Side other = contrast.baseline();
        List<Comparison.Field> fields = new ArrayList<>();
        for (int i = 0; i < named.size(); i++) {
            Contrast.FieldCounts counts = contrast.fields().get(i);
            List<Differences.Counted> counted = counted(counts);
            if (counted.stream().anyMatch(value -> value.value() != null)) {
                fields.add(
                        Differences.field(
                                named.get(i).name(),
                                named.get(i).kind(),
                                counted,
                                new Differences.Sides(
                                        counts.selectionRows(),
                                        counts.baselineRows(),
                                        one.rows(),
                                        other.rows())));
            }
        }
        boolean byMessage = isAsked(new Expr.Column("message"));
        if (!byMessage && one.rows() > 0 && other.rows() > 0) {
            fields.add(templates(selection, one, baseline, other));
        }
        fields.removeIf(field -> field.values().isEmpty());
        fields.sort(Comparator.comparingDouble((Comparison.Field field) -> -field.score()));
        boolean sampled =
                one.rowsCounted() < one.rows()
                        || other.rowsCounted() < other.rows()
                        || !byMessage && Math.max(one.rows(), other.rows()) > MESSAGES_MAX;
        return new Comparison(
                one.rows(),
                other.rows(),
                fields.subList(0, Math.min(question.limit(), fields.size())),
                sampled,
                contrast.statistics());
    }

    private static List<Differences.Counted> counted(Contrast.FieldCounts counts) {
        List<Differences.Counted> counted = new ArrayList<>(counts.values().size());
        for (int i = 0; i < counts.values().size(); i++) {
            counted.add(
                    new Differences.Counted(
                            counts.values().get(i),
                            null,
                            null,
                            null,
                            counts.selection()[i],
                            counts.baseline()[i]));
        }
        return counted;
    }

    private Comparison.Field templates(
            List<Plan.Scan> selection,
            Contrast.Side one,
            List<Plan.Scan> baseline,
            Contrast.Side other) {
        TemplateSearch search = new TemplateSearch(store, context, 2);
        long read = 0;
        for (Plan.Scan scan : selection) {
            read += search.read(scan, Math.min(1, MESSAGES_MAX / one.rows()), _ -> 0);
        }
        long otherRead = 0;
        for (Plan.Scan scan : baseline) {
            otherRead += search.read(scan, Math.min(1, MESSAGES_MAX / other.rows()), _ -> 1);
        }
        List<Differences.Counted> counted = new ArrayList<>();
        for (MessageTemplate template : search.found()) {
            counted.add(
                    new Differences.Counted(
                            template.pattern(),
                            null,
                            null,
                            template.like(),
                            template.buckets()[0],
                            template.buckets()[1]));
        }
        return Differences.field(
                "@message",
                Comparison.Kind.TEMPLATE,
                counted,
                new Differences.Sides(read, otherRead, one.rows(), other.rows()));
    }

    private List<Plan.Scan> selection() {
        TimeRange time = selectedTime();
        return List.of(
                time == null ? scan(question.filter().range(), selected()) : scan(time, Expr.TRUE));
    }

    private List<Plan.Scan> baseline() {
        TimeRange all = question.filter().range();
        TimeRange time = selectedTime();
        if (question.before()) {
            TimeRange of = time == null ? all : time;
            return List.of(scan(before(of), time == null ? selected() : Expr.TRUE));
        }
        if (time == null) {
            return List.of(scan(all, new Expr.Not(selected())));
        }
        return List.of(
                scan(new TimeRange(all.startNanos(), time.startNanos()), Expr.TRUE),
                scan(new TimeRange(time.endNanos(), all.endNanos()), Expr.TRUE));
    }

    /* A part of the whole: what is selected outside of it does not count on either side. */
    private @Nullable TimeRange selectedTime() {
        TimeRange all = question.filter().range();
        TimeRange time = question.selectedTime();
        if (time == null) {
            return null;
        }
        long start = Math.min(Math.max(time.startNanos(), all.startNanos()), all.endNanos());
        long end = Math.min(Math.max(time.endNanos(), start), all.endNanos());
        return new TimeRange(start, end);
    }

    private static TimeRange before(TimeRange range) {
        boolean open = range.startNanos() == Long.MIN_VALUE || range.endNanos() == Long.MAX_VALUE;
        long length = range.endNanos() - range.startNanos();
        if (open || length <= 0 || range.startNanos() - length > range.startNanos()) {
            throw invalid(
                    "baseline: before (expected: rest, or a selection or query with start_time and"
                            + " end_time)");
        }
        return new TimeRange(range.startNanos() - length, range.startNanos());
    }

    private Expr selected() {
        Expr by = question.selectedBy();
        if (by == null) {
            throw invalid("selection: none (expected: a time or a query)");
        }
        return by;
    }

    private Plan.Scan scan(TimeRange range, Expr also) {
        EventFilter filter = question.filter();
        return new Plan.Scan(
                Table.EVENTS,
                range,
                new Expr.And(List.of(filter.expression(), also)),
                filter.owner(),
                null);
    }

    private record Named(String name, Comparison.Kind kind, Expr expr) {}

    /* What the selection asks for differs of course: it is left out. */
    private List<Named> names() {
        List<Named> named = new ArrayList<>();
        for (String column : List.of("source", "level", "event_type", "created_by")) {
            named.add(new Named(column, Comparison.Kind.COLUMN, new Expr.Column(column)));
        }
        TimeRange range = question.filter().range();
        for (EventStore.FieldName name : store.fields(range, NAMES_ROWS_MAX, context).names()) {
            if (named.size() == FieldSummaries.FIELDS_MAX) {
                break;
            }
            Comparison.Kind kind =
                    name.space() == FieldSpace.TAG ? Comparison.Kind.TAG : Comparison.Kind.PAYLOAD;
            named.add(new Named(name.key(), kind, new Expr.Field(name.space(), name.key())));
        }
        named.removeIf(field -> isAsked(field.expr()));
        return named;
    }

    private boolean isAsked(Expr field) {
        return asks(question.selectedBy(), field);
    }

    private static boolean asks(@Nullable Expr by, Expr field) {
        return switch (by) {
            case null -> false;
            case Expr.Field asked ->
                    field instanceof Expr.Field named
                            && asked.path().equals(named.path())
                            && (asked.space() == null || asked.space() == named.space());
            case Expr.Column column -> column.equals(field);
            default -> by.parts().stream().anyMatch(part -> asks(part, field));
        };
    }

    private static BelfryException invalid(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }
}

package dev.belfry.query.insight;

import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.ScalarFunction;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What the name of a field stands for: a column, then a tag, then a path in the payload. */
final class Names {
    static final Expr TIMESTAMP = new Expr.Column("timestamp");
    static final Expr MESSAGE = new Expr.Column("message");
    static final Expr LEVEL = new Expr.Column("level");
    static final Expr SOURCE = new Expr.Column("source");
    static final Expr ID = new Expr.Column("id");

    /** The columns of events that hold times. */
    static final Set<String> TIMES = Set.of("timestamp", "created_at", "observed");

    private static final String[] TAG = {"tags.", "tag."};
    private static final String PAYLOAD = "payload.";

    private Names() {}

    /** The expression of {@code name}. */
    static Expr of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "@timestamp", "timestamp" -> TIMESTAMP;
            case "@message", "message" -> MESSAGE;
            case "@logstream", "@source", "source" -> SOURCE;
            case "@log", "log_group" -> new Expr.Field(FieldSpace.TAG, "log_group");
            case "@type" -> new Expr.Column("event_type");
            case "@id", "@ptr", "id" -> ID;
            case "@ingestiontime", "created_at" -> new Expr.Column("created_at");
            case "@level", "level" -> LEVEL;
            case "created_by",
                    "severity_number",
                    "observed",
                    "flags",
                    "event_name",
                    "tags",
                    "payload" ->
                    new Expr.Column(lower);
            case "event_type" -> either(new Expr.Field(null, lower), new Expr.Column(lower));
            case "trace_id", "span_id" ->
                    either(new Expr.Column(lower), new Expr.Field(null, lower));
            case "service" -> either(new Expr.Field(null, lower), SOURCE);
            default -> field(name);
        };
    }

    private static Expr either(Expr first, Expr second) {
        return new Expr.Call(ScalarFunction.COALESCE, List.of(first, second));
    }

    private static Expr field(String name) {
        for (String prefix : TAG) {
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                return new Expr.Field(FieldSpace.TAG, name.substring(prefix.length()));
            }
        }
        return name.startsWith(PAYLOAD) && name.length() > PAYLOAD.length()
                ? new Expr.Field(FieldSpace.PAYLOAD, name.substring(PAYLOAD.length()))
                : new Expr.Field(null, name);
    }

    /** Whether values of {@code expr} are times, where {@code isTime} says which columns are. */
    static boolean isTime(Expr expr, Predicate<String> isTime) {
        return switch (expr) {
            case Expr.Column column -> isTime.test(column.name());
            case Expr.Bin bin -> isTime(bin.operand(), isTime);
            case Expr.Arithmetic(Expr.Operator operator, Expr left, Expr right) ->
                    (operator == Expr.Operator.ADD || operator == Expr.Operator.SUBTRACT)
                            && isTime(left, isTime) != isTime(right, isTime);
            case Expr.Call(ScalarFunction function, List<Expr> arguments) ->
                    switch (function) {
                        case TO_TIME, TIME_CEILING -> true;
                        case COALESCE -> arguments.stream().allMatch(a -> isTime(a, isTime));
                        case IF ->
                                isTime(arguments.get(1), isTime)
                                        && isTime(arguments.get(2), isTime);
                        default -> false;
                    };
            default -> false;
        };
    }
}

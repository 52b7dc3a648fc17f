package dev.belfry.query.promql;

import dev.belfry.model.series.Floats;
import dev.belfry.model.series.LabelMatcher;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The tree of an expression as JSON, with the keys and in the order in which Prometheus' {@code
 * parse_query} gives it (web/api/v1/translate_ast.go).
 */
public final class QueryTree {
    private final StringBuilder json = new StringBuilder();

    private QueryTree() {}

    /** The tree of {@code query}; throws {@link PromqlException} when it is no expression. */
    public static String json(String query) {
        QueryTree tree = new QueryTree();
        tree.write(Parser.parse(query));
        return tree.json.toString();
    }

    private void write(@Nullable Expr expr) {
        switch (expr) {
            case null -> json.append("null");
            case Expr.Num number -> {
                json.append("{\"type\":\"numberLiteral\",\"val\":");
                text(Floats.plain(number.value())).append('}');
            }
            case Expr.Text string -> {
                json.append("{\"type\":\"stringLiteral\",\"val\":");
                text(string.value()).append('}');
            }
            case Expr.Paren paren -> {
                json.append("{\"expr\":");
                write(paren.expr());
                json.append(",\"type\":\"parenExpr\"}");
            }
            case Expr.Unary unary -> {
                json.append("{\"expr\":");
                write(unary.expr());
                json.append(",\"op\":\"").append(unary.negative() ? '-' : '+');
                json.append("\",\"type\":\"unaryExpr\"}");
            }
            case Expr.Selector selector -> {
                json.append('{');
                selector(selector);
                json.append(",\"type\":\"vectorSelector\"}");
            }
            case Expr.Range(Expr.Selector selector, DurationExpr range, Span _) -> {
                json.append('{');
                selector(selector, range);
                json.append(",\"type\":\"matrixSelector\"}");
            }
            case Expr.Subquery query -> subquery(query);
            case Expr.Aggregation aggregation -> aggregation(aggregation);
            case Expr.Binary binary -> binary(binary);
            case Expr.Call call -> call(call);
        }
    }

    private void selector(Expr.Selector selector) {
        selector(selector, null);
    }

    private void selector(Expr.Selector selector, @Nullable DurationExpr range) {
        json.append("\"anchored\":").append(selector.edges() == Expr.Edges.ANCHORED);
        json.append(",\"matchers\":[");
        String separator = "";
        for (LabelMatcher matcher : selector.matchers()) {
            json.append(separator).append("{\"name\":");
            text(matcher.name()).append(",\"type\":\"").append(matcher.operator().text());
            json.append("\",\"value\":");
            text(matcher.value()).append('}');
            separator = ",";
        }
        json.append("],\"name\":");
        text(selector.name()).append(",\"offset\":").append(millis(selector.offset()));
        if (range != null) {
            json.append(",\"range\":").append(millis(range));
        }
        json.append(",\"smoothed\":").append(selector.edges() == Expr.Edges.SMOOTHED);
        json.append(",\"startOrEnd\":").append(edge(selector.at()));
        json.append(",\"timestamp\":").append(time(selector.at()));
    }

    /* A duration that is calculated is known only when the query runs: 0, as in Prometheus. */
    private static long millis(@Nullable DurationExpr duration) {
        Long millis = duration == null ? null : duration.constantMillis();
        return millis == null ? 0 : millis;
    }

    private static String edge(Expr.@Nullable At at) {
        return switch (at) {
            case Expr.At.Start _ -> "\"start\"";
            case Expr.At.End _ -> "\"end\"";
            case Expr.At.Time _ -> "null";
            case null -> "null";
        };
    }

    private static String time(Expr.@Nullable At at) {
        return at instanceof Expr.At.Time(long timeMillis) ? Long.toString(timeMillis) : "null";
    }

    private void subquery(Expr.Subquery query) {
        json.append("{\"expr\":");
        write(query.expr());
        json.append(",\"offset\":").append(millis(query.offset()));
        json.append(",\"range\":").append(millis(query.range()));
        json.append(",\"startOrEnd\":").append(edge(query.at()));
        json.append(",\"step\":").append(millis(query.step()));
        json.append(",\"timestamp\":").append(time(query.at()));
        json.append(",\"type\":\"subquery\"}");
    }

    private void aggregation(Expr.Aggregation aggregation) {
        json.append("{\"expr\":");
        write(aggregation.expr());
        json.append(",\"grouping\":");
        texts(aggregation.grouping());
        json.append(",\"op\":");
        text(aggregation.operator()).append(",\"param\":");
        write(aggregation.parameter());
        json.append(",\"type\":\"aggregation\",\"without\":").append(aggregation.without());
        json.append('}');
    }

    private void binary(Expr.Binary binary) {
        json.append("{\"bool\":").append(binary.bool()).append(",\"lhs\":");
        write(binary.left());
        json.append(",\"matching\":");
        matching(binary.matching());
        json.append(",\"op\":");
        text(binary.operator().text()).append(",\"rhs\":");
        write(binary.right());
        json.append(",\"type\":\"binaryExpr\"}");
    }

    private void matching(Expr.@Nullable Matching matching) {
        if (matching == null) {
            json.append("null");
            return;
        }
        json.append("{\"card\":\"").append(matching.cardinality().text());
        json.append("\",\"fillValues\":{\"lhs\":").append(fill(matching.fillLeft()));
        json.append(",\"rhs\":").append(fill(matching.fillRight())).append("},\"include\":");
        texts(matching.include());
        json.append(",\"labels\":");
        texts(matching.labels());
        json.append(",\"on\":").append(matching.on()).append('}');
    }

    /* JSON has no infinities. */
    private static String fill(@Nullable Double value) {
        return value == null || value.isNaN() || value.isInfinite()
                ? "null"
                : Floats.shortest(value);
    }

    private void call(Expr.Call call) {
        json.append("{\"args\":[");
        String separator = "";
        for (Expr argument : call.arguments()) {
            json.append(separator);
            write(argument);
            separator = ",";
        }
        Function function = call.function();
        json.append("],\"func\":{\"argTypes\":");
        texts(function.arguments().stream().map(ValueType::text).toList());
        json.append(",\"name\":");
        text(function.name()).append(",\"returnType\":");
        text(function.result().text()).append(",\"variadic\":").append(function.variadic());
        json.append("},\"type\":\"call\"}");
    }

    private void texts(List<String> texts) {
        json.append('[');
        String separator = "";
        for (String one : texts) {
            json.append(separator);
            text(one);
            separator = ",";
        }
        json.append(']');
    }

    /* As Go writes strings in JSON: also what HTML could read is escaped. */
    private StringBuilder text(String text) {
        json.append('"');
        text.codePoints()
                .forEach(point -> {
                    switch (point) {
                        case '"' -> json.append("\\\"");
                        case '\\' -> json.append("\\\\");
                        case '\n' -> json.append("\\n");
                        case '\r' -> json.append("\\r");
                        case '\t' -> json.append("\\t");
                        case '\b' -> json.append("\\b");
                        case '\f' -> json.append("\\f");
                        default -> {
                            if (Strings.isInvalidByte(point)) {
                                json.append("\\ufffd");
                            } else if (point < ' ' || "<>&\u2028\u2029".indexOf(point) >= 0) {
                                json.append(String.format(Locale.ROOT, "\\u%04x", point));
                            } else {
                                json.appendCodePoint(point);
                            }
                        }
                    }
                });
        return json.append('"');
    }
}

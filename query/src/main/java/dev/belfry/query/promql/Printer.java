package dev.belfry.query.promql;

import dev.belfry.model.series.Floats;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes expressions as text: on one line, or over several when they are long. */
public final class Printer {
    /* Prometheus splits longer expressions. */
    private static final int LINE_MAX = 100;

    private Printer() {}

    /** On one line. */
    public static String print(Expr expr) {
        return switch (expr) {
            case Expr.Num number -> number(number);
            case Expr.Text text -> Strings.quote(text.value());
            case Expr.Selector selector -> selector(selector, true);
            case Expr.Range(Expr.Selector selector, DurationExpr range, Span _) ->
                    selector(selector, false) + "[" + duration(range) + "]" + suffix(selector);
            case Expr.Subquery query -> print(query.expr()) + subquerySuffix(query);
            case Expr.Aggregation aggregation ->
                    head(aggregation)
                            + "("
                            + aggregation.children().stream()
                                    .map(Printer::print)
                                    .collect(Collectors.joining(", "))
                            + ")";
            case Expr.Binary binary ->
                    print(binary.left()) + " " + middle(binary) + " " + print(binary.right());
            case Expr.Call call ->
                    call.function().name()
                            + "("
                            + call.arguments().stream()
                                    .map(Printer::print)
                                    .collect(Collectors.joining(", "))
                            + ")";
            case Expr.Paren paren -> "(" + print(paren.expr()) + ")";
            case Expr.Unary unary -> (unary.negative() ? "-" : "+") + print(unary.expr());
        };
    }

    /** Over several lines where one would be longer than 100 characters. */
    public static String pretty(Expr expr) {
        return pretty(expr, 0);
    }

    private static String pretty(Expr expr, int level) {
        String indent = "  ".repeat(level);
        if (expr instanceof Expr.Unary unary) {
            return indent + (unary.negative() ? "-" : "+") + pretty(unary.expr(), level).strip();
        }
        String line = print(expr);
        if (line.length() <= LINE_MAX) {
            return indent + line;
        }
        return switch (expr) {
            case Expr.Aggregation aggregation ->
                    indent
                            + head(aggregation)
                            + "(\n"
                            + arguments(aggregation.children(), level + 1)
                            + "\n"
                            + indent
                            + ")";
            case Expr.Binary binary ->
                    pretty(binary.left(), level + 1)
                            + "\n"
                            + indent
                            + middle(binary)
                            + "\n"
                            + pretty(binary.right(), level + 1);
            case Expr.Call call ->
                    indent
                            + call.function().name()
                            + "(\n"
                            + arguments(call.arguments(), level + 1)
                            + "\n"
                            + indent
                            + ")";
            case Expr.Paren paren ->
                    indent + "(\n" + pretty(paren.expr(), level + 1) + "\n" + indent + ")";
            case Expr.Subquery query -> pretty(query.expr(), level) + subquerySuffix(query);
            case Expr.Num _, Expr.Text _, Expr.Selector _, Expr.Range _, Expr.Unary _ ->
                    indent + line;
        };
    }

    private static String arguments(List<Expr> arguments, int level) {
        return arguments.stream()
                .map(argument -> pretty(argument, level))
                .collect(Collectors.joining(",\n"));
    }

    private static String number(Expr.Num number) {
        if (number.duration()) {
            return Durations.format(Math.round(number.value() * 1000));
        }
        return Floats.plain(number.value());
    }

    private static String selector(Expr.Selector selector, boolean withSuffix) {
        List<String> inner = new ArrayList<>();
        for (LabelMatcher matcher : selector.matchers()) {
            boolean isName =
                    matcher.name().equals(Labels.NAME)
                            && matcher.operator() == LabelMatcher.Operator.EQUAL
                            && !selector.name().isEmpty();
            if (!isName) {
                inner.add(matcher(matcher));
            }
        }
        Collections.sort(inner); // as Prometheus does
        String text = selector.name();
        if (!inner.isEmpty() || text.isEmpty()) {
            text += "{" + String.join(",", inner) + "}";
        }
        return withSuffix ? text + suffix(selector) : text;
    }

    /** A matcher as it stands in braces. */
    static String matcher(LabelMatcher matcher) {
        String name =
                Strings.plainLabel(matcher.name()) ? matcher.name() : Strings.quote(matcher.name());
        return name + matcher.operator().text() + Strings.quote(matcher.value());
    }

    private static String suffix(Expr.Selector selector) {
        String edges =
                selector.edges() == Expr.Edges.PLAIN
                        ? ""
                        : " " + selector.edges().name().toLowerCase(Locale.ROOT);
        return edges + timeSuffix(selector.at(), selector.offset());
    }

    private static String timeSuffix(Expr.@Nullable At at, @Nullable DurationExpr offset) {
        String time =
                switch (at) {
                    case null -> "";
                    case Expr.At.Start _ -> " @ start()";
                    case Expr.At.End _ -> " @ end()";
                    case Expr.At.Time(long millis) ->
                            " @ " + java.math.BigDecimal.valueOf(millis, 3).toPlainString();
                };
        return time + (offset == null ? "" : " offset " + duration(offset));
    }

    private static String subquerySuffix(Expr.Subquery query) {
        DurationExpr step = query.step();
        return "["
                + duration(query.range())
                + ":"
                + (step == null ? "" : duration(step))
                + "]"
                + timeSuffix(query.at(), query.offset());
    }

    private static String duration(DurationExpr duration) {
        return switch (duration) {
            case DurationExpr.Literal(double seconds, boolean _, Span _) ->
                    Durations.format(Math.round(seconds * 1000));
            case DurationExpr.Signed(boolean negative, DurationExpr operand, Span _) ->
                    (negative ? "-" : "") + duration(operand);
            case DurationExpr.Enclosed(DurationExpr inner, Span _) -> "(" + duration(inner) + ")";
            case DurationExpr.Query(boolean step, Span _) -> step ? "step()" : "range()";
            case DurationExpr.Extreme(boolean max, DurationExpr left, DurationExpr right, Span _) ->
                    (max ? "max(" : "min(") + duration(left) + ", " + duration(right) + ")";
            case DurationExpr.Calculation(
                            char operator,
                            DurationExpr left,
                            DurationExpr right,
                            Span _) ->
                    number(left) + " " + operator + " " + number(right);
        };
    }

    /* In a calculation, a plain number is a factor or an exponent, and is left as it was. */
    private static String number(DurationExpr duration) {
        return duration instanceof DurationExpr.Literal(double seconds, boolean unit, Span _)
                        && !unit
                ? Floats.plain(seconds)
                : duration(duration);
    }

    private static String head(Expr.Aggregation aggregation) {
        if (!aggregation.without() && aggregation.grouping().isEmpty()) {
            return aggregation.operator();
        }
        return aggregation.operator()
                + (aggregation.without() ? " without " : " by ")
                + names(aggregation.grouping())
                + " ";
    }

    private static String names(List<String> labels) {
        return labels.stream()
                .map(label -> Strings.plainLabel(label) ? label : Strings.quote(label))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static String middle(Expr.Binary binary) {
        StringBuilder text = new StringBuilder(binary.operator().text());
        text.append(binary.bool() ? " bool" : "");
        Expr.Matching matching = binary.matching();
        if (matching == null) {
            return text.toString();
        }
        boolean grouped =
                matching.cardinality() == Expr.Cardinality.MANY_TO_ONE
                        || matching.cardinality() == Expr.Cardinality.ONE_TO_MANY;
        if (matching.on() || !matching.labels().isEmpty() || grouped) {
            text.append(matching.on() ? " on " : " ignoring ").append(names(matching.labels()));
        }
        if (grouped) {
            boolean left = matching.cardinality() == Expr.Cardinality.MANY_TO_ONE;
            text.append(left ? " group_left " : " group_right ").append(names(matching.include()));
        }
        Double left = matching.fillLeft();
        Double right = matching.fillRight();
        if (left != null && left.equals(right)) {
            return text.append(" fill (").append(Floats.plain(left)).append(')').toString();
        }
        if (left != null) {
            text.append(" fill_left (").append(Floats.plain(left)).append(')');
        }
        if (right != null) {
            text.append(" fill_right (").append(Floats.plain(right)).append(')');
        }
        return text.toString();
    }
}

package dev.belfry.query.insight;

import dev.belfry.query.insight.Node.Operator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;

/** Writes a query as text that reads the same. */
final class Printer {
    private static final Set<String> WORDS =
            Set.of(
                    "as", "by", "and", "or", "not", "in", "like", "is", "asc", "desc", "true",
                    "false");

    private Printer() {}

    static String print(List<Stage> stages) {
        StringJoiner text = new StringJoiner("\n| ");
        stages.forEach(stage -> text.add(print(stage)));
        return text.toString();
    }

    static String print(Stage stage) {
        return switch (stage) {
            case Stage.Search search -> {
                String terms = print(search.term(), true);
                yield terms.isEmpty() ? "search" : "search " + terms;
            }
            case Stage.Fields fields -> "fields " + items(fields.items());
            case Stage.Filter filter -> "filter " + print(filter.condition());
            case Stage.Parse parse ->
                    "parse "
                            + print(parse.operand())
                            + " "
                            + print(parse.pattern())
                            + (parse.names().isEmpty()
                                    ? ""
                                    : " as " + list(parse.names(), Printer::name));
            case Stage.Stats stats ->
                    "stats "
                            + items(stats.measures())
                            + (stats.keys().isEmpty() ? "" : " by " + items(stats.keys()));
            case Stage.Sort sort ->
                    "sort "
                            + list(
                                    sort.keys(),
                                    key -> print(key.value()) + (key.descending() ? " desc" : ""));
            case Stage.Limit limit -> "limit " + limit.count();
            case Stage.Dedup dedup -> "dedup " + list(dedup.values(), Printer::print);
            case Stage.Patterns pattern -> "pattern " + print(pattern.value());
            case Stage.Display display -> "display " + list(display.values(), Printer::print);
        };
    }

    private static <T> String list(List<T> values, Function<T, String> print) {
        StringJoiner text = new StringJoiner(", ");
        values.forEach(value -> text.add(print.apply(value)));
        return text.toString();
    }

    private static String items(List<Stage.Item> items) {
        return list(
                items,
                item ->
                        print(item.value())
                                + (item.name() == null ? "" : " as " + name(item.name())));
    }

    static String print(Node node) {
        return switch (node) {
            case Node.Name name -> name(name.name());
            case Node.Text text -> quoted(text.value());
            case Node.Number number -> number(number.value());
            case Node.Span span -> span.text();
            case Node.Truth truth -> Boolean.toString(truth.value());
            case Node.Regex regex ->
                    "/" + regex.pattern().replace("/", "\\/") + "/" + (regex.foldCase() ? "i" : "");
            case Node.Call call ->
                    call.function()
                            + "("
                            + (call.star() ? "*" : list(call.arguments(), Printer::print))
                            + ")";
            case Node.Binary(Operator operator, Node left, Node right, int _) ->
                    operand(left, operator, true)
                            + " "
                            + operator.text()
                            + " "
                            + operand(right, operator, false);
            case Node.Not not -> "not " + bracketed(not.operand(), 3);
            case Node.Negative negative -> negative(bracketed(negative.operand(), 7));
            case Node.In in ->
                    bracketed(in.operand(), 5)
                            + (in.negated() ? " not in [" : " in [")
                            + list(in.values(), Printer::print)
                            + "]";
            case Node.Present present ->
                    bracketed(present.operand(), 5)
                            + (present.negated() ? " is not present" : " is present");
        };
    }

    /* Two signs side by side would begin a comment. */
    private static String negative(String operand) {
        return operand.startsWith("-") ? "-(" + operand + ")" : "-" + operand;
    }

    private static String operand(Node node, Operator operator, boolean left) {
        boolean joins = operator == Operator.OR || operator == Operator.AND;
        boolean tighter =
                operator == Operator.POWER ? left : !left || operator.binding() == 4 && !joins;
        return bracketed(node, operator.binding() + (tighter ? 1 : 0));
    }

    /* In brackets when it binds less tightly than wanted. */
    private static String bracketed(Node node, int binding) {
        int own =
                switch (node) {
                    case Node.Binary binary -> binary.operator().binding();
                    case Node.Not _ -> 3;
                    case Node.In _, Node.Present _ -> 4;
                    case Node.Negative _ -> 7;
                    default -> 9;
                };
        return own < binding ? "(" + print(node) + ")" : print(node);
    }

    /** A number as it is read. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** A name, in backticks where it must be. */
    static String name(String name) {
        boolean bare =
                Lexer.isNameStart(name.charAt(0))
                        && !WORDS.contains(name.toLowerCase(Locale.ROOT))
                        && !name.endsWith(".")
                        && !name.contains("..")
                        && name.chars()
                                .allMatch(
                                        c -> Character.isLetterOrDigit(c) || "_.@$".indexOf(c) >= 0)
                        && !name.contains(".$");
        return bare ? name : "`" + escaped(name, '`') + "`";
    }

    private static String quoted(String text) {
        return "\"" + escaped(text, '"') + "\"";
    }

    private static String escaped(String text, char quote) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\t' -> escaped.append("\\t");
                case '\r' -> escaped.append("\\r");
                case '\\' -> escaped.append("\\\\");
                default -> {
                    if (c == quote) {
                        escaped.append('\\');
                    }
                    escaped.append(c);
                }
            }
        }
        return escaped.toString();
    }

    private static String print(Term term, boolean outermost) {
        return switch (term) {
            case Term.All all -> {
                StringJoiner text = new StringJoiner(" ");
                all.terms().forEach(part -> text.add(print(part, false)));
                yield outermost ? text.toString() : "(" + text + ")";
            }
            case Term.Any any -> {
                StringJoiner text = new StringJoiner(" OR ");
                any.terms().forEach(part -> text.add(print(part, false)));
                yield outermost ? text.toString() : "(" + text + ")";
            }
            case Term.None none -> "NOT " + print(none.term(), false);
            case Term.Words words -> value(words.text(), words.quoted());
            case Term.Field field ->
                    word(field.field())
                            + ":"
                            + switch (field.how()) {
                                case PRESENT -> "*";
                                case MATCHES -> "/" + field.value().replace("/", "\\/") + "/";
                                case IS -> value(field.value(), field.quoted());
                                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                                        field.how().text() + value(field.value(), false);
                            };
            case Term.Range range ->
                    word(range.field())
                            + ":["
                            + (range.low() == null ? "*" : range.low())
                            + " TO "
                            + (range.high() == null ? "*" : range.high())
                            + "]";
        };
    }

    private static String word(String field) {
        return field.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_.@$-".indexOf(c) >= 0)
                        && Lexer.isNameStart(field.charAt(0))
                ? field
                : "\"" + field.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /* Quoted when it was, else with a backslash before what would end or change it. */
    private static String value(String text, boolean quoted) {
        if (quoted) {
            return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean sign =
                    Character.isWhitespace(c)
                            || "()|\"\\,:".indexOf(c) >= 0
                            || i == 0 && "-!/[<>".indexOf(c) >= 0;
            escaped.append(sign ? "\\" : "").append(c);
        }
        String bare = escaped.toString();
        return Set.of("OR", "AND", "NOT").contains(bare) ? "\\" + bare : bare;
    }
}

package dev.belfry.query.insight;

import dev.belfry.model.BelfryException;
import dev.belfry.model.time.TimeExpression;
import dev.belfry.query.insight.Node.Operator;
import dev.belfry.store.Expr;
import dev.belfry.store.Levels;
import dev.belfry.store.ScalarFunction;
import dev.belfry.store.TextPattern;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Makes the store's expressions of what was written. */
final class Translator {
    private static final long MILLI_NANOS = 1_000_000;
    private static final long DAY_NANOS = 86_400_000_000_000L;

    /* Weeks begin on Mondays; the epoch was a Thursday. */
    private static final long MONDAY_NANOS = 4 * DAY_NANOS;

    private final String text;
    private final long nowNanos;
    private final Function<Node.Name, Expr> names;
    private final Known known;
    private final Predicate<Expr> isTime;

    /**
     * A translator.
     *
     * @param text the query, for errors
     * @param names what names stand for
     * @param known what an expression that was computed before stands for, by how it reads
     * @param isTime whether an expression's values are times
     */
    Translator(
            String text,
            long nowNanos,
            Function<Node.Name, Expr> names,
            Known known,
            Predicate<Expr> isTime) {
        this.text = text;
        this.nowNanos = nowNanos;
        this.names = names;
        this.known = known;
        this.isTime = isTime;
    }

    BelfryException error(Node node, String found, String expected) {
        return Syntax.error(text, node.at(), found, expected);
    }

    /** The expression of {@code node}. */
    Expr expr(Node node) {
        return switch (node) {
            case Node.Name name -> names.apply(name);
            case Node.Text value -> new Expr.Text(value.value());
            case Node.Number number -> new Expr.Number(number.value());
            case Node.Truth truth -> new Expr.Bool(truth.value());
            case Node.Span span ->
                    throw error(
                            node,
                            span.text(),
                            "a time only in bin, datefloor, dateceil, or added to a time");
            case Node.Regex regex ->
                    throw error(
                            node,
                            "/" + regex.pattern() + "/",
                            "a regular expression after =~ or like");
            case Node.Call call -> call(call);
            case Node.Binary binary -> binary(binary);
            case Node.Not not -> new Expr.Not(expr(not.operand()));
            case Node.Negative negative ->
                    negative.operand() instanceof Node.Number number
                            ? new Expr.Number(-number.value())
                            : new Expr.Arithmetic(
                                    Expr.Operator.SUBTRACT,
                                    new Expr.Number(0),
                                    expr(negative.operand()));
            case Node.In in -> in(in);
            case Node.Present present -> {
                Expr there = present(expr(present.operand()));
                yield present.negated() ? new Expr.Not(there) : there;
            }
        };
    }

    private static Expr present(Expr operand) {
        return operand instanceof Expr.Call(ScalarFunction function, List<Expr> arguments)
                        && function == ScalarFunction.COALESCE
                ? new Expr.Or(arguments.stream().map(a -> (Expr) new Expr.Exists(a)).toList())
                : new Expr.Exists(operand);
    }

    private Expr binary(Node.Binary binary) {
        Operator operator = binary.operator();
        return switch (operator) {
            case AND -> new Expr.And(joined(binary));
            case OR -> new Expr.Or(joined(binary));
            case LIKE, MATCHES -> matches(binary, operator == Operator.LIKE);
            case NOT_LIKE, NOT_MATCHES ->
                    new Expr.And(
                            List.of(
                                    present(expr(binary.left())),
                                    new Expr.Not(matches(binary, operator == Operator.NOT_LIKE))));
            case EQUAL -> equal(binary);
            case NOT_EQUAL ->
                    new Expr.And(
                            List.of(present(expr(binary.left())), new Expr.Not(equal(binary))));
            case LESS -> compare(binary, Expr.Comparison.LESS);
            case LESS_OR_EQUAL -> compare(binary, Expr.Comparison.LESS_OR_EQUAL);
            case GREATER -> compare(binary, Expr.Comparison.GREATER);
            case GREATER_OR_EQUAL -> compare(binary, Expr.Comparison.GREATER_OR_EQUAL);
            case ADD -> arithmetic(binary, Expr.Operator.ADD);
            case SUBTRACT -> arithmetic(binary, Expr.Operator.SUBTRACT);
            case MULTIPLY -> arithmetic(binary, Expr.Operator.MULTIPLY);
            case DIVIDE -> arithmetic(binary, Expr.Operator.DIVIDE);
            case REMAINDER -> arithmetic(binary, Expr.Operator.REMAINDER);
            case POWER ->
                    new Expr.Call(
                            ScalarFunction.POWER,
                            List.of(expr(binary.left()), expr(binary.right())));
        };
    }

    /* The operands of a row of the same operator: one list, however long the row. */
    private List<Expr> joined(Node.Binary last) {
        ArrayDeque<Expr> operands = new ArrayDeque<>();
        Node left = last;
        while (left instanceof Node.Binary binary && binary.operator() == last.operator()) {
            operands.addFirst(expr(binary.right()));
            left = binary.left();
        }
        operands.addFirst(expr(left));
        return List.copyOf(operands);
    }

    private Expr arithmetic(Node.Binary binary, Expr.Operator operator) {
        Expr left = expr(binary.left());
        Expr right =
                binary.right() instanceof Node.Span span && isTime.test(left)
                        ? new Expr.Number(span.nanos())
                        : expr(binary.right());
        return new Expr.Arithmetic(operator, left, right);
    }

    private Expr compare(Node.Binary binary, Expr.Comparison how) {
        Expr left = expr(binary.left());
        return new Expr.Compare(how, left, comparand(left, binary.right()));
    }

    /* What a value is compared with: a text that is compared with a time is one. */
    private Expr comparand(Expr left, Node right) {
        if (right instanceof Node.Text value && isTime.test(left)) {
            try {
                return new Expr.Number(TimeExpression.parse(value.value(), nowNanos));
            } catch (BelfryException e) {
                throw error(right, "\"" + value.value() + "\"", "a time: RFC 3339 or now-15m");
            }
        }
        return expr(right);
    }

    private Expr equal(Node.Binary binary) {
        Expr left = expr(binary.left());
        return binary.right() instanceof Node.Text value && !isTime.test(left)
                ? is(left, List.of(value.value()))
                : new Expr.Compare(Expr.Comparison.EQUAL, left, comparand(left, binary.right()));
    }

    /** That {@code operand}'s text is one of {@code values}; levels without case. */
    static Expr is(Expr operand, List<String> values) {
        if (operand.equals(Names.LEVEL)) {
            return new Expr.In(operand, Levels.spellings(values), true);
        }
        if (operand instanceof Expr.Call(ScalarFunction function, List<Expr> arguments)
                && function == ScalarFunction.COALESCE
                && arguments.size() == 2) {
            Expr first = arguments.getFirst();
            List<String> all = new ArrayList<>(values);
            if (first instanceof Expr.Column) {
                values.forEach(value -> all.add(value.toLowerCase(Locale.ROOT)));
            }
            return new Expr.Or(
                    List.of(
                            new Expr.In(first, all, false),
                            new Expr.And(
                                    List.of(
                                            new Expr.In(arguments.getLast(), all, false),
                                            new Expr.Not(new Expr.Exists(first))))));
        }
        return new Expr.In(operand, values, false);
    }

    private Expr in(Node.In in) {
        Expr operand = expr(in.operand());
        List<String> texts = new ArrayList<>();
        List<Expr> any = new ArrayList<>();
        for (Node value : in.values()) {
            if (value instanceof Node.Text one && !isTime.test(operand)) {
                texts.add(one.value());
            } else {
                any.add(
                        new Expr.Compare(
                                Expr.Comparison.EQUAL, operand, comparand(operand, value)));
            }
        }
        if (!texts.isEmpty() || any.isEmpty()) {
            any.add(is(operand, texts));
        }
        Expr found = any.size() == 1 ? any.getFirst() : new Expr.Or(any);
        return in.negated() ? new Expr.And(List.of(present(operand), new Expr.Not(found))) : found;
    }

    private Expr matches(Node.Binary binary, boolean like) {
        Expr left = expr(binary.left());
        if (binary.right() instanceof Node.Regex regex) {
            return new Expr.Matches(left, pattern(regex));
        }
        Node.Text value = (Node.Text) binary.right();
        if (!like) {
            return new Expr.Matches(
                    left, pattern(new Node.Regex(value.value(), false, value.at())));
        }
        if (value.value().length() > Limits.PATTERN_MAX) {
            throw tooLong(value, value.value());
        }
        return new Expr.Like(left, likePattern(value.value()), false);
    }

    private BelfryException tooLong(Node at, String text) {
        return error(
                at,
                text.length() + " characters",
                "at most " + Limits.PATTERN_MAX + " in a pattern");
    }

    /** A text with {@code %} is a pattern for the whole value, any other stands somewhere in it. */
    private static String likePattern(String text) {
        return text.contains("%")
                ? text.replace("\\", "\\\\").replace("_", "\\_")
                : "%" + text.replace("\\", "\\\\").replace("_", "\\_") + "%";
    }

    /** The regular expression that was written. */
    Pattern pattern(Node.Regex regex) {
        if (regex.pattern().length() > Limits.REGEX_MAX) {
            throw error(
                    regex,
                    regex.pattern().length() + " characters",
                    "at most " + Limits.REGEX_MAX + " in a regular expression");
        }
        try {
            return Pattern.compile(
                    regex.pattern(), regex.foldCase() ? Pattern.CASE_INSENSITIVE : 0);
        } catch (PatternSyntaxException e) {
            throw error(
                    regex,
                    "/" + regex.pattern() + "/: " + e.getDescription(),
                    "a regular expression of Java");
        } catch (StackOverflowError _) {
            throw error(regex, "/" + regex.pattern() + "/", "a less nested regular expression");
        }
    }

    /** What a parse stage takes out, by name in the order of the parts. */
    Map.Entry<TextPattern, List<String>> textPattern(Stage.Parse parse) {
        List<String> names = parse.names();
        if (parse.pattern() instanceof Node.Text glob) {
            List<String> texts = Arrays.asList(glob.value().split("\\*", -1));
            for (String text : texts) {
                if (text.length() > Limits.PATTERN_MAX) {
                    throw tooLong(glob, text);
                }
            }
            if (texts.size() < 2) {
                throw error(glob, "no *", "a * for each part, as \"user=*, method *\"");
            }
            for (String text : texts.subList(1, texts.size() - 1)) {
                if (text.isEmpty()) {
                    throw error(glob, "**", "text between one * and the next");
                }
            }
            if (names.size() != texts.size() - 1) {
                throw error(
                        glob,
                        (texts.size() - 1) + " * and " + names.size() + " names",
                        "a name for each: as a, b");
            }
            return Map.entry(new TextPattern.Glob(texts), names);
        }
        Node.Regex regex = (Node.Regex) parse.pattern();
        Pattern pattern = pattern(regex);
        if (names.isEmpty()) {
            List<Map.Entry<String, Integer>> groups =
                    pattern.namedGroups().entrySet().stream()
                            .sorted(Map.Entry.comparingByValue())
                            .toList();
            if (groups.isEmpty()) {
                throw error(regex, "no named group", "groups such as (?<user>\\S+), or as NAMES");
            }
            return Map.entry(
                    new TextPattern.Regex(
                            pattern, groups.stream().map(Map.Entry::getValue).toList()),
                    groups.stream().map(Map.Entry::getKey).toList());
        }
        int groups = pattern.matcher("").groupCount();
        if (groups != names.size()) {
            throw error(
                    regex,
                    groups + " groups and " + names.size() + " names",
                    "a name for each group");
        }
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i <= groups; i++) {
            numbers.add(i);
        }
        return Map.entry(new TextPattern.Regex(pattern, numbers), names);
    }

    /** Looks for what was computed before. */
    interface Known {
        /** The column that reads as {@code written}, null when there is none. */
        @Nullable Expr of(String written);
    }

    private Expr call(Node.Call call) {
        Expr before = known.of(Printer.print(call));
        if (before != null) {
            return before;
        }
        List<Node> arguments = call.arguments();
        if (call.star()) {
            throw unknown(call);
        }
        return switch (call.function()) {
            case "bin", "datefloor" -> bin(call);
            case "dateceil" ->
                    new Expr.Call(
                            ScalarFunction.TIME_CEILING,
                            List.of(expr(one(call, 2)), new Expr.Number(width(arguments.get(1)))));
            case "now" -> {
                if (!arguments.isEmpty()) {
                    throw error(call, arguments.size() + " arguments", "now()");
                }
                yield new Expr.Call(
                        ScalarFunction.TO_TIME,
                        List.of(new Expr.Number(Math.floorDiv(nowNanos, MILLI_NANOS))));
            }
            case "tolower", "lower" -> new Expr.Lower(expr(one(call, 1)));
            case "ispresent" -> present(expr(one(call, 1)));
            case "mod" ->
                    new Expr.Arithmetic(
                            Expr.Operator.REMAINDER, expr(one(call, 2)), expr(arguments.get(1)));
            default -> scalar(call);
        };
    }

    private @Nullable Node argument(Node.Call call, int index) {
        return index < call.arguments().size() ? call.arguments().get(index) : null;
    }

    /* The first argument of a function that takes so many. */
    private Node one(Node.Call call, int count) {
        Node first = argument(call, 0);
        if (first == null || call.arguments().size() != count) {
            throw error(
                    call,
                    call.function() + " of " + call.arguments().size() + " arguments",
                    Integer.toString(count));
        }
        return first;
    }

    private Expr bin(Node.Call call) {
        boolean alone = call.function().equals("bin") && call.arguments().size() == 1;
        Expr operand = alone ? expr(new Node.Name("@timestamp", call.at())) : expr(one(call, 2));
        Node width = alone ? call.arguments().getFirst() : call.arguments().get(1);
        if (width instanceof Node.Span span) {
            long nanos = width(width);
            boolean weeks = nanos % (7 * DAY_NANOS) == 0;
            if (!isTime.test(operand)) {
                throw error(width, span.text(), "a number, where no time is binned");
            }
            return new Expr.Bin(operand, nanos, weeks ? MONDAY_NANOS : 0);
        }
        if (alone || !(width instanceof Node.Number number) || !(number.value() > 0)) {
            throw error(width, Printer.print(width), "a time such as 5m, or bin(field, 10)");
        }
        return new Expr.Bin(operand, number.value(), 0);
    }

    private long width(Node width) {
        if (width instanceof Node.Span span && span.nanos() > 0) {
            return span.nanos();
        }
        throw error(width, Printer.print(width), "a time such as 30s, 5m, 1h, 1d");
    }

    private Expr scalar(Node.Call call) {
        ScalarFunction function = Functions.SCALARS.get(call.function());
        if (function == null) {
            throw unknown(call);
        }
        int count = call.arguments().size();
        if (count < function.argumentsMin() || count > function.argumentsMax()) {
            String most =
                    function.argumentsMax() == Integer.MAX_VALUE
                            ? " or more"
                            : function.argumentsMax() == function.argumentsMin()
                                    ? ""
                                    : " to " + function.argumentsMax();
            throw error(
                    call,
                    call.function() + " of " + count + " arguments",
                    function.argumentsMin() + most);
        }
        return new Expr.Call(function, call.arguments().stream().map(this::expr).toList());
    }

    private BelfryException unknown(Node.Call call) {
        return Functions.AGGREGATES.containsKey(call.function())
                        || Aggregates.isQuantile(call.function())
                ? error(call, call.function() + "()", "it in a stats stage")
                : error(call, "function " + call.function(), "one of " + Functions.names());
    }
}

package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.QueryContext;
import dev.belfry.store.Values;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions over single rows whose columns and fields are given. */
public final class RowEvaluator {
    private final QueryContext context;

    /** An evaluator within the bounds of a query. */
    public RowEvaluator(QueryContext context) {
        this.context = context;
    }

    /** The value of {@code expr}, null when it is absent. */
    public @Nullable Object value(Expr expr, Values.Row row) {
        return switch (expr) {
            case Expr.Column _, Expr.Field _ -> row.value(expr);
            case Expr.Text text -> text.value();
            case Expr.Number number -> (Object) number.value();
            case Expr.Bool bool -> (Object) bool.value();
            case Expr.Lower lower -> Scalars.lower(value(lower.operand(), row));
            case Expr.Bin bin -> Arithmetics.bin(bin, value(bin.operand(), row));
            case Expr.Arithmetic(Expr.Operator operator, Expr left, Expr right) -> {
                double result =
                        Arithmetics.apply(
                                operator,
                                Scalars.number(value(left, row)),
                                Scalars.number(value(right, row)));
                yield Double.isNaN(result) ? null : (Object) result;
            }
            case Expr.Call call -> {
                @Nullable Object[] arguments = new @Nullable Object[call.arguments().size()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = value(call.arguments().get(i), row);
                }
                yield ScalarFunctions.apply(call.function(), arguments, context);
            }
            case Expr.Capture capture ->
                    Captures.part(
                            capture.pattern(),
                            capture.group(),
                            Scalars.text(value(capture.operand(), row)),
                            context);
            default -> (Object) isTrue(expr, row);
        };
    }

    /** Whether {@code expr} is true. */
    public boolean isTrue(Expr expr, Values.Row row) {
        return switch (expr) {
            case Expr.And and -> and.operands().stream().allMatch(part -> isTrue(part, row));
            case Expr.Or or -> or.operands().stream().anyMatch(part -> isTrue(part, row));
            case Expr.Not not -> !isTrue(not.operand(), row);
            case Expr.Compare(Expr.Comparison how, Expr left, Expr right) ->
                    Scalars.compare(how, value(left, row), value(right, row));
            case Expr.In in -> in(in, Scalars.text(value(in.operand(), row)));
            case Expr.Exists exists -> value(exists.operand(), row) != null;
            case Expr.Contains contains ->
                    tests(
                            TextConditions.contains(
                                    dev.belfry.store.filter.Phrase.of(contains.phrase()), context),
                            value(contains.operand(), row));
            case Expr.Matches matches ->
                    tests(
                            TextConditions.matches(matches.pattern(), context),
                            value(matches.operand(), row));
            case Expr.Like like ->
                    tests(
                            TextConditions.like(like.pattern(), like.foldCase(), context),
                            value(like.operand(), row));
            case Expr.Phrase phrase ->
                    throw PlanShape.invalid(
                            "words: "
                                    + phrase.phrase()
                                    + " (expected: only where whole events are read)");
            default -> Boolean.TRUE.equals(value(expr, row));
        };
    }

    private static boolean in(Expr.In in, @Nullable String text) {
        if (text == null) {
            return false;
        }
        List<String> values = in.values();
        if (!in.foldCase()) {
            return values.contains(text);
        }
        String folded = text.toLowerCase(Locale.ROOT);
        return values.stream().anyMatch(value -> value.toLowerCase(Locale.ROOT).equals(folded));
    }

    private static boolean tests(Condition condition, @Nullable Object value) {
        String text = Scalars.text(value);
        if (text == null) {
            return false;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return condition.text(bytes, 0, bytes.length);
    }

    /** See {@link Values#order}. */
    public static int order(@Nullable Object left, @Nullable Object right, boolean descending) {
        return SortedRows.compare(left, right, descending);
    }

    /** See {@link Values#sizeBytes}. */
    public static long sizeBytes(@Nullable Object value) {
        return RowOutput.sizeBytes(value);
    }

    /** See {@link Values#text}. */
    public static @Nullable String text(@Nullable Object value) {
        return Scalars.text(value);
    }

    /** See {@link Values#number}. */
    public static double number(@Nullable Object value) {
        return Scalars.number(value);
    }

    /** See {@link Values#groupKey}. */
    public static @Nullable Object groupKey(@Nullable Object value) {
        return Scalars.groupKey(value);
    }
}

package dev.belfry.store.exec;

import dev.belfry.model.EventId;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.filter.Phrase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes predicates of expressions. */
final class PredicateCompiler {
    private final QueryContext context;

    private PredicateCompiler(QueryContext context) {
        this.context = context;
    }

    /** The predicate that is true where {@code expr} is. */
    static Predicate compile(Expr expr, QueryContext context) {
        return new PredicateCompiler(context).compile(expr);
    }

    /** True for the rows that {@code owner} may see; null when those are all. */
    static @Nullable Predicate visible(Owner owner) {
        if (owner.all() && owner.within().isEmpty()) {
            return null;
        }
        List<Predicate> parts = new ArrayList<>();
        if (!owner.within().isEmpty()) {
            parts.add(oneOf("source", List.copyOf(owner.within())));
        }
        if (!owner.all()) {
            parts.add(
                    new Predicate.Any(
                            List.of(
                                    oneOf("source", List.copyOf(owner.sources())),
                                    oneOf("created_by", List.copyOf(owner.principals())))));
        }
        return all(parts);
    }

    private static Predicate oneOf(String column, List<String> values) {
        return values.isEmpty()
                ? new Predicate.Fixed(false)
                : new Predicate.Single(new Expr.Column(column), TextConditions.in(values, false));
    }

    private Predicate compile(Expr expr) {
        return switch (expr) {
            case Expr.And and -> all(and.operands().stream().map(this::compile).toList());
            case Expr.Or or -> any(or.operands().stream().map(this::compile).toList());
            case Expr.Not not -> new Predicate.None(compile(not.operand()));
            case Expr.Bool bool -> new Predicate.Fixed(bool.value());
            case Expr.Text _, Expr.Number _ -> new Predicate.Fixed(false);
            case Expr.Compare compare -> compare(compare);
            case Expr.In in -> single(in.operand(), TextConditions.in(in.values(), in.foldCase()));
            case Expr.Exists exists -> new Predicate.Present(exists.operand());
            case Expr.Phrase phrase -> new Predicate.Anywhere(Phrase.of(phrase.phrase()));
            case Expr.Contains contains ->
                    new Predicate.Single(
                            contains.operand(),
                            TextConditions.contains(Phrase.of(contains.phrase()), context));
            case Expr.Matches matches ->
                    new Predicate.Single(
                            matches.operand(), TextConditions.matches(matches.pattern(), context));
            case Expr.Like like ->
                    new Predicate.Single(
                            like.operand(),
                            TextConditions.like(like.pattern(), like.foldCase(), context));
            case Expr.Column _,
                    Expr.Field _,
                    Expr.Bin _,
                    Expr.Arithmetic _,
                    Expr.Lower _,
                    Expr.Call _,
                    Expr.Capture _ ->
                    new Predicate.Truth(expr);
        };
    }

    private static Predicate compare(Expr.Compare compare) {
        Object right = literal(compare.right());
        Object left = literal(compare.left());
        if (right != null && left == null) {
            return single(compare.left(), new CompareCondition(compare.how(), right));
        }
        if (left != null && right == null) {
            return single(compare.right(), new CompareCondition(mirror(compare.how()), left));
        }
        return new Predicate.Pair(compare.how(), compare.left(), compare.right());
    }

    private static Predicate single(Expr operand, Condition test) {
        List<String> candidates = test.candidates();
        if (candidates == null || !operand.equals(new Expr.Column("id"))) {
            return new Predicate.Single(operand, test);
        }
        List<EventId> ids = new ArrayList<>();
        for (String text : candidates) {
            EventId id = id(text);
            if (id != null) {
                ids.add(id);
            }
        }
        return new Predicate.Ids(List.copyOf(ids));
    }

    /* The id that reads exactly so; null when Belfry never gives such. */
    private static @Nullable EventId id(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            return uuid.toString().equals(text) && uuid.version() == 8 && uuid.variant() == 2
                    ? EventId.of(uuid)
                    : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** The value of a fixed expression, else null. */
    static @Nullable Object literal(Expr expr) {
        return switch (expr) {
            case Expr.Text text -> text.value();
            case Expr.Number number -> (Object) number.value();
            case Expr.Bool bool -> (Object) bool.value();
            default -> null;
        };
    }

    private static Expr.Comparison mirror(Expr.Comparison how) {
        return switch (how) {
            case EQUAL -> Expr.Comparison.EQUAL;
            case NOT_EQUAL -> Expr.Comparison.NOT_EQUAL;
            case LESS -> Expr.Comparison.GREATER;
            case LESS_OR_EQUAL -> Expr.Comparison.GREATER_OR_EQUAL;
            case GREATER -> Expr.Comparison.LESS;
            case GREATER_OR_EQUAL -> Expr.Comparison.LESS_OR_EQUAL;
        };
    }

    private static Predicate all(List<Predicate> parts) {
        List<Predicate> flat = new ArrayList<>();
        for (Predicate part : parts) {
            if (part instanceof Predicate.All(List<Predicate> inner)) {
                flat.addAll(inner);
            } else if (!part.equals(new Predicate.Fixed(true))) {
                flat.add(part);
            }
        }
        return flat.isEmpty()
                ? new Predicate.Fixed(true)
                : flat.size() == 1 ? flat.getFirst() : new Predicate.All(sorted(flat));
    }

    private static Predicate any(List<Predicate> parts) {
        return parts.isEmpty()
                ? new Predicate.Fixed(false)
                : parts.size() == 1 ? parts.getFirst() : new Predicate.Any(sorted(parts));
    }

    private static List<Predicate> sorted(List<Predicate> parts) {
        return parts.stream().sorted(Comparator.comparingInt(PredicateCompiler::cost)).toList();
    }

    /* A rough order of what a row costs. */
    private static int cost(Predicate predicate) {
        return switch (predicate) {
            case Predicate.Fixed _ -> 0;
            case Predicate.Ids _ -> 1;
            case Predicate.Single(Expr operand, Condition test) ->
                    cost(operand) * (test.candidates() != null ? 1 : test.byText() ? 4 : 2);
            case Predicate.Present(Expr operand) -> cost(operand);
            case Predicate.Pair(Expr.Comparison _, Expr left, Expr right) ->
                    4 * (cost(left) + cost(right));
            case Predicate.Truth(Expr expr) -> 4 * cost(expr);
            case Predicate.Anywhere _ -> 200;
            case Predicate.None(Predicate part) -> cost(part) + 1;
            case Predicate.All(List<Predicate> parts) -> cost(parts);
            case Predicate.Any(List<Predicate> parts) -> cost(parts);
        };
    }

    private static int cost(List<Predicate> parts) {
        int sum = 1;
        for (Predicate part : parts) {
            sum += cost(part);
        }
        return sum;
    }

    private static int cost(Expr operand) {
        return switch (operand) {
            case Expr.Column column ->
                    switch (column.name()) {
                        case "message" -> 20;
                        case "id" -> 3;
                        case "tags", "payload" -> 100;
                        default -> 2;
                    };
            case Expr.Field field -> field.path().indexOf('.') < 0 ? 4 : 10;
            default -> 16;
        };
    }
}

package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts what an {@link Plan.Extract} names in the place of its names above it. */
final class Substitution {
    private final Map<String, Expr> names = new HashMap<>();

    Substitution(List<Plan.Named> columns) {
        columns.forEach(column -> names.put(column.name(), column.expr()));
    }

    Plan.Named named(Plan.Named named) {
        return new Plan.Named(named.name(), apply(named.expr()));
    }

    Plan.Measure measure(Plan.Measure measure) {
        Expr operand = measure.operand();
        return operand == null
                ? measure
                : new Plan.Measure(
                        measure.name(), measure.function(), apply(operand), measure.argument());
    }

    private List<Expr> apply(List<Expr> exprs) {
        return exprs.stream().map(this::apply).toList();
    }

    private Expr apply(Expr expr) {
        return switch (expr) {
            case Expr.Column column -> names.getOrDefault(column.name(), column);
            case Expr.And and -> new Expr.And(apply(and.operands()));
            case Expr.Or or -> new Expr.Or(apply(or.operands()));
            case Expr.Not not -> new Expr.Not(apply(not.operand()));
            case Expr.Compare(Expr.Comparison how, Expr left, Expr right) ->
                    new Expr.Compare(how, apply(left), apply(right));
            case Expr.In in -> new Expr.In(apply(in.operand()), in.values(), in.foldCase());
            case Expr.Exists exists -> new Expr.Exists(apply(exists.operand()));
            case Expr.Contains contains ->
                    new Expr.Contains(apply(contains.operand()), contains.phrase());
            case Expr.Matches matches ->
                    new Expr.Matches(apply(matches.operand()), matches.pattern());
            case Expr.Like like ->
                    new Expr.Like(apply(like.operand()), like.pattern(), like.foldCase());
            case Expr.Bin bin -> new Expr.Bin(apply(bin.operand()), bin.width(), bin.origin());
            case Expr.Arithmetic(Expr.Operator operator, Expr left, Expr right) ->
                    new Expr.Arithmetic(operator, apply(left), apply(right));
            case Expr.Lower lower -> new Expr.Lower(apply(lower.operand()));
            case Expr.Call call -> new Expr.Call(call.function(), apply(call.arguments()));
            case Expr.Capture capture ->
                    new Expr.Capture(apply(capture.operand()), capture.pattern(), capture.group());
            case Expr.Field _, Expr.Text _, Expr.Number _, Expr.Bool _, Expr.Phrase _ -> expr;
        };
    }
}

package dev.belfry.query.promql;

/** Checks that operands and arguments are of the types that are wanted. */
final class Types {
    private Types() {}

    private static void expect(Parser parser, Expr expr, ValueType wanted, String context) {
        if (expr.type() != wanted) {
            throw parser.error(
                    expr.span().start(),
                    "expected type "
                            + wanted.documented()
                            + " in "
                            + context
                            + ", got "
                            + expr.type().documented());
        }
    }

    static Expr aggregation(Parser parser, Expr.Aggregation aggregation) {
        expect(parser, aggregation.expr(), ValueType.VECTOR, "aggregation expression");
        if (aggregation.parameter() != null) {
            expect(
                    parser,
                    aggregation.parameter(),
                    aggregation.operator().equals("count_values")
                            ? ValueType.STRING
                            : ValueType.SCALAR,
                    "aggregation parameter");
        }
        return aggregation;
    }

    static Expr call(Parser parser, Expr.Call call) {
        Function function = call.function();
        int given = call.arguments().size();
        int start = call.span().start();
        String name = Strings.quote(function.name());
        if (function.variadic() == 0 && given != function.argumentsMin()) {
            throw parser.error(
                    start,
                    "expected "
                            + function.argumentsMin()
                            + " argument(s) in call to "
                            + name
                            + ", got "
                            + given);
        }
        if (given < function.argumentsMin()) {
            throw parser.error(
                    start,
                    "expected at least "
                            + function.argumentsMin()
                            + " argument(s) in call to "
                            + name
                            + ", got "
                            + given);
        }
        if (given > function.argumentsMax()) {
            throw parser.error(
                    start,
                    "expected at most "
                            + function.argumentsMax()
                            + " argument(s) in call to "
                            + name
                            + ", got "
                            + given);
        }
        if (function.name().equals("info") && given == 2) {
            checkInfo(parser, call.arguments().get(1));
        }
        for (int i = 0; i < given; i++) {
            int type = Math.min(i, function.arguments().size() - 1);
            expect(
                    parser,
                    call.arguments().get(i),
                    function.arguments().get(type),
                    "call to function " + name);
        }
        return call;
    }

    private static void checkInfo(Parser parser, Expr selector) {
        if (!(selector instanceof Expr.Selector plain) || !plain.name().isEmpty()) {
            boolean named = selector instanceof Expr.Selector;
            throw parser.error(
                    selector.span().start(),
                    "expected label selectors only"
                            + (named ? ", got vector selector instead" : ""));
        }
    }

    static Expr binary(
            Parser parser,
            Operator operator,
            Token token,
            Expr left,
            Expr right,
            boolean bool,
            Parser.MatchingClause clause) {
        checkOperand(parser, left);
        checkOperand(parser, right);
        boolean scalars = left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR;
        boolean vectors = left.type() == ValueType.VECTOR && right.type() == ValueType.VECTOR;
        int start = left.span().start();
        if (operator.isComparison() && !bool && scalars) {
            throw parser.error(token.start(), "comparisons between scalars must use BOOL modifier");
        }
        if (!vectors) {
            if (clause.given()) {
                throw parser.error(start, "vector matching only allowed between instant vectors");
            }
            if (clause.fillLeft() != null || clause.fillRight() != null) {
                throw parser.error(
                        start, "filling in missing series only allowed between instant vectors");
            }
            if (operator.isSet()) {
                throw parser.error(
                        start,
                        "set operator "
                                + Strings.quote(operator.text())
                                + " not allowed in binary scalar expression");
            }
        }
        Span span = Span.between(left.span(), right.span());
        return new Expr.Binary(
                operator,
                left,
                right,
                bool,
                vectors ? matching(parser, operator, token, clause, span.start()) : null,
                span);
    }

    private static void checkOperand(Parser parser, Expr expr) {
        if (expr.type() != ValueType.SCALAR && expr.type() != ValueType.VECTOR) {
            throw parser.error(
                    expr.span().start(),
                    "binary expression must contain only scalar and instant vector types");
        }
    }

    private static Expr.Matching matching(
            Parser parser,
            Operator operator,
            Token token,
            Parser.MatchingClause clause,
            int start) {
        Expr.Cardinality cardinality =
                clause.group() != null ? clause.group() : Expr.Cardinality.ONE_TO_ONE;
        if (operator.isSet()) {
            if (clause.group() != null) {
                throw parser.error(
                        start,
                        "no grouping allowed for " + Strings.quote(operator.text()) + " operation");
            }
            if (clause.fillLeft() != null || clause.fillRight() != null) {
                throw parser.error(
                        token.start(), "filling in missing series not allowed for set operators");
            }
            cardinality = Expr.Cardinality.MANY_TO_MANY;
        }
        if (clause.on()) {
            for (String label : clause.labels()) {
                if (clause.include().contains(label)) {
                    throw parser.error(
                            token.start(),
                            "label "
                                    + Strings.quote(label)
                                    + " must not occur in ON and GROUP clause at once");
                }
            }
        }
        return new Expr.Matching(
                cardinality,
                clause.on(),
                clause.labels(),
                clause.include(),
                clause.fillLeft(),
                clause.fillRight());
    }
}

package dev.belfry.query.promql;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.query.promql.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands in braces. */
final class SelectorParser {
    private SelectorParser() {}

    static Expr.Selector parse(Parser parser, String name, int start) {
        List<LabelMatcher> matchers = new ArrayList<>();
        if (parser.accept("{")) {
            while (!parser.accept("}")) {
                matcher(parser, matchers);
                if (!parser.peek().isPunctuation("}") && !parser.accept(",")) {
                    throw parser.unexpected("label matching", "\",\" or \"}\"");
                }
            }
        }
        if (!name.isEmpty()) {
            matchers.add(LabelMatcher.equal(Labels.NAME, name));
        }
        return new Expr.Selector(
                name, matchers, null, null, Expr.Edges.PLAIN, new Span(start, parser.lastEnd()));
    }

    /** Adds one matcher; a text alone is the metric's name. */
    private static void matcher(Parser parser, List<LabelMatcher> matchers) {
        Token label = parser.peek();
        if (label.kind() != Kind.IDENTIFIER && label.kind() != Kind.STRING) {
            throw parser.unexpected("label matching", "identifier or \"}\"");
        }
        parser.take();
        String labelName = label.kind() == Kind.STRING ? parser.string(label) : label.text();
        Token operator = parser.peek();
        boolean nameOnly =
                label.kind() == Kind.STRING
                        && (operator.isPunctuation(",") || operator.isPunctuation("}"));
        if (nameOnly) {
            matchers.add(LabelMatcher.equal(Labels.NAME, labelName));
            return;
        }
        if (operator.kind() != Kind.OPERATOR) {
            throw parser.unexpected("label matching", "label matching operator");
        }
        if (Strings.hasInvalidBytes(labelName) || labelName.isEmpty()) {
            throw parser.error(label.start(), "invalid label name " + Strings.quote(labelName));
        }
        parser.take();
        Token value = parser.peek();
        if (value.kind() != Kind.STRING) {
            throw parser.unexpected("label matching", "string");
        }
        parser.take();
        matchers.add(make(parser, label, labelName, operator.text(), parser.string(value)));
    }

    private static LabelMatcher make(
            Parser parser, Token label, String name, String operator, String value) {
        LabelMatcher.Operator kind =
                switch (operator) {
                    case "=" -> LabelMatcher.Operator.EQUAL;
                    case "!=" -> LabelMatcher.Operator.NOT_EQUAL;
                    case "=~" -> LabelMatcher.Operator.MATCH;
                    case "!~" -> LabelMatcher.Operator.NOT_MATCH;
                    default -> throw parser.unexpected("label matching", "label matching operator");
                };
        try {
            return Regex.matcher(kind, name, value);
        } catch (PromqlException e) {
            throw parser.error(label.start(), String.valueOf(e.getMessage()));
        }
    }
}

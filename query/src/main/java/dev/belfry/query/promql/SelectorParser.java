package dev.belfry.query.promql;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.query.promql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what stands in braces. */
final class SelectorParser {
    private SelectorParser() {}

    static Expr.Selector parse(Parser parser, String name, int start) {
        List<LabelMatcher> matchers = new ArrayList<>();
        List<String> quoted = new ArrayList<>();
        if (parser.accept("{")) {
            while (!parser.accept("}")) {
                matcher(parser, matchers, quoted);
                if (!parser.peek().isPunctuation("}") && !parser.accept(",")) {
                    throw parser.unexpected("label matching", "\",\" or \"}\"");
                }
            }
        }
        // As in Prometheus, only a name before the braces must be the one; those in them all have
        // to match.
        String other = quoted.isEmpty() ? otherName(matchers) : quoted.getFirst();
        if (!name.isEmpty() && other != null) {
            throw parser.error(
                    start,
                    "metric name must not be set twice: "
                            + Strings.quote(name)
                            + " or "
                            + Strings.quote(other));
        }
        boolean single = name.isEmpty() && quoted.size() == 1 && otherName(matchers) == null;
        String metric = single ? quoted.getFirst() : name;
        if (!name.isEmpty()) {
            matchers.add(LabelMatcher.equal(Labels.NAME, name));
        }
        for (String one : quoted) {
            matchers.add(LabelMatcher.equal(Labels.NAME, one));
        }
        boolean anything = matchers.stream().allMatch(matcher -> matcher.matches(""));
        if (anything && !parser.selectsAnything()) {
            throw parser.error(
                    start, "vector selector must contain at least one non-empty matcher");
        }
        return new Expr.Selector(
                metric, matchers, null, null, Expr.Edges.PLAIN, new Span(start, parser.lastEnd()));
    }

    private static @Nullable String otherName(List<LabelMatcher> matchers) {
        for (LabelMatcher matcher : matchers) {
            if (matcher.name().equals(Labels.NAME)) {
                return matcher.value();
            }
        }
        return null;
    }

    /** Adds one matcher, or a metric's name in quotes to {@code quoted}. */
    private static void matcher(Parser parser, List<LabelMatcher> matchers, List<String> quoted) {
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
            quoted.add(labelName);
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

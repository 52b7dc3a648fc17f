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
        String quotedName = null;
        if (parser.accept("{")) {
            while (!parser.accept("}")) {
                quotedName = matcher(parser, matchers, name, quotedName);
                if (!parser.peek().isPunctuation("}") && !parser.accept(",")) {
                    throw parser.unexpected("label matching", "\",\" or \"}\"");
                }
            }
        }
        String metric = quotedName != null ? quotedName : name;
        if (!metric.isEmpty()) {
            for (LabelMatcher matcher : matchers) {
                if (matcher.name().equals(Labels.NAME)) {
                    throw parser.error(
                            start,
                            "metric name must not be set twice: "
                                    + Strings.quote(metric)
                                    + " or "
                                    + Strings.quote(matcher.value()));
                }
            }
            matchers.add(LabelMatcher.equal(Labels.NAME, metric));
        }
        boolean anything = matchers.stream().allMatch(matcher -> matcher.matches(""));
        if (anything && !parser.selectsAnything()) {
            throw parser.error(
                    start, "vector selector must contain at least one non-empty matcher");
        }
        return new Expr.Selector(
                metric, matchers, null, null, Expr.Edges.PLAIN, new Span(start, parser.lastEnd()));
    }

    /** Adds one matcher; returns the metric's name when it was one in quotes. */
    private static @Nullable String matcher(
            Parser parser, List<LabelMatcher> matchers, String name, @Nullable String quotedName) {
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
            if (!name.isEmpty() || quotedName != null) {
                throw parser.error(
                        label.start(),
                        "metric name must not be set twice: "
                                + Strings.quote(quotedName != null ? quotedName : name)
                                + " or "
                                + Strings.quote(labelName));
            }
            return labelName;
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
        return quotedName;
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

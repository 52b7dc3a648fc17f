package dev.belfry.query.promql;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.belfry.model.series.LabelMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;

/** Regular expressions of matchers: RE2, anchored at both ends, in time linear to the text. */
public final class Regex {
    private static final String SPECIAL = "\\.+*?()[]{}^$|";

    /* Only with other characters can an expression be malformed; then its own error is shown. */
    private static final Pattern SAFE = Pattern.compile("[a-zA-Z0-9_.:/|-]*");

    private Regex() {}

    /** A matcher; throws {@link PromqlException} when the expression is malformed. */
    public static LabelMatcher matcher(LabelMatcher.Operator operator, String name, String value) {
        return switch (operator) {
            case EQUAL -> LabelMatcher.equal(name, value);
            case NOT_EQUAL -> LabelMatcher.notEqual(name, value);
            case MATCH, NOT_MATCH -> {
                Pattern pattern = compile(value);
                List<String> candidates = literals(value);
                yield new LabelMatcher(
                        name, operator, value, candidates, test(value, pattern, candidates));
            }
        };
    }

    /** Compiles {@code expression} so that it matches a whole text, dots matching newlines. */
    static Pattern compile(String expression) {
        if (expression.length() > Limits.REGEX_CHARS_MAX) {
            throw new PromqlException(
                    PromqlException.Kind.LIMIT,
                    "regular expression: "
                            + expression.length()
                            + " characters (expected: at most "
                            + Limits.REGEX_CHARS_MAX
                            + ")");
        }
        try {
            if (!SAFE.matcher(expression).matches()) {
                Pattern.compile(expression);
            }
            return Pattern.compile("^(?s:" + expression + ")$");
        } catch (PatternSyntaxException e) {
            throw new PromqlException(PromqlException.Kind.PARSE, String.valueOf(e.getMessage()));
        }
    }

    private static Predicate<String> test(String value, Pattern pattern, List<String> candidates) {
        if (value.equals(".*")) {
            return text -> true;
        }
        if (value.equals(".+")) {
            return text -> !text.isEmpty();
        }
        if (!candidates.isEmpty()) {
            return new HashSet<>(candidates)::contains;
        }
        return text -> pattern.matcher(text).find();
    }

    /* The alternatives, when the expression is nothing but texts with bars between them. */
    private static List<String> literals(String expression) {
        List<String> found = new ArrayList<>();
        for (String part : expression.split("\\|", -1)) {
            for (int i = 0; i < part.length(); i++) {
                if (SPECIAL.indexOf(part.charAt(i)) >= 0) {
                    return List.of();
                }
            }
            found.add(part);
        }
        return found;
    }
}

package dev.belfry.query.promql;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.belfry.model.series.LabelMatcher;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Regular expressions of matchers: RE2, anchored at both ends, in time linear to the text. */
public final class Regex {
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
                SimpleRegex simple = SimpleRegex.of(value);
                List<String> candidates = simple == null ? List.of() : simple.texts();
                yield new LabelMatcher(
                        name, operator, value, candidates, test(pattern, simple, candidates));
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
        if (RegexSize.of(expression).instructions() > Limits.REGEX_SIZE_MAX) {
            throw tooLarge();
        }
        try {
            if (!SAFE.matcher(expression).matches()) {
                Pattern.compile(expression);
            }
            return Pattern.compile("^(?s:" + expression + ")$");
        } catch (PatternSyntaxException e) {
            throw new PromqlException(PromqlException.Kind.PARSE, String.valueOf(e.getMessage()));
        } catch (StackOverflowError _) {
            throw tooLarge();
        }
    }

    /** What {@code matcher} finds, where its recursion finds room on the stack. */
    static boolean find(Matcher matcher) {
        try {
            return matcher.find();
        } catch (StackOverflowError _) {
            throw tooLarge(); // RE2/J follows what may be empty by recursion.
        }
    }

    static PromqlException tooLarge() {
        return new PromqlException(
                PromqlException.Kind.LIMIT,
                "regular expression: too large (expected: less repeated, nested or optional)");
    }

    private static Predicate<String> test(
            Pattern pattern, @Nullable SimpleRegex simple, List<String> candidates) {
        if (!candidates.isEmpty()) {
            return new HashSet<>(candidates)::contains;
        }
        if (simple != null) {
            return simple::matches;
        }
        long size = RegexSize.of(pattern.pattern()).instructions();
        if (size < Limits.REGEX_SIZE_COUNTED) {
            return text -> find(pattern.matcher(text));
        }
        AtomicLong work = new AtomicLong();
        return text -> {
            if (work.addAndGet(size * (text.length() + 1)) > Limits.REGEX_WORK_MAX) {
                throw tooLarge();
            }
            return find(pattern.matcher(text));
        };
    }
}

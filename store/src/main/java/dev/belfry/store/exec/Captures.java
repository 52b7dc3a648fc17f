package dev.belfry.store.exec;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TextPattern;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Takes texts apart by patterns. */
final class Captures {
    private Captures() {}

    /** The part {@code group} of {@code text}; null when the pattern is not found. */
    static @Nullable String part(
            TextPattern pattern, int group, @Nullable String text, QueryContext context) {
        if (text == null) {
            return null;
        }
        return switch (pattern) {
            case TextPattern.Glob glob -> glob(glob.texts(), group, text, context);
            case TextPattern.Regex regex -> regex(regex, group, text, context);
        };
    }

    private static @Nullable String glob(
            List<String> texts, int group, String text, QueryContext context) {
        int from = TextSearch.indexOf(text, texts.getFirst(), 0, context);
        if (from < 0) {
            return null;
        }
        int at = from + texts.getFirst().length();
        String found = null;
        for (int i = 1; i < texts.size(); i++) {
            String next = texts.get(i);
            boolean toEnd = next.isEmpty();
            int end = toEnd ? text.length() : TextSearch.indexOf(text, next, at, context);
            if (end < 0) {
                return null;
            }
            if (i - 1 == group) {
                found = text.substring(at, end);
            }
            at = end + next.length();
        }
        return found;
    }

    private static @Nullable String regex(
            TextPattern.Regex regex, int group, String text, QueryContext context) {
        try {
            Matcher matcher = regex.pattern().matcher(new BoundedText(text, context));
            return matcher.find() ? matcher.group(regex.numbers().get(group)) : null;
        } catch (StackOverflowError e) {
            throw new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "pattern: "
                            + regex.pattern()
                            + " needs too much stack (expected: one without nested repeats)",
                    e);
        }
    }
}

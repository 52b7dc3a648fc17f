package dev.belfry.store.exec;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.QueryContext;
import dev.belfry.store.filter.Phrase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The questions that are about a value's text, whatever its type. */
final class TextConditions {
    private TextConditions() {}

    /** A {@link Condition} that reads numbers and booleans as their text. */
    private interface ByText extends Condition {
        @Override
        default boolean byText() {
            return true;
        }

        @Override
        default boolean number(double value) {
            throw new IllegalStateException("BUG: asked about a number by text");
        }
    }

    private static String decode(byte[] data, int start, int end) {
        return new String(data, start, end - start, StandardCharsets.UTF_8);
    }

    /** Passes every value. */
    static Condition any() {
        return new AnyValue();
    }

    private record AnyValue() implements ByText {
        @Override
        public boolean isAny() {
            return true;
        }

        @Override
        public boolean text(byte[] data, int start, int end) {
            return true;
        }
    }

    /** Whether the text is one of {@code values}. */
    static Condition in(List<String> values, boolean foldCase) {
        Set<String> set = new HashSet<>();
        for (String value : values) {
            set.add(foldCase ? value.toLowerCase(Locale.ROOT) : value);
        }
        List<byte[]> exact = new ArrayList<>();
        for (String value : set) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            if (decode(bytes, 0, bytes.length).equals(value)) {
                exact.add(bytes); // Else half a surrogate pair, which no text has.
            }
        }
        boolean isExact = !foldCase && exact.size() <= EXACT_MAX;
        return new OneOf(set, foldCase, isExact ? exact : null);
    }

    /* Values that are compared one by one, as bytes; more are looked up. */
    private static final int EXACT_MAX = 8;

    private record OneOf(Set<String> values, boolean foldCase, @Nullable List<byte[]> exact)
            implements ByText {
        @Override
        public boolean text(byte[] data, int start, int end) {
            if (exact != null) {
                for (int i = 0; i < exact.size(); i++) {
                    byte[] value = exact.get(i);
                    if (Arrays.equals(value, 0, value.length, data, start, end)) {
                        return true;
                    }
                }
                return false;
            }
            String text = decode(data, start, end);
            return values.contains(foldCase ? text.toLowerCase(Locale.ROOT) : text);
        }

        @Override
        public @Nullable List<String> candidates() {
            return values.size() <= 64 ? List.copyOf(values) : null;
        }
    }

    /** Whether the words of a phrase stand in the text in a row. */
    static Condition contains(Phrase phrase, QueryContext context) {
        return new HasPhrase(phrase, context);
    }

    private record HasPhrase(Phrase phrase, QueryContext context) implements ByText {
        @Override
        public boolean text(byte[] data, int start, int end) {
            context.work(end - start);
            return phrase.matches(data, start, end);
        }

        @Override
        public @Nullable Phrase words() {
            return phrase;
        }
    }

    /** Whether a regular expression is found in the text; it is stopped with the query. */
    static Condition matches(Pattern pattern, QueryContext context) {
        return new Found(pattern, context);
    }

    private record Found(Pattern pattern, QueryContext context) implements ByText {
        @Override
        public boolean text(byte[] data, int start, int end) {
            context.work(end - start);
            try {
                return pattern.matcher(new BoundedText(decode(data, start, end), context)).find();
            } catch (StackOverflowError e) {
                throw new BelfryException(
                        ErrorCode.QUERY_LIMIT,
                        "pattern: "
                                + pattern
                                + " needs too much stack (expected: one without nested repeats)",
                        e);
            }
        }
    }

    /** Whether the text is like an SQL pattern. */
    static Condition like(String pattern, boolean foldCase, QueryContext context) {
        return new IsLike(LikePattern.parse(pattern, foldCase), context);
    }

    private record IsLike(LikePattern pattern, QueryContext context) implements ByText {
        @Override
        public boolean text(byte[] data, int start, int end) {
            return pattern.matches(decode(data, start, end), context);
        }
    }
}

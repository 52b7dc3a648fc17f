package dev.belfry.model.series;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A condition on the value of one label; a label that a series lacks has the empty value.
 *
 * @param name the label's name
 * @param operator how the value is compared
 * @param value what it is compared with: a text, or a regular expression that must match the whole
 * @param candidates the only values that the expression matches, when it is a list of texts; else
 *     empty
 * @param pattern whether a value matches the expression; for texts, whether it is equal
 */
public record LabelMatcher(
        String name,
        Operator operator,
        String value,
        List<String> candidates,
        Predicate<String> pattern) {

    /** How a matcher compares. */
    public enum Operator {
        /** Equal. */
        EQUAL("="),
        /** Not equal. */
        NOT_EQUAL("!="),
        /** The expression matches. */
        MATCH("=~"),
        /** The expression does not match. */
        NOT_MATCH("!~");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        /** As it is written. */
        public String text() {
            return text;
        }
    }

    /** Copies the candidates. */
    public LabelMatcher {
        candidates = List.copyOf(candidates);
    }

    /** {@code name="value"}. */
    public static LabelMatcher equal(String name, String value) {
        return new LabelMatcher(name, Operator.EQUAL, value, List.of(value), value::equals);
    }

    /** {@code name!="value"}. */
    public static LabelMatcher notEqual(String name, String value) {
        return new LabelMatcher(name, Operator.NOT_EQUAL, value, List.of(value), value::equals);
    }

    /** A matcher that one of {@code values} passes; none of none. */
    public static LabelMatcher oneOf(String name, Collection<String> values) {
        List<String> sorted = List.copyOf(new TreeSet<>(values));
        if (sorted.size() == 1) {
            return equal(name, sorted.getFirst());
        }
        return new LabelMatcher(
                name,
                Operator.MATCH,
                sorted.stream().map(Pattern::quote).collect(Collectors.joining("|")),
                sorted,
                Set.copyOf(sorted)::contains);
    }

    /** Whether a label of this value passes. */
    public boolean matches(String labelValue) {
        boolean positive = operator == Operator.EQUAL || operator == Operator.MATCH;
        return pattern.test(labelValue) == positive;
    }

    /** Whether the labels pass. */
    public boolean matches(Labels labels) {
        return matches(labels.get(name));
    }

    /** Two are equal when they are written equally. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LabelMatcher matcher
                && name.equals(matcher.name)
                && operator == matcher.operator
                && value.equals(matcher.value);
    }

    @Override
    public int hashCode() {
        return (name.hashCode() * 31 + operator.hashCode()) * 31 + value.hashCode();
    }
}

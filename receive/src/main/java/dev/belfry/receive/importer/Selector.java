package dev.belfry.receive.importer;

import dev.belfry.model.series.LabelMatcher.Operator;
import dev.belfry.model.series.Labels;
import dev.belfry.receive.RemoteRead;
import dev.belfry.receive.json.JsonMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a selector of series: {@code name}, {@code {label="value"}}, or both. */
final class Selector {
    private static final Pattern NAME = Pattern.compile("\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*");
    private static final Pattern MATCHER =
            Pattern.compile(
                    "\\s*([a-zA-Z_][a-zA-Z0-9_]*|\"(?:[^\"\\\\]|\\\\.)*\")\\s*"
                            + "(=~|!~|!=|=)\\s*(\"(?:[^\"\\\\]|\\\\.)*\")\\s*");

    private Selector() {}

    /** The matchers of {@code text}; null when it is no selector. */
    static @Nullable List<RemoteRead.Matcher> parse(String text) {
        List<RemoteRead.Matcher> matchers = new ArrayList<>();
        int at = 0;
        Matcher name = NAME.matcher(text);
        if (name.lookingAt()) {
            matchers.add(new RemoteRead.Matcher(Operator.EQUAL, Labels.NAME, name.group(1)));
            at = name.end();
        }
        String rest = text.substring(at).strip();
        if (rest.isEmpty()) {
            return matchers.isEmpty() ? null : matchers;
        }
        if (!rest.startsWith("{") || !rest.endsWith("}")) {
            return null;
        }
        String inside = rest.substring(1, rest.length() - 1);
        Matcher each = MATCHER.matcher(inside);
        int from = 0;
        while (from < inside.length() && !inside.substring(from).isBlank()) {
            if (!each.region(from, inside.length()).lookingAt()) {
                return null;
            }
            String label = each.group(1);
            String value = unquoted(each.group(3));
            String plain = label.startsWith("\"") ? unquoted(label) : label;
            if (value == null || plain == null) {
                return null;
            }
            matchers.add(new RemoteRead.Matcher(operator(each.group(2)), plain, value));
            from = each.end();
            if (from < inside.length()) {
                if (inside.charAt(from) != ',') {
                    return null;
                }
                from++;
            }
        }
        return matchers.isEmpty() ? null : matchers;
    }

    private static Operator operator(String text) {
        for (Operator operator : Operator.values()) {
            if (operator.text().equals(text)) {
                return operator;
            }
        }
        throw new IllegalStateException(
                String.format(Locale.ROOT, "BUG: operator %s is in the pattern", text));
    }

    private static @Nullable String unquoted(String quoted) {
        List<JsonMembers.Member> read = JsonMembers.read("{\"v\":" + quoted + "}");
        return read == null ? null : read.getFirst().text();
    }
}

package dev.belfry.receive;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A rule of one's own by which texts are redacted.
 *
 * @param name 1 to 32 lower case letters, digits and underscores; stands in {@code [redacted:NAME]}
 * @param literal 4 to 64 characters of ASCII that every match has, in any case; a text is only
 *     looked at where they are
 * @param regex what is replaced: its first group, or all of it where it has none
 */
public record RedactionRule(String name, String literal, String regex) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,32}");
    private static final Pattern LITERAL = Pattern.compile("[\\x20-\\x7E]{4,64}");
    private static final int REGEX_LENGTH_MAX = 1_000;

    /**
     * Checks all three.
     *
     * @throws IllegalArgumentException naming the value and what was expected
     */
    public RedactionRule {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name: " + name + " (expected: 1 to 32 of a-z, 0-9 and _)");
        }
        if (!LITERAL.matcher(literal).matches()) {
            throw new IllegalArgumentException(
                    "literal of "
                            + name
                            + ": "
                            + literal
                            + " (expected: 4 to 64 ASCII characters)");
        }
        if (regex.isEmpty() || regex.length() > REGEX_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "regex of "
                            + name
                            + ": "
                            + regex.length()
                            + " characters (expected: 1 to 1000)");
        }
        try {
            bytesPattern(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "regex of "
                            + name
                            + ": "
                            + e.getDescription()
                            + " at "
                            + e.getIndex()
                            + " (expected: a regular expression as of java.util.regex)",
                    e);
        }
    }

    /** The expression over bytes taken as Latin-1, so that places in it are places in the bytes. */
    public Pattern pattern() {
        return bytesPattern(regex);
    }

    private static Pattern bytesPattern(String regex) {
        return Pattern.compile(
                new String(regex.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }
}

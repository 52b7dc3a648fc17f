package dev.belfry.receive.lines;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the severity that a line of a log names. */
public final class LevelReader {
    /*
     * In capitals a level counts as a word near the line's start (INFO), in any case where the form says that it
     * is one: [error], <warn>, level=info, lvl=info, or first behind the time and followed by a colon.
     */
    private static final Set<String> LEVELS =
            Set.of(
                    "trace",
                    "debug",
                    "info",
                    "information",
                    "notice",
                    "warn",
                    "warning",
                    "error",
                    "err",
                    "severe",
                    "critical",
                    "crit",
                    "fatal",
                    "alert",
                    "emerg",
                    "emergency",
                    "panic",
                    "fine",
                    "finer",
                    "finest",
                    "verbose",
                    "config");
    private static final int LEVEL_LENGTH_MAX = 11;
    private static final int SEARCH_LENGTH = 120;
    private static final int WORDS_MAX = 24;
    private static final String[] SYSLOG = {
        "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"
    };

    private LevelReader() {}

    /** The level of a syslog severity (0–7). */
    public static String syslog(int severity) {
        return SYSLOG[severity];
    }

    /** Whether {@code word} is a level in any case. */
    static boolean isLevel(String word) {
        return word.length() <= LEVEL_LENGTH_MAX && LEVELS.contains(word.toLowerCase(Locale.ROOT));
    }

    /** The level as it stands in {@code line} behind {@code from}, or null. */
    static @Nullable String find(String line, int from) {
        return find(line, from, WORDS_MAX);
    }

    /** As above, among the first {@code wordsMax} words. */
    public static @Nullable String find(String line, int from, int wordsMax) {
        int end = Math.min(line.length(), from + SEARCH_LENGTH);
        int words = 0;
        int at = from;
        while (at < end && words < wordsMax) {
            if (!isLetter(line.charAt(at))) {
                at++;
                continue;
            }
            int wordEnd = at;
            while (wordEnd < line.length() && isWordPart(line.charAt(wordEnd))) {
                wordEnd++;
            }
            boolean plain = wordEnd - at >= 3 && wordEnd - at <= LEVEL_LENGTH_MAX;
            if (plain && marked(line, at, wordEnd, words) && isLevel(line.substring(at, wordEnd))) {
                return line.substring(at, wordEnd);
            }
            words++;
            at = wordEnd;
        }
        return null;
    }

    private static boolean marked(String line, int from, int to, int wordsBefore) {
        char before = from == 0 ? ' ' : line.charAt(from - 1);
        char behind = to == line.length() ? ' ' : line.charAt(to);
        if (before == '[' && (behind == ']' || behind == ' ')
                || before == '<' && behind == '>'
                || before == ':' && behind == ']') {
            return true;
        }
        if (before == '=' || before == '"' && behind == '"') {
            return keyIs(line, from, "level")
                    || keyIs(line, from, "lvl")
                    || keyIs(line, from, "severity");
        }
        boolean apart = " \t|[(:-,".indexOf(before) >= 0 && " \t|])]:,-".indexOf(behind) >= 0;
        if (!apart) {
            return false;
        }
        if (isCapital(line, from, to)) {
            return true;
        }
        return wordsBefore == 0 && behind == ':';
    }

    private static boolean keyIs(String line, int from, String key) {
        int end = line.charAt(from - 1) == '"' ? from - 2 : from - 1;
        int start = end - key.length();
        return start >= 0
                && end < line.length()
                && line.charAt(end) == '='
                && line.regionMatches(true, start, key, 0, key.length());
    }

    private static boolean isCapital(String line, int from, int to) {
        for (int at = from; at < to; at++) {
            if (line.charAt(at) < 'A' || line.charAt(at) > 'Z') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char letter) {
        return letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z';
    }

    private static boolean isWordPart(char letter) {
        return isLetter(letter) || letter >= '0' && letter <= '9' || letter == '_' || letter == '.';
    }
}

package dev.belfry.query.insight;

import java.util.Locale;
import java.util.Set;

/**
 * The tokens of one line: words, signs, and variables in the place of what looks like one. Used
 * again for each line; one thread.
 */
final class LineTokens {
    /*
     * A word is split at signs. What is surely a variable is masked at once, without looking at other
     * lines: what has a digit, paths, hosts, host:port, URLs, days and months. Variables in a row are
     * one, as are lists of them; a number's unit or its paraphrase in brackets belongs to it.
     */
    static final byte WORD = 0;
    static final byte SIGN = 1;
    static final byte VARIABLE = 2;

    private static final int TOKENS_MAX = 256;
    private static final boolean[] SIGNS = signs("=,;()[]{}\"'|<>");
    private static final String OPENERS = "([{<\"'";
    private static final String CLOSERS = ")]}>\"',;.!?";
    private static final Set<String> DAYS_AND_MONTHS =
            Set.of(
                    "mon",
                    "tue",
                    "wed",
                    "thu",
                    "fri",
                    "sat",
                    "sun",
                    "jan",
                    "feb",
                    "mar",
                    "apr",
                    "may",
                    "jun",
                    "jul",
                    "aug",
                    "sep",
                    "oct",
                    "nov",
                    "dec",
                    "monday",
                    "tuesday",
                    "wednesday",
                    "thursday",
                    "friday",
                    "saturday",
                    "sunday");
    private static final int[] DAY_AND_MONTH_STARTS =
            DAYS_AND_MONTHS.stream()
                    .mapToInt(word -> word.charAt(0) << 16 | word.charAt(1) << 8 | word.charAt(2))
                    .distinct()
                    .toArray();
    private static final Set<String> UNITS =
            Set.of(
                    "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "s", "sec", "secs", "ms",
                    "us", "ns", "min", "mins", "second", "seconds", "byte", "bytes");
    private static final Set<String> TIME_UNITS =
            Set.of(
                    "s", "sec", "secs", "ms", "us", "ns", "min", "mins", "seconds", "minutes",
                    "hours", "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib");
    private static final Set<String> DOMAINS = Set.of("com", "net", "org", "edu", "gov");

    private String line = "";
    private int count;
    private final byte[] kinds = new byte[TOKENS_MAX];
    private final int[] starts = new int[TOKENS_MAX];
    private final int[] ends = new int[TOKENS_MAX];
    private final boolean[] spaced = new boolean[TOKENS_MAX];
    private boolean space;

    private static boolean[] signs(String signs) {
        boolean[] table = new boolean[128];
        signs.chars().forEach(sign -> table[sign] = true);
        return table;
    }

    /** Reads a line. */
    void read(String text) {
        line = text;
        count = 0;
        int at = 0;
        int length = text.length();
        while (at < length && count < TOKENS_MAX) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < length && !Character.isWhitespace(text.charAt(end))) {
                end++;
            }
            word(at, end);
            at = end;
        }
        if (at < length && count == TOKENS_MAX) {
            kinds[count - 1] = VARIABLE;
        }
        tidy();
    }

    /** How many tokens there are. */
    int count() {
        return count;
    }

    byte kind(int index) {
        return kinds[index];
    }

    /** Whether white space stands before a token. */
    boolean isSpaced(int index) {
        return spaced[index];
    }

    /** A token's text; of a variable {@code <*>}. */
    String text(int index) {
        return kinds[index] == VARIABLE
                ? Templates.VARIABLE
                : line.substring(starts[index], ends[index]);
    }

    /** A hash of a token's text. */
    long hash(int index) {
        if (kinds[index] == VARIABLE) {
            return Templates.VARIABLE_HASH;
        }
        long hash = 0xcbf29ce484222325L;
        for (int i = starts[index]; i < ends[index]; i++) {
            hash = (hash ^ line.charAt(i)) * 0x100000001b3L;
        }
        return Templates.mix(hash);
    }

    private void add(byte kind, int start, int end) {
        if (count == TOKENS_MAX) {
            return;
        }
        kinds[count] = kind;
        starts[count] = start;
        ends[count] = end;
        spaced[count] = space;
        space = false;
        count++;
    }

    private void word(int start, int end) {
        space = true;
        int from = start;
        while (from < end && OPENERS.indexOf(line.charAt(from)) >= 0) {
            from++;
        }
        int to = end;
        while (to > from && CLOSERS.indexOf(line.charAt(to - 1)) >= 0) {
            to--;
        }
        if (isAddress(from, to)) {
            pieces(start, from);
            add(VARIABLE, from, to);
            pieces(to, end);
        } else {
            pieces(start, end);
        }
    }

    /* host:port, aa:bb:cc:dd, scheme://…, read in one go. */
    private boolean isAddress(int from, int to) {
        int colon = line.indexOf(':', from);
        if (colon <= from || colon >= to - 1) {
            return false;
        }
        if (line.startsWith("://", colon)) {
            return true;
        }
        boolean digits = to - colon - 1 <= 5;
        for (int i = colon + 1; i < to && digits; i++) {
            digits = Lexer.isDigit(line.charAt(i));
        }
        return digits ? isHost(from, colon) : isPairs(from, to);
    }

    private boolean isHost(int from, int to) {
        boolean dotted = false;
        for (int i = from; i < to; i++) {
            char c = line.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '-' && c != '_') {
                return false;
            }
            dotted |= c == '.' || Lexer.isDigit(c);
        }
        return dotted || line.regionMatches(from, "localhost", 0, to - from) && to - from == 9;
    }

    private boolean isPairs(int from, int to) {
        if ((to - from) % 3 != 2 || to - from < 11) {
            return false;
        }
        for (int i = from; i < to; i++) {
            boolean separator = (i - from) % 3 == 2;
            if (separator ? line.charAt(i) != ':' : Character.digit(line.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private void pieces(int start, int end) {
        int from = start;
        for (int i = start; i < end; i++) {
            char c = line.charAt(i);
            if (c < SIGNS.length && SIGNS[c] || c == ':' && isSeparator(i, end)) {
                piece(from, i);
                if (c == ')' && count > 0 && isSign(count - 1, '(')) {
                    add(VARIABLE, i, i); // Brackets without content are those of an empty value.
                }
                add(SIGN, i, i + 1);
                from = i + 1;
            }
        }
        piece(from, end);
    }

    private boolean isSeparator(int colon, int end) {
        if (colon + 1 == end) {
            return true;
        }
        char next = line.charAt(colon + 1);
        return colon > 0
                && Character.isLetter(line.charAt(colon - 1))
                && next != '\\'
                && next != '/';
    }

    private void piece(int from, int to) {
        if (from < to) {
            add(isVariable(from, to) ? VARIABLE : WORD, from, to);
        }
    }

    private boolean isVariable(int from, int to) {
        int slashes = 0;
        int lastDot = -1;
        int dots = 0;
        boolean letters = true;
        for (int i = from; i < to; i++) {
            char c = line.charAt(i);
            if (Lexer.isDigit(c)) {
                return true;
            }
            slashes += c == '/' ? 1 : 0;
            if (c == '.') {
                dots++;
                lastDot = i;
            }
            letters &= Character.isLetter(c);
        }
        char first = line.charAt(from);
        int length = to - from;
        if (length > 1 && first == '*' && isRun(from, to)) {
            return true; // **** in the place of what is not known.
        }
        if (slashes >= 2 || length > 1 && (first == '/' || first == '\\')) {
            return true;
        }
        if (letters) {
            return length >= 3
                    && length <= 9
                    && isDayOrMonthStart(from)
                    && DAYS_AND_MONTHS.contains(lower(from, to));
        }
        if (count > 0 && kinds[count - 1] == SIGN && !space && isAfter('=')) {
            return Character.isLetterOrDigit(first);
        }
        if (length > 2 && line.charAt(from + 1) == ':' && Character.isLetter(first)) {
            return true; // C:\…
        }
        return dots > 0 && isDomain(from, lastDot, to, dots);
    }

    private boolean isRun(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (line.charAt(i) != line.charAt(from)) {
                return false;
            }
        }
        return true;
    }

    /* Most words are none; that is told without making a text of them. */
    private boolean isDayOrMonthStart(int from) {
        int letters =
                (line.charAt(from) | 0x20) << 16
                        | (line.charAt(from + 1) | 0x20) << 8
                        | (line.charAt(from + 2) | 0x20);
        for (int start : DAY_AND_MONTH_STARTS) {
            if (start == letters) {
                return true;
            }
        }
        return false;
    }

    private boolean isAfter(char sign) {
        return line.charAt(starts[count - 1]) == sign;
    }

    private boolean isDomain(int from, int lastDot, int to, int dots) {
        for (int i = from; i < to; i++) {
            char c = line.charAt(i);
            if (!Character.isLetter(c) && c != '.' && c != '-' && c != '_') {
                return false;
            }
        }
        int length = to - lastDot - 1;
        return DOMAINS.contains(lower(lastDot + 1, to))
                || dots >= 2
                        && length == 2
                        && Character.isLowerCase(line.charAt(to - 1))
                        && Character.isLowerCase(line.charAt(to - 2));
    }

    private String lower(int from, int to) {
        return line.substring(from, to).toLowerCase(Locale.ROOT);
    }

    /* Joins variables; brackets without content have one; units go with their number. */
    private void tidy() {
        int read = count;
        count = 0;
        for (int i = 0; i < read; i++) {
            if (isSign(i, '<') && i + 1 < read && kinds[i + 1] == VARIABLE) {
                continue; // <1 sec
            }
            if (isSign(i, '(') && isQuantity(i, read)) {
                i += 3;
                continue;
            }
            boolean follows = count > 0 && kinds[count - 1] == VARIABLE;
            if (follows
                    && (kinds[i] == VARIABLE
                            || kinds[i] == WORD
                                    && TIME_UNITS.contains(lower(starts[i], ends[i])))) {
                continue;
            }
            keep(i, kinds[i], spaced[i]);
            if (kinds[count - 1] == VARIABLE
                    && count >= 3
                    && kinds[count - 3] == VARIABLE
                    && kinds[count - 2] == SIGN
                    && ",;|:".indexOf(line.charAt(starts[count - 2])) >= 0) {
                count -= 2;
            }
        }
    }

    private boolean isSign(int index, char sign) {
        return kinds[index] == SIGN && line.charAt(starts[index]) == sign;
    }

    /* ( number unit ) after a number or its unit. */
    private boolean isQuantity(int open, int read) {
        return open + 3 < read
                && kinds[open + 1] == VARIABLE
                && kinds[open + 2] == WORD
                && isSign(open + 3, ')')
                && UNITS.contains(lower(starts[open + 2], ends[open + 2]))
                && count > 0
                && (kinds[count - 1] == VARIABLE
                        || kinds[count - 1] == WORD
                                && UNITS.contains(lower(starts[count - 1], ends[count - 1])));
    }

    private void keep(int index, byte kind, boolean spacedBefore) {
        int start = starts[index];
        int end = ends[index];
        kinds[count] = kind;
        starts[count] = start;
        ends[count] = end;
        spaced[count] = spacedBefore;
        count++;
    }
}

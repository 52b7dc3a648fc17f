package dev.belfry.query.promql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression made of texts, {@code .*}, {@code .+}, and groups of alternatives of these:
 * what most dashboards ask for. It is a list of patterns of texts with gaps, and matching one is
 * looking for texts. A dot is any character, newlines too.
 */
final class SimpleRegex {
    private static final int PATTERNS_MAX = 256;
    private static final String SPECIAL = "\\.+*?()[]{}^$|";

    /* A text in a pattern; with a gap of at least so many characters before it, -1 for none. */
    private record Piece(int gapMin, String text) {}

    /* Ends in a gap when its last piece has an empty text. */
    private record Pattern(List<Piece> pieces) {
        static final Pattern EMPTY = new Pattern(List.of());

        Pattern then(Pattern next) {
            List<Piece> all = new ArrayList<>(pieces);
            for (Piece piece : next.pieces) {
                Piece last = all.isEmpty() ? null : all.getLast();
                if (last != null && piece.gapMin() < 0) {
                    all.set(all.size() - 1, new Piece(last.gapMin(), last.text() + piece.text()));
                } else if (last != null && last.text().isEmpty() && last.gapMin() >= 0) {
                    all.set(
                            all.size() - 1,
                            new Piece(last.gapMin() + piece.gapMin(), piece.text()));
                } else {
                    all.add(piece);
                }
            }
            return new Pattern(List.copyOf(all));
        }

        boolean isText() {
            return pieces.stream().allMatch(piece -> piece.gapMin() < 0);
        }

        String text() {
            return pieces.isEmpty() ? "" : pieces.getFirst().text();
        }

        boolean matches(String value) {
            int at = 0;
            for (int i = 0; i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                String text = piece.text();
                boolean last = i == pieces.size() - 1;
                if (piece.gapMin() < 0) {
                    if (!value.startsWith(text, at)) {
                        return false;
                    }
                    at += text.length();
                } else if (last) {
                    int end = value.length() - text.length();
                    return end >= at + piece.gapMin() && value.endsWith(text);
                } else {
                    at = value.indexOf(text, at + piece.gapMin());
                    if (at < 0) {
                        return false;
                    }
                    at += text.length();
                }
            }
            return at == value.length();
        }
    }

    private final String expression;
    private int at;
    private List<Pattern> patterns = List.of();

    private SimpleRegex(String expression) {
        this.expression = expression;
    }

    /** {@code expression} as such; null when it is more than that. */
    static @Nullable SimpleRegex of(String expression) {
        SimpleRegex regex = new SimpleRegex(expression);
        List<Pattern> patterns = regex.alternatives();
        if (patterns == null || regex.at < expression.length()) {
            return null;
        }
        regex.patterns = patterns;
        return regex;
    }

    /** Whether it matches the whole of {@code value}. */
    boolean matches(String value) {
        for (Pattern pattern : patterns) {
            if (pattern.matches(value)) {
                return true;
            }
        }
        return false;
    }

    /** The only values that match; empty when they cannot be listed. */
    List<String> texts() {
        return patterns.stream().allMatch(Pattern::isText)
                ? patterns.stream().map(Pattern::text).distinct().toList()
                : List.of();
    }

    // ---- reading

    private @Nullable List<Pattern> alternatives() {
        List<Pattern> all = new ArrayList<>();
        while (true) {
            List<Pattern> one = sequence();
            if (one == null || all.size() + one.size() > PATTERNS_MAX) {
                return null;
            }
            all.addAll(one);
            if (at == expression.length() || expression.charAt(at) != '|') {
                return all;
            }
            at++;
        }
    }

    private @Nullable List<Pattern> sequence() {
        List<Pattern> all = List.of(Pattern.EMPTY);
        while (at < expression.length() && "|)".indexOf(expression.charAt(at)) < 0) {
            List<Pattern> next = atom();
            if (next == null
                    || all.size() * next.size() > PATTERNS_MAX
                    || (at < expression.length() && "*+?{".indexOf(expression.charAt(at)) >= 0)) {
                return null;
            }
            List<Pattern> longer = new ArrayList<>(all.size() * next.size());
            for (Pattern before : all) {
                for (Pattern after : next) {
                    longer.add(before.then(after));
                }
            }
            all = longer;
        }
        return all;
    }

    private @Nullable List<Pattern> atom() {
        char c = expression.charAt(at);
        if (c == '(') {
            boolean uncaptured = expression.startsWith("(?:", at);
            if (expression.startsWith("(?", at) && !uncaptured) {
                return null;
            }
            at += uncaptured ? 3 : 1;
            List<Pattern> inner = alternatives();
            if (inner == null || at == expression.length()) {
                return null;
            }
            at++;
            return inner;
        }
        if (c == '.') {
            boolean any = expression.startsWith(".*", at);
            if (!any && !expression.startsWith(".+", at)) {
                return null;
            }
            at += 2;
            return List.of(new Pattern(List.of(new Piece(any ? 0 : 1, ""))));
        }
        boolean escaped =
                c == '\\'
                        && at + 1 < expression.length()
                        && !Character.isLetterOrDigit(expression.charAt(at + 1));
        if (!escaped && SPECIAL.indexOf(c) >= 0) {
            return null;
        }
        int start = escaped ? at + 1 : at;
        int end = expression.offsetByCodePoints(start, 1);
        at = end;
        return List.of(new Pattern(List.of(new Piece(-1, expression.substring(start, end)))));
    }
}

package dev.belfry.store.exec;

import dev.belfry.store.QueryContext;
import java.util.Arrays;

/** SQL's LIKE: {@code %} any run, {@code _} any character, {@code \} escapes. */
final class LikePattern {
    private static final int ANY_RUN = -1;
    private static final int ANY_ONE = -2;

    /* Steps that are walked back between two reports of them. */
    private static final int STEPS_MAX = 1 << 16;

    /* Code points, and the two wildcards. */
    private final int[] tokens;
    private final boolean foldCase;

    private LikePattern(int[] tokens, boolean foldCase) {
        this.tokens = tokens;
        this.foldCase = foldCase;
    }

    static LikePattern parse(String pattern, boolean foldCase) {
        int[] points = pattern.codePoints().toArray();
        int[] tokens = new int[points.length];
        int count = 0;
        for (int i = 0; i < points.length; i++) {
            int point = points[i];
            if (point == '\\' && i + 1 < points.length) {
                tokens[count++] = fold(points[++i], foldCase);
            } else if (point == '%') {
                tokens[count++] = ANY_RUN;
            } else if (point == '_') {
                tokens[count++] = ANY_ONE;
            } else {
                tokens[count++] = fold(point, foldCase);
            }
        }
        return new LikePattern(Arrays.copyOf(tokens, count), foldCase);
    }

    /*
     * Greedy with one way back: on a mismatch the last run takes one character more. O(text *
     * pattern).
     */
    boolean matches(String text, QueryContext context) {
        context.work(text.length());
        int length = text.length();
        int steps = 0;
        int at = 0;
        int token = 0;
        int run = -1;
        int runAt = 0;
        while (at < length) {
            int point = text.codePointAt(at);
            if (token < tokens.length && tokens[token] == ANY_RUN) {
                run = token++;
                runAt = at;
            } else if (token < tokens.length
                    && (tokens[token] == ANY_ONE || tokens[token] == fold(point, foldCase))) {
                token++;
                at += Character.charCount(point);
            } else if (run >= 0) {
                runAt += Character.charCount(text.codePointAt(runAt));
                steps += at - runAt + 1;
                if (steps >= STEPS_MAX) {
                    context.work(steps);
                    steps = 0;
                }
                at = runAt;
                token = run + 1;
            } else {
                return false;
            }
        }
        while (token < tokens.length && tokens[token] == ANY_RUN) {
            token++;
        }
        return token == tokens.length;
    }

    private static int fold(int point, boolean foldCase) {
        return foldCase ? Character.toLowerCase(Character.toUpperCase(point)) : point;
    }
}

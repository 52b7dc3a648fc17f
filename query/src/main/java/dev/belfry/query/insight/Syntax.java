package dev.belfry.query.insight;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.Map;

/** Says where a query is wrong and what was expected there. */
final class Syntax {
    private static final int SHOWN_MAX = 40;

    private Syntax() {}

    /** An error at {@code offset} of {@code text}. */
    static BelfryException error(String text, int offset, String found, String expected) {
        int at = Math.clamp(offset, 0, text.length());
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        int column = at - lineStart + 1;
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "query: "
                        + line
                        + ":"
                        + column
                        + ": "
                        + shortened(found)
                        + " (expected: "
                        + expected
                        + ")",
                Map.of("line", line, "column", column, "offset", at, "expected", expected));
    }

    private static String shortened(String found) {
        return found.length() <= SHOWN_MAX * 2 ? found : found.substring(0, SHOWN_MAX * 2) + "…";
    }
}

package dev.belfry.query.promql;

import java.nio.charset.StandardCharsets;

/**
 * Where something stands in a query.
 *
 * @param start offset of its first character
 * @param end offset after its last character
 */
public record Span(int start, int end) {
    /** From the start of {@code first} to the end of {@code last}. */
    static Span between(Span first, Span last) {
        return new Span(first.start, last.end);
    }

    /**
     * The place {@code offset} as {@code line:column}, both from 1 on; a column is a byte of UTF-8.
     */
    static String position(String query, int offset) {
        if (query.isEmpty()) {
            return "unknown position";
        }
        int end = Math.min(offset, query.length());
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < end; i++) {
            if (query.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        byte[] before = query.substring(lineStart, end).getBytes(StandardCharsets.UTF_8);
        return line + ":" + (before.length + offset - end + 1);
    }

    String position(String query) {
        return position(query, start);
    }
}

package dev.belfry.query.insight;

/**
 * A piece of a query.
 *
 * @param kind what it is
 * @param text a name's or text's content, a symbol's characters, a number as it was written
 * @param at where it begins
 * @param end where it ends
 */
record Token(Kind kind, String text, int at, int end) {
    enum Kind {
        NAME,
        QUOTED_NAME,
        TEXT,
        NUMBER,
        SPAN,
        REGEX,
        SYMBOL,
        END
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isWord(String word) {
        return kind == Kind.NAME && text.equalsIgnoreCase(word);
    }

    /** As an error names it. */
    String shown() {
        return switch (kind) {
            case END -> "the end";
            case TEXT -> "\"" + text + "\"";
            case REGEX -> "/" + text + "/";
            default -> text;
        };
    }
}

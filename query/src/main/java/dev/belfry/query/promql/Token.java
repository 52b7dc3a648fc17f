package dev.belfry.query.promql;

/** A word of a query: what it is, its text as written, where it begins. */
record Token(Kind kind, String text, int start) {
    enum Kind {
        END,
        ERROR,
        IDENTIFIER,
        METRIC_IDENTIFIER,
        NUMBER,
        DURATION,
        STRING,
        OPERATOR,
        AGGREGATOR,
        KEYWORD,
        PUNCTUATION
    }

    int end() {
        return start + text.length();
    }

    /** The text of a keyword, operator or aggregator in the one way that it is compared. */
    String word() {
        return text.toLowerCase(java.util.Locale.ROOT);
    }

    boolean is(Kind wanted, String word) {
        return kind == wanted && word().equals(word);
    }

    boolean isPunctuation(String wanted) {
        return kind == Kind.PUNCTUATION && text.equals(wanted);
    }

    boolean isKeyword(String wanted) {
        return is(Kind.KEYWORD, wanted);
    }

    boolean isOperator(String wanted) {
        return is(Kind.OPERATOR, wanted);
    }

    /** How an error calls it. */
    String describe() {
        return switch (kind) {
            case END -> "end of input";
            case ERROR -> text;
            case IDENTIFIER -> "identifier " + Strings.quote(text);
            case METRIC_IDENTIFIER -> "metric identifier " + Strings.quote(text);
            case NUMBER -> "number " + shortened();
            case DURATION -> "duration " + shortened();
            case STRING -> "string " + shortened();
            case OPERATOR -> text.equals("=") ? Strings.quote(text) : "<op:" + text + ">";
            case AGGREGATOR -> "<aggr:" + text + ">";
            case KEYWORD -> "<" + text + ">";
            case PUNCTUATION -> Strings.quote(text);
        };
    }

    private String shortened() {
        return text.length() > 10
                ? Strings.quote(text.substring(0, 10)) + "..."
                : Strings.quote(text);
    }
}

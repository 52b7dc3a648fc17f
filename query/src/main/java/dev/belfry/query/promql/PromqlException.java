package dev.belfry.query.promql;

/** A query that cannot be read or evaluated; the message is for the person who wrote it. */
public final class PromqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed, by which an interface chooses its answer. */
    public enum Kind {
        /** The text is no expression. */
        PARSE,
        /** The expression cannot be evaluated over this data. */
        EXECUTION,
        /** It went over a limit of samples, series or memory. */
        LIMIT,
        /** It took too long. */
        TIMEOUT,
        /** Who asked has gone. */
        CANCELLED,
        /** All queries together need too much at the moment. */
        BUSY
    }

    private final Kind kind;

    /** Makes the failure. */
    public PromqlException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static PromqlException execution(String message) {
        return new PromqlException(Kind.EXECUTION, message);
    }

    /** A parse error at {@code offset} of {@code query}. */
    static PromqlException parse(String query, int offset, String message) {
        return new PromqlException(
                Kind.PARSE, Span.position(query, offset) + ": parse error: " + message);
    }

    /** What failed. */
    public Kind kind() {
        return kind;
    }
}

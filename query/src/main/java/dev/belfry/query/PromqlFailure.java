package dev.belfry.query;

/** A query in PromQL that has no answer; the message is for the person who wrote it. */
public final class PromqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed. */
    public enum Kind {
        /** The text is no such expression. */
        TEXT,
        /** It cannot be evaluated over this data, or goes over a bound. */
        EXECUTION,
        /** It took too long. */
        TIMEOUT,
        /** Who asked has gone. */
        CANCELLED,
        /** All queries together need too much memory at the moment. */
        BUSY
    }

    private final Kind kind;

    PromqlFailure(Kind kind, RuntimeException cause) {
        super(cause.getMessage(), cause);
        this.kind = kind;
    }

    PromqlFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What failed. */
    public Kind kind() {
        return kind;
    }
}

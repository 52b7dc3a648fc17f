package dev.belfry.receive.exposition;

/** A line or a message that is no exposition; an expected outcome, without a stack trace. */
public final class ExpositionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What stands there, and what was expected. */
    public ExpositionException(String message) {
        super(message, null, false, false);
    }
}

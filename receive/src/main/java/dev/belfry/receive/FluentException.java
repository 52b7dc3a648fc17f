package dev.belfry.receive;

/** Says that bytes are not of the forward protocol. */
public final class FluentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what was found and what was expected. */
    public FluentException(String message) {
        super("fluent: " + message, null, false, false);
    }
}

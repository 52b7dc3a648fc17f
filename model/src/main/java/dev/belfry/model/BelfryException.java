package dev.belfry.model;

import java.util.Map;

/**
 * A failure with a code that a caller understands; the message says the value and what was
 * expected.
 */
public final class BelfryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, Object> details;

    /**
     * Makes the failure {@code code}; {@code message} reads {@code "step: 0s (expected: > 0s)"}.
     */
    public BelfryException(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    /** As above with further facts for programs: names to strings, numbers, booleans or lists. */
    public BelfryException(ErrorCode code, String message, Map<String, Object> details) {
        super(message);
        this.code = code;
        this.details = Map.copyOf(details);
    }

    /** As above with the failure that caused it. */
    public BelfryException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = Map.of();
    }

    /** The code by which the caller can tell what to do. */
    public ErrorCode code() {
        return code;
    }

    /** Further facts for programs; empty when there are none. */
    public Map<String, Object> details() {
        return details;
    }
}

package dev.belfry.receive.json;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;

/**
 * Text that is not JSON; carries where, and has no stack trace, since it is an expected outcome.
 */
public final class JsonSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final String expected;

    JsonSyntaxException(int offset, String expected) {
        super(expected, null, false, false);
        this.offset = offset;
        this.expected = expected;
    }

    /** The index of the first byte that does not fit; the end of the text when it is cut. */
    public int offset() {
        return offset;
    }

    /** What should stand there. */
    public String expected() {
        return expected;
    }

    /** What a sender is told, VALIDATION_ERROR; {@code wrong} is what was wrong, and with what. */
    public BelfryException refusal(String wrong) {
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                wrong + " at byte " + offset + " (expected: " + expected + ")");
    }
}

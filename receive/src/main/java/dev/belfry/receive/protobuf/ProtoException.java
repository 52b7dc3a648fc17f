package dev.belfry.receive.protobuf;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;

/**
 * Bytes that are not a message; carries where, and has no stack trace, since it is an expected
 * outcome.
 */
public final class ProtoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int offset;
    private final String expected;

    ProtoException(int offset, String expected) {
        super(expected, null, false, false);
        this.offset = offset;
        this.expected = expected;
    }

    /** Where the bytes do not fit. */
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

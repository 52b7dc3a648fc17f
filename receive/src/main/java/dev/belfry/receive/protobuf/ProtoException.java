package dev.belfry.receive.protobuf;

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
}

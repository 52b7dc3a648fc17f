package dev.belfry.receive.json;

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
}

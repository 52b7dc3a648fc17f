package dev.belfry.model.wire;

/** Bytes that are not what this release's codecs write: damaged, cut, or of another version. */
public final class WireFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /** Says what stands at byte {@code offset} of the encoded value, and what should. */
    public WireFormatException(long offset, String found, String expected) {
        super("byte " + offset + ": " + found + " (expected: " + expected + ")");
        this.offset = offset;
    }

    /** Where the damage was seen, in bytes from the value's start. */
    public long offset() {
        return offset;
    }
}

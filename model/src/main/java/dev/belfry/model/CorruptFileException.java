package dev.belfry.model;

import java.io.IOException;
import java.nio.file.Path;

/** Damage found in a file: where, what stood there, what should have. */
public final class CorruptFileException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Names the damaged {@code path} and the byte {@code offset} at which the damage was seen. */
    public CorruptFileException(Path path, long offset, String found, String expected) {
        super(path + " at byte " + offset + ": " + found + " (expected: " + expected + ")");
    }
}

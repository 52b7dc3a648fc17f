package dev.belfry.model.disk;

import java.io.IOException;

/** There is no room on the disk; later there may be. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says what could not be written. */
    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Says what could not be written. */
    public DiskFullException(String message) {
        super(message);
    }
}

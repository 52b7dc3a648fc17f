package dev.belfry.journal;

import java.io.IOException;
import java.nio.file.Path;

/** A file was written by a newer release; nothing was changed. */
public final class NewerFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    NewerFormatException(Path path, int found, int supported) {
        super(
                "%s: format version %d (expected: at most %d): it was written by a newer release; "
                                .formatted(path, found, supported)
                        + "start that release, nothing was changed");
    }
}

package dev.belfry.journal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of the journal that could not be read as they were written.
 *
 * @param kind how bad it is
 * @param file the file
 * @param position where in it, in bytes
 * @param sizeBytes how many bytes
 * @param fromOffset the first record that may be lost
 * @param toOffset the first record after it that is not lost; equal to {@code fromOffset} when none
 *     is known to be
 * @param reason what was found
 * @param quarantine the copy of the bytes, null when there are none or no copy could be made
 */
public record Damage(
        Kind kind,
        Path file,
        long position,
        long sizeBytes,
        long fromOffset,
        long toOffset,
        String reason,
        @Nullable Path quarantine) {

    /** How bad it is. */
    public enum Kind {
        /** The end of a write that a crash interrupted; nothing of it was acknowledged. */
        TORN_TAIL,
        /** Records that were durable are lost. */
        LOST,
        /** A force failed; what waited for it got an error, nothing acknowledged is lost. */
        FAILED_FORCE
    }
}

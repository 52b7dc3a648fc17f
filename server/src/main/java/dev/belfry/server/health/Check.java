package dev.belfry.server.health;

import org.jspecify.annotations.Nullable;

/**
 * How one part is.
 *
 * @param status UP, DEGRADED or DOWN
 * @param problem why it is not UP; null when it is
 */
public record Check(Status status, @Nullable String problem) {
    /** The words of health; a later one is worse. */
    public enum Status {
        /** It works. */
        UP,
        /** What receiving and reading do not need is down. */
        DEGRADED,
        /** It does not work. */
        DOWN
    }

    /** It works. */
    public static final Check UP = new Check(Status.UP, null);

    /** It does not work. */
    public static Check down(String problem) {
        return new Check(Status.DOWN, problem);
    }

    /** It works in part. */
    public static Check degraded(String problem) {
        return new Check(Status.DEGRADED, problem);
    }
}

package dev.belfry.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of the audit trail; null is any.
 *
 * @param actor a principal ({@code user:<uuid>}) or a name
 * @param action an action, or with a dot at its end all that begin so: {@code user.}
 * @param from inclusive
 * @param to exclusive
 */
public record AuditFilter(
        @Nullable String actor,
        @Nullable String action,
        @Nullable Instant from,
        @Nullable Instant to) {
    /** All. */
    public static final AuditFilter ALL = new AuditFilter(null, null, null, null);
}

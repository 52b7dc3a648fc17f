package dev.belfry.identity;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An API key, without its secret.
 *
 * @param ownerId the user on whose behalf it acts
 * @param hint the beginning of the key, by which a person recognises it
 * @param permissions what it was given; what its owner may not do, it may not either
 * @param sources the only sources that it may read and write, sorted; empty: its owner's view
 * @param createdBy the principal that made it
 * @param expiresAt null: never
 * @param lastUsedAt to the minute; null: never
 * @param revokedAt null: it stands
 * @param logGroup the log group of what it writes without naming one; null: none
 * @param rateLimits how much it may do in a second
 */
public record ApiKey(
        UUID id,
        UUID ownerId,
        String name,
        String hint,
        Set<Permission> permissions,
        List<String> sources,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt,
        @Nullable String logGroup,
        RateLimits rateLimits) {
    public ApiKey {
        permissions = Set.copyOf(permissions);
        sources = List.copyOf(sources);
    }

    /** What is kept as {@code created_by}: {@code key:<uuid>}. */
    public String principal() {
        return "key:" + id;
    }
}

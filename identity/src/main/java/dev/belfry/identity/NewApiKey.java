package dev.belfry.identity;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An API key to be made.
 *
 * @param name 1 to 255 characters
 * @param permissions at least one, none that its owner lacks
 * @param sources the only sources that it may read and write; empty: its owner's view
 * @param expiresAt in the future; null: never
 * @param ownerId null: who makes it; another needs {@code monitoring:admin}
 * @param logGroup the log group of what it writes without naming one; null: none
 * @param rateLimits how much it may do in a second; to set them needs {@code monitoring:admin}
 */
public record NewApiKey(
        String name,
        Set<Permission> permissions,
        Set<String> sources,
        @Nullable Instant expiresAt,
        @Nullable UUID ownerId,
        @Nullable String logGroup,
        RateLimits rateLimits) {
    public NewApiKey {
        permissions = Set.copyOf(permissions);
        sources = Set.copyOf(sources);
    }

    /** A key without a log group, whose rates are as the configuration says. */
    public NewApiKey(
            String name,
            Set<Permission> permissions,
            Set<String> sources,
            @Nullable Instant expiresAt,
            @Nullable UUID ownerId) {
        this(name, permissions, sources, expiresAt, ownerId, null, RateLimits.NONE);
    }

    /** A key of one's own that does not expire and is not restricted to sources. */
    public static NewApiKey of(String name, Permission... permissions) {
        return new NewApiKey(name, Set.of(permissions), Set.of(), null, null);
    }
}

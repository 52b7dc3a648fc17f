package dev.belfry.identity;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person with an account.
 *
 * @param username unique without regard to case
 * @param sources the sources that they own, sorted
 * @param disabled may not log in; their keys do not work
 * @param mustChangePassword may do nothing else before
 * @param lastLoginAt null before the first
 * @param rateLimits how much they may do in a second
 * @param issuer who vouches for them at log in; null: their password does
 */
public record User(
        UUID id,
        String username,
        Role role,
        List<String> sources,
        boolean disabled,
        boolean mustChangePassword,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant lastLoginAt,
        RateLimits rateLimits,
        @Nullable String issuer) {
    public User {
        sources = List.copyOf(sources);
    }

    /** What is kept as {@code created_by}: {@code user:<uuid>}. */
    public String principal() {
        return "user:" + id;
    }
}

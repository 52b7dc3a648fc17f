package dev.belfry.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session, without its token.
 *
 * @param expiresAt moves on with use, up to a limit from {@code createdAt}
 * @param lastUsedAt to the minute
 * @param address where it began
 * @param userAgent what the client said about itself
 */
public record Session(
        UUID id,
        UUID userId,
        Instant createdAt,
        Instant expiresAt,
        Instant lastUsedAt,
        String address,
        @Nullable String userAgent) {}

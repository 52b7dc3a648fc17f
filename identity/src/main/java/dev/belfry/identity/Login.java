package dev.belfry.identity;

import java.time.Instant;
import java.util.UUID;

/**
 * A session that has begun.
 *
 * @param token the bearer token: shown this once, kept nowhere
 * @param sessionId by which the session can be revoked
 * @param expiresAt when it ends unless it is used before
 */
public record Login(String token, UUID sessionId, Instant expiresAt, User user) {
    /** Without the token. */
    @Override
    public String toString() {
        return "Login[" + user.username() + " until " + expiresAt + "]";
    }
}

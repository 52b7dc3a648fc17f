package dev.belfry.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that whoever watches over Belfry wants to see.
 *
 * @param userId the user; null when there is none of that name
 * @param username the user's name; empty when there is none: what was typed may be a password
 * @param address from where
 * @param requestId by which the request is found in the logs
 * @param message one sentence
 */
public record SecurityEvent(
        Action action,
        Instant at,
        @Nullable UUID userId,
        String username,
        String address,
        @Nullable String requestId,
        String message) {

    /** What happened. */
    public enum Action {
        LOGIN("login", "info"),
        LOGOUT("logout", "info"),
        LOGIN_FAILED("login_failed", "warning"),
        LOCKED_OUT("locked_out", "error"),
        PASSWORD_CHANGED("password_changed", "info"),
        PERMISSION_REFUSED("permission_refused", "warning");

        private final String text;
        private final String level;

        Action(String text, String level) {
            this.text = text;
            this.level = level;
        }

        /** The value of the tag {@code action}. */
        public String text() {
            return text;
        }

        /** The level of the event. */
        public String level() {
            return level;
        }
    }
}

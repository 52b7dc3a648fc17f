package dev.belfry.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What changes of a user; null leaves it as it is.
 *
 * @param password ends the user's sessions
 * @param disabled true ends the user's sessions
 * @param rateLimits all three of them
 */
public record UserChange(
        @Nullable String username,
        @Nullable String password,
        @Nullable Role role,
        @Nullable Set<String> sources,
        @Nullable Boolean disabled,
        @Nullable Boolean mustChangePassword,
        @Nullable RateLimits rateLimits) {
    /** Changes nothing: where a change begins. */
    public static final UserChange NONE = new UserChange(null, null, null, null, null, null, null);

    public UserChange {
        sources = sources == null ? null : Set.copyOf(sources);
    }

    /** And the role. */
    public UserChange withRole(Role value) {
        return new UserChange(
                username, password, value, sources, disabled, mustChangePassword, rateLimits);
    }

    /** And the owned sources, all of them. */
    public UserChange withSources(Set<String> value) {
        return new UserChange(
                username, password, role, value, disabled, mustChangePassword, rateLimits);
    }

    /** And whether the account is disabled. */
    public UserChange withDisabled(boolean value) {
        return new UserChange(
                username, password, role, sources, value, mustChangePassword, rateLimits);
    }

    /** And the password. */
    public UserChange withPassword(String value) {
        return new UserChange(
                username, value, role, sources, disabled, mustChangePassword, rateLimits);
    }

    /** And the username. */
    public UserChange withUsername(String value) {
        return new UserChange(
                value, password, role, sources, disabled, mustChangePassword, rateLimits);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "UserChange[username="
                + username
                + ", role="
                + role
                + ", disabled="
                + disabled
                + "]";
    }
}

package dev.belfry.identity;

import java.util.Set;

/**
 * A user to be made.
 *
 * @param username 1 to 64 letters, digits and {@code . _ @ + -}
 * @param password 10 to 256 characters, not the username
 * @param sources the sources that they own
 * @param mustChangePassword whether the password is only for the first login
 */
public record NewUser(
        String username,
        String password,
        Role role,
        Set<String> sources,
        boolean mustChangePassword) {
    public NewUser {
        sources = Set.copyOf(sources);
    }

    /** A user of {@code role} who owns nothing yet. */
    public static NewUser of(String username, String password, Role role) {
        return new NewUser(username, password, role, Set.of(), false);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "NewUser[" + username + ", " + role.text() + "]";
    }
}

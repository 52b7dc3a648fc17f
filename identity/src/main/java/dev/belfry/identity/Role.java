package dev.belfry.identity;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The ladder of roles; each holds the one before. */
public enum Role {
    /** Reads what is theirs, writes events, works on their own incidents. */
    USER(EnumSet.of(Permission.EVENTS_READ, Permission.EVENTS_WRITE)),
    /** Reads all; manages alerts and incidents. */
    MODERATOR(
            EnumSet.of(
                    Permission.EVENTS_READ,
                    Permission.EVENTS_WRITE,
                    Permission.ALERTS_MANAGE,
                    Permission.INCIDENTS_MANAGE)),
    /** Configures Belfry and its users. */
    ADMIN(EnumSet.allOf(Permission.class));

    private final Set<Permission> permissions;

    Role(EnumSet<Permission> permissions) {
        this.permissions = Set.copyOf(permissions);
    }

    /** The name in the API: {@code user}, {@code moderator}, {@code admin}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the role may do. */
    public Set<Permission> permissions() {
        return permissions;
    }

    /** Whether this role is {@code other} or above it. */
    public boolean holds(Role other) {
        return compareTo(other) >= 0;
    }

    /**
     * The role called {@code text}.
     *
     * @throws BelfryException {@code VALIDATION_ERROR} naming the three
     */
    public static Role parse(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return role;
            }
        }
        throw new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "role: \"" + text + "\" (expected one of: user, moderator, admin)");
    }
}

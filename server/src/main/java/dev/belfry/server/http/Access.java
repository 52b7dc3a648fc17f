package dev.belfry.server.http;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Role;

/** Who may call an endpoint. */
public sealed interface Access {
    /** Everyone, without credentials. */
    Access PUBLIC = new Public();

    /** Every session and key, even one that must change its password first. */
    Access ANYONE = new Anyone();

    /** Everyone. */
    record Public() implements Access {}

    /** Whoever shows credentials. */
    record Anyone() implements Access {}

    /**
     * People of a role, no keys.
     *
     * @param least the least role
     * @param beforePasswordChange whether also those who must change their password first
     */
    record People(Role least, boolean beforePasswordChange) implements Access {}

    /**
     * People of a role that hold the permission, and keys that hold it.
     *
     * @param least the least role of a person
     * @param permission what a person and a key need
     */
    record Holders(Role least, Permission permission) implements Access {}

    /** People and keys that hold {@code permission}. */
    static Access of(Permission permission) {
        Role least = Role.USER;
        for (Role role : Role.values()) {
            if (role.permissions().contains(permission)) {
                least = role;
                break;
            }
        }
        return new Holders(least, permission);
    }

    /** How the documentation says it. */
    default String text() {
        return switch (this) {
            case Public _ -> "public";
            case Anyone _ -> "any credentials";
            case People people -> people.least().text();
            case Holders holders ->
                    holders.least().text() + "; key with `" + holders.permission().text() + "`";
        };
    }
}

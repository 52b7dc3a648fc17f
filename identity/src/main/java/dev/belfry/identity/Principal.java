package dev.belfry.identity;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, and what they may do: immutable, as it stood when it was last read from the store.
 *
 * @param kind a person's session, an API key, or Belfry itself
 * @param id the user's or the key's id, or the name of Belfry's own part
 * @param name the username or the key's name, for people to read
 * @param userId the user, for a key its owner; null for Belfry itself
 * @param sessionId the session by which the user came; null for keys, Basic and Belfry itself
 * @param role the user's role, for a key its owner's
 * @param permissions what the caller may do: a key has only what it was given of its owner's
 * @param readsAll whether every source may be read, {@code onlySources} aside
 * @param sources the sources that the user, for a key its owner, owns
 * @param creators principals whose events count as the caller's own, for {@code created_by}
 * @param onlySources sources to which a key is restricted, in reading and writing; empty: none
 * @param mustChangePassword whether nothing but changing the password is allowed
 * @param logGroup the log group of what the caller writes without naming one; null: none
 * @param rateLimits how much the user or the key may do in a second
 * @param ownerRateLimits how much a key's owner may do with all they have; a user's own
 */
public record Principal(
        Kind kind,
        String id,
        String name,
        @Nullable UUID userId,
        @Nullable UUID sessionId,
        Role role,
        Set<Permission> permissions,
        boolean readsAll,
        Set<String> sources,
        Set<String> creators,
        Set<String> onlySources,
        boolean mustChangePassword,
        @Nullable String logGroup,
        RateLimits rateLimits,
        RateLimits ownerRateLimits) {

    /*
     * may read (source, created_by)  =  (onlySources is empty, or has source)
     *                              and  (readsAll, or sources has source, or creators has created_by)
     */

    /** What a principal is. */
    public enum Kind {
        /** A person, by session or Basic. */
        USER("user"),
        /** An API key. */
        KEY("key"),
        /** A part of Belfry itself. */
        SYSTEM("system");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    public Principal {
        permissions = Set.copyOf(permissions);
        sources = Set.copyOf(sources);
        creators = Set.copyOf(creators);
        onlySources = Set.copyOf(onlySources);
    }

    /** A part of Belfry itself, which may do all. */
    public static Principal system(String name) {
        return system(name, Role.ADMIN.permissions());
    }

    /**
     * A part of Belfry itself, such as a listener without credentials, with {@code permissions}.
     */
    public static Principal system(String name, Set<Permission> permissions) {
        return new Principal(
                Kind.SYSTEM,
                name,
                name,
                null,
                null,
                Role.ADMIN,
                permissions,
                true,
                Set.of(),
                Set.of(),
                Set.of(),
                false,
                null,
                RateLimits.NONE,
                RateLimits.NONE);
    }

    /** What is kept as {@code created_by}: {@code user:<uuid>}, {@code key:<uuid>}. */
    public String text() {
        return kind.text + ":" + id;
    }

    /** Whether the caller holds {@code permission}. */
    public boolean may(Permission permission) {
        return permissions.contains(permission);
    }

    /**
     * Returns when the caller holds {@code permission}.
     *
     * @throws BelfryException {@code FORBIDDEN} naming what is missing
     */
    public void require(Permission permission) {
        if (mustChangePassword) {
            throw new BelfryException(
                    ErrorCode.FORBIDDEN,
                    "the password must be changed first (POST /api/v1/auth/password)");
        }
        if (!may(permission)) {
            String holder = kind == Kind.KEY ? "key \"" + name + "\"" : "role " + role.text();
            throw new BelfryException(
                    ErrorCode.FORBIDDEN,
                    "needs " + permission.text() + ": " + holder + " lacks it");
        }
    }

    /** Whether an event of {@code source} that {@code createdBy} wrote may be read. */
    public boolean mayRead(String source, @Nullable String createdBy) {
        return may(Permission.EVENTS_READ)
                && (onlySources.isEmpty() || onlySources.contains(source))
                && (readsAll
                        || sources.contains(source)
                        || (createdBy != null && creators.contains(createdBy)));
    }

    /** Whether every event may be read: no filter is needed. */
    public boolean readsEverything() {
        return may(Permission.EVENTS_READ) && readsAll && onlySources.isEmpty();
    }
}

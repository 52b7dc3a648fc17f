package dev.belfry.identity;

import dev.belfry.metadata.Handle;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** From a token to who it speaks for: from memory, or from the store when it is not fresh there. */
final class Authenticator {
    private static final Logger LOGGER = System.getLogger(Authenticator.class.getName());

    private final Context context;

    Authenticator(Context context) {
        this.context = context;
    }

    /** From memory only; null says nothing about the token. */
    @Nullable Principal cached(String token) {
        return context.cache().fresh(TokenHash.of(token), context.clock().millis());
    }

    Principal authenticate(String token) {
        TokenHash hash = TokenHash.of(token);
        Principal principal = context.cache().fresh(hash, context.clock().millis());
        if (principal != null) {
            return principal;
        }
        return Tokens.isKey(token)
                ? load(hash, handle -> key(handle, hash))
                : load(hash, handle -> session(handle, hash));
    }

    /** Reads what {@code hash} stands for and keeps it in memory; bumps its time of last use. */
    Principal load(TokenHash hash, Function<Handle, Optional<Loaded>> read) {
        PrincipalCache cache = context.cache();
        long nowMillis = context.clock().millis();
        long generation = cache.generation();
        Optional<Loaded> found;
        try {
            found = context.store().read(read);
        } catch (BelfryException e) {
            Principal stale = cache.stale(hash, nowMillis);
            if (stale != null) {
                return stale;
            }
            throw e;
        }
        if (found.isEmpty() || nowMillis >= found.get().expiresAtMillis) {
            throw new BelfryException(
                    ErrorCode.UNAUTHORIZED,
                    "token: unknown, expired or revoked (log in again, or use another key)");
        }
        Loaded loaded = found.get();
        long freshUntilMillis = nowMillis + context.config().refresh().toMillis();
        cache.put(
                hash,
                new PrincipalCache.Entry(
                        loaded.principal,
                        generation,
                        nowMillis,
                        freshUntilMillis,
                        touch(loaded, nowMillis)));
        return loaded.principal;
    }

    Optional<Principal> ofUser(UUID id) {
        return context.store()
                .read(handle ->
                        owner(handle, id).map(found -> user(handle, found, null).principal));
    }

    /** The principal of {@code user}; {@code sessionId} is null for Basic. */
    static Loaded user(Handle handle, User user, @Nullable Session session) {
        Set<String> creators = new HashSet<>(KeyRows.principals(handle, user.id()));
        creators.add(user.principal());
        boolean held = user.mustChangePassword();
        Principal principal =
                new Principal(
                        Principal.Kind.USER,
                        user.id().toString(),
                        user.username(),
                        user.id(),
                        session == null ? null : session.id(),
                        user.role(),
                        held ? Set.of() : user.role().permissions(),
                        !held && user.role().holds(Role.MODERATOR),
                        Set.copyOf(user.sources()),
                        creators,
                        Set.of(),
                        held,
                        null,
                        user.rateLimits(),
                        user.rateLimits());
        return session == null
                ? new Loaded(principal, Long.MAX_VALUE, null, null)
                : new Loaded(principal, session.expiresAt().toEpochMilli(), session, null);
    }

    private static Optional<Loaded> session(Handle handle, TokenHash hash) {
        Optional<Session> session = SessionRows.byToken(handle, hash);
        return session.flatMap(found -> owner(handle, found.userId()))
                .map(user -> user(handle, user, session.get()));
    }

    private static Optional<Loaded> key(Handle handle, TokenHash hash) {
        Optional<ApiKey> found =
                KeyRows.byToken(handle, hash).filter(key -> key.revokedAt() == null);
        return found.flatMap(key -> owner(handle, key.ownerId()))
                .map(owner -> key(handle, found.get(), owner));
    }

    private static Optional<User> owner(Handle handle, UUID id) {
        return UserRows.byId(handle, id)
                .map(UserRows.UserRow::user)
                .filter(user -> !user.disabled());
    }

    private static Loaded key(Handle handle, ApiKey key, User owner) {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        permissions.addAll(key.permissions());
        permissions.retainAll(owner.role().permissions());
        Set<String> creators = new HashSet<>(KeyRows.principals(handle, owner.id()));
        creators.add(owner.principal());
        Principal principal =
                new Principal(
                        Principal.Kind.KEY,
                        key.id().toString(),
                        key.name(),
                        owner.id(),
                        null,
                        owner.role(),
                        permissions,
                        owner.role().holds(Role.MODERATOR),
                        Set.copyOf(owner.sources()),
                        creators,
                        Set.copyOf(key.sources()),
                        false,
                        key.logGroup(),
                        key.rateLimits(),
                        owner.rateLimits());
        Instant expiresAt = key.expiresAt();
        long untilMillis = expiresAt == null ? Long.MAX_VALUE : expiresAt.toEpochMilli();
        return new Loaded(principal, untilMillis, null, key);
    }

    /** Writes the time of last use when it is due; returns when the token expires now. */
    private long touch(Loaded loaded, long nowMillis) {
        long stepMillis = Limits.LAST_USED_STEP.toMillis();
        try {
            Session session = loaded.session;
            if (session != null && nowMillis - session.lastUsedAt().toEpochMilli() >= stepMillis) {
                return slide(session, nowMillis);
            }
            ApiKey key = loaded.key;
            if (key != null) {
                Instant used = key.lastUsedAt();
                if (used == null || nowMillis - used.toEpochMilli() >= stepMillis) {
                    context.store().write(handle -> used(handle, key.id(), nowMillis));
                }
            }
        } catch (BelfryException e) {
            LOGGER.log(Level.WARNING, "the time of last use could not be written", e);
        }
        return loaded.expiresAtMillis;
    }

    private long slide(Session session, long nowMillis) {
        IdentityConfig config = context.config();
        long untilMillis =
                Math.min(
                        nowMillis + config.sessionIdle().toMillis(),
                        session.createdAt().plus(config.sessionMax()).toEpochMilli());
        context.store()
                .write(handle -> {
                    SessionRows.used(handle, session.id(), nowMillis, untilMillis);
                    return null;
                });
        return untilMillis;
    }

    private static @Nullable Void used(Handle handle, UUID key, long nowMillis) {
        KeyRows.used(handle, key, nowMillis);
        return null;
    }

    /**
     * What was read.
     *
     * @param session the session whose last use is to be written, or null
     * @param key the key whose last use is to be written, or null
     */
    record Loaded(
            Principal principal,
            long expiresAtMillis,
            @Nullable Session session,
            @Nullable ApiKey key) {}
}

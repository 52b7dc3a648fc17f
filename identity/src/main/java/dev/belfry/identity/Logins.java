package dev.belfry.identity;

import dev.belfry.identity.SecurityEvent.Action;
import dev.belfry.identity.UserRows.UserRow;
import dev.belfry.metadata.Handle;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a password opens: sessions, and single requests by Basic. */
final class Logins {
    /*
     * A failure says the same, and takes the same time, whether there is no such user, the password
     * is wrong or the account is disabled: each costs one hash. The throttle is asked twice, at once
     * and again when it is this login's turn to hash, so that a burst cannot try more passwords than
     * hashes run at once beyond its bound.
     *
     * Basic sends the password with each request. What was verified is kept in memory under a hash
     * of name and password that is keyed with a secret of this process, and stands as long as the
     * stored hash is the one that it was verified against.
     */
    private static final String WRONG = "username or password is wrong";
    private static final int ATTEMPT_MAX = 4 * Limits.PASSWORD_MAX;

    private final Context context;
    private final AuditTrail audit;
    private final Authenticator authenticator;
    private final Users users;
    private final byte[] processSecret;
    private final Map<TokenHash, Proof> proofs = new ConcurrentHashMap<>();

    Logins(Context context, AuditTrail audit, Authenticator authenticator, Users users) {
        this.context = context;
        this.audit = audit;
        this.authenticator = authenticator;
        this.users = users;
        this.processSecret = context.tokens().bytes(32);
    }

    Login login(String username, String password, Origin origin) {
        UserRow row = verify(username, password, origin);
        String hash = row.passwordHash();
        String kept =
                context.passwords().isOutdated(hash) ? context.passwords().hash(password) : hash;
        String token = context.tokens().session();
        Instant now = context.now();
        Session session =
                new Session(
                        context.tokens().id(),
                        row.user().id(),
                        now,
                        now.plus(context.config().sessionIdle()),
                        now,
                        origin.address(),
                        origin.userAgent());
        User user =
                context.store().write(handle -> begin(handle, row, kept, session, token, origin));
        context.events().send(Action.LOGIN, user, origin, "User " + user.username() + " logged in");
        return new Login(token, session.id(), session.expiresAt(), user);
    }

    void logout(String token, Origin origin) {
        TokenHash hash = TokenHash.of(token);
        Optional<User> user =
                context.change(handle -> {
                    Optional<Session> session = SessionRows.byToken(handle, hash);
                    return session.flatMap(found -> end(handle, found, origin));
                });
        user.ifPresent(found ->
                context.events()
                        .send(
                                Action.LOGOUT,
                                found,
                                origin,
                                "User " + found.username() + " logged out"));
    }

    /** Begins a session of somebody that another vouches for; makes the user at the first time. */
    Login external(ExternalUser person, Origin origin) {
        String token = context.tokens().session();
        Instant now = context.now();
        String spare = context.tokens().session();
        Session session =
                context.change(handle -> {
                    User user = users.external(handle, person, spare, origin);
                    Session begun =
                            new Session(
                                    context.tokens().id(),
                                    user.id(),
                                    now,
                                    now.plus(context.config().sessionIdle()),
                                    now,
                                    origin.address(),
                                    origin.userAgent());
                    SessionRows.insert(handle, begun, TokenHash.of(token));
                    UserRows.loggedIn(handle, user.id(), spare, now.toEpochMilli());
                    audit.append(
                            handle,
                            caller(user, origin),
                            "auth.login",
                            null,
                            Map.of("provider", person.issuer()));
                    return begun;
                });
        User user =
                context.store()
                        .read(handle -> UserRows.byId(handle, session.userId()))
                        .orElseThrow(() -> Checks.notFound("user", session.userId()))
                        .user();
        context.events()
                .send(
                        Action.LOGIN,
                        user,
                        origin,
                        "User " + user.username() + " logged in by " + person.issuer());
        return new Login(token, session.id(), session.expiresAt(), user);
    }

    /** Tells that a login which was begun at {@code issuer} did not end well. */
    void failedElsewhere(String issuer, Origin origin) {
        audit.record(
                new Caller(Principal.system("belfry-auth"), origin),
                "auth.login_failed",
                null,
                Map.of("provider", issuer));
        context.events()
                .send(Action.LOGIN_FAILED, null, origin, "A login by " + issuer + " failed");
    }

    Principal basic(String username, String password, Origin origin) {
        if (Tokens.isKey(password)) {
            return authenticator.authenticate(password);
        }
        if (Tokens.isKey(username) && password.isEmpty()) {
            return authenticator.authenticate(username);
        }
        TokenHash hash =
                TokenHash.of(
                        processSecret,
                        Checks.fold(username).getBytes(StandardCharsets.UTF_8),
                        new byte[1],
                        password.getBytes(StandardCharsets.UTF_8));
        Principal fresh = context.cache().fresh(hash, context.clock().millis());
        if (fresh != null) {
            return fresh;
        }
        Proof known = proofs.get(hash);
        if (known != null) {
            try {
                return authenticator.load(hash, handle -> proven(handle, known));
            } catch (BelfryException e) {
                if (e.code() != ErrorCode.UNAUTHORIZED) {
                    throw e;
                }
                // Another hash is stored by now: of the same password or another, a check will say.
                proofs.remove(hash);
            }
        }
        UserRow row = verify(username, password, origin);
        Proof proof = new Proof(row.user().id(), row.passwordHash());
        if (proofs.size() >= Limits.CACHED_MAX) {
            proofs.clear();
        }
        proofs.put(hash, proof);
        return authenticator.load(hash, handle -> proven(handle, proof));
    }

    void changePassword(Caller caller, String current, String next) {
        Principal principal = caller.principal();
        UUID id = principal.userId();
        if (principal.kind() != Principal.Kind.USER || id == null) {
            throw Checks.forbidden("password: only a user who is logged in can change their own");
        }
        UserRow row =
                context.store()
                        .read(handle -> UserRows.byId(handle, id))
                        .orElseThrow(() -> Checks.notFound("user", id));
        User user = row.user();
        Users.refuseExternal(user);
        String folded = Checks.fold(user.username());
        if (!matches(row, folded, current, caller.origin())) {
            failed(user, folded, caller.origin());
            throw Checks.invalid("current_password: is wrong");
        }
        context.throttle().succeeded(folded, caller.origin().address());
        Passwords.check("new_password", next, user.username());
        if (next.equals(current)) {
            throw Checks.invalid("new_password: is the current one (expected: another)");
        }
        String hash = context.passwords().hash(next);
        context.change(handle -> {
            User now = Users.existing(handle, id).user();
            UserRows.update(handle, Users.held(now, false, context.now()), hash);
            int ended = SessionRows.deleteOf(handle, id, principal.sessionId());
            audit.append(
                    handle,
                    caller,
                    "user.password",
                    now.principal(),
                    Map.of("sessions_ended", ended));
            return null;
        });
        context.events()
                .send(
                        Action.PASSWORD_CHANGED,
                        user,
                        caller.origin(),
                        "User " + user.username() + " changed their password");
    }

    /** The user whose name and password these are; every other outcome is the same failure. */
    private UserRow verify(String username, String password, Origin origin) {
        if (!context.config().passwordLogin()) {
            throw Checks.forbidden(
                    "login by password is switched off (expected: one of GET"
                            + " /api/v1/auth/providers)");
        }
        String folded = Checks.plain(Checks.fold(username));
        if (folded.length() > Limits.USERNAME_MAX) {
            folded = folded.substring(0, Limits.USERNAME_MAX) + "…";
        }
        String name = folded;
        context.throttle().check(name, origin.address());
        UserRow row = context.store().read(handle -> UserRows.byName(handle, name)).orElse(null);
        if (!matches(row, name, password, origin) || row == null || row.user().disabled()) {
            failed(row == null ? null : row.user(), name, origin);
            throw new BelfryException(ErrorCode.UNAUTHORIZED, WRONG);
        }
        context.throttle().succeeded(name, origin.address());
        return row;
    }

    private boolean matches(@Nullable UserRow row, String folded, String password, Origin origin) {
        return context.passwords()
                .inTurn(() -> {
                    context.throttle().check(folded, origin.address());
                    if (password.length() > ATTEMPT_MAX) {
                        return false;
                    }
                    if (row == null || row.user().issuer() != null) {
                        context.passwords().pretendNow(password);
                        return false;
                    }
                    return context.passwords().matchesNow(password, row.passwordHash());
                });
    }

    private void failed(@Nullable User user, String folded, Origin origin) {
        boolean locked = context.throttle().failed(folded, origin.address());
        String who = user == null ? "an unknown user" : "user " + user.username();
        context.events().send(Action.LOGIN_FAILED, user, origin, "Login of " + who + " failed");
        Principal actor = Principal.system("belfry-auth");
        String target = user == null ? null : user.principal();
        audit.record(new Caller(actor, origin), "auth.login_failed", target, Map.of());
        if (locked) {
            audit.record(new Caller(actor, origin), "auth.locked_out", target, Map.of());
            context.events()
                    .send(
                            Action.LOCKED_OUT,
                            user,
                            origin,
                            "Logins of " + who + " are locked out after too many failures");
        }
    }

    private User begin(
            Handle handle, UserRow row, String hash, Session session, String token, Origin origin) {
        UserRows.lock(handle);
        UserRow now =
                UserRows.byId(handle, row.user().id())
                        .filter(found -> !found.user().disabled())
                        .filter(found -> found.passwordHash().equals(row.passwordHash()))
                        .orElseThrow(() -> new BelfryException(ErrorCode.UNAUTHORIZED, WRONG));
        if (SessionRows.insert(handle, session, TokenHash.of(token)) > 0) {
            context.cache().invalidate();
        }
        UserRows.loggedIn(handle, now.user().id(), hash, session.createdAt().toEpochMilli());
        audit.append(handle, caller(now.user(), origin), "auth.login", null, Map.of());
        return UserRows.byId(handle, now.user().id()).orElseThrow().user();
    }

    private Optional<User> end(Handle handle, Session session, Origin origin) {
        SessionRows.delete(handle, session.id());
        Optional<User> user = UserRows.byId(handle, session.userId()).map(UserRow::user);
        user.ifPresent(found ->
                audit.append(handle, caller(found, origin), "auth.logout", null, Map.of()));
        return user;
    }

    private static Optional<Authenticator.Loaded> proven(Handle handle, Proof proof) {
        return UserRows.byId(handle, proof.userId)
                .filter(row -> !row.user().disabled())
                .filter(row -> row.passwordHash().equals(proof.passwordHash))
                .map(row -> Authenticator.user(handle, row.user(), null));
    }

    private static Caller caller(User user, Origin origin) {
        Principal principal =
                new Principal(
                        Principal.Kind.USER,
                        user.id().toString(),
                        user.username(),
                        user.id(),
                        null,
                        user.role(),
                        user.role().permissions(),
                        false,
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        user.mustChangePassword(),
                        null,
                        user.rateLimits(),
                        user.rateLimits());
        return new Caller(principal, origin);
    }

    /** A password that was the right one of {@code passwordHash}. */
    private record Proof(UUID userId, String passwordHash) {}
}

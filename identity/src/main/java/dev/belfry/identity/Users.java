package dev.belfry.identity;

import dev.belfry.identity.SecurityEvent.Action;
import dev.belfry.identity.UserRows.UserRow;
import dev.belfry.metadata.Handle;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The accounts: made and changed by administrators. */
public final class Users {
    private final Context context;
    private final AuditTrail audit;

    Users(Context context, AuditTrail audit) {
        this.context = context;
        this.audit = audit;
    }

    /**
     * All users in the order of their names.
     *
     * @param limit 1 to 1000
     * @throws BelfryException {@code FORBIDDEN} without {@code monitoring:admin}
     */
    public Page<User> list(Caller caller, int limit, int offset) {
        caller.principal().require(Permission.ADMIN);
        Checks.page(limit, offset);
        Page<User> page =
                context.store()
                        .read(handle ->
                                new Page<>(
                                        UserRows.list(handle, limit, offset),
                                        UserRows.count(handle)));
        audit.record(caller, "user.list", null, Map.of("limit", limit, "offset", offset));
        return page;
    }

    /**
     * One user: oneself, or any for an administrator.
     *
     * @throws BelfryException {@code FORBIDDEN}, or {@code NOT_FOUND}
     */
    public User get(Caller caller, UUID id) {
        boolean own = id.equals(caller.principal().userId());
        if (!own) {
            caller.principal().require(Permission.ADMIN);
        }
        User user = find(id).orElseThrow(() -> Checks.notFound("user", id));
        if (!own) {
            audit.record(caller, "user.read", user.principal(), Map.of());
        }
        return user;
    }

    /** The user with {@code id}, for Belfry's own use: nothing is checked, nothing recorded. */
    public Optional<User> find(UUID id) {
        return context.store().read(handle -> UserRows.byId(handle, id)).map(UserRow::user);
    }

    /**
     * Makes a user.
     *
     * @throws BelfryException {@code FORBIDDEN} without {@code monitoring:admin}, {@code
     *     VALIDATION_ERROR}, or {@code CONFLICT} when the name is taken
     */
    public User create(Caller caller, NewUser wanted) {
        caller.principal().require(Permission.ADMIN);
        Checks.username(wanted.username());
        Checks.sources(wanted.sources());
        Passwords.check("password", wanted.password(), wanted.username());
        String hash = context.passwords().hash(wanted.password());
        return context.change(handle -> insert(handle, caller, wanted, hash));
    }

    /**
     * Changes the fields that {@code change} gives.
     *
     * @throws BelfryException {@code FORBIDDEN} without {@code monitoring:admin}, {@code
     *     NOT_FOUND}, {@code VALIDATION_ERROR}, or {@code CONFLICT} when the name is taken or the
     *     last administrator would be gone
     */
    public User update(Caller caller, UUID id, UserChange change) {
        caller.principal().require(Permission.ADMIN);
        User before = find(id).orElseThrow(() -> Checks.notFound("user", id));
        String username = change.username() == null ? before.username() : change.username();
        Checks.username(username);
        Set<String> sources = change.sources();
        if (sources != null) {
            Checks.sources(sources);
        }
        String hash = null;
        String password = change.password();
        if (password != null || Boolean.TRUE.equals(change.mustChangePassword())) {
            refuseExternal(before);
        }
        if (password != null) {
            Passwords.check("password", password, username);
            hash = context.passwords().hash(password);
        }
        String newHash = hash;
        User after = context.change(handle -> update(handle, caller, id, change, newHash));
        if (newHash != null) {
            context.events()
                    .send(
                            Action.PASSWORD_CHANGED,
                            after,
                            caller.origin(),
                            "The password of user "
                                    + after.username()
                                    + " was set by "
                                    + caller.principal().name());
        }
        return after;
    }

    /**
     * Removes a user with their sessions and keys; what they wrote stays.
     *
     * @throws BelfryException {@code FORBIDDEN} without {@code monitoring:admin}, {@code
     *     NOT_FOUND}, or {@code CONFLICT} when it is the last administrator
     */
    public void delete(Caller caller, UUID id) {
        caller.principal().require(Permission.ADMIN);
        context.change(handle -> {
            User user = existing(handle, id).user();
            keepAnAdmin(handle, user, null);
            UserRows.delete(handle, id);
            audit.append(
                    handle,
                    caller,
                    "user.delete",
                    user.principal(),
                    Map.of("username", user.username(), "role", user.role().text()));
            return null;
        });
    }

    /**
     * Ends the user's sessions and allows nothing but a change of the password after their next
     * login. Their keys go on.
     *
     * @throws BelfryException {@code FORBIDDEN} below moderator or for a user above the caller's
     *     role, or {@code NOT_FOUND}
     */
    public void forcePasswordReset(Caller caller, UUID id) {
        Principal principal = caller.principal();
        if (principal.kind() == Principal.Kind.KEY
                || !principal.role().holds(Role.MODERATOR)
                || principal.mustChangePassword()) {
            principal.require(Permission.ADMIN);
        }
        context.change(handle -> {
            UserRow row = existing(handle, id);
            User user = row.user();
            refuseExternal(user);
            if (!principal.role().holds(user.role())) {
                throw Checks.forbidden(
                        "user: "
                                + user.username()
                                + " is "
                                + user.role().text()
                                + " (expected: not above "
                                + principal.role().text()
                                + ")");
            }
            UserRows.update(handle, held(user, true, context.now()), row.passwordHash());
            int ended = SessionRows.deleteOf(handle, id, null);
            audit.append(
                    handle,
                    caller,
                    "user.force_password_reset",
                    user.principal(),
                    Map.of("username", user.username(), "sessions_ended", ended));
            return null;
        });
    }

    /**
     * The user that {@code person} is, with role and sources as the provider says now; made when
     * there is none.
     *
     * @param hash stands in for a password's hash and is none
     * @throws BelfryException FORBIDDEN when disabled, CONFLICT when the name is another's or the
     *     last administrator would be gone
     */
    User external(Handle handle, ExternalUser person, String hash, Origin origin) {
        Caller caller = new Caller(Principal.system("oidc"), origin);
        Set<String> sources = person.sources();
        if (sources != null) {
            Checks.sources(sources);
        }
        UserRow row = UserRows.bySubject(handle, person.issuer(), person.subject()).orElse(null);
        if (row == null) {
            NewUser wanted =
                    new NewUser(
                            Checks.username(person.username()),
                            hash,
                            person.role(),
                            sources == null ? Set.of() : sources,
                            false);
            User made = insert(handle, caller, wanted, hash);
            UserRows.vouched(handle, made.id(), person.issuer(), person.subject());
            return existing(handle, made.id()).user();
        }
        User before = row.user();
        if (before.disabled()) {
            throw Checks.forbidden("user: " + before.username() + " is disabled");
        }
        UserChange change = UserChange.NONE.withRole(person.role());
        User after = changed(before, sources == null ? change : change.withSources(sources));
        if (after.role() != before.role() || !after.sources().equals(before.sources())) {
            keepAnAdmin(handle, before, after);
            UserRows.update(handle, after, row.passwordHash());
            audit.append(
                    handle,
                    caller,
                    "user.update",
                    after.principal(),
                    differences(before, after, false));
        }
        return after;
    }

    /** Returns when Belfry keeps the password of {@code user}. */
    static void refuseExternal(User user) {
        if (user.issuer() != null) {
            throw new BelfryException(
                    ErrorCode.CONFLICT,
                    "user: "
                            + user.username()
                            + " has no password here (expected: to be changed at "
                            + user.issuer()
                            + ")");
        }
    }

    User insert(Handle handle, Caller caller, NewUser wanted, String hash) {
        refuseTaken(handle, wanted.username(), null);
        Instant now = context.now();
        User user =
                new User(
                        context.tokens().id(),
                        wanted.username(),
                        wanted.role(),
                        List.copyOf(new TreeSet<>(wanted.sources())),
                        false,
                        wanted.mustChangePassword(),
                        now,
                        now,
                        null,
                        RateLimits.NONE,
                        null);
        UserRows.insert(handle, user, hash);
        audit.append(
                handle,
                caller,
                "user.create",
                user.principal(),
                Map.of(
                        "username", user.username(),
                        "role", user.role().text(),
                        "sources", user.sources()));
        return user;
    }

    static UserRow existing(Handle handle, UUID id) {
        return UserRows.byId(handle, id).orElseThrow(() -> Checks.notFound("user", id));
    }

    /** {@code user} with {@code mustChangePassword}. */
    static User held(User user, boolean mustChangePassword, Instant now) {
        return new User(
                user.id(),
                user.username(),
                user.role(),
                user.sources(),
                user.disabled(),
                mustChangePassword,
                user.createdAt(),
                now,
                user.lastLoginAt(),
                user.rateLimits(),
                user.issuer());
    }

    private User update(
            Handle handle, Caller caller, UUID id, UserChange change, @Nullable String newHash) {
        UserRow row = existing(handle, id);
        User before = row.user();
        User after = changed(before, change);
        refuseTaken(handle, after.username(), id);
        keepAnAdmin(handle, before, after);
        UserRows.update(handle, after, newHash == null ? row.passwordHash() : newHash);
        if (newHash != null || after.disabled()) {
            UUID kept =
                    id.equals(caller.principal().userId()) ? caller.principal().sessionId() : null;
            SessionRows.deleteOf(handle, id, after.disabled() ? null : kept);
        }
        audit.append(
                handle,
                caller,
                "user.update",
                after.principal(),
                differences(before, after, newHash != null));
        return after;
    }

    private User changed(User before, UserChange change) {
        Set<String> sources = change.sources();
        return new User(
                before.id(),
                orElse(change.username(), before.username()),
                orElse(change.role(), before.role()),
                sources == null ? before.sources() : List.copyOf(new TreeSet<>(sources)),
                orElse(change.disabled(), before.disabled()),
                orElse(change.mustChangePassword(), before.mustChangePassword()),
                before.createdAt(),
                context.now(),
                before.lastLoginAt(),
                orElse(change.rateLimits(), before.rateLimits()),
                before.issuer());
    }

    private static <T> T orElse(@Nullable T given, T before) {
        return given == null ? before : given;
    }

    private static Map<String, ?> differences(User before, User after, boolean password) {
        Map<String, Object> all = new TreeMap<>();
        difference(all, "username", before.username(), after.username());
        difference(all, "role", before.role().text(), after.role().text());
        difference(all, "sources", before.sources(), after.sources());
        difference(all, "disabled", before.disabled(), after.disabled());
        difference(
                all,
                "must_change_password",
                before.mustChangePassword(),
                after.mustChangePassword());
        difference(all, "rate_limits", before.rateLimits().toMap(), after.rateLimits().toMap());
        if (password) {
            all.put("password", "changed");
        }
        return all;
    }

    private static void difference(
            Map<String, Object> all, String field, Object before, Object after) {
        if (!before.equals(after)) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("from", before);
            values.put("to", after);
            all.put(field, values);
        }
    }

    private static void refuseTaken(Handle handle, String username, @Nullable UUID but) {
        UserRows.byName(handle, Checks.fold(username))
                .filter(other -> !other.user().id().equals(but))
                .ifPresent(other -> {
                    throw new BelfryException(
                            ErrorCode.CONFLICT,
                            "username: \""
                                    + other.user().username()
                                    + "\" is taken (expected: another)");
                });
    }

    /** Refuses to lose the last administrator who can log in; {@code after} null: removed. */
    private static void keepAnAdmin(Handle handle, User before, @Nullable User after) {
        boolean was = isActiveAdmin(before);
        boolean stays = after != null && isActiveAdmin(after);
        if (was && !stays && UserRows.activeAdmins(handle) <= 1) {
            throw new BelfryException(
                    ErrorCode.CONFLICT,
                    "user: "
                            + before.username()
                            + " is the last administrator (expected: another"
                            + " one before this one is removed, demoted or disabled)");
        }
    }

    private static boolean isActiveAdmin(User user) {
        return user.role() == Role.ADMIN && !user.disabled();
    }
}

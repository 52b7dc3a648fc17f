package dev.belfry.identity;

import dev.belfry.metadata.MetadataStore;
import dev.belfry.model.BelfryException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. Thread-safe; every call but {@link #cached} may block on the metadata store or
 * on a password's hash and does not belong on an event loop.
 */
public final class Identity {
    /** The name of the user that the first start makes. */
    public static final String FIRST_USER = "admin";

    private final Context context;
    private final Authenticator authenticator;
    private final Logins logins;
    private final Users users;
    private final ApiKeys keys;
    private final Sessions sessions;
    private final AuditTrail audit;
    private final AtomicReference<@Nullable String> generatedPassword = new AtomicReference<>();

    private Identity(Context context) {
        this.context = context;
        this.audit = new AuditTrail(context);
        this.authenticator = new Authenticator(context);
        this.users = new Users(context, audit);
        this.logins = new Logins(context, audit, authenticator, users);
        this.keys = new ApiKeys(context, audit);
        this.sessions = new Sessions(context, audit);
    }

    /** As below with the operating system's randomness. */
    public static Identity open(MetadataStore store, IdentityConfig config, InstantSource clock) {
        return open(store, config, clock, new SecureRandom());
    }

    /**
     * Opens identity on {@code store}, which stays the caller's to close. When there is no user
     * yet, makes {@code admin} with the configured password or a random one.
     *
     * @throws BelfryException {@code VALIDATION_ERROR} when the configured password breaks the
     *     rules
     */
    public static Identity open(
            MetadataStore store, IdentityConfig config, InstantSource clock, SecureRandom random) {
        Tokens tokens = new Tokens(random);
        Context context =
                new Context(
                        store,
                        config,
                        clock,
                        tokens,
                        new Passwords(config.hashing(), tokens),
                        new LoginThrottle(config.lockOut(), clock),
                        new PrincipalCache(),
                        new SecurityEventSender(clock));
        Identity identity = new Identity(context);
        identity.makeFirstUser();
        return identity;
    }

    /** The random password of {@code admin} if this start made it: to be printed once. */
    public Optional<String> takeGeneratedPassword() {
        return Optional.ofNullable(generatedPassword.getAndSet(null));
    }

    /**
     * Begins a session.
     *
     * @throws BelfryException {@code UNAUTHORIZED}, which never says which of the two was wrong;
     *     {@code RATE_LIMITED} with {@code retry_after_seconds} after repeated failures; {@code
     *     OVERLOADED} when too many log in at once
     */
    public Login login(String username, String password, Origin origin) {
        return logins.login(username, password, origin);
    }

    /** Ends the session of {@code token}; nothing happens when there is none. */
    public void logout(String token, Origin origin) {
        logins.logout(token, origin);
    }

    /**
     * Who {@code token}, a session's or an API key, speaks for, when it was verified lately. Never
     * blocks and takes about a microsecond; empty says nothing about the token.
     */
    public Optional<Principal> cached(String token) {
        return Optional.ofNullable(authenticator.cached(token));
    }

    /**
     * Who {@code token}, a session's or an API key, speaks for.
     *
     * @throws BelfryException {@code UNAUTHORIZED} when it is unknown, expired or revoked, or its
     *     user is disabled
     */
    public Principal authenticate(String token) {
        return authenticator.authenticate(token);
    }

    /**
     * Who name and password of Basic speak for; an API key may stand in place of the password. What
     * was verified is remembered, so that not each request costs a hash.
     *
     * @throws BelfryException as {@link #login}
     */
    public Principal basic(String username, String password, Origin origin) {
        return logins.basic(username, password, origin);
    }

    /**
     * Changes the caller's own password and ends their other sessions.
     *
     * @throws BelfryException {@code VALIDATION_ERROR} when {@code current} is wrong or {@code
     *     next} breaks a rule, {@code FORBIDDEN} for a key, {@code RATE_LIMITED}
     */
    public void changePassword(Caller caller, String current, String next) {
        logins.changePassword(caller, current, next);
    }

    /**
     * Returns when the caller holds {@code permission}; a refusal is told to the listeners.
     *
     * @param what the call that needs it, such as {@code POST /api/v1/monitoring/sql}
     * @throws BelfryException {@code FORBIDDEN}
     */
    public void require(Caller caller, Permission permission, String what) {
        try {
            caller.principal().require(permission);
        } catch (BelfryException e) {
            refused(caller, permission, what);
            throw e;
        }
    }

    /** Tells the listeners that {@code what} was refused for want of {@code permission}. */
    public void refused(Caller caller, Permission permission, String what) {
        context.events()
                .refused(
                        caller,
                        what
                                + " was refused to "
                                + caller.principal().name()
                                + ": needs "
                                + permission.text());
    }

    /** Login at an OpenID provider, which is called by {@code outgoing}. */
    public OidcLogin oidc(OidcConfig config, Outgoing outgoing) {
        return new OidcLogin(config, context, logins, outgoing);
    }

    /** Adds a listener for logins and refusals. */
    public void listen(SecurityEvents listener) {
        context.events().add(listener);
    }

    /** The accounts. */
    public Users users() {
        return users;
    }

    /** The API keys. */
    public ApiKeys keys() {
        return keys;
    }

    /** The sessions. */
    public Sessions sessions() {
        return sessions;
    }

    /** The audit trail. */
    public AuditTrail audit() {
        return audit;
    }

    /**
     * A user with all that they may do now, without a session: for what Belfry does in their name.
     * Empty when there is no such user or they are disabled.
     */
    public Optional<Principal> inTheNameOf(UUID user) {
        return authenticator.ofUser(user);
    }

    /** Who the caller is, as it stands in the store; empty for a part of Belfry itself. */
    public Optional<User> me(Principal principal) {
        UUID id = principal.userId();
        return id == null ? Optional.empty() : users.find(id);
    }

    private void makeFirstUser() {
        if (!context.store().read(UserRows::isEmpty)) {
            return;
        }
        String configured = context.config().adminPassword();
        if (configured != null) {
            Passwords.check("BELFRY_ADMIN_PASSWORD", configured, FIRST_USER);
        }
        String password = configured == null ? context.tokens().password() : configured;
        String hash = context.passwords().hash(password);
        NewUser admin = new NewUser(FIRST_USER, password, Role.ADMIN, Set.of(), false);
        boolean made =
                context.change(handle -> {
                    boolean first = UserRows.isEmpty(handle);
                    if (first) {
                        users.insert(handle, Caller.BELFRY, admin, hash);
                    }
                    return first;
                });
        if (made && configured == null) {
            generatedPassword.set(password);
        }
    }
}

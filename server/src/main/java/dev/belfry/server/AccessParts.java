package dev.belfry.server;

import dev.belfry.identity.Identity;
import dev.belfry.identity.OidcConfig;
import dev.belfry.identity.OidcLogin;
import dev.belfry.identity.Role;
import dev.belfry.metadata.Settings;
import dev.belfry.server.access.ConfigEndpoints;
import dev.belfry.server.access.KeyEndpoints;
import dev.belfry.server.access.LoginEndpoints;
import dev.belfry.server.access.OidcEndpoints;
import dev.belfry.server.access.Provider;
import dev.belfry.server.access.SessionEndpoints;
import dev.belfry.server.access.UserEndpoints;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.Key;
import dev.belfry.server.config.Keys;
import dev.belfry.server.config.LiveConfig;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.limits.RateLimiter;
import dev.belfry.server.logging.Level;
import dev.belfry.server.logging.Log;
import dev.belfry.server.metrics.OwnMetrics;
import dev.belfry.server.metrics.Registry;
import dev.belfry.server.outgoing.OutgoingHttp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who may do what and how much, joined: users, keys, sessions, configuration, rate limits. */
final class AccessParts {
    private static final List<Key<Long>> OF_KEYS =
            List.of(Keys.RATE_KEY_EVENTS, Keys.RATE_KEY_BYTES, Keys.RATE_KEY_QUERIES);
    private static final List<Key<Long>> OF_USERS =
            List.of(Keys.RATE_USER_EVENTS, Keys.RATE_USER_BYTES, Keys.RATE_USER_QUERIES);

    private final Config config;
    private final LiveConfig live;
    private final RateLimiter limiter;
    private final OutgoingHttp outgoing;
    private final Map<Key<Long>, Long> rates = new ConcurrentHashMap<>();

    AccessParts(Config config, Log log, Registry registry) {
        this.config = config;
        this.live = new LiveConfig(config);
        this.outgoing = new OutgoingHttp(config.get(Keys.OUTGOING_LINK_LOCAL));
        this.limiter = new RateLimiter(registry, System::nanoTime);
        live.changeable(Keys.LOGGING_LEVEL, text -> log.least(Level.parse(text)));
        OF_KEYS.forEach(this::followed);
        OF_USERS.forEach(this::followed);
    }

    /** Says where Belfry may call. */
    OutgoingHttp outgoing() {
        return outgoing;
    }

    RateLimiter limiter() {
        return limiter;
    }

    /** The configuration while Belfry runs: parts that can follow a change tell it so. */
    LiveConfig live() {
        return live;
    }

    /** Puts what was changed before the last stop in force again; returns what no longer can be. */
    List<String> restore(Settings settings) {
        return live.restore(settings.all(ConfigEndpoints.KEPT));
    }

    List<Endpoint> endpoints(
            Supplier<Identity> identity,
            Supplier<Settings> settings,
            InstantSource clock,
            OwnMetrics metrics) {
        boolean byPassword = config.get(Keys.PASSWORD_LOGIN);
        List<Endpoint> all = new ArrayList<>();
        List<Provider> providers = new ArrayList<>();
        Optional<OidcConfig> oidc = oidc();
        LoginEndpoints.Leaving leave = LoginEndpoints.Leaving.NOWHERE;
        if (oidc.isPresent()) {
            String label = config.get(Keys.OIDC_LABEL);
            providers.add(new Provider("oidc", label, OidcEndpoints.BEGIN));
            Supplier<OidcLogin> login = once(() -> identity.get().oidc(oidc.get(), outgoing));
            String url = config.find(Keys.SERVER_URL).orElse(null);
            OidcEndpoints elsewhere = new OidcEndpoints(login, metrics, url);
            all.addAll(elsewhere.endpoints());
            leave = elsewhere::leave;
        }
        all.addAll(new LoginEndpoints(identity, metrics, byPassword, providers, leave).endpoints());
        all.addAll(new SessionEndpoints(identity).endpoints());
        all.addAll(new UserEndpoints(identity).endpoints());
        all.addAll(new KeyEndpoints(identity, clock).endpoints());
        all.addAll(new ConfigEndpoints(live, identity, settings).endpoints());
        return all;
    }

    private Optional<OidcConfig> oidc() {
        return config.find(Keys.OIDC_ISSUER)
                .map(issuer ->
                        new OidcConfig(
                                issuer,
                                config.find(Keys.OIDC_CLIENT_ID).orElse("belfry"),
                                config.find(Keys.OIDC_CLIENT_SECRET).orElse(null),
                                List.of(config.get(Keys.OIDC_SCOPES).strip().split("\\s+")),
                                config.get(Keys.OIDC_USERNAME_CLAIM),
                                config.get(Keys.OIDC_ROLE_CLAIM),
                                roles(config.get(Keys.OIDC_ROLES)),
                                defaultRole(config.get(Keys.OIDC_DEFAULT_ROLE)),
                                config.find(Keys.OIDC_SOURCES_CLAIM).orElse(null)));
    }

    private static Map<Role, List<String>> roles(Map<String, List<String>> byName) {
        Map<Role, List<String>> roles = new EnumMap<>(Role.class);
        byName.forEach((name, values) -> roles.put(Role.parse(name), values));
        return roles;
    }

    private static @Nullable Role defaultRole(String text) {
        return text.equals("none") ? null : Role.parse(text);
    }

    /** {@code source} asked at the first use: identity is opened while the ports are. */
    private static <T> Supplier<T> once(Supplier<T> source) {
        AtomicReference<@Nullable T> made = new AtomicReference<>();
        return () -> {
            T known = made.get();
            if (known != null) {
                return known;
            }
            T fresh = source.get();
            return made.compareAndSet(null, fresh) ? fresh : Objects.requireNonNull(made.get());
        };
    }

    private void followed(Key<Long> key) {
        rates.put(key, config.get(key));
        applyRates();
        live.changeable(
                key,
                value -> {
                    rates.put(key, value);
                    applyRates();
                });
    }

    private void applyRates() {
        limiter.ofKeys(rates(OF_KEYS));
        limiter.ofUsers(rates(OF_USERS));
    }

    private RateLimiter.Rates rates(List<Key<Long>> keys) {
        return new RateLimiter.Rates(
                rates.getOrDefault(keys.get(0), 0L),
                rates.getOrDefault(keys.get(1), 0L),
                rates.getOrDefault(keys.get(2), 0L));
    }
}

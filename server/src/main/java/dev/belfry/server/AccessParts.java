package dev.belfry.server;

import dev.belfry.identity.Identity;
import dev.belfry.metadata.Settings;
import dev.belfry.server.access.ConfigEndpoints;
import dev.belfry.server.access.KeyEndpoints;
import dev.belfry.server.access.LoginEndpoints;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Who may do what and how much, joined: users, keys, sessions, configuration, rate limits. */
final class AccessParts {
    private static final List<Key<Long>> OF_KEYS =
            List.of(Keys.RATE_KEY_EVENTS, Keys.RATE_KEY_BYTES, Keys.RATE_KEY_QUERIES);
    private static final List<Key<Long>> OF_USERS =
            List.of(Keys.RATE_USER_EVENTS, Keys.RATE_USER_BYTES, Keys.RATE_USER_QUERIES);

    private final Config config;
    private final LiveConfig live;
    private final RateLimiter limiter;
    private final Map<Key<Long>, Long> rates = new ConcurrentHashMap<>();

    AccessParts(Config config, Log log, Registry registry) {
        this.config = config;
        this.live = new LiveConfig(config);
        this.limiter = new RateLimiter(registry, System::nanoTime);
        live.changeable(Keys.LOGGING_LEVEL, text -> log.least(Level.parse(text)));
        OF_KEYS.forEach(this::followed);
        OF_USERS.forEach(this::followed);
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
        all.addAll(new LoginEndpoints(identity, metrics, byPassword, List.of()).endpoints());
        all.addAll(new SessionEndpoints(identity).endpoints());
        all.addAll(new UserEndpoints(identity).endpoints());
        all.addAll(new KeyEndpoints(identity, clock).endpoints());
        all.addAll(new ConfigEndpoints(live, identity, settings).endpoints());
        return all;
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

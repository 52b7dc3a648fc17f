package dev.belfry.identity;

import dev.belfry.identity.SecurityEvent.Action;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Tells the listeners; one that fails is logged and does not fail the request. */
final class SecurityEventSender {
    private static final Logger LOGGER = System.getLogger(SecurityEventSender.class.getName());

    private final List<SecurityEvents> listeners = new CopyOnWriteArrayList<>();
    private final InstantSource clock;

    SecurityEventSender(InstantSource clock) {
        this.clock = clock;
    }

    void add(SecurityEvents listener) {
        listeners.add(listener);
    }

    void send(Action action, @Nullable User user, Origin origin, String message) {
        SecurityEvent event =
                new SecurityEvent(
                        action,
                        Instant.ofEpochMilli(clock.millis()),
                        user == null ? null : user.id(),
                        user == null ? "" : user.username(),
                        origin.address(),
                        origin.requestId(),
                        message);
        send(event);
    }

    void refused(Caller caller, String message) {
        Principal principal = caller.principal();
        send(
                new SecurityEvent(
                        Action.PERMISSION_REFUSED,
                        Instant.ofEpochMilli(clock.millis()),
                        principal.userId(),
                        principal.name(),
                        caller.origin().address(),
                        caller.origin().requestId(),
                        message));
    }

    private void send(SecurityEvent event) {
        for (SecurityEvents listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "a listener for security events failed", e);
            }
        }
    }
}

package dev.belfry.identity;

import dev.belfry.metadata.Handle;
import dev.belfry.metadata.MetadataStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the parts of this module share. */
record Context(
        MetadataStore store,
        IdentityConfig config,
        InstantSource clock,
        Tokens tokens,
        Passwords passwords,
        LoginThrottle throttle,
        PrincipalCache cache,
        SecurityEventSender events) {

    /** A transaction that can take something away from a user, key or session. */
    <T extends @Nullable Object> T change(Function<Handle, T> work) {
        try {
            return store.write(handle -> {
                UserRows.lock(handle);
                return work.apply(handle);
            });
        } finally {
            // Also when it failed: a commit whose answer was lost may have happened.
            cache.invalidate();
        }
    }

    /** The time as it is stored: whole milliseconds. */
    Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}

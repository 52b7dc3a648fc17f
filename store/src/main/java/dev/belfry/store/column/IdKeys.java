package dev.belfry.store.column;

import java.util.Set;

/** The fields that hold ids: they always get a column of their own. */
public final class IdKeys {
    private static final Set<String> KEYS =
            Set.of(
                    "request_id",
                    "trace_id",
                    "span_id",
                    "user_id",
                    "org_id",
                    "event_id",
                    "stream_id",
                    "consumer_group_id");

    private IdKeys() {}

    /** Whether {@code key} names an id. */
    public static boolean contains(String key) {
        return KEYS.contains(key);
    }
}

package dev.belfry.store.exec;

import java.nio.charset.StandardCharsets;

/** A member's name as JSON mostly spells it; looks for it without parsing. Immutable. */
final class QuotedKey {
    private final byte[] bytes;
    private final boolean plain;

    QuotedKey(String key) {
        bytes = ('"' + key + '"').getBytes(StandardCharsets.UTF_8);
        plain = key.chars().allMatch(c -> c >= ' ' && c != '"' && c != '\\');
    }

    /**
     * Whether the name may stand in a range; false is certain. A name that needs escapes, and JSON
     * that has some, may.
     */
    boolean mayStandIn(byte[] data, int start, int end) {
        if (!plain) {
            return true;
        }
        int last = end - bytes.length;
        for (int at = start; at < end; at++) {
            byte found = data[at];
            if (found == '\\') {
                return true;
            }
            if (found == '"' && at <= last && isAt(data, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAt(byte[] data, int at) {
        for (int i = 1; i < bytes.length; i++) {
            if (data[at + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}

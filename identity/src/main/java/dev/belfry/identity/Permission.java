package dev.belfry.identity;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a call can need; the names are those of the API. */
public enum Permission {
    /** Query events, labels, series. */
    EVENTS_READ("monitoring:events:read"),
    /** Every receiving protocol. */
    EVENTS_WRITE("monitoring:events:write"),
    /** Create and change alert rules. */
    ALERTS_MANAGE("monitoring:alerts:manage"),
    /** Create and change incidents of others. */
    INCIDENTS_MANAGE("monitoring:incidents:manage"),
    /** Configuration, users, audit, SQL. */
    ADMIN("monitoring:admin");

    private static final String PREFIX = "monitoring:";

    private final String text;

    Permission(String text) {
        this.text = text;
    }

    /** The name in the API: {@code monitoring:events:read}. */
    public String text() {
        return text;
    }

    /**
     * The permission called {@code text}, or {@code monitoring:} and {@code text}.
     *
     * @throws BelfryException {@code VALIDATION_ERROR} naming those there are
     */
    public static Permission parse(String text) {
        for (Permission permission : values()) {
            if (permission.text.equals(text) || permission.text.equals(PREFIX + text)) {
                return permission;
            }
        }
        String all = Arrays.stream(values()).map(p -> p.text).collect(Collectors.joining(", "));
        throw new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "permission: \"" + text + "\" (expected one of: " + all + ")");
    }
}

package dev.belfry.model;

import java.util.Locale;
import java.util.Optional;

/** The four kinds of event of the seeds; the ordinal is what files hold, so the order is fixed. */
public enum EventType {
    LOG,
    METRIC,
    TRACE,
    ALERT;

    private static final EventType[] VALUES = values();

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name outside: {@code log}, {@code metric}, {@code trace}, {@code alert}. */
    public String text() {
        return text;
    }

    /** The type whose {@link #text()} is {@code text}, exactly; empty when there is none. */
    public static Optional<EventType> parse(String text) {
        for (EventType type : VALUES) {
            if (type.text.equals(text)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The type that files hold as {@code ordinal} (0–3). */
    public static EventType of(int ordinal) {
        return VALUES[ordinal];
    }
}

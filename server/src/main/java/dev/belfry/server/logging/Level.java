package dev.belfry.server.logging;

import java.util.Locale;

/** How grave a line of Belfry's own log is. */
public enum Level {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name in the log and the configuration. */
    public String text() {
        return text;
    }

    /** The level that the configuration calls {@code text}. */
    public static Level parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}

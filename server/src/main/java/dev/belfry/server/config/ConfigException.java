package dev.belfry.server.config;

/** The configuration is wrong; the message is one line that says key, value and what is allowed. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem in one line. */
    public ConfigException(String message) {
        super(message);
    }
}

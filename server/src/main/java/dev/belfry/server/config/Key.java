package dev.belfry.server.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration.
 *
 * @param name its name in the file, dots for levels: {@code server.port}
 * @param type what its value may be
 * @param defaultText the default as it would stand in the file, empty for none
 * @param description what it does, one sentence
 * @param flag a short flag beside {@code --<name>}, such as {@code port}; empty for none
 * @param variables variables beside {@code BELFRY_<NAME>}, in order of precedence
 * @param secret whether its value is never shown
 */
public record Key<T>(
        String name,
        ValueType<T> type,
        String defaultText,
        String description,
        String flag,
        List<String> variables,
        boolean secret) {

    public Key {
        variables = List.copyOf(variables);
    }

    /* A name is of one key. Said here, since what a record makes of itself costs each start. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key<?> key && name.equals(key.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The variable {@code BELFRY_<NAME>}: capitals, an underscore for each dot. */
    public String variable() {
        return "BELFRY_" + name.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}

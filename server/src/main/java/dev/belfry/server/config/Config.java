package dev.belfry.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The value of every key, and where it came from; immutable. */
public final class Config {
    private final Map<Key<?>, Setting> settings;

    /**
     * A value and its origin.
     *
     * @param value as the key's type reads it
     * @param text as it was given
     * @param origin {@code default}, {@code belfry.yaml}, a variable's or a flag's name
     */
    public record Setting(Object value, String text, String origin) {}

    Config(Map<Key<?>, Setting> settings) {
        this.settings = new LinkedHashMap<>(settings);
    }

    /** All defaults. */
    public static Config defaults() {
        return ConfigLoader.load(List.of(), Map.of(), Path.of(""));
    }

    /** The value of a key that has a default. */
    @SuppressWarnings("unchecked") // a key's type read the value
    public <T> T get(Key<T> key) {
        Setting setting = settings.get(key);
        if (setting == null) {
            throw new IllegalStateException("BUG: no value for " + key.name());
        }
        return (T) setting.value();
    }

    /** The value of a key that may have none. */
    public <T> Optional<T> find(Key<T> key) {
        return settings.containsKey(key) ? Optional.of(get(key)) : Optional.empty();
    }

    /** The value of {@code key} with its origin, or null when it has none. */
    @Nullable Setting setting(Key<?> key) {
        return settings.get(key);
    }

    /** Where the value of {@code key} came from: {@code default} where nothing was given. */
    public String origin(Key<?> key) {
        Setting setting = settings.get(key);
        return setting == null ? "default" : setting.origin();
    }
}

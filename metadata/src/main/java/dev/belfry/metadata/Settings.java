package dev.belfry.metadata;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names and values that are kept in the metadata store. Thread-safe; its calls block. */
public final class Settings {
    private final MetadataStore store;
    private final InstantSource clock;

    /** The settings of {@code store}. */
    public Settings(MetadataStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** What is kept under names that begin with {@code prefix}, without it, in their order. */
    public Map<String, String> all(String prefix) {
        return store.read(handle -> {
            Map<String, String> found = new TreeMap<>();
            handle.createQuery("SELECT name, value FROM settings WHERE tenant = 0")
                    .map(row -> Map.entry(row.getString(1), row.getString(2)))
                    .list()
                    .forEach(entry -> {
                        if (entry.getKey().startsWith(prefix)) {
                            found.put(entry.getKey().substring(prefix.length()), entry.getValue());
                        }
                    });
            return found;
        });
    }

    /** Keeps {@code value} under {@code name}; null takes it away. */
    public void put(String name, @Nullable String value) {
        store.write(handle -> {
            handle.createUpdate("DELETE FROM settings WHERE tenant = 0 AND name = :name")
                    .bind("name", name)
                    .execute();
            if (value != null) {
                handle.createUpdate(
                                "INSERT INTO settings (tenant, name, value, updated_at)"
                                        + " VALUES (0, :name, :value, :now)")
                        .bind("name", name)
                        .bind("value", value)
                        .bind("now", clock.millis())
                        .execute();
            }
            return null;
        });
    }
}

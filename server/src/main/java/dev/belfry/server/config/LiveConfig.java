package dev.belfry.server.config;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The configuration while Belfry runs: what it was started with, and over it what was changed
 * since. Safe for many threads.
 */
public final class LiveConfig {
    /** Where a changed value came from. */
    public static final String CHANGED = "changed while running";

    private static final String MASK = "(set, not shown)";

    private final Config start;
    private final Map<Key<?>, Change<?>> changeable = new LinkedHashMap<>();
    private final Map<Key<?>, Config.Setting> changed = new LinkedHashMap<>();

    /** A key that can change, and who is to be told. */
    private record Change<T>(Key<T> key, Consumer<T> apply) {
        Config.@Nullable Setting read(Object raw) {
            return key.type()
                    .read(raw)
                    .map(value -> new Config.Setting(value, String.valueOf(raw), CHANGED))
                    .orElse(null);
        }

        @SuppressWarnings("unchecked") // the key's type read the value
        void tell(Object value) {
            apply.accept((T) value);
        }
    }

    /**
     * A key as people see it.
     *
     * @param value as it stands in a file; null: none; what is secret is masked
     * @param origin {@code default}, a file, variable or flag, or {@link #CHANGED}
     * @param changeable whether it can change while Belfry runs
     */
    public record Shown(Key<?> key, @Nullable String value, String origin, boolean changeable) {}

    /** One change, as it is kept and told; null: back to what Belfry was started with. */
    public record Changed(String name, @Nullable String from, @Nullable String to) {}

    /** What Belfry was started with. */
    public LiveConfig(Config start) {
        this.start = start;
    }

    /** Makes {@code key} one that can change; {@code apply} is told each new value. */
    public synchronized <T> void changeable(Key<T> key, Consumer<T> apply) {
        if (key.secret()) {
            throw new IllegalStateException("BUG: a secret cannot change: " + key.name());
        }
        changeable.put(key, new Change<>(key, apply));
    }

    /** Every key, in the order of the documentation. */
    public synchronized List<Shown> all() {
        List<Shown> all = new ArrayList<>();
        for (Key<?> key : Keys.ALL) {
            Config.Setting setting = setting(key);
            String text =
                    setting == null
                            ? null
                            : key.secret() ? MASK : Secrets.maskedText(setting.text());
            String origin = setting == null ? "default" : setting.origin();
            all.add(new Shown(key, text, origin, changeable.containsKey(key)));
        }
        return all;
    }

    /**
     * Checks {@code wanted} (names to values; null: as Belfry was started) and puts it in force:
     * all of it, or, when something is wrong, none.
     *
     * @throws BelfryException VALIDATION_ERROR naming key, value and what is allowed, or that it
     *     needs a restart
     */
    public synchronized List<Changed> change(Map<String, @Nullable Object> wanted) {
        Map<Change<?>, Config.@Nullable Setting> read = new LinkedHashMap<>();
        wanted.forEach((name, raw) -> {
            Change<?> change = find(name);
            read.put(change, raw == null ? null : read(change, raw));
        });
        List<Changed> told = new ArrayList<>();
        read.forEach((change, setting) -> {
            Config.Setting before = setting(change.key());
            if (setting == null) {
                changed.remove(change.key());
            } else {
                changed.put(change.key(), setting);
            }
            Config.Setting after = setting(change.key());
            if (after != null) {
                change.tell(after.value());
            }
            told.add(
                    new Changed(
                            change.key().name(),
                            before == null ? null : before.text(),
                            setting == null ? null : setting.text()));
        });
        return told;
    }

    /** Puts what was kept in force again; what is no longer allowed is left out and returned. */
    public List<String> restore(Map<String, String> kept) {
        List<String> leftOut = new ArrayList<>();
        kept.forEach((name, text) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put(name, text);
            try {
                change(one);
            } catch (BelfryException e) {
                leftOut.add(e.getMessage());
            }
        });
        return leftOut;
    }

    private Config.@Nullable Setting setting(Key<?> key) {
        Config.Setting now = changed.get(key);
        return now == null ? start.setting(key) : now;
    }

    private Change<?> find(String name) {
        for (Key<?> key : Keys.ALL) {
            if (!key.name().equals(name)) {
                continue;
            }
            Change<?> change = changeable.get(key);
            if (change == null) {
                throw invalid(
                        name
                                + ": needs a restart (expected: one of "
                                + String.join(", ", names())
                                + ")");
            }
            return change;
        }
        throw invalid(name + ": is no key (expected: one of " + String.join(", ", names()) + ")");
    }

    private static Config.Setting read(Change<?> change, Object raw) {
        Config.Setting setting = change.read(raw);
        if (setting == null) {
            throw invalid(
                    change.key().name()
                            + ": "
                            + raw
                            + " (expected: "
                            + change.key().type().allowed()
                            + ")");
        }
        return setting;
    }

    private TreeSet<String> names() {
        TreeSet<String> names = new TreeSet<>();
        changeable.keySet().forEach(key -> names.add(key.name()));
        return names;
    }

    private static BelfryException invalid(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }
}

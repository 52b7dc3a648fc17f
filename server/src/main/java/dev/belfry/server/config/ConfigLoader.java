package dev.belfry.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the configuration: a file, over it variables, over them flags. */
public final class ConfigLoader {
    private static final String FILE = "belfry.yaml";
    private static final String PREFIX = "BELFRY_";

    /** Keys of seed 002's block {@code monitoring} whose feature is another key here. */
    private static final Map<String, String> MONITORING =
            Map.of(
                    "monitoring.logging.level", "logging.level",
                    "monitoring.logging.retention", "retention.events.days",
                    "monitoring.retention_days", "retention.metrics.days");

    /** Keys of that block whose feature this version does not have. */
    private static final Map<String, String> LATER =
            Map.of(
                    "monitoring.enabled", "metrics",
                    "monitoring.collect_interval", "metrics",
                    "monitoring.services", "health checks",
                    "monitoring.metrics", "metrics",
                    "monitoring.alerts", "alerts",
                    "monitoring.tracing", "traces");

    private static final String OF_FILE = "_file";
    private static final long SECRET_BYTES_MAX = 64 << 10;
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private final Map<String, String> variables;
    private final Map<String, Key<?>> byName = new LinkedHashMap<>();
    private final Map<String, Key<?>> byVariable = new LinkedHashMap<>();
    private final Map<Key<?>, Config.Setting> settings = new LinkedHashMap<>();
    private final Map<Key<?>, Integer> rankOfVariable = new LinkedHashMap<>();

    private ConfigLoader(Map<String, String> variables) {
        this.variables = variables;
        for (Key<?> key : Keys.ALL) {
            byName.put(key.name(), key);
            if (!key.flag().isEmpty()) {
                byName.putIfAbsent(key.flag(), key);
            }
            byVariable.put(key.variable(), key);
            key.variables().forEach(variable -> byVariable.put(variable, key));
        }
    }

    /**
     * The configuration of {@code flags} ({@code --port 3000}, {@code --port=3000}), {@code
     * variables} and the file that {@code --config} or {@code BELFRY_CONFIG} names, else {@code
     * belfry.yaml} in {@code folder} when it is there.
     *
     * @throws ConfigException on an unknown key or a value that is not allowed
     */
    public static Config load(List<String> flags, Map<String, String> variables, Path folder) {
        ConfigLoader loader = new ConfigLoader(variables);
        Map<String, String> given = parseFlags(flags);
        for (Key<?> key : Keys.ALL) {
            if (!key.defaultText().isEmpty()) {
                loader.set(key, key.defaultText(), "default", key.name());
            }
        }
        loader.readFile(given.remove("config"), variables.get("BELFRY_CONFIG"), folder);
        loader.readVariables(variables);
        given.forEach(loader::readFlag);
        return new Config(loader.settings);
    }

    private static Map<String, String> parseFlags(List<String> flags) {
        Map<String, String> given = new LinkedHashMap<>();
        for (int index = 0; index < flags.size(); index++) {
            String flag = flags.get(index);
            if (!flag.startsWith("--") || flag.length() == 2) {
                throw new ConfigException(
                        flag
                                + ": is no flag (expected: --port, --data, --config, --listen or --KEY)");
            }
            int equals = flag.indexOf('=');
            String name = flag.substring(2, equals < 0 ? flag.length() : equals);
            if (equals < 0 && index + 1 == flags.size()) {
                throw new ConfigException(
                        "--" + name + ": has no value (expected: --" + name + " VALUE)");
            }
            given.put(name, equals < 0 ? flags.get(++index) : flag.substring(equals + 1));
        }
        return given;
    }

    private void readFlag(String name, String value) {
        Key<?> inFile = keyOfFile(name);
        if (inFile != null) {
            set(inFile, content("--" + name, value), "--" + name, "--" + name);
            return;
        }
        Key<?> key = byName.get(name);
        if (key == null) {
            throw unknown("--" + name, name);
        }
        set(key, value, "--" + name, "--" + name);
    }

    private void readVariables(Map<String, String> variables) {
        for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
            String name = variable.getKey();
            Key<?> key = byVariable.get(name);
            Key<?> inFile = key == null ? keyOfVariableOfFile(name) : null;
            if (inFile != null) {
                if (!variable.getValue().isBlank()) {
                    Object content = content(name, variable.getValue());
                    rankOfVariable.put(inFile, -1);
                    set(inFile, content, name, name);
                }
                continue;
            }
            if (key == null) {
                String later = later(name);
                if (later != null) {
                    throw new ConfigException(later);
                }
                if (name.startsWith(PREFIX) && !name.equals("BELFRY_CONFIG")) {
                    throw unknown(
                            name,
                            name.substring(PREFIX.length())
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '.'));
                }
                continue;
            }
            if (variable.getValue().isBlank()) {
                continue;
            }
            int rank = name.equals(key.variable()) ? -1 : key.variables().indexOf(name);
            if (rank < rankOfVariable.getOrDefault(key, Integer.MAX_VALUE)) {
                rankOfVariable.put(key, rank);
                set(key, variable.getValue(), name, name);
            }
        }
    }

    private static @Nullable String later(String variable) {
        for (Map.Entry<String, String> entry : LATER.entrySet()) {
            String name = PREFIX + entry.getKey().replace('.', '_').toUpperCase(Locale.ROOT);
            if (variable.equals(name) || variable.startsWith(name + "_")) {
                return notYet(variable, entry.getValue());
            }
        }
        return null;
    }

    private void readFile(@Nullable String flag, @Nullable String variable, Path folder) {
        String name = flag != null ? flag : variable;
        Path file = folder.resolve(name == null || name.isBlank() ? FILE : name);
        if (!Files.exists(file)) {
            if (name != null && !name.isBlank()) {
                throw new ConfigException("config: " + file + " (expected: a file that is there)");
            }
            return;
        }
        try {
            Object document = withVariables(Documents.yaml(Files.readString(file)), "");
            if (document instanceof Map<?, ?> map) {
                readMap("", map, file.getFileName().toString());
            } else if (document != null) {
                throw new ConfigException("config: " + file + " (expected: keys with values)");
            }
        } catch (IOException e) {
            String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ConfigException("config: " + file + " is not YAML: " + problem);
        }
    }

    private void readMap(String prefix, Map<?, ?> map, String file) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = prefix + entry.getKey();
            Object value = entry.getValue();
            Key<?> key = byName.get(MONITORING.getOrDefault(name, name));
            if (key != null && key.name().equals(MONITORING.getOrDefault(name, name))) {
                if (value != null) {
                    set(key, value, file, name);
                }
            } else if (keyOfFile(name) instanceof Key<?> inFile) {
                if (value != null) {
                    set(inFile, content(name, value), file + ": " + name, name);
                }
            } else if (LATER.containsKey(name)) {
                throw new ConfigException(notYet(name, String.valueOf(LATER.get(name))));
            } else if (value instanceof Map<?, ?> inner && isPrefix(name + ".")) {
                readMap(name + ".", inner, file);
            } else {
                throw unknown(name, name);
            }
        }
    }

    /** The secret that {@code NAME_file} is about, or null. */
    private @Nullable Key<?> keyOfFile(String name) {
        if (!name.endsWith(OF_FILE)) {
            return null;
        }
        Key<?> key = byName.get(name.substring(0, name.length() - OF_FILE.length()));
        return key != null && key.secret() ? key : null;
    }

    private @Nullable Key<?> keyOfVariableOfFile(String variable) {
        if (!variable.endsWith("_FILE")) {
            return null;
        }
        Key<?> key = byVariable.get(variable.substring(0, variable.length() - OF_FILE.length()));
        return key != null && key.secret() ? key : null;
    }

    /** What stands in the file that {@code name} names, without the line's end. */
    private static String content(String name, Object path) {
        try {
            Path file = Path.of(path.toString().strip());
            if (Files.size(file) > SECRET_BYTES_MAX) {
                throw new ConfigException(
                        name + ": " + path + " (expected: " + SECRET_BYTES_MAX + " bytes at most)");
            }
            return Files.readString(file).strip();
        } catch (IOException | InvalidPathException _) {
            throw new ConfigException(name + ": " + path + " (expected: a file that can be read)");
        }
    }

    /**
     * {@code value} with each {@code ${NAME}} and {@code ${NAME:-FALLBACK}} in its texts replaced.
     */
    private @Nullable Object withVariables(@Nullable Object value, String name) {
        return switch (value) {
            case String text -> withVariables(text, name);
            case List<?> list -> list.stream().map(item -> withVariables(item, name)).toList();
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> all = new LinkedHashMap<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    String inner =
                            name.isEmpty() ? "" + entry.getKey() : name + "." + entry.getKey();
                    all.put(entry.getKey(), withVariables(entry.getValue(), inner));
                }
                yield all;
            }
            case null, default -> value;
        };
    }

    private String withVariables(String text, String name) {
        return VARIABLE.matcher(text)
                .replaceAll(match -> {
                    String value = variables.get(match.group(1));
                    if (value == null || value.isEmpty()) {
                        value = match.group(2);
                    }
                    if (value == null) {
                        throw new ConfigException(
                                name
                                        + ": ${"
                                        + match.group(1)
                                        + "} (expected: a variable that is set, or"
                                        + " ${NAME:-FALLBACK})");
                    }
                    return Matcher.quoteReplacement(value);
                });
    }

    private boolean isPrefix(String prefix) {
        return prefix.equals("monitoring.")
                || MONITORING.keySet().stream().anyMatch(name -> name.startsWith(prefix))
                || byName.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private <T> void set(Key<T> key, Object raw, String origin, String shownName) {
        Optional<T> value = key.type().read(raw);
        if (value.isEmpty()) {
            String shown = key.secret() ? "(not shown)" : Secrets.maskedText(Documents.text(raw));
            throw new ConfigException(
                    shownName + ": " + shown + " (" + key.type().problem(raw) + ")");
        }
        settings.put(key, new Config.Setting(value.get(), Documents.text(raw), origin));
    }

    private static String notYet(String name, String feature) {
        return name
                + ": belongs to "
                + feature
                + ", which this version does not have (expected:"
                + " no such key)";
    }

    private ConfigException unknown(String shown, String name) {
        String nearest = null;
        int least = 4;
        for (String known : byName.keySet()) {
            int distance = distance(known, name);
            if (distance < least) {
                least = distance;
                nearest = known;
            }
        }
        String expected =
                nearest == null
                        ? "one of " + String.join(", ", Keys.ALL.stream().map(Key::name).toList())
                        : "perhaps " + nearest;
        return new ConfigException(shown + ": is no key (expected: " + expected + ")");
    }

    /** Levenshtein's distance. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int next = Math.min(diagonal + same, Math.min(row[j], row[j - 1]) + 1);
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[other.length()];
    }
}

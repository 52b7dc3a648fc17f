package dev.belfry.server.config;

import dev.belfry.model.time.TimeLength;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a key's value may be; reads it from a text, or from what a YAML file holds. */
public sealed interface ValueType<T> {
    /** What is allowed, as it stands in messages and in the table of keys. */
    String allowed();

    /**
     * The value of {@code raw} (text, number, truth, list or map); empty when it is not allowed.
     */
    Optional<T> read(Object raw);

    /** What is wrong with {@code raw}, which is not allowed. */
    default String problem(Object raw) {
        return "expected: " + allowed();
    }

    /** The items of a list, or of a text with commas between them; empty for anything else. */
    private static Optional<List<String>> texts(Object raw) {
        Object value = raw;
        if (raw instanceof String text) {
            String stripped = text.strip();
            if (stripped.startsWith("[")) {
                value = Documents.json(stripped);
            } else {
                value = stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s*,\\s*"));
            }
        }
        return value instanceof List<?> list
                ? Optional.of(list.stream().map(String::valueOf).map(String::strip).toList())
                : Optional.empty();
    }

    /** A text. */
    record Text(String allowed, Pattern pattern) implements ValueType<String> {
        @Override
        public Optional<String> read(Object raw) {
            String text = raw.toString().strip();
            return isScalar(raw) && pattern.matcher(text).matches()
                    ? Optional.of(text)
                    : Optional.empty();
        }
    }

    /** One of a few words. */
    record OneOf(List<String> words) implements ValueType<String> {
        public OneOf {
            words = List.copyOf(words);
        }

        @Override
        public String allowed() {
            return String.join(", ", words);
        }

        @Override
        public Optional<String> read(Object raw) {
            String text = raw.toString().strip().toLowerCase(Locale.ROOT);
            return words.contains(text) ? Optional.of(text) : Optional.empty();
        }
    }

    /** true or false. */
    record Truth() implements ValueType<Boolean> {
        @Override
        public String allowed() {
            return "true, false";
        }

        @Override
        public Optional<Boolean> read(Object raw) {
            return switch (raw.toString().strip().toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on", "1" -> Optional.of(true);
                case "false", "no", "off", "0" -> Optional.of(false);
                default -> Optional.empty();
            };
        }
    }

    /** A whole number within bounds. */
    record Whole(long min, long max) implements ValueType<Long> {
        @Override
        public String allowed() {
            return "a whole number from " + min + " to " + max;
        }

        @Override
        public Optional<Long> read(Object raw) {
            try {
                long value = Long.parseLong(raw.toString().strip());
                return value >= min && value <= max ? Optional.of(value) : Optional.empty();
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }
    }

    /** A number of bytes within bounds: {@code 64MiB}, {@code 10MB}, {@code 4096}. */
    record Bytes(long min, long max) implements ValueType<Long> {
        private static final Pattern FORM =
                Pattern.compile("(\\d{1,15})\\s*(b|k|kb|kib|m|mb|mib|g|gb|gib)?");

        @Override
        public String allowed() {
            return "a size from " + text(min) + " to " + text(max) + " such as 64MiB";
        }

        @Override
        public Optional<Long> read(Object raw) {
            Matcher matcher = FORM.matcher(raw.toString().strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String unit = matcher.group(2) == null ? "b" : matcher.group(2);
            long factor =
                    switch (unit) {
                        case "b" -> 1L;
                        case "kb" -> 1_000L;
                        case "mb" -> 1_000_000L;
                        case "gb" -> 1_000_000_000L;
                        case "k", "kib" -> 1L << 10;
                        case "m", "mib" -> 1L << 20;
                        default -> 1L << 30;
                    };
            long number = Long.parseLong(matcher.group(1));
            if (number > max / factor || number * factor < min) {
                return Optional.empty();
            }
            return Optional.of(number * factor);
        }

        private static String text(long bytes) {
            if (bytes >= 1L << 30 && bytes % (1L << 30) == 0) {
                return (bytes >> 30) + "GiB";
            }
            if (bytes >= 1L << 20 && bytes % (1L << 20) == 0) {
                return (bytes >> 20) + "MiB";
            }
            return bytes >= 1024 && bytes % 1024 == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
        }
    }

    /** A length of time within bounds: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 12h}. */
    record Time(Duration min, Duration max) implements ValueType<Duration> {
        @Override
        public String allowed() {
            return "a time from " + text(min) + " to " + text(max) + " such as 30s";
        }

        @Override
        public Optional<Duration> read(Object raw) {
            return TimeLength.parse(raw.toString())
                    .filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
        }

        private static String text(Duration time) {
            long millis = time.toMillis();
            return millis % 1000 != 0 ? millis + "ms" : millis / 1000 + "s";
        }
    }

    /** For each of a few names a list of texts; in a variable or flag as JSON. */
    record Groups(List<String> names) implements ValueType<Map<String, List<String>>> {
        public Groups {
            names = List.copyOf(names);
        }

        @Override
        public String allowed() {
            return "{NAME: [VALUE, …]}, NAME one of " + String.join(", ", names);
        }

        @Override
        public Optional<Map<String, List<String>>> read(Object raw) {
            Object value = raw instanceof String text ? Documents.json(text) : raw;
            if (!(value instanceof Map<?, ?> map)) {
                return Optional.empty();
            }
            Map<String, List<String>> groups = new TreeMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                boolean known = names.contains(String.valueOf(entry.getKey()));
                if (!known || !(entry.getValue() instanceof List<?> list)) {
                    return Optional.empty();
                }
                groups.put(
                        String.valueOf(entry.getKey()),
                        list.stream().map(String::valueOf).toList());
            }
            return Optional.of(Map.copyOf(groups));
        }
    }

    /** Some of a few words: a list, or texts parted by commas. */
    record Words(List<String> words) implements ValueType<List<String>> {
        public Words {
            words = List.copyOf(words);
        }

        @Override
        public String allowed() {
            return "a list of " + String.join(", ", words);
        }

        @Override
        public Optional<List<String>> read(Object raw) {
            return texts(raw).filter(words::containsAll);
        }
    }

    /** Texts of a pattern: a list, or parted by commas. */
    record Texts(String allowed, Pattern pattern) implements ValueType<List<String>> {
        @Override
        public Optional<List<String>> read(Object raw) {
            return texts(raw).filter(read -> read.stream().allMatch(pattern.asMatchPredicate()));
        }
    }

    /**
     * A list of things that are given by their members; in a variable or flag as JSON.
     *
     * @param reader makes a thing of its members, or throws {@link IllegalArgumentException} with
     *     what is wrong
     */
    record Items<T>(String allowed, Function<Map<?, ?>, T> reader) implements ValueType<List<T>> {
        @Override
        public Optional<List<T>> read(Object raw) {
            try {
                return Optional.of(items(raw));
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }

        @Override
        public String problem(Object raw) {
            try {
                items(raw);
                return "";
            } catch (IllegalArgumentException e) {
                return String.valueOf(e.getMessage());
            }
        }

        private List<T> items(Object raw) {
            Object value = raw instanceof String text ? Documents.json(text) : raw;
            if (!(value instanceof List<?> list)) {
                throw new IllegalArgumentException("expected: " + allowed);
            }
            List<T> items = new ArrayList<>();
            for (Object item : list) {
                if (!(item instanceof Map<?, ?> map)) {
                    throw new IllegalArgumentException("expected: " + allowed);
                }
                items.add(reader.apply(map));
            }
            return List.copyOf(items);
        }
    }

    /** A list of {@link RetentionRule}; in a variable or flag as JSON. */
    record Rules() implements ValueType<List<RetentionRule>> {
        /** The seeds' shorter times: staging 14 days, development 7. */
        static final String STANDARD =
                """
                [{"tags":{"environment":"staging"},"days":14},\
                {"tags":{"deployment.environment.name":"staging"},"days":14},\
                {"tags":{"environment":"development"},"days":7},\
                {"tags":{"deployment.environment.name":"development"},"days":7}]\
                """;

        private static final List<RetentionRule> STANDARD_RULES =
                List.of(
                        ofTag("environment", "staging", 14),
                        ofTag("deployment.environment.name", "staging", 14),
                        ofTag("environment", "development", 7),
                        ofTag("deployment.environment.name", "development", 7));

        private static RetentionRule ofTag(String tag, String value, int days) {
            return new RetentionRule(null, null, Map.of(tag, value), days);
        }

        @Override
        public String allowed() {
            return "a list of {source, level, tags: {KEY: VALUE}, days}, days from 1 to 36500";
        }

        @Override
        public Optional<List<RetentionRule>> read(Object raw) {
            // Every start reads this text, and the parser's number tables cost it 0.1 s.
            if (raw.equals(STANDARD)) {
                return Optional.of(STANDARD_RULES);
            }
            Object value = raw instanceof String text ? Documents.json(text) : raw;
            if (!(value instanceof List<?> list)) {
                return Optional.empty();
            }
            List<RetentionRule> rules = new ArrayList<>();
            for (Object item : list) {
                RetentionRule rule = item instanceof Map<?, ?> map ? rule(map) : null;
                if (rule == null) {
                    return Optional.empty();
                }
                rules.add(rule);
            }
            return Optional.of(List.copyOf(rules));
        }

        private static @Nullable RetentionRule rule(Map<?, ?> map) {
            if (!List.of("source", "level", "tags", "days").containsAll(map.keySet())) {
                return null;
            }
            Map<String, String> tags = new TreeMap<>();
            if (map.get("tags") instanceof Map<?, ?> given) {
                given.forEach((key, value) -> tags.put(key.toString(), String.valueOf(value)));
            } else if (map.get("tags") != null) {
                return null;
            }
            Optional<Long> days =
                    map.get("days") == null
                            ? Optional.empty()
                            : Keys.DAYS.read(String.valueOf(map.get("days")));
            return days.map(number ->
                            new RetentionRule(
                                    text(map.get("source")),
                                    text(map.get("level")),
                                    tags,
                                    number.intValue()))
                    .orElse(null);
        }

        private static @Nullable String text(@Nullable Object value) {
            return value == null ? null : value.toString();
        }
    }

    private static boolean isScalar(Object raw) {
        return !(raw instanceof List<?>) && !(raw instanceof Map<?, ?>);
    }
}

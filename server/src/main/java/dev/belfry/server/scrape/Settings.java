package dev.belfry.server.scrape;

import dev.belfry.query.Promql;
import dev.belfry.server.config.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One mapping of a configuration, read by names that are known. */
final class Settings {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(?:([KMGTPE])?i?B)?");

    /** What Prometheus has and Belfry has not. */
    private static final Set<String> NOT_SUPPORTED = Set.of("sigv4", "google_iam", "azuread");

    private static final Set<String> NOTHING = Set.of("false", "0", "[]", "{}", "");

    private final String place;
    private final Map<String, Object> members = new LinkedHashMap<>();

    /**
     * The mapping at {@code place}.
     *
     * @throws ScrapeException when {@code value} is none, or has a name that is not in {@code
     *     known}
     */
    Settings(String place, @Nullable Object value, Set<String> known) throws ScrapeException {
        this.place = place;
        if (value == null) {
            return;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new ScrapeException(place + ": no mapping (expected: names and values)");
        }
        for (Map.Entry<?, ?> each : map.entrySet()) {
            String name = String.valueOf(each.getKey());
            if (NOT_SUPPORTED.contains(name)
                    || name.endsWith("_sd_configs") && !known.contains(name)) {
                throw new ScrapeException(
                        place + "." + name + ": is not supported (expected: none of it)");
            }
            if (!known.contains(name)) {
                throw new ScrapeException(
                        place
                                + "."
                                + name
                                + ": not known (expected: one of "
                                + String.join(", ", new TreeSet<>(known))
                                + ")");
            }
            if (each.getValue() != null) {
                members.put(name, each.getValue());
            }
        }
    }

    /** Where it stands, for messages. */
    String place() {
        return place;
    }

    /** Whether {@code name} is given. */
    boolean has(String name) {
        return members.containsKey(name);
    }

    /** Which of {@code names} are given, with their places; those that say no or 0 are not. */
    List<String> given(Set<String> names) {
        List<String> given = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            if (has(name) && !NOTHING.contains(String.valueOf(members.get(name)))) {
                given.add(place + "." + name);
            }
        }
        return given;
    }

    /** The value of {@code name} as it is, null when it is not given. */
    @Nullable Object raw(String name) {
        return members.get(name);
    }

    /** A text. */
    String text(String name, String fallback) {
        Object value = members.get(name);
        return value == null ? fallback : String.valueOf(value);
    }

    /** true or false. */
    boolean truth(String name, boolean fallback) throws ScrapeException {
        Object value = members.get(name);
        if (value == null) {
            return fallback;
        }
        return switch (String.valueOf(value)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, "true or false");
        };
    }

    /** A whole number of at least 0. */
    long whole(String name, long fallback) throws ScrapeException {
        Object value = members.get(name);
        if (value == null) {
            return fallback;
        }
        try {
            long number = Long.parseLong(String.valueOf(value));
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw wrong(name, "a whole number of at least 0");
    }

    /** A length of time such as 1m30s. */
    Duration duration(String name, Duration fallback) throws ScrapeException {
        Object value = members.get(name);
        if (value == null) {
            return fallback;
        }
        Duration duration = duration(String.valueOf(value));
        if (duration == null) {
            throw wrong(name, "a length of time such as 15s, 1m30s");
        }
        return duration;
    }

    /** The length of time that {@code text} is, null when it is none. */
    static @Nullable Duration duration(String text) {
        try {
            return Duration.ofMillis(Promql.durationMillis(text));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** A number of bytes such as 10MB, which are powers of 1024. */
    long bytes(String name, long fallback) throws ScrapeException {
        Object value = members.get(name);
        if (value == null) {
            return fallback;
        }
        Matcher matcher = SIZE.matcher(String.valueOf(value));
        if (!matcher.matches()) {
            throw wrong(name, "a size such as 10MB");
        }
        int power = matcher.group(2) == null ? 0 : 1 + "KMGTPE".indexOf(matcher.group(2));
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> 10 * power) {
            throw wrong(name, "a size below 8EB");
        }
        return number << 10 * power;
    }

    /** A list of texts; none when it is not given. */
    List<String> texts(String name) throws ScrapeException {
        List<String> texts = new ArrayList<>();
        for (Object each : list(name)) {
            texts.add(String.valueOf(each));
        }
        return texts;
    }

    /** A list; none when it is not given. */
    List<?> list(String name) throws ScrapeException {
        Object value = members.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(name, "a list");
        }
        return list;
    }

    /** Names with texts; none when it is not given. */
    Map<String, String> map(String name) throws ScrapeException {
        Object value = members.get(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(name, "names and values");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        map.forEach((key, each) ->
                texts.put(String.valueOf(key), each == null ? "" : String.valueOf(each)));
        return texts;
    }

    /** What is wrong with {@code name}. */
    ScrapeException wrong(String name, String expected) {
        return new ScrapeException(
                place
                        + "."
                        + name
                        + ": "
                        + shown(name, members.get(name))
                        + " (expected: "
                        + expected
                        + ")");
    }

    private static String shown(String name, @Nullable Object value) {
        return String.valueOf(Secrets.masked(name, value));
    }

    /** Whether it says the same, wherever it stands. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Settings settings && members.equals(settings.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }
}

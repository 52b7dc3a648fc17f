package dev.belfry.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values of a configuration as they may be shown: without what is secret in them. */
public final class Secrets {
    /** What stands for a secret, as Prometheus shows it. */
    public static final String MASK = "<secret>";

    /** Names whose values are secret wherever they stand: in jobs, discoveries and listeners. */
    private static final Set<String> NAMES =
            Set.of(
                    "password",
                    "bearer_token",
                    "credentials",
                    "secrets",
                    "secret",
                    "client_secret",
                    "shared_key",
                    "key",
                    "token",
                    "proxy_connect_header");

    /* scheme://user:PASSWORD@host; Prometheus puts xxxxx for it, since brackets would be escaped in a URL. */
    private static final Pattern URL_PASSWORD =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^/?#\\s:@]*:)[^/?#\\s]*@");

    private Secrets() {}

    /** {@code value}, of maps, lists and texts, with each secret in it masked. */
    public static @Nullable Object masked(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((name, each) -> all.put(name, masked(String.valueOf(name), each)));
                yield all;
            }
            case List<?> list -> list.stream().map(Secrets::masked).toList();
            case String text -> masked(text);
            case null, default -> value;
        };
    }

    /** The value of {@code name}, masked when that names a secret, or where there is one in it. */
    public static @Nullable Object masked(String name, @Nullable Object value) {
        return switch (value) {
            case List<?> list when NAMES.contains(name) -> list.stream().map(_ -> MASK).toList();
            case Map<?, ?> map when NAMES.contains(name) -> {
                Map<Object, Object> all = new LinkedHashMap<>();
                map.keySet().forEach(each -> all.put(each, MASK));
                yield all;
            }
            case Map<?, ?> map -> masked((Object) map);
            case null -> null;
            default -> NAMES.contains(name) ? MASK : masked(value);
        };
    }

    /** {@code text} without the passwords of URLs in it. */
    public static String masked(String text) {
        return URL_PASSWORD.matcher(text).replaceAll("$1xxxxx@");
    }

    /** A value as it stands in a file, masked; what is in brackets is JSON. */
    static String maskedText(String text) {
        String start = text.strip();
        if (!start.startsWith("[{") && !start.startsWith("{")) {
            return masked(text);
        }
        Object value = Documents.json(text);
        return value == null ? MASK : Documents.text(masked(value));
    }
}

package dev.belfry.server.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A door beside HTTP.
 *
 * @param protocol {@code tcp}, {@code udp}, {@code tls}
 * @param address of this machine
 * @param port 0 takes a free one
 * @param source of events that name none; null for the protocol's own rule
 * @param networks who may connect
 * @param key the API key that events are written with; null: the listener's own name
 * @param zone of times without a zone
 * @param lineBytesMax the longest message of syslog
 * @param sharedKey Fluent's shared key; null for no handshake
 * @param users whether Fluent's user and password are asked for, the password being an API key
 * @param flush how long what comes by StatsD is added up before it is kept
 */
public record Listener(
        String protocol,
        String address,
        int port,
        @Nullable String source,
        List<NetworkRange> networks,
        @Nullable String key,
        ZoneId zone,
        int lineBytesMax,
        @Nullable String sharedKey,
        boolean users,
        Duration flush) {
    private static final int LINE_MIN = 1024;
    private static final int LINE_MAX = 1 << 20;
    private static final int LINE = 64 << 10;
    private static final ValueType.Time FLUSH =
            new ValueType.Time(Duration.ofMillis(100), Duration.ofMinutes(5));

    public Listener {
        networks = List.copyOf(networks);
    }

    /** A listener of syslog as the configuration gives it. */
    static Listener syslog(Map<?, ?> members) {
        return of(
                members,
                Set.of("protocol", "address", "port", "source", "networks", "key", "zone", "line"),
                Set.of("tcp", "udp", "tls"),
                514,
                "tcp");
    }

    /** A listener of Fluent forward as the configuration gives it. */
    static Listener fluent(Map<?, ?> members) {
        return of(
                members,
                Set.of(
                        "protocol",
                        "address",
                        "port",
                        "source",
                        "networks",
                        "key",
                        "shared_key",
                        "users"),
                Set.of("tcp", "tls"),
                24_224,
                "tcp");
    }

    /** A listener of StatsD as the configuration gives it. */
    static Listener statsd(Map<?, ?> members) {
        return of(
                members,
                Set.of("protocol", "address", "port", "source", "networks", "key", "flush"),
                Set.of("udp", "tcp", "tls"),
                8125,
                "udp");
    }

    private static Listener of(
            Map<?, ?> members,
            Set<String> names,
            Set<String> protocols,
            int port,
            String protocolOtherwise) {
        for (Object name : members.keySet()) {
            if (!names.contains(name.toString())) {
                throw new IllegalArgumentException(name + ": unknown (expected: " + names + ")");
            }
        }
        String protocol = text(members, "protocol", protocolOtherwise);
        if (!protocols.contains(protocol)) {
            throw new IllegalArgumentException(
                    "protocol: " + protocol + " (expected: " + protocols + ")");
        }
        return new Listener(
                protocol,
                text(members, "address", "127.0.0.1"),
                number(members, "port", port, 0, 65_535),
                members.get("source") == null ? null : text(members, "source", ""),
                networks(members.get("networks")),
                members.get("key") == null ? null : text(members, "key", ""),
                zone(text(members, "zone", "UTC")),
                number(members, "line", LINE, LINE_MIN, LINE_MAX),
                members.get("shared_key") == null ? null : text(members, "shared_key", ""),
                Boolean.parseBoolean(text(members, "users", "false")),
                flush(text(members, "flush", "10s")));
    }

    private static String text(Map<?, ?> members, String name, String otherwise) {
        Object value = members.get(name);
        return value == null ? otherwise : value.toString();
    }

    private static int number(Map<?, ?> members, String name, int otherwise, int min, int max) {
        String text = text(members, name, String.valueOf(otherwise));
        if (text.matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                name + ": " + text + " (expected: " + min + " to " + max + ")");
    }

    private static Duration flush(String text) {
        return FLUSH.read(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "flush: " + text + " (expected: " + FLUSH.allowed() + ")"));
    }

    private static ZoneId zone(String text) {
        try {
            return text.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "zone: " + text + " (expected: one such as Europe/Berlin)", e);
        }
    }

    private static List<NetworkRange> networks(@Nullable Object given) {
        if (given == null) {
            return List.of(NetworkRange.parse("127.0.0.0/8"), NetworkRange.parse("::1/128"));
        }
        if (!(given instanceof List<?> list)) {
            throw new IllegalArgumentException(
                    "networks: " + given + " (expected: a list of ranges)");
        }
        List<NetworkRange> networks = new ArrayList<>();
        for (Object item : list) {
            networks.add(NetworkRange.parse(String.valueOf(item)));
        }
        return networks;
    }

    /** Without its secrets. */
    @Override
    public String toString() {
        return protocol + "://" + address + ":" + port;
    }
}

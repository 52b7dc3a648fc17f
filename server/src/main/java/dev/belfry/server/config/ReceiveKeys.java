package dev.belfry.server.config;

import dev.belfry.receive.PreparationConfig;
import dev.belfry.receive.RedactionRule;
import dev.belfry.receive.SecretKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys of what is done to events on receipt. */
public final class ReceiveKeys {
    private static final List<String> KINDS =
            Arrays.stream(SecretKind.values()).map(SecretKind::text).toList();

    public static final Key<Boolean> REDACTION_ENABLED =
            truth(
                    "redaction.enabled",
                    "Whether secrets in events are replaced before they are kept.");
    public static final Key<List<String>> REDACTION_KINDS =
            key(
                    "redaction.kinds",
                    new ValueType.Words(KINDS),
                    Arrays.stream(SecretKind.values())
                            .filter(SecretKind::onByDefault)
                            .map(SecretKind::text)
                            .collect(Collectors.joining(",")),
                    "Which kinds of secrets are replaced by `[redacted:KIND]`.");
    public static final Key<List<RedactionRule>> REDACTION_RULES =
            key(
                    "redaction.rules",
                    new ValueType.Items<>(
                            "a list of {name, literal, regex}", ReceiveKeys::redactionRule),
                    "[]",
                    "Rules of your own: what `regex` matches in texts that have `literal` is replaced by"
                            + " `[redacted:NAME]`; of its first group where it has one.");
    public static final Key<Boolean> LEVELS =
            truth("enrichment.level", "Whether a missing level is taken from the message.");
    public static final Key<Boolean> TRACES =
            truth(
                    "enrichment.trace",
                    "Whether missing trace and span ids are taken from message, tags and payload.");
    public static final Key<Boolean> LIFT =
            truth("enrichment.lift", "Whether JSON and logfmt in a message become fields.");

    public static final Key<List<Listener>> SYSLOG =
            new Key<>(
                    "syslog.listeners",
                    new ValueType.Items<>(
                            "a list of {protocol, address, port, source, networks, key, zone, line}",
                            Listener::syslog),
                    "[]",
                    "Doors for syslog: `protocol` tcp, udp or tls.",
                    "",
                    List.of(),
                    true);

    public static final Key<List<Listener>> FLUENT =
            new Key<>(
                    "fluent.listeners",
                    new ValueType.Items<>(
                            "a list of {protocol, address, port, source, networks, key, shared_key,"
                                    + " users}",
                            Listener::fluent),
                    "[]",
                    "Doors for Fluent's forward protocol: `protocol` tcp or tls.",
                    "",
                    List.of(),
                    true);

    public static final Key<List<Listener>> STATSD =
            new Key<>(
                    "statsd.listeners",
                    new ValueType.Items<>(
                            "a list of {protocol, address, port, source, networks, key, flush}",
                            Listener::statsd),
                    "[]",
                    "Doors for StatsD: `protocol` udp, tcp or tls.",
                    "",
                    List.of(),
                    true);

    /** All of them, in the order of the documentation. */
    static final List<Key<?>> ALL =
            List.of(
                    REDACTION_ENABLED,
                    REDACTION_KINDS,
                    REDACTION_RULES,
                    LEVELS,
                    TRACES,
                    LIFT,
                    SYSLOG,
                    FLUENT,
                    STATSD);

    private ReceiveKeys() {}

    private static <T> Key<T> key(
            String name, ValueType<T> type, String defaultText, String description) {
        return new Key<>(name, type, defaultText, description, "", List.of(), false);
    }

    private static Key<Boolean> truth(String name, String description) {
        return key(name, new ValueType.Truth(), "true", description);
    }

    private static RedactionRule redactionRule(Map<?, ?> members) {
        if (!members.keySet().equals(Set.of("name", "literal", "regex"))) {
            throw new IllegalArgumentException("expected: name, literal and regex of each rule");
        }
        return new RedactionRule(
                String.valueOf(members.get("name")),
                String.valueOf(members.get("literal")),
                String.valueOf(members.get("regex")));
    }

    /** What {@code config} says of the preparation of events. */
    public static PreparationConfig preparation(Config config) {
        boolean enabled = config.get(REDACTION_ENABLED);
        Set<SecretKind> kinds = EnumSet.noneOf(SecretKind.class);
        for (String word : enabled ? config.get(REDACTION_KINDS) : List.<String>of()) {
            SecretKind.parse(word).ifPresent(kinds::add);
        }
        return new PreparationConfig(
                kinds,
                enabled ? config.get(REDACTION_RULES) : List.of(),
                config.get(LEVELS),
                config.get(TRACES),
                config.get(LIFT));
    }
}

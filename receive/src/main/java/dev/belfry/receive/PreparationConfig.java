package dev.belfry.receive;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is done to events between decoding and the journal.
 *
 * @param redacted the kinds of secrets that are redacted; empty for none
 * @param rules rules of one's own beside them
 * @param levels whether a missing level is taken from the message
 * @param traces whether missing trace and span ids are taken from message, tags and payload
 * @param lift whether JSON and logfmt in a message become fields
 */
public record PreparationConfig(
        Set<SecretKind> redacted,
        List<RedactionRule> rules,
        boolean levels,
        boolean traces,
        boolean lift) {
    /** Rules of one's own at most, so that the literals stay few. */
    public static final int RULES_MAX = 100;

    /** Secrets and card numbers are redacted, levels and traces found, messages lifted. */
    public static final PreparationConfig DEFAULTS =
            new PreparationConfig(defaultKinds(), List.of(), true, true, true);

    public PreparationConfig {
        redacted = Set.copyOf(redacted);
        rules = List.copyOf(rules);
        if (rules.size() > RULES_MAX) {
            throw new IllegalArgumentException(
                    "rules: " + rules.size() + " (expected: at most " + RULES_MAX + ")");
        }
    }

    /** The kinds that are redacted where nothing else is configured. */
    public static Set<SecretKind> defaultKinds() {
        Set<SecretKind> kinds = EnumSet.noneOf(SecretKind.class);
        for (SecretKind kind : SecretKind.values()) {
            if (kind.onByDefault()) {
                kinds.add(kind);
            }
        }
        return kinds;
    }
}

package dev.belfry.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long events are kept: the first rule that an event meets, else the default.
 *
 * @param defaultDays days for events that meet no rule, at least 1
 * @param rules in the order in which they are tried, at most 100, each name once
 */
public record RetentionRules(int defaultDays, List<Rule> rules) {
    /** The name of the class of events that meet no rule. */
    public static final String DEFAULT = "default";

    /** 30 days; staging 14, development 7. */
    public static final RetentionRules STANDARD = standard(30);

    public RetentionRules {
        rules = List.copyOf(rules);
        if (defaultDays < 1) {
            throw new IllegalArgumentException(
                    "retention days: " + defaultDays + " (expected: at least 1)");
        }
        if (rules.size() > 100) {
            throw new IllegalArgumentException(
                    "retention rules: " + rules.size() + " (expected: at most 100)");
        }
        if (rules.stream().map(Rule::name).distinct().count() != rules.size()
                || rules.stream().anyMatch(rule -> rule.name().equals(DEFAULT))) {
            throw new IllegalArgumentException(
                    "retention rules: a name twice (expected: each once, none '" + DEFAULT + "')");
        }
    }

    /** {@code defaultDays}, and the seeds' shorter times for staging and development. */
    public static RetentionRules standard(int defaultDays) {
        return new RetentionRules(
                defaultDays,
                List.of(
                        environment("staging", "environment", "staging", 14),
                        environment("staging-otel", "deployment.environment.name", "staging", 14),
                        environment("development", "environment", "development", 7),
                        environment(
                                "development-otel",
                                "deployment.environment.name",
                                "development",
                                7)));
    }

    private static Rule environment(String name, String tag, String value, int days) {
        return new Rule(name, days, null, null, Map.of(tag, value));
    }

    /**
     * One rule: an event meets it when it meets each condition that is given.
     *
     * @param name what the storage page shows, and what segments remember
     * @param days at least 1
     * @param source the event's source, exactly; null for any
     * @param level the event's level without case; null for any
     * @param tags tags that must have these string values, exactly
     */
    public record Rule(
            String name,
            int days,
            @Nullable String source,
            @Nullable String level,
            Map<String, String> tags) {
        public Rule {
            tags = Map.copyOf(tags);
            if (days < 1) {
                throw new IllegalArgumentException(
                        "retention days of " + name + ": " + days + " (expected: at least 1)");
            }
        }
    }

    /** How long events of the class {@code name} are kept; the default for one that is no more. */
    public Duration age(String name) {
        for (Rule rule : rules) {
            if (rule.name().equals(name)) {
                return Duration.ofDays(rule.days());
            }
        }
        return Duration.ofDays(defaultDays);
    }
}

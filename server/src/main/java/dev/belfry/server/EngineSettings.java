package dev.belfry.server;

import dev.belfry.journal.JournalConfig;
import dev.belfry.journal.SyncPolicy;
import dev.belfry.model.disk.Disk;
import dev.belfry.query.EngineConfig;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.Keys;
import dev.belfry.server.config.RetentionRule;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.store.RetentionRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** What the engine is opened with, from the configuration. */
final class EngineSettings {
    /** Until a start has given its first answers. */
    private static final Duration RECOVERY_DELAY = Duration.ofSeconds(2);

    private EngineSettings() {}

    static EngineConfig of(Config config, Path data, Disk disk, InstantSource clock) {
        SyncPolicy policy =
                config.get(Keys.JOURNAL_SYNC).equals("always")
                        ? SyncPolicy.ALWAYS
                        : SyncPolicy.INTERVAL;
        JournalConfig journal =
                JournalConfig.defaults().withSync(policy, config.get(Keys.JOURNAL_INTERVAL));
        EventStoreConfig events =
                EventStoreConfig.STANDARD
                        .withRetention(retention(config))
                        .withRecoveryDelay(RECOVERY_DELAY)
                        .withSql(
                                new EventStoreConfig.SqlShare(
                                        config.get(Keys.SQL_MEMORY), config.get(Keys.SQL_TEMP)));
        MetricStoreConfig metrics =
                MetricStoreConfig.STANDARD
                        .withRetention(Duration.ofDays(config.get(Keys.METRIC_RETENTION_DAYS)))
                        .withTiers(config.get(Keys.METRIC_TIERS));
        return new EngineConfig(data, disk, clock, journal, events, metrics);
    }

    static RetentionRules retention(Config config) {
        List<RetentionRules.Rule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>(Set.of(RetentionRules.DEFAULT));
        for (RetentionRule rule : config.get(Keys.EVENT_RETENTION_RULES)) {
            String name = name(rule);
            String free = name;
            for (int number = 2; !names.add(free); number++) {
                free = name + "-" + number;
            }
            rules.add(
                    new RetentionRules.Rule(
                            free, rule.days(), rule.source(), rule.level(), rule.tags()));
        }
        return new RetentionRules(config.get(Keys.EVENT_RETENTION_DAYS).intValue(), rules);
    }

    /** From its conditions, so that segments remember the same rule when others come and go. */
    private static String name(RetentionRule rule) {
        StringBuilder name = new StringBuilder();
        if (rule.source() != null) {
            name.append(rule.source()).append('-');
        }
        if (rule.level() != null) {
            name.append(rule.level()).append('-');
        }
        new TreeMap<>(rule.tags()).forEach((key, value) -> name.append(key + "-" + value + "-"));
        String plain = name.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        plain = plain.replaceAll("^-|-$", "");
        return plain.isEmpty() ? "all" : plain.substring(0, Math.min(60, plain.length()));
    }
}

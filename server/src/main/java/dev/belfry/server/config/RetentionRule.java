package dev.belfry.server.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long the events are kept that a rule is about; the first rule that an event fits is its own.
 *
 * @param source only events of this source; null: of any
 * @param level only events of this level, whatever its case; null: of any
 * @param tags only events that have all of these tags
 * @param days days that they are kept, at least 1
 */
public record RetentionRule(
        @Nullable String source, @Nullable String level, Map<String, String> tags, int days) {
    public RetentionRule {
        tags = Map.copyOf(tags);
    }
}

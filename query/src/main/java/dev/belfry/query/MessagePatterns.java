package dev.belfry.query;

import dev.belfry.store.ResultTable;
import java.util.List;

/**
 * The templates of a filter's messages.
 *
 * @param templates the most frequent first
 * @param distinct how many templates there are in all
 * @param messages how many messages there are
 * @param sampled whether only some messages were read, from all over the range; counts are scaled
 * @param startNanos where the first bucket begins, epoch nanoseconds
 * @param intervalNanos the width of a bucket
 * @param statistics what it cost
 */
public record MessagePatterns(
        List<MessageTemplate> templates,
        int distinct,
        long messages,
        boolean sampled,
        long startNanos,
        long intervalNanos,
        ResultTable.Statistics statistics) {
    public MessagePatterns {
        templates = List.copyOf(templates);
    }
}

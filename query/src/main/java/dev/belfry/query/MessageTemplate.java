package dev.belfry.query;

/**
 * What is the same in many messages.
 *
 * @param pattern the template, with {@code <*>} for what varies
 * @param like a pattern of Insights' {@code like} that all its messages match, and hardly any other
 * @param count messages
 * @param example one of them, cut at 1,000 characters
 * @param firstNanos time of the earliest, epoch nanoseconds
 * @param lastNanos time of the latest
 * @param buckets messages by bucket
 */
public record MessageTemplate(
        String pattern,
        String like,
        long count,
        String example,
        long firstNanos,
        long lastNanos,
        long[] buckets) {}

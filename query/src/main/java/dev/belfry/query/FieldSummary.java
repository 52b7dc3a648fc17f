package dev.belfry.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field's most frequent values.
 *
 * @param name {@code source}, {@code level}, {@code event_type}, {@code tags.KEY} or {@code
 *     payload.KEY}
 * @param count events that have it
 * @param distinct distinct values
 * @param approximate whether only some of the events were counted, and scaled to all: so it is with
 *     fields of very many values
 * @param values the most frequent first
 */
public record FieldSummary(
        String name, long count, long distinct, boolean approximate, List<ValueCount> values) {
    /**
     * How often a value occurs.
     *
     * @param value a String, Double, Boolean or JSON text
     * @param count events
     */
    public record ValueCount(Object value, long count) {}

    /**
     * Which fields.
     *
     * @param field this one only, by its name here or, for a tag or payload member, by its key;
     *     null for all
     * @param prefix what the field's values begin with, or without a field the fields' names, upper
     *     and lower case being the same; null for anything
     */
    public record Choice(@Nullable String field, @Nullable String prefix) {
        /** All fields and values. */
        public static final Choice ALL = new Choice(null, null);
    }

    /**
     * The fields of a filter's events.
     *
     * @param fields the columns first, then by count
     * @param sampled whether only the newest events of the range were looked at
     * @param statistics what it cost
     */
    public record Summaries(
            List<FieldSummary> fields,
            boolean sampled,
            dev.belfry.store.ResultTable.Statistics statistics) {}
}

package dev.belfry.query;

import dev.belfry.store.Expr;
import dev.belfry.store.ResultTable;
import dev.belfry.store.TimeRange;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How some events differ from others.
 *
 * @param selection how many there are
 * @param baseline how many others
 * @param fields the most different first
 * @param sampled whether only some events were looked at, from all over the range
 * @param statistics what it cost
 */
public record Comparison(
        long selection,
        long baseline,
        List<Field> fields,
        boolean sampled,
        ResultTable.Statistics statistics) {
    public Comparison {
        fields = List.copyOf(fields);
    }

    /**
     * What is compared with what.
     *
     * @param filter which events at all
     * @param selectedTime the selection: events of this time; null: those of {@code selectedBy}
     * @param selectedBy the selection: events that this is true for, when {@code selectedTime} is
     *     null
     * @param before whether the baseline are events of the time before, as long; else all others
     * @param limit fields of the answer at most
     */
    public record Question(
            EventFilter filter,
            @Nullable TimeRange selectedTime,
            @Nullable Expr selectedBy,
            boolean before,
            int limit) {}

    /** What a field is. */
    public enum Kind {
        /** A column that every event has. */
        COLUMN,
        /** A tag. */
        TAG,
        /** A payload member. */
        PAYLOAD,
        /** The template of the message. */
        TEMPLATE;

        /** In lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One field.
     *
     * @param name of a column, a tag or a payload member, without prefix
     * @param score 0 (no difference that is sure) to 1 (all of one value here, all of another
     *     there)
     * @param values those that differ most first
     */
    public record Field(String name, Kind kind, double score, List<Value> values) {
        public Field {
            values = List.copyOf(values);
        }
    }

    /**
     * A value of a field.
     *
     * @param value as in {@link ResultTable}; null: events without the field
     * @param from the least number, where numbers are shown by ranges; else null
     * @param to the end of the range (exclusive); null for the last
     * @param like of a template: a pattern of {@code like} that its messages match; else null
     * @param selection events of the selection that have it; an estimate when sampled
     * @param baseline the same of the baseline
     * @param selectionShare 0 to 1
     * @param baselineShare 0 to 1
     */
    public record Value(
            @Nullable Object value,
            @Nullable Double from,
            @Nullable Double to,
            @Nullable String like,
            long selection,
            long baseline,
            double selectionShare,
            double baselineShare) {}
}

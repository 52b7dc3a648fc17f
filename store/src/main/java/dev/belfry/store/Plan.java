package dev.belfry.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query asks of the store; the only front door for reading. A {@link Scan} stands at the
 * bottom; above it, in this order and each at most once unless said otherwise: {@link Extract},
 * {@link Aggregate}, {@link Sort}, {@link Limit}; or {@link TopValues} alone.
 */
public sealed interface Plan {
    /**
     * The rows of a table.
     *
     * @param table which
     * @param range event times
     * @param filter which rows
     * @param owner whose rows
     * @param resume where an earlier page ended; null for the first
     */
    record Scan(Table table, TimeRange range, Expr filter, Owner owner, @Nullable Resume resume)
            implements Plan {}

    /**
     * Where an earlier page ended: rows that follow it in the order asked for, among those that
     * were there when the first page was read.
     *
     * @param endOffset the view's end: rows with an offset from here on are not seen
     * @param timestampNanos the last row's time
     * @param offset the last row's journal offset
     */
    record Resume(long endOffset, long timestampNanos, long offset) {}

    /** A value with the name that it has in the result. */
    record Named(String name, Expr expr) {}

    /** The columns of the result. Without it a plan that does not aggregate gives whole events. */
    record Extract(Plan input, List<Named> columns) implements Plan {
        public Extract {
            columns = List.copyOf(columns);
        }
    }

    /** What {@link Measure} computes over the rows of a group; absent values do not count. */
    enum Function {
        /** Rows, or values where there is an operand. */
        COUNT,
        COUNT_DISTINCT,
        SUM,
        AVERAGE,
        MIN,
        MAX,
        /** Of the sample (n - 1). */
        STANDARD_DEVIATION,
        /** The value at {@code argument} (0–1), linearly interpolated. */
        QUANTILE,
        /** Of the earliest row that has one. */
        FIRST,
        /** Of the latest row that has one. */
        LAST
    }

    /**
     * One aggregate.
     *
     * @param name its name in the result
     * @param function what is computed
     * @param operand over which value; null only for COUNT
     * @param argument the quantile, else 0
     */
    record Measure(String name, Function function, @Nullable Expr operand, double argument) {}

    /**
     * One row a group of equal {@code keys} (absent is a group too); one row in all without keys.
     */
    record Aggregate(Plan input, List<Named> keys, List<Measure> measures) implements Plan {
        public Aggregate {
            keys = List.copyOf(keys);
            measures = List.copyOf(measures);
        }
    }

    /**
     * The most frequent values of several fields, found in one walk; stands alone above a {@link
     * Scan}. The result has a row for each of them, with the columns {@code field}, {@code value},
     * {@code count}, {@code events} (that have the field), {@code distinct} (values of the field)
     * and {@code approximate}: a field with very many values is counted over the newest rows only,
     * and scaled.
     *
     * @param fields what is counted, a column or field each; {@code name} is what the result calls
     *     it
     * @param count values a field at most
     */
    record TopValues(Scan input, List<Named> fields, int count) implements Plan {
        public TopValues {
            fields = List.copyOf(fields);
        }
    }

    /** One sort key: a column of the result by name, or {@code timestamp} for rows. */
    record SortKey(String name, boolean descending) {}

    /**
     * Rows in order; ties in the order of (timestamp, offset), descending when the first key is.
     * Absent sorts last.
     */
    record Sort(Plan input, List<SortKey> keys) implements Plan {
        public Sort {
            keys = List.copyOf(keys);
        }
    }

    /** At most {@code count} rows after the first {@code offset}. */
    record Limit(Plan input, int offset, int count) implements Plan {}
}

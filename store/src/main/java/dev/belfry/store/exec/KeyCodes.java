package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import org.jspecify.annotations.Nullable;

/**
 * The values of a group key for chosen rows, by code. Two codes may stand for equal values.
 *
 * @param codes a code for each position, {@code [>= positions]}, -1 where absent; null: all are 0
 * @param size the codes are below
 * @param values what a code stands for
 * @param texts the same as UTF-8, when all values are texts; else null
 */
record KeyCodes(int @Nullable [] codes, int size, Values values, @Nullable BytesColumn texts) {
    /** Looks codes up. */
    interface Values {
        /** The value of a code (0 to size - 1). */
        @Nullable Object of(int code);
    }

    KeyCodes(int @Nullable [] codes, int size, Values values) {
        this(codes, size, values, null);
    }

    /** What is made of a value; of equal ones the same. */
    interface Mapping {
        /** The value instead of {@code value}. */
        @Nullable Object of(@Nullable Object value);
    }

    /** These codes for other values. */
    KeyCodes map(Mapping mapping) {
        return new KeyCodes(codes, size, code -> mapping.of(values.of(code)));
    }

    /** These codes with values as groups are told apart by: texts stay as they are. */
    KeyCodes asGroupKeys() {
        return texts != null ? this : map(Scalars::groupKey);
    }

    /** These codes for {@code count} positions, without codes that stand for no value. */
    KeyCodes withoutNulls(int count) {
        boolean[] known = new boolean[size];
        boolean[] isNull = new boolean[size];
        int[] kept = new int[count];
        for (int i = 0; i < count; i++) {
            int code = code(i);
            if (code >= 0 && !known[code]) {
                known[code] = true;
                isNull[code] = values.of(code) == null;
            }
            kept[i] = code < 0 || isNull[code] ? -1 : code;
        }
        return new KeyCodes(kept, size, values, texts);
    }

    /** The same value for all rows. */
    static KeyCodes constant(@Nullable Object value) {
        return new KeyCodes(null, 1, _ -> value);
    }

    /** The code of a position. */
    int code(int position) {
        return codes == null ? 0 : codes[position];
    }

    /** The value of a position. */
    @Nullable Object value(int position) {
        int code = code(position);
        return code < 0 ? null : values.of(code);
    }
}

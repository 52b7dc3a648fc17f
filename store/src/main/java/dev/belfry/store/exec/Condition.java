package dev.belfry.store.exec;

import dev.belfry.store.filter.Phrase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A question about one value that is there; safe for many threads. */
interface Condition {
    /** Whether numbers and booleans are asked about by their text, through {@link #text}. */
    boolean byText();

    /** Asks about a text, or about JSON text of an array or object: {@code data[start .. end)}. */
    boolean text(byte[] data, int start, int end);

    /** Asks about a number or time; not called when {@link #byText()}. */
    boolean number(double value);

    /** Asks about a boolean; not called when {@link #byText()}. */
    default boolean bool(boolean value) {
        byte[] text = (value ? "true" : "false").getBytes(StandardCharsets.US_ASCII);
        return text(text, 0, text.length);
    }

    /** Whether every value passes. */
    default boolean isAny() {
        return false;
    }

    /** The longs of a column that pass; null when longs must be asked one by one. */
    default @Nullable LongRange range(double divisor) {
        return null;
    }

    /** The only texts that can pass, when they are few; else null. */
    default @Nullable List<String> candidates() {
        return null;
    }

    /** The words that must stand in a text that passes; null when that is not known. */
    default @Nullable Phrase words() {
        return null;
    }

    /** Asks about any value; false when it is absent. */
    default boolean object(@Nullable Object value) {
        if (Scalars.isAbsent(value)) {
            return false;
        }
        if (!byText()) {
            if (value instanceof Boolean bool) {
                return bool(bool);
            }
            if (Scalars.isNumber(value)) {
                double number = Scalars.number(value);
                return !Double.isNaN(number) && number(number);
            }
        }
        byte[] bytes = Scalars.bytes(value);
        return bytes != null && text(bytes, 0, bytes.length);
    }

    /**
     * Whole numbers between two bounds, or outside of them.
     *
     * @param low the lowest inside
     * @param high the highest inside; below {@code low}: nothing is
     * @param outside whether those outside are meant
     */
    record LongRange(long low, long high, boolean outside) {}
}

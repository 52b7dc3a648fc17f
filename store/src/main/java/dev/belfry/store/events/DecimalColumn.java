package dev.belfry.store.events;

import dev.belfry.store.column.Decimals;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A chunk's column of numbers whose text is the shortest of a decimal, kept as unscaled longs with
 * their scales. One writer.
 */
final class DecimalColumn {
    private static final int SCALE_MAX = 9;

    private final LongColumn unscaled = new LongColumn();
    private byte[] scales = new byte[8];
    private int maxScale;
    private int maxWholeDigits;

    int count() {
        return unscaled.count();
    }

    /**
     * Adds the number whose text is given, or answers false when it would not be given back the
     * same.
     */
    boolean add(int row, byte[] text, int from, int length) {
        int at = from;
        int end = from + length;
        boolean negative = length > 1 && text[at] == '-';
        if (negative) {
            at++;
        }
        int whole = 0;
        long value = 0;
        int start = at;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            value = value * 10 + (text[at++] - '0');
            if (++whole > Decimals.DIGITS_MAX) {
                return false;
            }
        }
        if (whole == 0 || whole > 1 && text[start] == '0') {
            return false;
        }
        int scale = 0;
        if (at < end) {
            if (text[at++] != '.') {
                return false;
            }
            while (at < end && text[at] >= '0' && text[at] <= '9') {
                value = value * 10 + (text[at++] - '0');
                if (++scale > SCALE_MAX || whole + scale > Decimals.DIGITS_MAX) {
                    return false;
                }
            }
            if (at < end || scale == 0 || text[end - 1] == '0') {
                return false;
            }
        }
        if (negative && value == 0) {
            return false;
        }
        return add(row, negative ? -value : value, scale, whole);
    }

    private boolean add(int row, long value, int scale, int wholeDigits) {
        int scaleAfter = Math.max(scale, maxScale);
        int wholeAfter = Math.max(wholeDigits, maxWholeDigits);
        if (scaleAfter + wholeAfter > Decimals.DIGITS_MAX) {
            return false;
        }
        maxScale = scaleAfter;
        maxWholeDigits = wholeAfter;
        int index = unscaled.count();
        unscaled.add(row, value);
        if (index == scales.length) {
            scales = Arrays.copyOf(scales, index * 2);
        }
        scales[index] = (byte) scale;
        return true;
    }

    /**
     * Adds {@code value / 10^scale}, as another row group has it; false when it does not fit in
     * here.
     */
    boolean addUnscaled(int row, long value, int scale) {
        long shortest = value;
        int digits = scale;
        while (digits > 0 && shortest % 10 == 0) {
            shortest /= 10;
            digits--;
        }
        int whole = 1;
        long part = Math.abs(shortest / Decimals.power(digits));
        while (part >= 10) {
            part /= 10;
            whole++;
        }
        return add(row, shortest, digits, whole);
    }

    Frozen freeze() {
        return new Frozen(unscaled.freeze(), scales, maxScale);
    }

    /** The column as it was; {@code scale} is the one of all values of {@link #vector}. */
    record Frozen(LongColumn.Frozen unscaled, byte[] scales, int scale) implements FrozenColumn {
        @Override
        public int count() {
            return unscaled.count();
        }

        @Override
        public Vector.Longs vector(int rowCount, int @Nullable [] positions) {
            return scaled().vector(rowCount, positions);
        }

        @Override
        public Vector.Longs pick(int[] wanted) {
            return scaled().pick(wanted);
        }

        private LongColumn.Frozen scaled() {
            long[] scaled = new long[unscaled.count()];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = unscaled.values()[i] * Decimals.power(scale - scales[i]);
            }
            return new LongColumn.Frozen(unscaled.rows(), scaled);
        }
    }
}

package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A column of doubles in few bytes, each bit of which comes back; reused; for one thread. */
final class DoubleColumn {
    /*
     *   head u8: exponent e (0–18), or 31 for bits │ +32 when exceptions follow
     *            │ +64 when the longs are what they have more than those of the column beside
     *   exceptions: how many, varint │ a column of their places │ a column of their bits
     *   a column of longs
     *
     * Most values are decimal numbers of few digits: value = long / 10^e, the correctly rounded
     * quotient of two exact doubles, which is what any parser of the text made of it. What is not
     * (NaN with its payload, −0, infinities, a value with more digits than its neighbours) is an
     * exception, and has the number before it in the column of longs. Where decimals do not fit,
     * the longs are the bits, those of negative values turned round, so that they ascend like the
     * values; trailing zeros of all of them are found by the column of longs.
     *
     * The buckets of a classic histogram hardly differ from their neighbours: the higher ones grow
     * together, and the last one is the count.
     */
    private static final int BITS = 31;
    private static final int EXCEPTIONS = 32;
    private static final int BESIDE = 64;
    private static final int EXPONENT_MAX = 18;
    private static final int SAMPLED = 64;
    private static final double WHOLE_MAX = 0x1p63;
    private static final double EXACT_MAX = 0x1p53;

    private static final double[] POWERS = new double[EXPONENT_MAX + 1];

    static {
        long power = 1;
        for (int i = 0; i <= EXPONENT_MAX; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private final LongColumn column = new LongColumn();
    private final WireWriter decimalForm = new WireWriter(1 << 10);
    private final WireWriter plainForm = new WireWriter(1 << 10);
    private final WireWriter besideForm = new WireWriter(1 << 10);
    private final WireWriter bitsForm = new WireWriter(1 << 10);
    private long[] longs = new long[0];
    private long[] differences = new long[0];
    private long[] places = new long[0];
    private long[] exceptions = new long[0];

    /* Of the column that was written or read last. */
    private int lastCount;
    private int lastExponent;

    /** Writes {@code values[from .. from + count)}. */
    void write(double[] values, int from, int count, WireWriter out) {
        write(values, from, count, null, out);
    }

    /**
     * Writes {@code values[from .. from + count)}, as differences to what {@code beside} wrote last
     * when that is smaller.
     */
    void write(
            double[] values, int from, int count, @Nullable DoubleColumn beside, WireWriter out) {
        room(count);
        lastCount = count;
        lastExponent = exponent(values, from, count);
        if (lastExponent == BITS) {
            writeBits(values, from, count, out);
            return;
        }
        int odd = scale(values, from, count, lastExponent);
        if (odd == 0 && beside == null) {
            out.u8(lastExponent);
            column.writeForRows(longs, count, out);
            return;
        }
        decimalForm.clear();
        writeDecimals(count, odd, beside, decimalForm);
        if (odd == 0) {
            out.bytes(decimalForm.array(), 0, decimalForm.size());
            return;
        }
        bitsForm.clear();
        writeBits(values, from, count, bitsForm);
        if (bitsForm.size() < decimalForm.size()) {
            lastExponent = BITS;
            out.bytes(bitsForm.array(), 0, bitsForm.size());
        } else {
            /* The column beside is compared with these longs, not with the bits. */
            scale(values, from, count, lastExponent);
            out.bytes(decimalForm.array(), 0, decimalForm.size());
        }
    }

    private void writeDecimals(int count, int odd, @Nullable DoubleColumn beside, WireWriter out) {
        WireWriter best = plainForm;
        plainForm.clear();
        column.writeForRows(longs, count, plainForm);
        if (beside != null && beside.lastExponent == lastExponent && beside.lastCount == count) {
            for (int i = 0; i < count; i++) {
                differences[i] = longs[i] - beside.longs[i];
            }
            besideForm.clear();
            column.writeForRows(differences, count, besideForm);
            best = besideForm.size() < plainForm.size() ? besideForm : plainForm;
        }
        out.u8(lastExponent | (odd > 0 ? EXCEPTIONS : 0) | (best == besideForm ? BESIDE : 0));
        if (odd > 0) {
            out.varint(odd);
            column.write(places, odd, out);
            column.write(exceptions, odd, out);
        }
        out.bytes(best.array(), 0, best.size());
    }

    private void writeBits(double[] values, int from, int count, WireWriter out) {
        for (int i = 0; i < count; i++) {
            longs[i] = ordered(Double.doubleToRawLongBits(values[from + i]));
        }
        out.u8(BITS);
        column.writeForRows(longs, count, out);
    }

    /* The exponent that nearly all of a sample need, or BITS. */
    private static int exponent(double[] values, int from, int count) {
        int[] needed = new int[BITS + 1];
        int size = Math.min(SAMPLED, count);
        for (int i = 0; i < size; i++) {
            needed[needed(values[from + (int) ((long) count * i / size)])]++;
        }
        int numbers = size - needed[BITS];
        if (numbers * 2 < size) {
            return BITS;
        }
        int covered = 0;
        for (int exponent = 0; exponent <= EXPONENT_MAX; exponent++) {
            covered += needed[exponent];
            if (covered * 32 >= numbers * 31) {
                return exponent;
            }
        }
        return BITS;
    }

    private static int needed(double value) {
        for (int exponent = 0; exponent <= EXPONENT_MAX; exponent++) {
            if (fits(value, scaled(value, exponent), exponent)) {
                return exponent;
            }
        }
        return BITS;
    }

    private static long scaled(double value, int exponent) {
        return (long) Math.rint(value * POWERS[exponent]);
    }

    private static boolean fits(double value, long scaled, int exponent) {
        double back = scaled / POWERS[exponent];
        double max = exponent == 0 ? WHOLE_MAX : EXACT_MAX;
        return Double.doubleToRawLongBits(back) == Double.doubleToRawLongBits(value)
                && Math.abs((double) scaled) < max;
    }

    /* How many exceptions there are. */
    private int scale(double[] values, int from, int count, int exponent) {
        int odd = 0;
        long before = 0;
        for (int i = 0; i < count; i++) {
            double value = values[from + i];
            long scaled = scaled(value, exponent);
            if (!fits(value, scaled, exponent)) {
                places[odd] = i;
                exceptions[odd++] = ordered(Double.doubleToRawLongBits(value));
                scaled = before;
            }
            longs[i] = scaled;
            before = scaled;
        }
        /* The first ones have no number before them: the next one keeps differences small. */
        if (odd > 0 && odd < count && places[0] == 0) {
            int first = 0;
            while (first < odd && places[first] == first) {
                first++;
            }
            Arrays.fill(longs, 0, first, longs[first]);
        }
        return odd;
    }

    private static long ordered(long bits) {
        return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    private void room(int count) {
        if (longs.length < count) {
            int size = Math.max(count, 2 * longs.length);
            longs = new long[size];
            differences = new long[size];
            places = new long[size];
            exceptions = new long[size];
        }
    }

    /** Whether the column with this head needs the one before it. */
    static boolean isBeside(byte head) {
        return (head & BESIDE) != 0;
    }

    /** Reads into {@code values[at .. at + count)}; the reader's array has slack behind its end. */
    void read(WireReader in, double[] values, int at, int count) {
        read(in, values, at, count, RowRanges.all(count), null);
    }

    /**
     * Reads at least {@code rows} of a column that may be beside what {@code beside} read last, of
     * the same rows.
     */
    void read(
            WireReader in,
            double[] values,
            int at,
            int count,
            RowRanges rows,
            @Nullable DoubleColumn beside) {
        room(count);
        int head = in.u8();
        int exponent = head & BITS;
        if (head > (BESIDE | EXCEPTIONS | BITS) || exponent > EXPONENT_MAX && head != BITS) {
            throw in.wrong("doubles of head " + head, "0–18 and flags, or 31");
        }
        int odd = 0;
        if ((head & EXCEPTIONS) != 0) {
            odd = in.count("exceptions", count);
            column.read(in, places, odd);
            column.read(in, exceptions, odd);
        }
        column.read(in, longs, count, rows);
        if ((head & BESIDE) != 0) {
            add(in, count, exponent, rows, beside);
        }
        lastCount = count;
        lastExponent = exponent;
        for (int i = 0; i < rows.size(); i++) {
            toDoubles(exponent, values, at, rows.from(i), rows.to(i));
        }
        for (int i = 0; i < odd; i++) {
            if (places[i] < 0 || places[i] >= count) {
                throw in.wrong("an exception at " + places[i], "below " + count);
            }
            values[at + (int) places[i]] = Double.longBitsToDouble(ordered(exceptions[i]));
        }
    }

    private void add(
            WireReader in, int count, int exponent, RowRanges rows, @Nullable DoubleColumn beside) {
        if (beside == null || beside.lastExponent != exponent || beside.lastCount != count) {
            throw in.wrong("a column beside another one", "one of the same kind before it");
        }
        for (int range = 0; range < rows.size(); range++) {
            for (int i = rows.from(range); i < rows.to(range); i++) {
                longs[i] += beside.longs[i];
            }
        }
    }

    private void toDoubles(int exponent, double[] values, int at, int from, int to) {
        if (exponent == BITS) {
            for (int i = from; i < to; i++) {
                values[at + i] = Double.longBitsToDouble(ordered(longs[i]));
            }
        } else if (exponent == 0) {
            for (int i = from; i < to; i++) {
                values[at + i] = longs[i];
            }
        } else {
            double power = POWERS[exponent];
            for (int i = from; i < to; i++) {
                values[at + i] = longs[i] / power;
            }
        }
    }
}

package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Decimals;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.Phrase;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a test of every value of one column; used once, one thread.
 *
 * <p>Collects positions that match and, when wanted, those without a value.
 */
final class ColumnFilter {
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable Condition test;
    private final int count;
    private final int[] matching;
    private int matchCount;
    private final int @Nullable [] absent;
    private int absentCount;

    /**
     * @param test what is asked; null: whether there is a value
     * @param wantAbsent whether positions without a value are collected
     * @param count the positions
     */
    ColumnFilter(@Nullable Condition test, boolean wantAbsent, int count) {
        this.test = test;
        this.count = count;
        this.matching = new int[count];
        this.absent = wantAbsent ? new int[count] : null;
    }

    /** Those of {@code rows} that matched; to be called last. */
    Rows matching(Rows rows) {
        return rows.pick(matching, matchCount);
    }

    /** Those of {@code rows} without a value. */
    Rows absent(Rows rows) {
        return absent == null ? Rows.NONE : rows.pick(absent, absentCount);
    }

    private void add(int position, boolean matches) {
        matching[matchCount] = position;
        matchCount += matches ? 1 : 0;
    }

    private void addAbsent(int position) {
        if (absent != null) {
            absent[absentCount++] = position;
        }
    }

    /** Asks about values. */
    void run(@Nullable Object[] values) {
        for (int i = 0; i < count; i++) {
            if (values[i] == null) {
                addAbsent(i);
            } else {
                add(i, test == null || test.object(values[i]));
            }
        }
    }

    /** Asks about a physical column. */
    void run(ColumnSpec spec, Lane lane) {
        if (test == null || test.isAny() && spec.form() != Form.JSON) {
            for (int i = 0; i < count; i++) {
                if (lane.isNull(i)) {
                    addAbsent(i);
                } else {
                    add(i, true);
                }
            }
            return;
        }
        switch (lane.vector()) {
            case Vector.Longs longs -> longs(spec, longs, lane, test);
            case Vector.Codes codes -> codes(spec.form(), codes, lane, test);
            case Vector.Text text -> text(spec.form(), text.values(), lane, test);
            case Vector.Binary binary -> binary(spec.form(), binary, lane, test);
        }
    }

    private void codes(Form form, Vector.Codes codes, Lane lane, Condition test) {
        BytesColumn dictionary = codes.dictionary();
        boolean[] passes = new boolean[dictionary.count()];
        boolean any = false;
        for (int code = 0; code < passes.length; code++) {
            passes[code] = passes(form, dictionary, code, test);
            any |= passes[code];
        }
        int[] values = codes.codes();
        if (absent == null) {
            if (any) {
                codes(values, lane, passes);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int code = values[lane.at(i)];
            if (code < 0) {
                addAbsent(i);
            } else {
                add(i, passes[code]);
            }
        }
    }

    /* Most conditions of most queries: nothing but arrays and locals, and no branch for a row. */
    private void codes(int[] values, Lane lane, boolean[] passes) {
        byte[] counts = new byte[passes.length + 1];
        for (int code = 0; code < passes.length; code++) {
            counts[code + 1] = (byte) (passes[code] ? 1 : 0);
        }
        int[] found = matching;
        int[] index = lane.index();
        int n = 0;
        if (index == null) {
            int base = lane.base();
            for (int i = 0; i < count; i++) {
                found[n] = i;
                n += counts[values[base + i] + 1];
            }
        } else {
            for (int i = 0; i < count; i++) {
                found[n] = i;
                n += counts[values[index[i]] + 1];
            }
        }
        matchCount = n;
    }

    private void text(Form form, BytesColumn values, Lane lane, Condition test) {
        Phrase phrase = form == Form.JSON ? null : test.words();
        boolean isWhole = lane.index() == null && lane.base() == 0 && count == values.count();
        if (phrase != null && isWhole && absent == null) {
            long[] bits = new long[(count + 63) >>> 6];
            phrase.select(values, bits);
            for (int word = 0; word < bits.length; word++) {
                for (long left = bits[word]; left != 0; left &= left - 1) {
                    add((word << 6) + Long.numberOfTrailingZeros(left), true);
                }
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = lane.at(i);
            if (values.isNull(at)) {
                addAbsent(i);
            } else {
                add(i, passes(form, values, at, test));
            }
        }
    }

    private static boolean passes(Form form, BytesColumn values, int index, Condition test) {
        byte[] data = values.data();
        int start = values.start(index);
        int end = values.end(index);
        if (form == Form.JSON && data[start] == 'n') {
            return false; // An explicit null.
        }
        if (form == Form.NUMBER && !test.byText()) {
            double number = NumberText.parse(data, start, end);
            return !Double.isNaN(number) && test.number(number);
        }
        return test.text(data, start, end);
    }

    private void longs(ColumnSpec spec, Vector.Longs longs, Lane lane, Condition test) {
        Condition.LongRange range = range(spec, test);
        if (range != null) {
            ranged(longs, lane, range);
            return;
        }
        List<String> candidates = test.byText() ? test.candidates() : null;
        long[] wanted = candidates == null ? null : wantedLongs(spec, candidates);
        for (int i = 0; i < count; i++) {
            int at = lane.at(i);
            if (longs.isNull(at)) {
                addAbsent(i);
            } else if (wanted != null) {
                add(i, Arrays.binarySearch(wanted, longs.values()[at]) >= 0);
            } else {
                add(i, test.object(ValueReader.ofLong(spec, longs.values()[at])));
            }
        }
    }

    /** The longs of a column that pass; null when they must be asked one by one. */
    static Condition.@Nullable LongRange range(ColumnSpec spec, Condition test) {
        List<String> candidates = test.byText() ? test.candidates() : null;
        if (candidates != null && spec.form().isLong() && spec.form() != Form.BOOLEAN) {
            long[] wanted = wantedLongs(spec, candidates);
            return wanted.length > 1
                    ? null
                    : wanted.length == 0
                            ? new Condition.LongRange(1, 0, false)
                            : new Condition.LongRange(wanted[0], wanted[0], false);
        }
        return switch (spec.form()) {
            case DECIMAL -> test.range(Decimals.power(spec.scale()));
            case INTEGER, TIMESTAMP_NANOS -> test.range(1);
            case BOOLEAN -> ofBooleans(test);
            default -> null;
        };
    }

    /* The values of a column whose text is one of the candidates, ascending. */
    private static long[] wantedLongs(ColumnSpec spec, List<String> candidates) {
        double factor =
                spec.form() == Form.TIMESTAMP_MILLIS ? 1e-6 : (double) Decimals.power(spec.scale());
        return candidates.stream()
                .filter(text -> !Double.isNaN(NumberText.parse(text)))
                .flatMapToLong(text -> {
                    long value =
                            new BigDecimal(text).multiply(BigDecimal.valueOf(factor)).longValue();
                    Object object = ValueReader.ofLong(spec, value);
                    return text.equals(Scalars.text(object))
                            ? LongStream.of(value)
                            : LongStream.empty();
                })
                .sorted()
                .distinct()
                .toArray();
    }

    private static Condition.LongRange ofBooleans(Condition test) {
        boolean ifTrue = test.byText() ? test.text(TRUE, 0, TRUE.length) : test.bool(true);
        boolean ifFalse = test.byText() ? test.text(FALSE, 0, FALSE.length) : test.bool(false);
        return new Condition.LongRange(ifFalse ? 0 : 1, ifTrue ? 1 : 0, false);
    }

    private void ranged(Vector.Longs longs, Lane lane, Condition.LongRange range) {
        long[] values = longs.values();
        long low = range.low();
        long high = range.high();
        boolean outside = range.outside();
        if (longs.nulls() == null) {
            for (int i = 0; i < count; i++) {
                long value = values[lane.at(i)];
                add(i, (value >= low && value <= high) != outside);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = lane.at(i);
            if (longs.isNull(at)) {
                addAbsent(i);
            } else {
                add(i, (values[at] >= low && values[at] <= high) != outside);
            }
        }
    }

    private void binary(Form form, Vector.Binary binary, Lane lane, Condition test) {
        List<String> candidates = test.candidates();
        List<byte[]> wanted = candidates == null ? null : encode(form, candidates);
        byte[] data = binary.data();
        int width = binary.width();
        for (int i = 0; i < count; i++) {
            int at = lane.at(i);
            if (binary.isNull(at)) {
                addAbsent(i);
            } else if (wanted == null) {
                add(i, test.object(ValueReader.ofBinary(form, data, at * width)));
            } else {
                boolean matches = false;
                for (int j = 0; j < wanted.size() && !matches; j++) {
                    byte[] value = wanted.get(j);
                    matches =
                            data[at * width] == value[0]
                                    && Arrays.equals(
                                            data, at * width, at * width + width, value, 0, width);
                }
                add(i, matches);
            }
        }
    }

    /** The fixed bytes of those texts that the form can hold. */
    static List<byte[]> encode(Form form, List<String> texts) {
        List<byte[]> encoded = new ArrayList<>();
        for (String text : texts) {
            byte[] bytes = encode(form, text);
            if (bytes != null && ValueReader.ofBinary(form, bytes, 0).equals(text)) {
                encoded.add(bytes);
            }
        }
        return encoded;
    }

    private static byte @Nullable [] encode(Form form, String text) {
        try {
            if (form == Form.UUID) {
                UUID uuid = UUID.fromString(text);
                return ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array();
            }
            return text.length() == form.width() * 2 ? HexFormat.of().parseHex(text) : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}

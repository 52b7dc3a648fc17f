package dev.belfry.store.parquet;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.FoundTexts;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.Phrase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** Seeded columns of every form and shape, and their values as plain objects. */
final class RandomColumns {
    private static final String[] ALPHABET = {
        "a", "b", "Z", "0", " ", "\n", "\"", "ü", "中", "😀", "\u0000"
    };

    private final Random random;

    RandomColumns(Random random) {
        this.random = random;
    }

    /** Timestamp and offset, and one column of each kind that this class knows. */
    List<Column> all(int rows) {
        List<Column> columns = new ArrayList<>(required(rows));
        for (double nulls : new double[] {0, 0.02, 0.97}) {
            String suffix = nulls == 0 ? "" : nulls < 0.5 ? "_some" : "_few";
            for (Form form : Form.values()) {
                ColumnSpec spec = spec(form.name() + suffix, form);
                columns.add(new Column(spec, vector(spec, rows, nulls)));
            }
            ColumnSpec codes = spec("codes" + suffix, Form.TEXT);
            columns.add(new Column(codes, codes(rows, 1 + random.nextInt(300), nulls)));
            ColumnSpec constant = spec("constant" + suffix, Form.TEXT);
            columns.add(new Column(constant, codes(rows, 1, nulls)));
            ColumnSpec fewLongs = spec("few_longs" + suffix, Form.INTEGER);
            columns.add(new Column(fewLongs, longs(rows, nulls, 5, 0)));
        }
        ColumnSpec many = spec("many_codes", Form.JSON);
        columns.add(new Column(many, codes(rows, rows, 0)));
        ColumnSpec never = spec("never", Form.NUMBER);
        columns.add(new Column(never, Vectors.allNull(Form.NUMBER, rows)));
        return columns;
    }

    /** Timestamp and offset, ascending. */
    List<Column> required(int rows) {
        long[] timestamps = new long[rows];
        long[] offsets = new long[rows];
        long timestamp = 1_700_000_000_000_000_000L;
        for (int row = 0; row < rows; row++) {
            timestamp += random.nextInt(1_000_000);
            timestamps[row] = timestamp;
            offsets[row] = 1000 + row + random.nextInt(10);
        }
        return List.of(
                new Column(ColumnSpec.TIMESTAMP, new Vector.Longs(timestamps, null, rows)),
                new Column(ColumnSpec.OFFSET, new Vector.Longs(offsets, null, rows)));
    }

    static ColumnSpec spec(String key, Form form) {
        return new ColumnSpec(FieldSpace.TAG, key, form, form == Form.DECIMAL ? 3 : 0);
    }

    private Vector vector(ColumnSpec spec, int rows, double nulls) {
        return switch (spec.form()) {
            case TEXT, JSON, NUMBER -> new Vector.Text(texts(rows, nulls));
            case BOOLEAN -> longs(rows, nulls, 2, 0);
            case INTEGER, TIMESTAMP_NANOS -> longs(rows, nulls, 0, 0);
            case DECIMAL -> longs(rows, nulls, 0, 5);
            case TIMESTAMP_MILLIS -> longs(rows, nulls, 0, 22);
            case HEX8, HEX16, UUID -> binary(rows, nulls, spec.form().width());
        };
    }

    private BytesColumn texts(int rows, double nulls) {
        BytesColumn.Builder builder = new BytesColumn.Builder(rows);
        /* Some columns begin alike in each row, which the encoder leaves out. */
        String prefix = random.nextBoolean() ? "user-é" : "";
        for (int row = 0; row < rows; row++) {
            if (random.nextDouble() < nulls) {
                builder.addNull();
            } else {
                builder.add(prefix + text());
            }
        }
        return builder.build();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(random.nextInt(40) + 1); left > 0; left--) {
            text.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return text.toString();
    }

    private Vector.Codes codes(int rows, int distinct, double nulls) {
        BytesColumn.Builder entries = new BytesColumn.Builder(distinct);
        for (int code = 0; code < distinct; code++) {
            entries.add(text() + code);
        }
        int[] codes = new int[rows];
        int row = 0;
        while (row < rows) {
            // Runs and single ones in turn.
            int run = random.nextBoolean() ? 1 : 1 + random.nextInt(60);
            int code = random.nextDouble() < nulls ? -1 : random.nextInt(distinct);
            for (; run > 0 && row < rows; run--) {
                codes[row++] = code;
            }
        }
        return new Vector.Codes(codes, entries.build(), rows);
    }

    private Vector.Longs longs(int rows, double nulls, int distinct, int least) {
        long[] values = new long[rows];
        long[] mask = nulls == 0 ? null : new long[(rows + 63) >>> 6];
        int bits = least + random.nextInt(64 - least);
        for (int row = 0; row < rows; row++) {
            if (random.nextDouble() < nulls) {
                mask[row >>> 6] |= 1L << row;
            } else {
                values[row] = distinct > 0 ? random.nextInt(distinct) : random.nextLong() >> bits;
            }
        }
        return new Vector.Longs(values, mask, rows);
    }

    private Vector.Binary binary(int rows, double nulls, int width) {
        byte[] data = new byte[rows * width];
        random.nextBytes(data);
        long[] mask = nulls == 0 ? null : new long[(rows + 63) >>> 6];
        for (int row = 0; row < rows; row++) {
            if (random.nextDouble() < nulls) {
                mask[row >>> 6] |= 1L << row;
                Arrays.fill(data, row * width, (row + 1) * width, (byte) 0);
            }
        }
        return new Vector.Binary(data, width, mask, rows);
    }

    /** Ascending rows, some. */
    int[] someRows(int count) {
        int step = 1 + random.nextInt(1 + count / (1 + random.nextInt(20)));
        int[] rows = new int[count];
        int size = 0;
        for (int row = random.nextInt(count); row < count; row += 1 + random.nextInt(step)) {
            rows[size++] = row;
        }
        return Arrays.copyOf(rows, size);
    }

    /** The value of a row as a long, a text or hex digits; null for none. */
    static Object value(Vector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector) {
            case Vector.Longs longs -> longs.values()[row];
            case Vector.Codes codes -> bytes(codes.dictionary(), codes.codes()[row]);
            case Vector.Text text -> bytes(text.values(), row);
            case Vector.Binary binary ->
                    HexFormat.of()
                            .formatHex(
                                    binary.data(),
                                    row * binary.width(),
                                    (row + 1) * binary.width());
        };
    }

    private static String bytes(BytesColumn column, int index) {
        return new String(column.bytes(index), StandardCharsets.UTF_8);
    }

    /** Compares a row group with the columns that it was made of, whole and by some rows. */
    static void assertReads(RowGroup group, List<Column> columns, int[] rows) throws IOException {
        for (Column column : columns) {
            Vector expected = column.values();
            Vector whole = group.read(column.spec(), new ReadCost());
            if (whole.count() != expected.count()) {
                throw new AssertionError(column.spec().name() + ": " + whole.count() + " rows");
            }
            for (int row = 0; row < expected.count(); row++) {
                same(column.spec(), row, value(whole, row), value(expected, row));
            }
            Vector some = group.read(column.spec(), rows, new ReadCost());
            if (some.count() != rows.length) {
                throw new AssertionError(column.spec().name() + ": " + some.count() + " of some");
            }
            for (int index = 0; index < rows.length; index++) {
                same(column.spec(), rows[index], value(some, index), value(expected, rows[index]));
            }
            if (column.spec().form() == Form.TEXT) {
                for (String phrase : PHRASES) {
                    assertFinds(group, column, Phrase.of(phrase), rows);
                }
            }
        }
    }

    /* Words of the alphabet and of what columns begin with, whole and not, alone and in a row. */
    private static final List<String> PHRASES =
            List.of("a", "Z 0", "a b", "0", "user", "use", "user éa", "user é z", "é 0", "b\"ü");

    private static void assertFinds(RowGroup group, Column column, Phrase phrase, int[] rows)
            throws IOException {
        Vector values = column.values();
        int from = rows.length == 0 ? 0 : rows[0];
        for (int to : new int[] {values.count(), from + (values.count() - from + 1) / 2}) {
            FoundTexts found = group.find(column.spec(), from, to, phrase, new ReadCost());
            boolean isPlain =
                    group.columns().contains(column.spec())
                            && group.dictionary(column.spec(), new ReadCost()) == null;
            if (found == null) {
                if (isPlain && phrase.isScanned()) {
                    throw new AssertionError(column.spec().name() + ": nothing is looked for");
                }
                continue;
            }
            int index = 0;
            for (int row = from; row < to; row++) {
                String text = (String) value(values, row);
                byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
                if (bytes != null && phrase.matches(bytes, 0, bytes.length)) {
                    same(column.spec(), row, found.rows()[index], row);
                    if (found.texts() != null) {
                        same(column.spec(), row, bytes(found.texts(), index), text);
                    }
                    index++;
                }
            }
            same(column.spec(), to, found.rows().length, index);
        }
    }

    private static void same(ColumnSpec spec, int row, Object found, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw new AssertionError(
                    spec.name() + " row " + row + ": " + found + " (expected: " + expected + ")");
        }
    }
}

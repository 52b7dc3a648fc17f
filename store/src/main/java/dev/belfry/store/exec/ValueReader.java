package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventId;
import dev.belfry.store.Expr;
import dev.belfry.store.ResultTable.Json;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of expressions for rows of a group, as objects of {@link Scalars}' types. */
final class ValueReader {
    private static final long MILLI_NANOS = 1_000_000;

    private ValueReader() {}

    /** The value of {@code expr} for each row, null where it is absent. */
    static @Nullable Object[] objects(Expr expr, GroupReader reader, Rows rows) {
        @Nullable Object[] values = new @Nullable Object[rows.count()];
        switch (expr) {
            case Expr.Column _, Expr.Field _ -> stored(reader.sources(expr), reader, rows, values);
            case Expr.Text text -> Arrays.fill(values, text.value());
            case Expr.Number number -> Arrays.fill(values, number.value());
            case Expr.Bool bool -> Arrays.fill(values, bool.value());
            case Expr.Lower lower -> {
                @Nullable Object[] input = objects(lower.operand(), reader, rows);
                for (int i = 0; i < values.length; i++) {
                    if (input[i] instanceof String text) {
                        reader.context().work(text.length());
                    }
                    values[i] = Scalars.lower(input[i]);
                }
            }
            case Expr.Bin bin -> {
                @Nullable Object[] input = objects(bin.operand(), reader, rows);
                for (int i = 0; i < values.length; i++) {
                    values[i] = Arithmetics.bin(bin, input[i]);
                }
            }
            case Expr.Arithmetic arithmetic -> {
                double[] numbers = NumberReader.numbers(arithmetic, reader, rows);
                for (int i = 0; i < values.length; i++) {
                    values[i] = Double.isNaN(numbers[i]) ? null : (Double) numbers[i];
                }
            }
            case Expr.Call call -> call(call, reader, rows, values);
            case Expr.Capture capture -> {
                @Nullable Object[] input = objects(capture.operand(), reader, rows);
                for (int i = 0; i < values.length; i++) {
                    values[i] =
                            Captures.part(
                                    capture.pattern(),
                                    capture.group(),
                                    Scalars.text(input[i]),
                                    reader.context());
                }
            }
            case Expr.And _,
                    Expr.Or _,
                    Expr.Not _,
                    Expr.Compare _,
                    Expr.In _,
                    Expr.Exists _,
                    Expr.Phrase _,
                    Expr.Contains _,
                    Expr.Matches _,
                    Expr.Like _ ->
                    truths(expr, reader, rows, values);
        }
        return values;
    }

    private static void call(
            Expr.Call call, GroupReader reader, Rows rows, @Nullable Object[] values) {
        List<@Nullable Object[]> inputs = new ArrayList<>(call.arguments().size());
        for (Expr argument : call.arguments()) {
            inputs.add(objects(argument, reader, rows));
        }
        @Nullable Object[] arguments = new @Nullable Object[inputs.size()];
        long made = 0;
        for (int i = 0; i < values.length; i++) {
            for (int a = 0; a < arguments.length; a++) {
                arguments[a] = inputs.get(a)[i];
            }
            values[i] = ScalarFunctions.apply(call.function(), arguments, reader.context());
            made += RowOutput.sizeBytes(values[i]);
            if (made >= Limits.MADE_BYTES_STEP) {
                reader.context().check();
                reader.hold(made);
                made = 0;
            }
        }
        reader.hold(made);
    }

    private static void truths(
            Expr expr, GroupReader reader, Rows rows, @Nullable Object[] values) {
        Predicate predicate = PredicateCompiler.compile(expr, reader.context());
        Rows matching = FilterEvaluator.filter(predicate, reader, rows);
        int next = 0;
        for (int i = 0; i < values.length; i++) {
            boolean match = next < matching.count() && matching.at(next) == rows.at(i);
            next += match ? 1 : 0;
            values[i] = match;
        }
    }

    private static void stored(
            List<Source> sources, GroupReader reader, Rows rows, @Nullable Object[] values) {
        int missing = values.length;
        for (Source source : sources) {
            if (missing == 0) {
                return;
            }
            missing -= fill(source, reader, rows, values);
        }
    }

    /** Fills in what {@code source} has for rows without a value yet; how many it filled. */
    static int fill(Source source, GroupReader reader, Rows rows, @Nullable Object[] values) {
        return switch (source) {
            case Source.Physical(ColumnSpec spec) ->
                    physical(spec, reader.lane(spec, rows), values);
            case Source.Nested(ColumnSpec spec, String path) ->
                    nested(reader.lane(spec, rows), null, path, values);
            case Source.Member(ColumnSpec rest, String key, String path) ->
                    nested(reader.lane(rest, rows), key, path, values);
            case Source.Id _ -> ids(reader, rows, values);
            case Source.Whole whole -> Documents.fill(whole.space(), reader, rows, values);
        };
    }

    private static int ids(GroupReader reader, Rows rows, @Nullable Object[] values) {
        Lane offsets = reader.lane(ColumnSpec.OFFSET, rows);
        Lane received = reader.lane(ColumnSpec.RECEIVED, rows);
        int filled = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                values[i] = new EventId(longAt(received, i), 0, longAt(offsets, i)).uuid();
                filled++;
            }
        }
        return filled;
    }

    /** The long at a position of a lane of longs. */
    static long longAt(Lane lane, int position) {
        return ((Vector.Longs) lane.vector()).values()[lane.at(position)];
    }

    private static int nested(
            Lane lane, @Nullable String key, @Nullable String path, @Nullable Object[] values) {
        int filled = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null || lane.isNull(i)) {
                continue;
            }
            JsonSlice slice = slice(lane, i);
            if (key != null) {
                slice = slice.member(key);
            }
            if (slice != null && path != null) {
                slice = slice.path(path);
            }
            if (slice != null) {
                values[i] = slice.value();
                filled++;
            }
        }
        return filled;
    }

    /** The JSON at a position of a lane of text. */
    static JsonSlice slice(Lane lane, int position) {
        int at = lane.at(position);
        return switch (lane.vector()) {
            case Vector.Codes codes -> slice(codes.dictionary(), codes.codes()[at]);
            case Vector.Text text -> slice(text.values(), at);
            case Vector.Longs _, Vector.Binary _ ->
                    throw new IllegalStateException("BUG: JSON in a column of numbers");
        };
    }

    private static JsonSlice slice(BytesColumn column, int index) {
        return new JsonSlice(column.data(), column.start(index), column.end(index));
    }

    private static int physical(ColumnSpec spec, Lane lane, @Nullable Object[] values) {
        @Nullable Object[] byCode =
                lane.vector() instanceof Vector.Codes codes
                        ? new @Nullable Object[codes.dictionary().count()]
                        : null;
        int filled = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null || lane.isNull(i)) {
                continue;
            }
            int at = lane.at(i);
            values[i] =
                    switch (lane.vector()) {
                        case Vector.Longs longs -> ofLong(spec, longs.values()[at]);
                        case Vector.Text text -> ofBytes(spec.form(), text.values(), at);
                        case Vector.Binary binary ->
                                ofBinary(spec.form(), binary.data(), at * binary.width());
                        case Vector.Codes codes -> {
                            int code = codes.codes()[at];
                            Object value = byCode == null ? null : byCode[code];
                            if (value == null) {
                                value = ofBytes(spec.form(), codes.dictionary(), code);
                                if (byCode != null) {
                                    byCode[code] = value;
                                }
                            }
                            yield value;
                        }
                    };
            filled++;
        }
        return filled;
    }

    /** The value that a long of a column stands for. */
    static Object ofLong(ColumnSpec spec, long value) {
        return switch (spec.form()) {
            case DECIMAL -> Scalars.decimalObject(value, spec.scale());
            case BOOLEAN -> (Object) (value != 0);
            case TIMESTAMP_MILLIS -> (Object) (value * MILLI_NANOS);
            case INTEGER, TIMESTAMP_NANOS -> (Object) value;
            case TEXT, JSON, NUMBER, HEX8, HEX16, UUID ->
                    throw new IllegalStateException("BUG: longs in the form " + spec.form());
        };
    }

    /** The value that bytes of a column stand for. */
    static Object ofBytes(Form form, BytesColumn column, int index) {
        String text = column.text(index);
        if (text == null) {
            throw new IllegalStateException("BUG: null read as a value");
        }
        return form == Form.JSON
                ? new Json(text)
                : form == Form.NUMBER ? Scalars.numberObject(text) : text;
    }

    /** The text that fixed bytes of a column stand for. */
    static String ofBinary(Form form, byte[] data, int from) {
        if (form == Form.UUID) {
            return new UUID(longOf(data, from), longOf(data, from + 8)).toString();
        }
        return HexFormat.of().formatHex(data, from, from + form.width());
    }

    private static long longOf(byte[] data, int from) {
        long value = 0;
        for (int i = from; i < from + 8; i++) {
            value = value << 8 | data[i] & 0xFF;
        }
        return value;
    }
}

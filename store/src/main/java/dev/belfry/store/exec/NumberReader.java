package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of expressions for rows of a group as numbers; NaN where absent or no number. */
final class NumberReader {
    private NumberReader() {}

    /** The number for each row; texts that are numbers count. */
    static double[] numbers(Expr expr, GroupReader reader, Rows rows) {
        return switch (expr) {
            case Expr.Column _, Expr.Field _ -> stored(expr, reader, rows);
            case Expr.Number number -> {
                double[] values = new double[rows.count()];
                Arrays.fill(values, number.value());
                yield values;
            }
            case Expr.Arithmetic(Expr.Operator operator, Expr left, Expr right) -> {
                double[] values = numbers(left, reader, rows);
                double[] others = numbers(right, reader, rows);
                for (int i = 0; i < values.length; i++) {
                    values[i] = Arithmetics.apply(operator, values[i], others[i]);
                }
                yield values;
            }
            default -> ofObjects(ValueReader.objects(expr, reader, rows));
        };
    }

    /** Whether a stored value can be nothing but a number or a time in this group. */
    static boolean isOnlyNumbers(Expr expr, GroupReader reader) {
        if (!(expr instanceof Expr.Column) && !(expr instanceof Expr.Field)) {
            return false;
        }
        for (Source source : reader.sources(expr)) {
            if (!(source instanceof Source.Physical(ColumnSpec spec))
                    || !spec.form().isLong()
                    || spec.form() == Form.BOOLEAN) {
                return false;
            }
        }
        return true;
    }

    private static double[] ofObjects(@Nullable Object[] objects) {
        double[] values = new double[objects.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Scalars.number(objects[i]);
        }
        return values;
    }

    private static double[] stored(Expr expr, GroupReader reader, Rows rows) {
        List<Source> sources = reader.sources(expr);
        if (!areNumeric(sources)) {
            return ofObjects(ValueReader.objects(expr, reader, rows));
        }
        double[] values = new double[rows.count()];
        Arrays.fill(values, Double.NaN);
        boolean complete = false;
        for (Source source : sources) {
            if (!complete && source instanceof Source.Physical(ColumnSpec spec)) {
                complete = fill(spec, reader.lane(spec, rows), values);
            }
        }
        return values;
    }

    /* Columns of one space only: a row has a value in one of them at most, whereas a tag hides a
     * payload member of the same name. */
    private static boolean areNumeric(List<Source> sources) {
        FieldSpace space = null;
        for (Source source : sources) {
            if (!(source instanceof Source.Physical(ColumnSpec spec))
                    || spec.form().width() > 0
                    || space != null && space != spec.space()) {
                return false;
            }
            space = spec.space();
        }
        return true;
    }

    /* Whether every row has a value now. */
    private static boolean fill(ColumnSpec spec, Lane lane, double[] values) {
        return switch (lane.vector()) {
            case Vector.Longs longs -> fillLongs(spec, longs, lane, values);
            case Vector.Codes codes -> fillCodes(spec, codes, lane, values);
            case Vector.Text text -> fillText(spec, text.values(), lane, values);
            case Vector.Binary _ -> throw new IllegalStateException("BUG: binary as number");
        };
    }

    private static boolean fillLongs(
            ColumnSpec spec, Vector.Longs longs, Lane lane, double[] values) {
        if (spec.form() == Form.BOOLEAN) {
            return false;
        }
        double divisor = LongCounts.divisor(spec);
        double factor = LongCounts.factor(spec);
        long[] data = longs.values();
        if (longs.nulls() == null) {
            for (int i = 0; i < values.length; i++) {
                values[i] = data[lane.at(i)] * factor / divisor;
            }
            return true;
        }
        for (int i = 0; i < values.length; i++) {
            int at = lane.at(i);
            if (!longs.isNull(at)) {
                values[i] = data[at] * factor / divisor;
            }
        }
        return false;
    }

    private static boolean fillCodes(
            ColumnSpec spec, Vector.Codes codes, Lane lane, double[] values) {
        if (spec.form() == Form.JSON) {
            return false;
        }
        BytesColumn dictionary = codes.dictionary();
        double[] byCode = new double[dictionary.count()];
        for (int code = 0; code < byCode.length; code++) {
            byCode[code] = parse(dictionary, code);
        }
        for (int i = 0; i < values.length; i++) {
            int code = codes.codes()[lane.at(i)];
            if (code >= 0) {
                values[i] = byCode[code];
            }
        }
        return false;
    }

    private static boolean fillText(
            ColumnSpec spec, BytesColumn column, Lane lane, double[] values) {
        if (spec.form() == Form.JSON) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            int at = lane.at(i);
            if (!column.isNull(at)) {
                values[i] = parse(column, at);
            }
        }
        return false;
    }

    private static double parse(BytesColumn column, int index) {
        return NumberText.parse(column.data(), column.start(index), column.end(index));
    }
}

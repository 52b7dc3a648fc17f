package dev.belfry.store.exec;

import dev.belfry.store.Expr;
import org.jspecify.annotations.Nullable;

/** What {@link Expr.Arithmetic} and {@link Expr.Bin} compute. */
final class Arithmetics {
    private Arithmetics() {}

    /** The result, NaN when it is absent. */
    static double apply(Expr.Operator operator, double left, double right) {
        double result =
                switch (operator) {
                    case ADD -> left + right;
                    case SUBTRACT -> left - right;
                    case MULTIPLY -> left * right;
                    case DIVIDE -> left / right;
                    case REMAINDER -> left % right;
                };
        return Double.isInfinite(result) ? Double.NaN : result;
    }

    /** The bin of a value: a Long for a time or integer, else a Double; null when absent. */
    static @Nullable Object bin(Expr.Bin bin, @Nullable Object value) {
        if (value instanceof Long time && isWhole(bin)) {
            return bin(time, (long) bin.width(), (long) bin.origin());
        }
        double start = bin(bin, Scalars.number(value));
        return Double.isNaN(start) ? null : (Double) start;
    }

    /** The bin of a number; NaN when it is absent. */
    static double bin(Expr.Bin bin, double value) {
        double start =
                Math.floor((value - bin.origin()) / bin.width()) * bin.width() + bin.origin();
        return Double.isInfinite(start) ? Double.NaN : start;
    }

    /** The bin of a whole number. */
    static long bin(long value, long width, long origin) {
        return Math.floorDiv(value - origin, width) * width + origin;
    }

    /** Whether bins of whole numbers are whole numbers. */
    static boolean isWhole(Expr.Bin bin) {
        return bin.width() == Math.rint(bin.width())
                && bin.width() >= 1
                && bin.width() < 9e18
                && bin.origin() == Math.rint(bin.origin())
                && Math.abs(bin.origin()) < 9e18;
    }
}

package dev.belfry.store.exec;

import dev.belfry.store.Expr.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares with a fixed value. */
final class CompareCondition implements Condition {
    private final Comparison how;
    private final Object literal;
    private final boolean isNumber;
    private final double number;
    private final byte[] text;

    /** Asks whether {@code value how literal} for a String, Double or Boolean. */
    CompareCondition(Comparison how, Object literal) {
        this.how = how;
        this.literal = literal;
        this.isNumber = literal instanceof Double;
        this.number = Scalars.number(literal);
        String plain = Scalars.text(literal);
        this.text = (plain == null ? "" : plain).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean byText() {
        return false;
    }

    @Override
    public boolean text(byte[] data, int start, int end) {
        if (isNumber) {
            double value = NumberText.parse(data, start, end);
            return !Double.isNaN(value) && number(value);
        }
        if (how == Comparison.EQUAL) {
            return end - start == text.length
                    && Arrays.equals(data, start, end, text, 0, text.length);
        }
        return Scalars.holds(how, Arrays.compareUnsigned(data, start, end, text, 0, text.length));
    }

    @Override
    public boolean number(double value) {
        return !Double.isNaN(number) && Scalars.holds(how, Scalars.compare(value, number));
    }

    @Override
    public @Nullable List<String> candidates() {
        return how == Comparison.EQUAL && literal instanceof String plain ? List.of(plain) : null;
    }

    @Override
    public LongRange range(double divisor) {
        if (Double.isNaN(number)) {
            return new LongRange(1, 0, false);
        }
        boolean firstIsNone = Long.MAX_VALUE / divisor < number;
        boolean afterIsNone = Long.MAX_VALUE / divisor <= number;
        long first = firstIsNone ? Long.MAX_VALUE : lowest(divisor, false);
        long after = afterIsNone ? Long.MAX_VALUE : lowest(divisor, true);
        return switch (how) {
            case GREATER_OR_EQUAL ->
                    new LongRange(first, firstIsNone ? Long.MIN_VALUE : Long.MAX_VALUE, false);
            case LESS -> new LongRange(first, firstIsNone ? Long.MIN_VALUE : Long.MAX_VALUE, true);
            case GREATER ->
                    new LongRange(after, afterIsNone ? Long.MIN_VALUE : Long.MAX_VALUE, false);
            case LESS_OR_EQUAL ->
                    new LongRange(after, afterIsNone ? Long.MIN_VALUE : Long.MAX_VALUE, true);
            case EQUAL, NOT_EQUAL -> {
                boolean none = firstIsNone || !afterIsNone && after == first;
                long last = afterIsNone ? Long.MAX_VALUE : after - 1;
                yield new LongRange(none ? 1 : first, none ? 0 : last, how == Comparison.NOT_EQUAL);
            }
        };
    }

    /* The lowest v with v / divisor >= number (strict: > number), by bisection; there is one. */
    private long lowest(double divisor, boolean strict) {
        long low = Long.MIN_VALUE;
        long high = Long.MAX_VALUE;
        while (low < high) {
            long middle = (low & high) + ((low ^ high) >> 1);
            double value = middle / divisor;
            if (strict ? value > number : value >= number) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}

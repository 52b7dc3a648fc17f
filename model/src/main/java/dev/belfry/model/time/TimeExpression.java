package dev.belfry.model.time;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;

/**
 * A time as people type it into a query: {@code now}, {@code now-15m}, {@code now/d}, {@code
 * now-1d/d+8h}, RFC 3339, a date, or an epoch number.
 */
public final class TimeExpression {
    /*
     *   expression = "now" { ("+" | "-") number unit | "/" unit } | rfc3339 | yyyy-MM-dd | number
     *   unit       = ns us ms s m h d w M y      "/" rounds down to the start of the unit in UTC; weeks
     *                                            start on Monday, M and y are calendar months and years
     */
    private static final String EXPECTED =
            " (expected: RFC 3339, a date, an epoch number, or now with steps such as now-15m,"
                    + " now/d, now-1d/d; units ns us ms s m h d w M y)";
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400L * SECOND;
    private static final int TEXT_LENGTH_MAX = 128;

    private final String text;
    private final long nowNanos;
    private int at;

    private TimeExpression(String text, long nowNanos) {
        this.text = text;
        this.nowNanos = nowNanos;
    }

    /**
     * Epoch nanoseconds of {@code text}, where {@code now} is {@code nowNanos}.
     *
     * @throws BelfryException VALIDATION_ERROR when it is none of the forms or out of range
     */
    public static long parse(String text, long nowNanos) {
        return new TimeExpression(text.strip(), nowNanos).value();
    }

    private long value() {
        if (text.length() > TEXT_LENGTH_MAX || text.isEmpty()) {
            throw wrong();
        }
        if (text.startsWith("now")) {
            at = 3;
            return steps();
        }
        if (text.matches("-?[0-9]+(\\.[0-9]+)?")) {
            return Timestamps.parseEpoch(text);
        }
        long parsed = Timestamps.tryParse(withOffset());
        if (parsed == Timestamps.NONE) {
            throw wrong();
        }
        return parsed;
    }

    /* A date alone and a time without offset are UTC; "+" that a form decoder made a space comes back. */
    private String withOffset() {
        if (text.length() == 10) {
            return text + "T00:00:00Z";
        }
        int space = text.lastIndexOf(' ');
        if (space >= 19 && space == text.length() - 6) {
            return text.substring(0, space) + '+' + text.substring(space + 1);
        }
        boolean hasOffset =
                text.endsWith("Z")
                        || text.endsWith("z")
                        || text.length() > 19 && text.substring(19).matches(".*[+-].*");
        return hasOffset ? text : text + 'Z';
    }

    private long steps() {
        try {
            return stepsExact();
        } catch (ArithmeticException _) {
            throw wrong();
        }
    }

    private long stepsExact() {
        long value = nowNanos;
        while (at < text.length()) {
            char sign = text.charAt(at++);
            if (sign == '/') {
                value = roundDown(value, unit());
            } else if (sign == '+' || sign == '-') {
                long amount = amount();
                value = add(value, sign == '-' ? -amount : amount, unit());
            } else {
                throw wrong();
            }
            if (value == Timestamps.NONE) {
                throw wrong();
            }
        }
        return value;
    }

    private long amount() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == from || at - from > 18) {
            throw wrong();
        }
        return Long.parseLong(text, from, at, 10);
    }

    private String unit() {
        int from = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    private long add(long value, long amount, String unit) {
        if (unit.equals("M") || unit.equals("y")) {
            return addMonths(value, unit.equals("y") ? Math.multiplyExact(amount, 12L) : amount);
        }
        return Math.addExact(value, Math.multiplyExact(amount, nanosOf(unit)));
    }

    private long addMonths(long value, long months) {
        long day = Math.floorDiv(value, DAY);
        int date = CivilDate.packed(day);
        long month = date / 512 * 12L + (date / 32 % 16 - 1) + months;
        if (month < 0 || month > 9999 * 12L) {
            throw wrong();
        }
        int year = (int) (month / 12);
        int ofYear = (int) (month % 12) + 1;
        int ofMonth = Math.min(date % 32, CivilDate.daysIn(year, ofYear));
        long ofDay = value - day * DAY;
        long epochDay = CivilDate.epochDay(year, ofYear, ofMonth);
        return Timestamps.nanosOf(epochDay * 86_400L + ofDay / SECOND, (int) (ofDay % SECOND));
    }

    private long roundDown(long value, String unit) {
        long day = Math.floorDiv(value, DAY);
        int date = CivilDate.packed(day);
        return switch (unit) {
            case "M" -> startOf(CivilDate.epochDay(date / 512, date / 32 % 16, 1));
            case "y" -> startOf(CivilDate.epochDay(date / 512, 1, 1));
            case "w" -> startOf(day - Math.floorMod(day + 3, 7));
            default -> Math.multiplyExact(Math.floorDiv(value, nanosOf(unit)), nanosOf(unit));
        };
    }

    private static long startOf(long epochDay) {
        return Timestamps.nanosOf(epochDay * 86_400L, 0);
    }

    private long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "µs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> 3_600 * SECOND;
            case "d" -> DAY;
            case "w" -> 7 * DAY;
            default -> throw wrong();
        };
    }

    private BelfryException wrong() {
        String shown =
                text.length() > TEXT_LENGTH_MAX ? text.substring(0, TEXT_LENGTH_MAX) + "…" : text;
        return new BelfryException(ErrorCode.VALIDATION_ERROR, "time: " + shown + EXPECTED);
    }
}

package dev.belfry.query.insight;

import java.util.Locale;

/** Lengths of time as they are written: {@code 500ms}, {@code 5m}, {@code 1.5h}. */
final class Spans {
    private static final long SECOND = 1_000_000_000L;

    private Spans() {}

    /** Nanoseconds of a unit, 0 when it is none. */
    static long unitNanos(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms", "millisecond", "milliseconds" -> 1_000_000;
            case "s", "sec", "second", "seconds" -> SECOND;
            case "m", "min", "mins", "minute", "minutes" -> 60 * SECOND;
            case "h", "hr", "hrs", "hour", "hours" -> 3_600 * SECOND;
            case "d", "day", "days" -> 86_400 * SECOND;
            case "w", "week", "weeks" -> 7 * 86_400 * SECOND;
            default -> 0;
        };
    }

    /** Nanoseconds of a text that the lexer took for one; negative when it is too long. */
    static long nanos(String text) {
        int unit = text.length();
        while (Character.isLetter(text.charAt(unit - 1))) {
            unit--;
        }
        double nanos =
                Double.parseDouble(text.substring(0, unit)) * unitNanos(text.substring(unit));
        return nanos < 9e18 ? Math.round(nanos) : -1;
    }
}

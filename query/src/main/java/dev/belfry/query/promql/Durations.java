package dev.belfry.query.promql;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text, {@code 1h30m}. */
public final class Durations {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?"
                            + "(?:([0-9]+)s)?(?:([0-9]+)ms)?");
    private static final Pattern PART = Pattern.compile("[0-9]+([^0-9]+)");
    private static final long[] UNIT_MILLIS = {
        365L * 86_400_000, 7L * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1
    };
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};

    private Durations() {}

    /** The milliseconds of {@code text}; throws IllegalArgumentException when it is none. */
    public static long parseMillis(String text) {
        if (text.equals("0")) {
            return 0;
        }
        Matcher matcher = FORM.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            checkUnits(text);
            throw new IllegalArgumentException(
                    "not a valid duration string: " + Strings.quote(text));
        }
        try {
            long millis = 0;
            for (int i = 0; i < UNIT_MILLIS.length; i++) {
                if (matcher.group(i + 1) != null) {
                    long part = Long.parseLong(matcher.group(i + 1));
                    millis = Math.addExact(millis, Math.multiplyExact(part, UNIT_MILLIS[i]));
                }
            }
            if (millis > Limits.DURATION_MILLIS_MAX) {
                throw new IllegalArgumentException("duration out of range");
            }
            return millis;
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("duration out of range", e);
        }
    }

    private static void checkUnits(String text) {
        Matcher part = PART.matcher(text);
        while (part.find()) {
            if (!List.of(UNITS).contains(part.group(1))) {
                throw new IllegalArgumentException(
                        "unknown unit "
                                + Strings.quote(part.group(1))
                                + " in duration "
                                + Strings.quote(text));
            }
        }
    }

    /** As Prometheus writes it: years and weeks only when they are whole. */
    public static String format(long millis) {
        if (millis == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder(millis < 0 ? "-" : "");
        long left = Math.abs(millis);
        for (int i = 0; i < UNITS.length; i++) {
            boolean wholeOnly = i < 2;
            if (left >= UNIT_MILLIS[i] && (!wholeOnly || left % UNIT_MILLIS[i] == 0)) {
                text.append(left / UNIT_MILLIS[i]).append(UNITS[i]);
                left %= UNIT_MILLIS[i];
            }
        }
        return text.toString();
    }
}

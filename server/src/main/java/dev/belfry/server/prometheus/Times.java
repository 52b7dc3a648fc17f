package dev.belfry.server.prometheus;

import dev.belfry.query.Promql;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Times and durations as Prometheus' API takes them. */
final class Times {
    /** Before all samples, epoch milliseconds. */
    static final long MIN_MILLIS = Long.MIN_VALUE / 4;

    /** After all samples, epoch milliseconds. */
    static final long MAX_MILLIS = Long.MAX_VALUE / 4;

    private static final String MIN_TEXT = "-292273086-05-16T16:47:06Z";
    private static final String MAX_TEXT = "292277025-08-18T07:12:54.999999999Z";

    /* RFC 3339, section 1: years 0000 to 9999. */
    private static final int YEAR_MAX = 9999;
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

    /* What Go's time.Duration, in nanoseconds, holds. */
    private static final double DURATION_MAX_SECONDS = Long.MAX_VALUE / 1e9;

    private Times() {}

    /**
     * Epoch seconds, or RFC 3339, in epoch milliseconds from {@link #MIN_MILLIS} to {@link
     * #MAX_MILLIS}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static long time(String text) {
        if (NUMBER.matcher(text).matches()) {
            double seconds = Double.parseDouble(text);
            if (Math.abs(seconds) < MAX_MILLIS / 1000.0) {
                double whole = seconds < 0 ? Math.ceil(seconds) : Math.floor(seconds);
                return (long) whole * 1000 + Math.round((seconds - whole) * 1000);
            }
            return seconds < 0 ? MIN_MILLIS : MAX_MILLIS;
        }
        if (text.equals(MIN_TEXT)) {
            return MIN_MILLIS;
        }
        if (text.equals(MAX_TEXT)) {
            return MAX_MILLIS;
        }
        try {
            OffsetDateTime time =
                    OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME);
            if (time.getYear() >= 0 && time.getYear() <= YEAR_MAX) {
                return time.toInstant().toEpochMilli();
            }
        } catch (DateTimeException _) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "cannot parse " + Promql.quoted(text) + " to a valid timestamp");
    }

    /**
     * Seconds, or a duration such as {@code 1h30m}, in milliseconds.
     *
     * @throws IllegalArgumentException when it is neither, or does not fit
     */
    static long duration(String text) {
        if (NUMBER.matcher(text).matches()) {
            double seconds = Double.parseDouble(text);
            if (Math.abs(seconds) > DURATION_MAX_SECONDS) {
                throw overflow(text);
            }
            return (long) (seconds * 1000);
        }
        try {
            return Promql.durationMillis(text);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException(
                    "cannot parse " + Promql.quoted(text) + " to a valid duration");
        }
    }

    private static IllegalArgumentException overflow(String text) {
        return new IllegalArgumentException(
                "cannot parse " + Promql.quoted(text) + " to a valid duration. It overflows int64");
    }
}

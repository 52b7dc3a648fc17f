package dev.belfry.model.time;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Instants as epoch nanoseconds, read from RFC 3339 text and from epoch numbers, and written back.
 * Parsing makes no garbage unless it fails.
 *
 * <p>The range is 1677-09-21T00:12:43.145224193Z to 2262-04-11T23:47:16.854775807Z, what a {@code
 * long} holds apart from {@link #NONE}.
 */
public final class Timestamps {
    /** No instant: what the {@code try} methods answer when the text is none. */
    public static final long NONE = Long.MIN_VALUE;

    /** The most bytes that {@link #write} writes. */
    public static final int TEXT_BYTES_MAX = 30;

    /** What an error says that a time should be. */
    public static final String EXPECTED =
            " (expected: RFC 3339 such as 2026-01-24T10:00:00.123Z, or an epoch number,"
                    + " from 1677-09-21 to 2262-04-11)";

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_MAX = Long.MAX_VALUE / NANOS_PER_SECOND;
    private static final int TEXT_LENGTH_SHOWN_MAX = 64;

    private Timestamps() {}

    /**
     * Reads RFC 3339: {@code 2026-01-24T10:00:00Z} with {@code T}, {@code t} or a space, 0–9
     * fraction digits, and {@code Z} or any offset; second 60 is the next minute's first.
     *
     * @return epoch nanoseconds
     * @throws BelfryException VALIDATION_ERROR with the value when it is not that or out of range
     */
    public static long parse(CharSequence text) {
        long parsed = tryParse(text);
        if (parsed == NONE) {
            throw notATime(text.toString());
        }
        return parsed;
    }

    /** As {@link #parse(CharSequence)} of the ASCII bytes {@code text[from .. to)}. */
    public static long parse(byte[] text, int from, int to) {
        long parsed = tryParse(text, from, to);
        if (parsed == NONE) {
            throw notATime(new String(text, from, to - from, StandardCharsets.UTF_8));
        }
        return parsed;
    }

    /** As {@link #parse(CharSequence)}, but {@link #NONE} instead of an exception. */
    public static long tryParse(CharSequence text) {
        int length = text.length();
        if (length > TEXT_LENGTH_SHOWN_MAX) {
            return NONE;
        }
        byte[] bytes = new byte[length];
        for (int index = 0; index < length; index++) {
            char unit = text.charAt(index);
            bytes[index] = unit < 0x80 ? (byte) unit : 0;
        }
        return tryParse(bytes, 0, length);
    }

    /** As {@link #parse(byte[], int, int)}, but {@link #NONE} instead of an exception. */
    public static long tryParse(byte[] text, int from, int to) {
        if (to - from < 20) {
            return NONE;
        }
        long second = dateTime(text, from);
        if (second == NONE) {
            return NONE;
        }
        int at = from + 19;
        int nanos = 0;
        if (text[at] == '.' || text[at] == ',') {
            int end = digitsEnd(text, at + 1, to);
            int digits = end - at - 1;
            if (digits < 1 || digits > 9) {
                return NONE;
            }
            nanos = fraction(text, at + 1, end);
            at = end;
        }
        long offset = offsetSeconds(text, at, to);
        return offset == NONE ? NONE : nanosOf(second - offset, nanos);
    }

    /* yyyy-MM-dd?HH:mm:ss as seconds, in bounds by the caller's check. */
    private static long dateTime(byte[] text, int at) {
        int separator = text[at + 10];
        boolean shaped =
                text[at + 4] == '-'
                        && text[at + 7] == '-'
                        && text[at + 13] == ':'
                        && text[at + 16] == ':'
                        && (separator == 'T' || separator == ' ' || separator == 't');
        if (!shaped) {
            return NONE;
        }
        int year = two(text, at) * 100 + two(text, at + 2);
        return epochSeconds(
                year,
                two(text, at + 5),
                two(text, at + 8),
                two(text, at + 11),
                two(text, at + 14),
                two(text, at + 17));
    }

    /**
     * Epoch seconds of a date and time in UTC, or {@link #NONE} when there is no such day or time;
     * second 60 is the next minute's first. Negative parts are allowed as "no such".
     */
    public static long epochSeconds(
            int year, int month, int day, int hour, int minute, int second) {
        boolean exists =
                (year | month | day | hour | minute | second) >= 0
                        && year <= 9999
                        && month >= 1
                        && month <= 12
                        && day >= 1
                        && day <= CivilDate.daysIn(year, month)
                        && hour <= 23
                        && minute <= 59
                        && second <= 60;
        if (!exists) {
            return NONE;
        }
        return CivilDate.epochDay(year, month, day) * 86_400L
                + hour * 3_600L
                + minute * 60L
                + second;
    }

    /** Epoch nanoseconds, or {@link #NONE} when out of range; {@code nanos} is 0–999,999,999. */
    public static long nanosOf(long epochSeconds, int nanos) {
        if (epochSeconds > SECONDS_MAX || epochSeconds < -SECONDS_MAX - 1) {
            return NONE;
        }
        if (epochSeconds < 0) {
            long upper = (epochSeconds + 1) * NANOS_PER_SECOND;
            long lower = nanos - NANOS_PER_SECOND;
            return upper < Long.MIN_VALUE - lower ? NONE : upper + lower;
        }
        long whole = epochSeconds * NANOS_PER_SECOND;
        return whole > Long.MAX_VALUE - nanos ? NONE : whole + nanos;
    }

    /* Z, ±hh:mm, ±hhmm or ±hh up to the end of the text. */
    private static long offsetSeconds(byte[] text, int at, int to) {
        int length = to - at;
        if (length == 1 && (text[at] == 'Z' || text[at] == 'z')) {
            return 0;
        }
        boolean signed = length >= 3 && (text[at] == '+' || text[at] == '-');
        if (!signed || !(length == 6 && text[at + 3] == ':' || length == 5 || length == 3)) {
            return NONE;
        }
        int hours = two(text, at + 1);
        int minutes = length == 3 ? 0 : two(text, to - 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return NONE;
        }
        long seconds = hours * 3_600L + minutes * 60L;
        return text[at] == '-' ? -seconds : seconds;
    }

    /* Two digits as a number, negative when they are none. */
    private static int two(byte[] text, int at) {
        int high = text[at] - '0';
        int low = text[at + 1] - '0';
        return (high | low) < 0 || high > 9 || low > 9 ? Integer.MIN_VALUE / 200 : high * 10 + low;
    }

    private static int digitsEnd(byte[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }

    private static int fraction(byte[] text, int from, int to) {
        int value = 0;
        for (int at = from; at < to; at++) {
            value = value * 10 + (text[at] - '0');
        }
        for (int digits = to - from; digits < 9; digits++) {
            value *= 10;
        }
        return value;
    }

    /**
     * Reads an epoch number as JSON writes it; its magnitude says the unit: below 10^11 seconds,
     * below 10^14 milliseconds, below 10^17 microseconds, else nanoseconds. A fraction is kept to
     * the nanosecond.
     *
     * @throws BelfryException VALIDATION_ERROR when out of range
     */
    public static long parseEpoch(byte[] text, int from, int to) {
        long parsed = tryParseEpoch(text, from, to);
        if (parsed == NONE) {
            throw notATime(new String(text, from, to - from, StandardCharsets.UTF_8));
        }
        return parsed;
    }

    /** As {@link #parseEpoch(String)}. */
    public static long parseEpoch(String number) {
        byte[] text = number.getBytes(StandardCharsets.UTF_8);
        return parseEpoch(text, 0, text.length);
    }

    /** As {@link #parseEpoch(byte[], int, int)}, but {@link #NONE} instead of an exception. */
    public static long tryParseEpoch(byte[] text, int from, int to) {
        int at = from < to && text[from] == '-' ? from + 1 : from;
        int end = digitsEnd(text, at, to);
        if (end != to || end == at || end - at > 18) {
            return decimalEpoch(text, from, to);
        }
        long value = 0;
        for (; at < end; at++) {
            value = value * 10 + (text[at] - '0');
        }
        return wholeEpoch(text[from] == '-' ? -value : value);
    }

    private static long decimalEpoch(byte[] text, int from, int to) {
        if (to - from > TEXT_LENGTH_SHOWN_MAX) {
            return NONE;
        }
        try {
            String number = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
            BigDecimal value = new BigDecimal(number);
            if (value.precision() - (long) value.scale() > 19 || value.scale() > 400) {
                return NONE;
            }
            BigDecimal nanos = value.scaleByPowerOfTen(nanosPower(value.abs().longValue()));
            return nanos.setScale(0, RoundingMode.FLOOR).longValueExact();
        } catch (ArithmeticException | NumberFormatException _) {
            return NONE;
        }
    }

    /* NONE when out of range. */
    private static long wholeEpoch(long value) {
        return switch (nanosPower(Math.abs(value))) {
            case 9 -> nanosOf(value, 0);
            case 6 -> value * 1_000_000L;
            case 3 -> Math.multiplyHigh(value, 1_000L) == value >> 63 ? value * 1_000L : NONE;
            default -> value;
        };
    }

    private static int nanosPower(long magnitude) {
        if (magnitude < 100_000_000_000L) {
            return 9;
        }
        if (magnitude < 100_000_000_000_000L) {
            return 6;
        }
        return magnitude < 100_000_000_000_000_000L ? 3 : 0;
    }

    /** RFC 3339 in UTC with 0, 3, 6 or 9 fraction digits, as few as hold the value. */
    public static String format(long epochNanos) {
        byte[] text = new byte[TEXT_BYTES_MAX];
        int length = write(epochNanos, text, 0);
        return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes what {@link #format} gives as ASCII to {@code target} from {@code from}, which needs
     * room for {@link #TEXT_BYTES_MAX} bytes.
     *
     * @return the end of what was written
     */
    public static int write(long epochNanos, byte[] target, int from) {
        long second = Math.floorDiv(epochNanos, NANOS_PER_SECOND);
        int nanos = (int) (epochNanos - second * NANOS_PER_SECOND);
        long epochDay = Math.floorDiv(second, 86_400L);
        int ofDay = (int) (second - epochDay * 86_400L);
        int date = CivilDate.packed(epochDay);
        int year = date / 512;
        putTwo(target, from, year / 100);
        putTwo(target, from + 2, year % 100);
        target[from + 4] = '-';
        putTwo(target, from + 5, date / 32 % 16);
        target[from + 7] = '-';
        putTwo(target, from + 8, date % 32);
        target[from + 10] = 'T';
        putTwo(target, from + 11, ofDay / 3_600);
        target[from + 13] = ':';
        putTwo(target, from + 14, ofDay / 60 % 60);
        target[from + 16] = ':';
        putTwo(target, from + 17, ofDay % 60);
        int end = from + 19;
        if (nanos != 0) {
            target[end] = '.';
            end = putFraction(target, end + 1, nanos);
        }
        target[end] = 'Z';
        return end + 1;
    }

    private static int putFraction(byte[] target, int from, int nanos) {
        int digits = 9;
        int value = nanos;
        while (value % 1_000 == 0) {
            value /= 1_000;
            digits -= 3;
        }
        for (int at = from + digits - 1; at >= from; at--) {
            target[at] = (byte) ('0' + value % 10);
            value /= 10;
        }
        return from + digits;
    }

    private static void putTwo(byte[] target, int at, int value) {
        target[at] = (byte) ('0' + value / 10);
        target[at + 1] = (byte) ('0' + value % 10);
    }

    private static BelfryException notATime(String value) {
        String shown =
                value.length() <= TEXT_LENGTH_SHOWN_MAX
                        ? value
                        : value.substring(0, TEXT_LENGTH_SHOWN_MAX) + "…";
        return new BelfryException(ErrorCode.VALIDATION_ERROR, "timestamp: " + shown + EXPECTED);
    }
}

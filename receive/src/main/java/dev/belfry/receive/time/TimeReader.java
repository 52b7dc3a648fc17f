package dev.belfry.receive.time;

import dev.belfry.model.time.Timestamps;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Finds the time in a line of a log, in the forms that programs write; for one thread.
 *
 * <p>A time without zone is in the zone given; one without year is the last such time that is not
 * after the reference by more than a day.
 */
public final class TimeReader {
    /*
     * Tried where a word begins, by its first character:
     *
     *   2026-01-24T10:00:00.123Z   2026/01/24 10:00:00   2026-01-24-10.00.00.123456   20260124-10:00:00:123
     *   260124 100000 (line start) 1769248800[.123] and 13, 16, 19 digits (near the line start)
     *   24/Jan/2026:10:00:00 +0100   24 Jan 2026 10:00:00   24-Jan-2026 10:00:00   24.01.2026 10:00:00
     *   01/24/2026 10:00:00 AM   01-24 10:00:00.123   01.24 10:00:00
     *   Jan 24 10:00:00 [2026]   Jan 24 2026 10:00:00   Jan 24, 2026 1:00:00 PM
     *   [Sat[,]] before any of the above with a month's name   I0124 10:00:00.123456 (line start)
     */
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final int SEARCH_LENGTH = 40;
    private static final int EPOCH_PLACE_MAX = 12;
    private static final long EPOCH_SECONDS_MIN = 946_684_800L;
    private static final long EPOCH_SECONDS_MAX = 4_102_444_800L;
    private static final int YEARS_BACK_MAX = 8;
    private static final int NO_YEAR = -1;
    private static final int RESOLVED = -2;

    private final ZoneId zone;
    private final long referenceSeconds;

    private String text = "";
    private int at;
    private int year;
    private int month;
    private int day;
    private int hour;
    private int minute;
    private int second;
    private int nanos;
    private int offsetSeconds;
    private boolean zoned;

    private int from;
    private long epochNanos;

    /** A reader for lines written in {@code zone} up to {@code referenceSeconds} of the epoch. */
    public TimeReader(ZoneId zone, long referenceSeconds) {
        this.zone = zone;
        this.referenceSeconds = referenceSeconds;
    }

    /** The time found last, epoch nanoseconds. */
    public long epochNanos() {
        return epochNanos;
    }

    /** Where the time found last starts in its line. */
    public int from() {
        return from;
    }

    /** Where the time found last ends, exclusive. */
    public int to() {
        return at;
    }

    /** Looks for a time near the start of {@code line}. */
    public boolean find(String line) {
        text = line;
        int end = Math.min(line.length(), SEARCH_LENGTH);
        for (int place = 0; place < end; place++) {
            if ((place == 0 || !isWord(line.charAt(place - 1))) && tryAt(place)) {
                return true;
            }
        }
        return false;
    }

    /** Reads a whole text as a time, as a field of JSON, CSV or logfmt holds it. */
    public boolean read(String value) {
        text = value;
        return tryAt(0) && at == value.length();
    }

    private static boolean isWord(char letter) {
        return letter >= 'a' && letter <= 'z'
                || letter >= 'A' && letter <= 'Z'
                || letter >= '0' && letter <= '9'
                || letter == '.'
                || letter == '-'
                || letter == '_';
    }

    private boolean tryAt(int place) {
        char first = text.charAt(place);
        from = place;
        at = place;
        year = NO_YEAR;
        nanos = 0;
        offsetSeconds = 0;
        zoned = false;
        boolean shaped;
        if (first >= '0' && first <= '9') {
            shaped = digitsFirst(place);
        } else if (first >= 'A' && first <= 'W') {
            shaped = lettersFirst(place);
        } else {
            return false;
        }
        return shaped && (year == RESOLVED || resolve());
    }

    private boolean digitsFirst(int place) {
        int digits = 0;
        while (place + digits < text.length() && isDigit(place + digits)) {
            digits++;
        }
        return switch (digits) {
            case 1, 2 -> dayOrMonthFirst(digits);
            case 4 -> yearFirst();
            case 6 -> place == 0 && shortDate();
            case 8 -> compactDate();
            case 10, 13, 16, 19 -> epoch(place, digits);
            default -> false;
        };
    }

    private boolean lettersFirst(int place) {
        if (place == 0 && "IWEF".indexOf(text.charAt(0)) >= 0 && isDigit(1) && isDigit(4)) {
            at = 1;
            month = number(2, 2);
            day = number(2, 2);
            return take(' ') && clock() && zoneOrNone();
        }
        if (named(DAYS) >= 0) {
            take(',');
            if (!spaces()) {
                return false;
            }
            if (isDigit(at)) {
                return dayOrMonthFirst(isDigit(at + 1) ? 2 : 1);
            }
        }
        month = named(MONTHS);
        if (month < 0 || !spaces()) {
            return false;
        }
        day = number(1, 2);
        take(',');
        if (day < 0 || !spaces()) {
            return false;
        }
        if (isDigit(at) && isDigit(at + 1) && isDigit(at + 2)) {
            year = number(4, 4);
            take(',');
            return spaces() && clock() && zoneOrNone();
        }
        return clock() && trailingYear();
    }

    /* Behind "Jan 24 10:00:00" may stand a year, or a zone's name and a year. */
    private boolean trailingYear() {
        int behindClock = at;
        if (at < text.length() && text.charAt(at) == ' ') {
            int word = at + 1;
            int end = word;
            while (end < text.length() && text.charAt(end) >= 'A' && text.charAt(end) <= 'Z') {
                end++;
            }
            boolean named = end - word >= 3 && end - word <= 4 && end < text.length();
            at = named && text.charAt(end) == ' ' ? end + 1 : word;
            int candidate = number(4, 4);
            if (candidate >= 1900 && candidate < 2300 && !isDigit(at)) {
                year = candidate;
                String name = named ? text.substring(word, end) : "";
                zoned = name.equals("UTC") || name.equals("GMT");
                return true;
            }
            at = behindClock;
        }
        return zoneOrNone();
    }

    private boolean yearFirst() {
        year = number(4, 4);
        char separator = current();
        if (separator == ' ' && at + 1 < text.length() && text.charAt(at + 1) >= 'A') {
            int given = year;
            at++;
            boolean shaped = lettersFirst(at);
            year = given;
            return shaped;
        }
        if (separator != '-' && separator != '/' && separator != '.') {
            return false;
        }
        at++;
        month = number(1, 2);
        if (!take(separator)) {
            return false;
        }
        day = number(1, 2);
        char between = current();
        if ("T t-_:".indexOf(between) < 0) {
            return false;
        }
        at++;
        return clock() && zoneOrNone();
    }

    private boolean compactDate() {
        year = number(4, 4);
        month = number(2, 2);
        day = number(2, 2);
        if ("-T _".indexOf(current()) < 0) {
            return false;
        }
        at++;
        return isDigit(at + 1) && isDigit(at + 2)
                ? compactClock() && zoneOrNone()
                : clock() && zoneOrNone();
    }

    private boolean shortDate() {
        year = 2000 + number(2, 2);
        month = number(2, 2);
        day = number(2, 2);
        return take(' ') && compactClock() && (at == text.length() || current() == ' ');
    }

    private boolean compactClock() {
        hour = number(2, 2);
        minute = number(2, 2);
        second = number(2, 2);
        fraction();
        return hour >= 0 && minute >= 0 && second >= 0 && !isDigit(at);
    }

    private boolean dayOrMonthFirst(int digits) {
        int first = number(digits, digits);
        char separator = current();
        if (separator == '\0' || "/-. ".indexOf(separator) < 0) {
            return false;
        }
        at++;
        month = named(MONTHS);
        if (month > 0) {
            day = first;
            if (!take(separator)) {
                return false;
            }
            year = number(4, 4);
            return (take(':') || take(' ')) && clock() && zoneOrNone();
        }
        int second = number(1, 2);
        if (second < 0 || separator == ' ') {
            return false;
        }
        if (take(separator)) {
            year = number(4, 4);
            take(',');
            boolean dayFirst = separator == '.' || first > 12;
            day = dayFirst ? first : second;
            month = dayFirst ? second : first;
        } else {
            month = first;
            day = second;
        }
        return take(' ') && clock() && zoneOrNone();
    }

    private boolean epoch(int place, int digits) {
        long whole = Long.parseLong(text, place, place + digits, 10);
        long scale =
                switch (digits) {
                    case 10 -> 1L;
                    case 13 -> 1_000L;
                    case 16 -> 1_000_000L;
                    default -> 1_000_000_000L;
                };
        long seconds = whole / scale;
        at = place + digits;
        nanos = (int) (whole % scale * (1_000_000_000L / scale));
        if (digits == 10 && current() == '.') {
            fraction();
        }
        boolean ended = at == text.length() || " ,;|]\t:".indexOf(text.charAt(at)) >= 0;
        if (place > EPOCH_PLACE_MAX
                || isBehindWords(place)
                || !ended
                || seconds < EPOCH_SECONDS_MIN
                || seconds > EPOCH_SECONDS_MAX) {
            return false;
        }
        epochNanos = Timestamps.nanosOf(seconds, nanos);
        year = RESOLVED;
        return true;
    }

    /* A number behind ordinary words is an amount, unless the last of them is its name: ts=1769248800. */
    private boolean isBehindWords(int place) {
        boolean named = place > 0 && "=:".indexOf(text.charAt(place - 1)) >= 0;
        for (int before = 0; before < place && !named; before++) {
            if (text.charAt(before) >= 'a' && text.charAt(before) <= 'z') {
                return true;
            }
        }
        return false;
    }

    /* H:mm:ss or H.mm.ss, a fraction, AM or PM. */
    private boolean clock() {
        hour = number(1, 2);
        char separator = current();
        if (hour < 0 || separator != ':' && separator != '.') {
            return false;
        }
        at++;
        minute = number(1, 2);
        if (minute < 0 || !take(separator)) {
            return false;
        }
        second = number(1, 2);
        if (second < 0 || isDigit(at)) {
            return false;
        }
        fraction();
        halfDay();
        return true;
    }

    private void halfDay() {
        int letter = current() == ' ' ? at + 1 : at;
        boolean marked =
                letter + 1 < text.length()
                        && "AaPp".indexOf(text.charAt(letter)) >= 0
                        && "Mm".indexOf(text.charAt(letter + 1)) >= 0
                        && (letter + 2 == text.length() || !isWord(text.charAt(letter + 2)))
                        && hour >= 1
                        && hour <= 12;
        if (marked) {
            boolean afternoon = "Pp".indexOf(text.charAt(letter)) >= 0;
            hour = hour % 12 + (afternoon ? 12 : 0);
            at = letter + 2;
        }
    }

    private void fraction() {
        char separator = current();
        if (separator != '.' && separator != ',' && separator != ':' || !isDigit(at + 1)) {
            return;
        }
        int value = 0;
        int digits = 0;
        for (at++; isDigit(at); at++) {
            if (digits < 9) {
                value = value * 10 + text.charAt(at) - '0';
                digits++;
            }
        }
        for (; digits < 9; digits++) {
            value *= 10;
        }
        nanos = value;
    }

    /* Z, UTC, GMT, ±hh:mm, ±hhmm, ±hh, with or without a space before; always true. */
    private boolean zoneOrNone() {
        int sign = current() == ' ' ? at + 1 : at;
        if (sign >= text.length()) {
            return true;
        }
        char first = text.charAt(sign);
        if ((first == 'Z' || first == 'z') && !isWordAt(sign + 1)) {
            zoned = true;
            at = sign + 1;
        } else if ((text.startsWith("UTC", sign) || text.startsWith("GMT", sign))
                && !isWordAt(sign + 3)) {
            zoned = true;
            at = sign + 3;
        } else if (first == '+' || first == '-') {
            offset(sign);
        }
        return true;
    }

    private void offset(int sign) {
        int behindClock = at;
        at = sign + 1;
        int hours = number(2, 2);
        boolean colon = current() == ':' && isDigit(at + 1);
        if (colon) {
            at++;
        }
        int minutes = isDigit(at) ? number(2, 2) : 0;
        boolean spaced = sign != behindClock;
        boolean whole = hours >= 0 && hours <= 18 && minutes >= 0 && minutes < 60 && !isWordAt(at);
        if (!whole || spaced && at - sign < 5) {
            at = behindClock;
            return;
        }
        zoned = true;
        offsetSeconds = (text.charAt(sign) == '-' ? -1 : 1) * (hours * 3_600 + minutes * 60);
    }

    private boolean resolve() {
        if (year != NO_YEAR) {
            return resolveIn(year);
        }
        int last = LocalDateTime.ofEpochSecond(referenceSeconds, 0, ZoneOffset.UTC).getYear() + 1;
        for (int candidate = last; candidate > last - YEARS_BACK_MAX; candidate--) {
            if (resolveIn(candidate) && epochNanos / 1_000_000_000L <= referenceSeconds + 86_400L) {
                return true;
            }
        }
        return false;
    }

    private boolean resolveIn(int candidate) {
        long seconds = Timestamps.epochSeconds(candidate, month, day, hour, minute, second);
        if (seconds == Timestamps.NONE) {
            return false;
        }
        if (zoned) {
            seconds -= offsetSeconds;
        } else if (!zone.equals(ZoneOffset.UTC)) {
            try {
                LocalDateTime local = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
                seconds = local.atZone(zone).toEpochSecond();
            } catch (DateTimeException _) {
                return false;
            }
        }
        epochNanos = Timestamps.nanosOf(seconds, nanos);
        return epochNanos != Timestamps.NONE;
    }

    private char current() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean isDigit(int place) {
        return place < text.length() && text.charAt(place) >= '0' && text.charAt(place) <= '9';
    }

    private boolean isWordAt(int place) {
        return place < text.length() && isWord(text.charAt(place)) && text.charAt(place) != '.';
    }

    private boolean take(char expected) {
        boolean there = current() == expected;
        at += there ? 1 : 0;
        return there;
    }

    private boolean spaces() {
        int start = at;
        while (current() == ' ') {
            at++;
        }
        return at > start;
    }

    /* A number of min to max digits, negative when there are fewer. */
    private int number(int min, int max) {
        int value = 0;
        int digits = 0;
        while (digits < max && isDigit(at)) {
            value = value * 10 + text.charAt(at) - '0';
            at++;
            digits++;
        }
        return digits < min ? Integer.MIN_VALUE / 2 : value;
    }

    /* The number from 1 of the three-letter name that stands here, negative when none does. */
    private int named(String names) {
        for (int name = 0; name < names.length(); name += 3) {
            if (text.regionMatches(true, at, names, name, 3)) {
                int end = at + 3;
                boolean longer = end < text.length() && Character.isLetter(text.charAt(end));
                if (longer) {
                    return -1;
                }
                at = end;
                return name / 3 + 1;
            }
        }
        return -1;
    }
}

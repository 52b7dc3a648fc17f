package dev.belfry.receive.syslog;

import dev.belfry.model.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Reads the times before messages of RFC 3164 and of what is called so; for one thread. */
final class OldTimes {
    /*
     *   Jan  4 10:00:00      Jan 04 2026 10:00:00     2026 Jan 4 10:00:00     *Jan  4 10:00:00.123
     *   Jan  4 10:00:00 2026 Jan  4 10:00:00.123 CET: 2026-01-04T10:00:00.123456+01:00
     *
     * Without a year it is the last such time that is not more than a day after now: so a message of 31 December
     * that comes on 1 January is of last year, and one of a clock that goes fast stays in this one. Messages of one
     * second mostly follow one another, so the last seconds are kept.
     */
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final int PLAIN_LENGTH = 15;
    private static final int YEARS_BACK_MAX = 8;
    private static final long DAY_SECONDS = 86_400;

    private final ZoneId zone;
    private final long nowSeconds;
    private final int thisYear;
    private final byte[] lastText = new byte[PLAIN_LENGTH];
    private long lastSeconds = Timestamps.NONE;
    private long epochNanos;

    private byte[] data = {};
    private int at;
    private int to;

    OldTimes(ZoneId zone, long nowNanos) {
        this.zone = zone;
        nowSeconds = Math.floorDiv(nowNanos, 1_000_000_000L);
        thisYear = LocalDateTime.ofEpochSecond(nowSeconds, 0, ZoneOffset.UTC).getYear();
    }

    /** The time read last. */
    long epochNanos() {
        return epochNanos;
    }

    /** The end of the time that stands at {@code from}, or -1 when none does. */
    int read(byte[] bytes, int from, int end) {
        data = bytes;
        to = end;
        at = from;
        if (at < to && (data[at] == '*' || data[at] == '.')) {
            at++;
        }
        if (at + PLAIN_LENGTH > to) {
            return -1;
        }
        if (data[at] >= '0' && data[at] <= '9') {
            return data[at + 4] == '-' ? iso() : yearFirst();
        }
        return named(0);
    }

    private int iso() {
        int end = at;
        while (end < to && data[end] != ' ') {
            end++;
        }
        int colon = data[end - 1] == ':' ? end - 1 : end;
        epochNanos = Timestamps.tryParse(data, at, colon);
        if (epochNanos == Timestamps.NONE && colon - at >= 19) {
            epochNanos = local(colon);
        }
        return epochNanos == Timestamps.NONE ? -1 : end;
    }

    /* An ISO time without a zone. */
    private long local(int end) {
        String text = new String(data, at, end - at, StandardCharsets.US_ASCII);
        try {
            LocalDateTime time = LocalDateTime.parse(text);
            return Timestamps.nanosOf(time.atZone(zone).toEpochSecond(), time.getNano());
        } catch (DateTimeException _) {
            return Timestamps.NONE;
        }
    }

    private int yearFirst() {
        int year = number(4);
        if (year < 1970 || at >= to || data[at] != ' ') {
            return -1;
        }
        at++;
        int behind = named(year);
        return behind < 0 || isOffset(behind) ? -1 : behind;
    }

    /* Whether TZ-6 stands behind the time: then it is none of a known form. */
    private boolean isOffset(int from) {
        int end = from + 1;
        while (end < to && data[end] >= 'A' && data[end] <= 'Z') {
            end++;
        }
        boolean signed = end > from + 1 && end + 1 < to && (data[end] == '-' || data[end] == '+');
        int digit = end + 1;
        while (signed && digit < to && data[digit] >= '0' && data[digit] <= '9') {
            digit++;
        }
        return signed && digit > end + 1 && (digit == to || data[digit] == ' ');
    }

    private int named(int givenYear) {
        int start = at;
        if (at + PLAIN_LENGTH > to) {
            return -1;
        }
        boolean again =
                givenYear == 0
                        && lastSeconds != Timestamps.NONE
                        && Arrays.equals(data, at, at + PLAIN_LENGTH, lastText, 0, PLAIN_LENGTH);
        if (again) {
            at += PLAIN_LENGTH;
            return finish(lastSeconds, true);
        }
        int month = month();
        at += 3;
        if (month < 0 || data[at] != ' ') {
            return -1;
        }
        spaces();
        int day = number(2);
        int year = givenYear;
        if (year == 0 && isYear()) {
            at++;
            year = number(4);
        }
        if (day < 1 || at >= to || data[at] != ' ') {
            return -1;
        }
        spaces();
        int hour = number(2);
        int minute = colon() ? number(2) : -1;
        int second = minute >= 0 && colon() ? number(2) : -1;
        if (hour < 0 || second < 0) {
            return -1;
        }
        boolean plain = year == 0 && at - start == PLAIN_LENGTH;
        int behind = fraction(at);
        if (year == 0 && behind == at && isYear()) {
            int mark = at++;
            year = number(4);
            at = year < 1970 ? mark : at;
            year = year < 1970 ? 0 : year;
            plain = false;
        }
        long seconds = seconds(year, month, day, hour, minute, second);
        if (seconds == Timestamps.NONE) {
            return -1;
        }
        if (plain) {
            System.arraycopy(data, start, lastText, 0, PLAIN_LENGTH);
            lastSeconds = seconds;
        }
        return finish(seconds, true);
    }

    private int finish(long seconds, boolean fraction) {
        int behind = fraction ? fraction(at) : at;
        int nanos = 0;
        int scale = 100_000_000;
        for (int digit = at + 1; digit < behind && scale > 0; digit++) {
            nanos += (data[digit] - '0') * scale;
            scale /= 10;
        }
        epochNanos = Timestamps.nanosOf(seconds, nanos);
        if (behind < to && data[behind] == ':') {
            behind++;
        }
        boolean ends = behind >= to || data[behind] == ' ';
        return epochNanos == Timestamps.NONE || !ends ? -1 : behind;
    }

    /* Behind .123 at from, or from where there is none. */
    private int fraction(int from) {
        if (from >= to || data[from] != '.' && data[from] != ',') {
            return from;
        }
        int end = from + 1;
        while (end < to && data[end] >= '0' && data[end] <= '9') {
            end++;
        }
        return end > from + 1 ? end : from;
    }

    private int month() {
        for (int month = 0; month < 12; month++) {
            boolean same = true;
            for (int letter = 0; letter < 3 && same; letter++) {
                same = (data[at + letter] | 0x20) == MONTHS.charAt(month * 3 + letter);
            }
            if (same) {
                return month + 1;
            }
        }
        return -1;
    }

    private void spaces() {
        while (at < to && data[at] == ' ') {
            at++;
        }
    }

    private boolean colon() {
        boolean found = at < to && data[at] == ':';
        at += found ? 1 : 0;
        return found;
    }

    /* A blank and four digits that are not followed by a colon or digit. */
    private boolean isYear() {
        if (at + 5 > to || data[at] != ' ') {
            return false;
        }
        for (int digit = at + 1; digit < at + 5; digit++) {
            if (data[digit] < '0' || data[digit] > '9') {
                return false;
            }
        }
        return at + 5 == to || data[at + 5] == ' ' || data[at + 5] == ':';
    }

    /* Up to max digits; -1 when there is none. */
    private int number(int max) {
        int value = 0;
        int start = at;
        while (at < to && at - start < max && data[at] >= '0' && data[at] <= '9') {
            value = value * 10 + data[at++] - '0';
        }
        return at == start ? -1 : value;
    }

    private long seconds(int year, int month, int day, int hour, int minute, int second) {
        if (year > 0) {
            return zoned(year, month, day, hour, minute, second);
        }
        for (int back = -1; back < YEARS_BACK_MAX; back++) {
            long seconds = zoned(thisYear - back, month, day, hour, minute, second);
            if (seconds != Timestamps.NONE && seconds <= nowSeconds + DAY_SECONDS) {
                return seconds;
            }
        }
        return Timestamps.NONE;
    }

    private long zoned(int year, int month, int day, int hour, int minute, int second) {
        long utc = Timestamps.epochSeconds(year, month, day, hour, minute, second);
        if (utc == Timestamps.NONE || zone.equals(ZoneOffset.UTC)) {
            return utc;
        }
        LocalDateTime local = LocalDateTime.ofEpochSecond(utc, 0, ZoneOffset.UTC);
        return local.atZone(zone).toEpochSecond();
    }
}

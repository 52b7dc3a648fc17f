package dev.belfry.server.prometheus;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.ShortestDecimal;
import dev.belfry.server.http.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON to the byte as Prometheus' API does; whoever writes sees to commas and brackets. For
 * one thread.
 */
final class ApiJson {
    /*
     * util/jsonutil and web/api/v1/json_codec.go of Prometheus: numbers are texts in the fewest digits, with an exponent
     * below 1e-6 and from 1e21 on; times are seconds with no or three decimals. Names and values of labels are written
     * plainly, all other texts with <, > and & escaped, as Go's encoder does.
     *
     * With a sink, what was written goes off in pieces; without, it stays.
     */
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int PIECE = 64 << 10;
    private static final long EXACT = 1L << 53;

    /* What is written without an exponent. */
    private static final double PLAIN_MIN = 1e-6;
    private static final double PLAIN_MAX = 1e21;

    /* The longest time and value, with quotes. */
    private static final int TIME_MAX = 26;
    private static final int VALUE_MAX = 32;

    private final Reply.@Nullable Sink sink;
    private byte[] bytes;
    private int size;

    /* The digits of the last time but for the last four of its seconds. */
    private final byte[] timeText = new byte[20];
    private long timeUpper = -1;
    private int timeLength;
    private final ShortestDecimal decimal = new ShortestDecimal();

    ApiJson() {
        this(null);
    }

    ApiJson(Reply.@Nullable Sink sink) {
        this(sink, sink == null ? 1024 : PIECE + 4096);
    }

    private ApiJson(Reply.@Nullable Sink sink, int capacity) {
        this.sink = sink;
        this.bytes = new byte[capacity];
    }

    /** One that stays, with room for {@code capacity} bytes before it grows. */
    static ApiJson ofCapacity(int capacity) {
        return new ApiJson(null, capacity);
    }

    /** Whether it goes off in pieces. */
    boolean isSent() {
        return sink != null;
    }

    /** What was written, as an answer. */
    Reply reply(int status) {
        return new Reply(status, "application/json", bytes, size, java.util.Map.of());
    }

    /** All of {@code other}, which is given up. */
    ApiJson all(ApiJson other) {
        if (sink == null) {
            room(other.size);
            System.arraycopy(other.bytes, 0, bytes, size, other.size);
            size += other.size;
        } else {
            finish();
            send(sink, Arrays.copyOf(other.bytes, other.size));
        }
        return this;
    }

    /** Sends what is left. */
    void finish() {
        if (sink != null && size > 0) {
            send(sink, Arrays.copyOf(bytes, size));
            size = 0;
        }
    }

    /** Text as it is; ASCII only. */
    @SuppressWarnings("deprecation") // Of ASCII each character is a byte.
    ApiJson raw(String ascii) {
        int length = ascii.length();
        room(length);
        ascii.getBytes(0, length, bytes, size);
        size += length;
        return this;
    }

    /** One character. */
    ApiJson raw(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /** Text that is JSON already. */
    ApiJson json(String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    /** A text in quotes. */
    ApiJson text(String value) {
        return text(value, true);
    }

    /** {@code "name":}. */
    ApiJson name(String name) {
        return text(name, true).raw(':');
    }

    /** The labels as an object. */
    ApiJson labels(Labels labels) {
        raw('{');
        for (int index = 0; index < labels.size(); index++) {
            if (index > 0) {
                raw(',');
            }
            text(labels.name(index), false).raw(':').text(labels.value(index), false);
        }
        return raw('}');
    }

    /** A whole number. */
    ApiJson number(long value) {
        return raw(Long.toString(value));
    }

    /** A time, in seconds. */
    ApiJson time(long millis) {
        room(TIME_MAX);
        long magnitude = Math.abs(millis);
        if (millis < 0) {
            bytes[size++] = '-';
        }
        long seconds = magnitude / 1000;
        if (seconds < 10_000) {
            digits(seconds);
        } else {
            begin(seconds / 10_000);
            int last = (int) (seconds % 10_000);
            pair(last / 100);
            pair(last % 100);
        }
        int fraction = (int) (magnitude % 1000);
        if (fraction != 0) {
            bytes[size++] = '.';
            bytes[size++] = (byte) ('0' + fraction / 100);
            pair(fraction % 100);
        }
        return this;
    }

    /* Times that stand one after the other begin alike. */
    private void begin(long upper) {
        if (upper == timeUpper) {
            System.arraycopy(timeText, 0, bytes, size, timeLength);
            size += timeLength;
            return;
        }
        int from = size;
        digits(upper);
        timeUpper = upper;
        timeLength = size - from;
        System.arraycopy(bytes, from, timeText, 0, timeLength);
    }

    private void pair(int value) {
        bytes[size++] = (byte) ('0' + value / 10);
        bytes[size++] = (byte) ('0' + value % 10);
    }

    /** A value, in quotes. */
    ApiJson value(double value) {
        room(VALUE_MAX);
        bytes[size++] = '"';
        if (value == Math.rint(value) && Math.abs(value) < EXACT) {
            if (value < 0 || 1 / value < 0) {
                bytes[size++] = '-';
            }
            digits(Math.abs((long) value));
        } else if (!wroteShort(value) && !wrotePlain(value)) {
            raw(fraction(value));
        }
        return raw('"');
    }

    /* Writes a number that needs no exponent; false for others. */
    private boolean wrotePlain(double value) {
        double magnitude = Math.abs(value);
        if (!(magnitude >= PLAIN_MIN && magnitude < PLAIN_MAX)) {
            return false;
        }
        if (value < 0) {
            bytes[size++] = '-';
        }
        decimal.find(magnitude);
        int whole = length(decimal.digits()) + decimal.exponent();
        if (whole <= 0) {
            raw("0.").zeros(-whole);
        }
        digits(decimal.digits());
        zeros(decimal.exponent());
        if (whole > 0 && decimal.exponent() < 0) {
            int point = size + decimal.exponent();
            System.arraycopy(bytes, point, bytes, point + 1, size++ - point);
            bytes[point] = '.';
        }
        return true;
    }

    private void zeros(int count) {
        for (int i = 0; i < count; i++) {
            bytes[size++] = '0';
        }
    }

    /*
     * Writes a number of at most 15 digits, 6 of them decimals: no other number of so few digits is read as the same double, so
     * that these are the fewest. False for others.
     */
    private boolean wroteShort(double value) {
        double magnitude = Math.abs(value);
        double millionths = Math.rint(magnitude * 1e6);
        if (!(millionths < 1e15) || millionths / 1e6 != magnitude) {
            return false;
        }
        if (value < 0) {
            bytes[size++] = '-';
        }
        long all = (long) millionths;
        int decimals = (int) (all % 1_000_000);
        digits(all / 1_000_000);
        bytes[size++] = '.';
        pair(decimals / 10_000);
        pair(decimals / 100 % 100);
        pair(decimals % 100);
        while (bytes[size - 1] == '0') {
            size--;
        }
        return true;
    }

    /** {@code [time,"value"]}. */
    ApiJson sample(long millis, double value) {
        return raw('[').time(millis).raw(',').value(value).raw(']');
    }

    /** {@code [time,{histogram}]}. */
    ApiJson sample(long millis, FloatHistogram histogram) {
        raw('[').time(millis).raw(",{\"count\":").value(histogram.count());
        raw(",\"sum\":").value(histogram.sum());
        boolean any = false;
        for (FloatHistogram.Bucket bucket : histogram.buckets()) {
            if (bucket.count() == 0) {
                continue;
            }
            raw(any ? ",[" : ",\"buckets\":[[");
            any = true;
            raw(boundaries(bucket)).raw(',').value(bucket.lower());
            raw(',').value(bucket.upper()).raw(',').value(bucket.count()).raw(']');
        }
        return raw(any ? "]}]" : "}]");
    }

    /* Which bounds belong to the bucket: 0 the upper, 1 the lower, 2 none, 3 both. */
    private static char boundaries(FloatHistogram.Bucket bucket) {
        if (bucket.lowerInclusive()) {
            return bucket.upperInclusive() ? '3' : '1';
        }
        return bucket.upperInclusive() ? '0' : '2';
    }

    /** A number that is not whole, as Go's {@code strconv} writes it in this API. */
    static String fraction(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        String java = Double.toString(value);
        int start = java.charAt(0) == '-' ? 1 : 0;
        int e = java.indexOf('E');
        if (e < 0) {
            return java.endsWith(".0") ? java.substring(0, java.length() - 2) : java;
        }
        int exponent = Integer.parseInt(java, e + 1, java.length(), 10);
        String digits = digits(java, start, e, value);
        StringBuilder text = new StringBuilder(40).append(java, 0, start);
        if (exponent >= -6 && exponent < 21) {
            return plain(text, digits, exponent);
        }
        text.append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        int magnitude = Math.abs(exponent);
        text.append(exponent < 0 ? "e-" : "e+").append(magnitude < 10 ? "0" : "");
        return text.append(magnitude).toString();
    }

    /* Java gives two digits at least, and so not the fewest for a few of the smallest numbers. */
    private static String digits(String java, int start, int e, double value) {
        String fraction = java.substring(start + 2, e);
        String digits = java.charAt(start) + (fraction.equals("0") ? "" : fraction);
        if (digits.length() == 2 && Math.abs(value) < 1e-300) {
            int rounded = (digits.charAt(0) - '0') + (digits.charAt(1) >= '5' ? 1 : 0);
            String one = rounded + java.substring(e);
            if (rounded < 10 && Double.parseDouble(one) == Math.abs(value)) {
                return Integer.toString(rounded);
            }
        }
        return digits;
    }

    private static String plain(StringBuilder text, String digits, int exponent) {
        if (exponent < 0) {
            return text.append("0.").append("0".repeat(-exponent - 1)).append(digits).toString();
        }
        int whole = exponent + 1;
        if (digits.length() <= whole) {
            return text.append(digits).append("0".repeat(whole - digits.length())).toString();
        }
        return text.append(digits, 0, whole)
                .append('.')
                .append(digits, whole, digits.length())
                .toString();
    }

    private static int length(long value) {
        int length = 1;
        for (long power = 10; length < 19 && value >= power; power *= 10) {
            length++;
        }
        return length;
    }

    private void digits(long value) {
        room(20);
        size += length(value);
        int at = size;
        long rest = value;
        while (rest >= 100_000_000) {
            int eight = (int) (rest % 100_000_000);
            rest /= 100_000_000;
            for (int i = 0; i < 4; i++) {
                int two = eight % 100;
                eight /= 100;
                bytes[--at] = (byte) ('0' + two % 10);
                bytes[--at] = (byte) ('0' + two / 10);
            }
        }
        int small = (int) rest;
        while (small >= 100) {
            int two = small % 100;
            small /= 100;
            bytes[--at] = (byte) ('0' + two % 10);
            bytes[--at] = (byte) ('0' + two / 10);
        }
        bytes[--at] = (byte) ('0' + small % 10);
        if (small >= 10) {
            bytes[--at] = (byte) ('0' + small / 10);
        }
    }

    private ApiJson text(String value, boolean escapeMarkup) {
        int length = value.length();
        room(length * 6 + 2);
        bytes[size++] = '"';
        for (int index = 0; index < length; index++) {
            char unit = value.charAt(index);
            if (unit >= 0x80) {
                return rest(value, index, escapeMarkup);
            }
            ascii(unit, escapeMarkup);
        }
        bytes[size++] = '"';
        return this;
    }

    private void ascii(char unit, boolean escapeMarkup) {
        switch (unit) {
            case '"', '\\' -> {
                bytes[size++] = '\\';
                bytes[size++] = (byte) unit;
            }
            case '\n' -> escaped('n');
            case '\r' -> escaped('r');
            case '\t' -> escaped('t');
            default -> {
                boolean markup = escapeMarkup && (unit == '<' || unit == '>' || unit == '&');
                if (unit < 0x20 || markup) {
                    hex(unit);
                } else {
                    bytes[size++] = (byte) unit;
                }
            }
        }
    }

    private void escaped(char letter) {
        bytes[size++] = '\\';
        bytes[size++] = (byte) letter;
    }

    private void hex(int unit) {
        escaped('u');
        bytes[size++] = HEX[unit >>> 12 & 15];
        bytes[size++] = HEX[unit >>> 8 & 15];
        bytes[size++] = HEX[unit >>> 4 & 15];
        bytes[size++] = HEX[unit & 15];
    }

    /* From the first character beyond ASCII on. */
    private ApiJson rest(String value, int from, boolean escapeMarkup) {
        int index = from;
        while (index < value.length()) {
            int point = value.codePointAt(index);
            index += Character.charCount(point);
            if (point < 0x80) {
                ascii((char) point, escapeMarkup);
            } else if (escapeMarkup && (point == 0x2028 || point == 0x2029)) {
                hex(point);
            } else {
                byte[] utf8 = Character.toString(point).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(utf8, 0, bytes, size, utf8.length);
                size += utf8.length;
            }
        }
        bytes[size++] = '"';
        return this;
    }

    /** Sends {@code piece}; a client that has left ends the writing. */
    static void send(Reply.Sink sink, byte[] piece) {
        try {
            sink.write(piece);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void room(int more) {
        if (bytes.length - size >= more) {
            return;
        }
        if (sink != null && size >= PIECE) {
            send(sink, Arrays.copyOf(bytes, size));
            size = 0;
            if (bytes.length >= more) {
                return;
            }
        }
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}

package dev.belfry.receive.influx;

import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.series.NumberText;
import dev.belfry.receive.series.Protocols;
import dev.belfry.receive.series.SampleSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads lines of Influx' protocol; for one thread, used once. */
public final class LineProtocol {
    /*
     * https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol
     *
     *   measurement,tag=value,… field=value,… time
     *   \_____________________/
     *        hashed whole         then each field's name: one series measurement_field each
     *
     * Commas, blanks and equals signs are escaped by a backslash; only in the text of a field may a line break stand.
     * Texts are no numbers and are left; truths are 1 and 0.
     */
    private static final int SAMPLE_BYTES = 20;
    private static final int SHOWN_BYTES = 80;

    private final byte[] text;
    private final int end;
    private final SampleSink sink;
    private final NumberText numbers = new NumberText();
    private final String database;
    private final long perMilli;
    private final long millisPer;
    private final long nowMillis;
    private int at;
    private int lineFrom;
    private int number;
    private long keyHigh;
    private long keyLow;
    private int tagsTo;

    /** Where the samples of a line begin, so that they get its time. */
    private int[] fields = new int[64];

    private double[] values = new double[64];
    private int count;

    /** A line that is wrong. */
    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String expected) {
            super(expected, null, false, false);
        }
    }

    /**
     * Lines of {@code text[0 .. length)}.
     *
     * @param precision of times: {@code ns us ms s m h}, as the two versions of the API write them
     * @param database becomes the label {@code db} where there is none; empty for none
     */
    public LineProtocol(
            byte[] text,
            int length,
            String precision,
            String database,
            KnownFamilies families,
            SeriesIntake series,
            long nowMillis) {
        this.text = text;
        this.end = length;
        this.sink =
                new SampleSink(
                        series,
                        families.begin(nowMillis),
                        Protocols.INFLUX,
                        database,
                        length / SAMPLE_BYTES,
                        DecodedSamples.ERRORS_MAX);
        this.database = database;
        this.nowMillis = nowMillis;
        perMilli =
                switch (precision) {
                    case "us", "u", "µ" -> 1_000;
                    case "ms", "s", "m", "h" -> 1;
                    default -> 1_000_000;
                };
        millisPer =
                switch (precision) {
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    default -> 1;
                };
    }

    /** The samples of all lines; a wrong line is an error of its own. */
    public DecodedSamples read() {
        while (at < end) {
            lineFrom = at;
            number++;
            byte first = text[at];
            if (first == '\n' || first == '\r' || first == ' ' || first == '\t') {
                at++;
                number -= first == '\n' ? 0 : 1;
                continue;
            }
            if (first == '#') {
                at = lineEnd(at);
                continue;
            }
            sink.item();
            try {
                line();
            } catch (Wrong wrong) {
                refuse(String.valueOf(wrong.getMessage()));
                at = lineEnd(at);
            }
        }
        return sink.decoded();
    }

    private void line() {
        at = unescaped(at, ' ');
        tagsTo = at;
        if (at == lineFrom || text[lineFrom] == ',') {
            throw new Wrong("a measurement");
        }
        if (at == end || text[at] != ' ') {
            throw new Wrong("a blank and fields behind the measurement");
        }
        sink.begin().add(text, lineFrom, tagsTo - lineFrom);
        keyHigh = sink.hash.high();
        keyLow = sink.hash.low();
        blanks();
        count = 0;
        while (true) {
            field();
            if (at < end && text[at] == ',') {
                at++;
            } else {
                break;
            }
        }
        blanks();
        long millis = nowMillis;
        if (at < end && text[at] != '\n' && text[at] != '\r') {
            millis = time();
        }
        blanks();
        if (at < end && text[at] == '\r') {
            at++;
        }
        if (at < end && text[at] != '\n') {
            throw new Wrong("the end of the line");
        }
        at++;
        for (int i = 0; i < count; i++) {
            sink.samples.add(fields[i], millis, values[i]);
        }
    }

    private void field() {
        int nameFrom = at;
        at = unescaped(at, '=');
        int nameTo = at;
        if (nameTo == nameFrom || at == end || text[at] != '=') {
            throw new Wrong("a field, name=value");
        }
        at++;
        if (at < end && text[at] == '"') {
            at = quoted(at + 1);
            return;
        }
        int from = at;
        while (at < end && text[at] != ',' && text[at] > ' ') {
            at++;
        }
        double value = value(from, at);
        sink.hash.reset(keyHigh).add(keyLow).add(text, nameFrom, nameTo - nameFrom);
        int series = sink.find();
        if (series == SeriesResolver.NONE) {
            series = sink.resolve(labels(nameFrom, nameTo));
        }
        if (series != SeriesResolver.NONE) {
            if (count == fields.length) {
                fields = Arrays.copyOf(fields, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            fields[count] = series;
            values[count++] = value;
        }
    }

    private double value(int from, int to) {
        if (from == to) {
            throw new Wrong("a value behind '='");
        }
        byte last = text[to - 1];
        if (last == 'i' || last == 'u') {
            double whole = numbers.whole(text, from, to - 1);
            if (!numbers.valid) {
                throw new Wrong("a whole number before " + (char) last);
            }
            return whole;
        }
        double value = numbers.read(text, from, to);
        if (numbers.valid) {
            return value;
        }
        return switch (string(from, to)) {
            case "t", "T", "true", "True", "TRUE" -> 1;
            case "f", "F", "false", "False", "FALSE" -> 0;
            default ->
                    throw new Wrong(
                            "a number, a whole number with i or u, true, false, or a text in quotes");
        };
    }

    private long time() {
        int from = at;
        while (at < end && text[at] > ' ') {
            at++;
        }
        long given = numbers.whole(text, from, at);
        if (!numbers.valid || given < 0 || given > Long.MAX_VALUE / millisPer) {
            throw new Wrong("a time from 1970 on, as a whole number");
        }
        return given / perMilli * millisPer;
    }

    private Labels labels(int nameFrom, int nameTo) {
        Labels.Builder labels = new Labels.Builder(Labels.EMPTY);
        if (!database.isEmpty()) {
            labels.set("db", database);
        }
        int from = lineFrom;
        int to = unescapedIn(from, ',', tagsTo);
        String measurement = plain(from, to);
        while (to < tagsTo) {
            from = to + 1;
            int equals = unescapedIn(from, '=', tagsTo);
            to = unescapedIn(equals == tagsTo ? from : equals + 1, ',', tagsTo);
            if (equals >= to || equals == from) {
                throw new Wrong("tags, name=value");
            }
            labels.set(plain(from, equals), plain(equals + 1, to));
        }
        return labels.set(Labels.NAME, measurement + "_" + plain(nameFrom, nameTo)).build();
    }

    /* Where the next of these stands that no backslash escapes; the end of the line if before. */
    private int unescaped(int from, char wanted) {
        int next = from;
        while (next < end && text[next] != wanted && text[next] != '\n') {
            next += text[next] == '\\' && next + 1 < end && text[next + 1] != '\n' ? 2 : 1;
        }
        return Math.min(next, end);
    }

    private int unescapedIn(int from, char wanted, int to) {
        int next = from;
        while (next < to && text[next] != wanted) {
            next += text[next] == '\\' ? 2 : 1;
        }
        return Math.min(next, to);
    }

    private int quoted(int from) {
        for (int next = from; next < end; next++) {
            if (text[next] == '\\') {
                next++;
            } else if (text[next] == '"') {
                return next + 1;
            }
        }
        throw new Wrong("a closing quote");
    }

    private String plain(int from, int to) {
        int escape = from;
        while (escape < to && text[escape] != '\\') {
            escape++;
        }
        if (escape == to) {
            return string(from, to);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
        for (int next = from; next < to; next++) {
            boolean escapes =
                    text[next] == '\\'
                            && next + 1 < to
                            && (text[next + 1] == ','
                                    || text[next + 1] == '='
                                    || text[next + 1] == ' ');
            if (!escapes) {
                out.write(text[next]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private void blanks() {
        while (at < end && text[at] == ' ') {
            at++;
        }
    }

    private int lineEnd(int from) {
        int next = from;
        while (next < end && text[next] != '\n') {
            next++;
        }
        return Math.min(end, next + 1);
    }

    private void refuse(String expected) {
        int to = lineFrom;
        while (to < end && text[to] != '\n' && to - lineFrom < SHOWN_BYTES) {
            to++;
        }
        sink.refuse(
                ErrorCode.VALIDATION_ERROR,
                "line " + number + ": " + string(lineFrom, to) + " (expected: " + expected + ")");
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}

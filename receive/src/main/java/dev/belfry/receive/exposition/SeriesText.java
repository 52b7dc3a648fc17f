package dev.belfry.receive.exposition;

import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads the series of a line; for one thread, used once. */
final class SeriesText {
    /*
     *   name { label = "value" , … }        name and labels may be in quotes, then the name stands inside:
     *   { "name" , "label" = "value" , … }
     *
     * Numbers in le and quantile are written as OpenMetrics has them, 1 as 1.0, as Prometheus does since 3.0: one
     * bucket shall be one series, whichever format it came by.
     */
    private final byte[] text;
    private final int end;
    private final MetricType type;
    private int at;
    private final Labels.Builder labels = new Labels.Builder(Labels.EMPTY);

    private SeriesText(byte[] text, int from, int end, MetricType type) {
        this.text = text;
        this.at = from;
        this.end = end;
        this.type = type;
    }

    /**
     * The labels of the series {@code text[from .. end)}.
     *
     * @param type of its family
     * @throws ExpositionException what was expected
     */
    static Labels read(byte[] text, int from, int end, MetricType type) {
        SeriesText series = new SeriesText(text, from, end, type);
        series.name();
        series.labels(true);
        series.blanks();
        if (series.at != end) {
            throw new ExpositionException("the end of the series");
        }
        Labels read = series.labels.build();
        if (read.metricName().isEmpty()) {
            throw new ExpositionException("a metric's name");
        }
        return read;
    }

    /** The labels that {@code text[from .. end)} begins with, in braces, of an exemplar. */
    static Exemplary exemplar(byte[] text, int from, int end) {
        SeriesText series = new SeriesText(text, from, end, MetricType.UNKNOWN);
        series.labels(false);
        return new Exemplary(series.labels.build(), series.at);
    }

    /** Labels, and where they end. */
    record Exemplary(Labels labels, int to) {}

    private void name() {
        blanks();
        int from = at;
        while (at < end && text[at] != '{' && !TextReader.isBlank(text[at])) {
            if (!isName(text[at], at > from, true)) {
                throw new ExpositionException("a metric's name of letters, digits, _ and :");
            }
            at++;
        }
        if (at > from) {
            labels.set(Labels.NAME, string(from, at));
        }
    }

    private void labels(boolean named) {
        blanks();
        if (at == end || text[at] != '{') {
            return;
        }
        at++;
        while (true) {
            blanks();
            if (at < end && text[at] == '}') {
                at++;
                return;
            }
            pair(named);
            blanks();
            if (at < end && text[at] == ',') {
                at++;
            } else if (at == end || text[at] != '}') {
                throw new ExpositionException("',' or '}' behind a label");
            }
        }
    }

    private void pair(boolean named) {
        boolean quoted = at < end && text[at] == '"';
        String name = quoted ? quoted() : labelName();
        blanks();
        if (quoted && named && at < end && text[at] != '=') {
            if (!labels.get(Labels.NAME).isEmpty()) {
                throw new ExpositionException("one name of the metric");
            }
            labels.set(Labels.NAME, name);
            return;
        }
        if (at == end || text[at] != '=') {
            throw new ExpositionException("'=' behind the label " + name);
        }
        at++;
        blanks();
        if (at == end || text[at] != '"') {
            throw new ExpositionException("the value of " + name + " in quotes");
        }
        String value = quoted();
        if (!labels.get(name).isEmpty()) {
            throw new ExpositionException("the label " + name + " once");
        }
        if (name.equals(Labels.NAME)) {
            throw new ExpositionException("the name before the labels, not as " + Labels.NAME);
        }
        labels.set(name, normal(name, value, type));
    }

    /** The value of a label as it is kept. */
    static String normal(String name, String value, MetricType type) {
        boolean number =
                type == MetricType.HISTOGRAM && name.equals("le")
                        || type == MetricType.SUMMARY && name.equals("quantile");
        if (!number) {
            return value;
        }
        try {
            return number(Double.parseDouble(value.replace("Inf", "Infinity")));
        } catch (NumberFormatException _) {
            return value;
        }
    }

    /** A number in le or quantile. */
    static String number(double value) {
        String text = Floats.general(value);
        boolean whole = Double.isFinite(value) && text.indexOf('.') < 0 && text.indexOf('e') < 0;
        return whole ? text + ".0" : text;
    }

    private String labelName() {
        int from = at;
        while (at < end && isName(text[at], at > from, false)) {
            at++;
        }
        if (at == from) {
            throw new ExpositionException("a label's name of letters, digits and _, or in quotes");
        }
        return string(from, at);
    }

    private String quoted() {
        int close = closingQuote(text, at + 1, end);
        if (close < 0) {
            throw new ExpositionException("a closing quote");
        }
        String value = unescaped(text, at + 1, close);
        at = close + 1;
        return value;
    }

    private void blanks() {
        while (at < end && TextReader.isBlank(text[at])) {
            at++;
        }
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    private static boolean isName(byte next, boolean inside, boolean colon) {
        return next >= 'a' && next <= 'z'
                || next >= 'A' && next <= 'Z'
                || next == '_'
                || colon && next == ':'
                || inside && next >= '0' && next <= '9';
    }

    /** Where the quote stands that ends what begins at {@code from}; -1 when there is none. */
    static int closingQuote(byte[] text, int from, int end) {
        for (int at = from; at < end; at++) {
            if (text[at] == '\\') {
                at++;
            } else if (text[at] == '"') {
                return at;
            }
        }
        return -1;
    }

    /** Where the brace stands that ends the labels that begin at {@code from}; -1 for none. */
    static int closingBrace(byte[] text, int from, int end) {
        for (int at = from; at < end; at++) {
            if (text[at] == '}') {
                return at;
            }
            if (text[at] == '"') {
                at = closingQuote(text, at + 1, end);
                if (at < 0) {
                    return -1;
                }
            }
        }
        return -1;
    }

    /** {@code text[from .. to)} with its escapes resolved: \\, \" and \n. */
    static String unescaped(byte[] text, int from, int to) {
        int escape = from;
        while (escape < to && text[escape] != '\\') {
            escape++;
        }
        if (escape == to) {
            return new String(text, from, to - from, StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
        for (int at = from; at < to; at++) {
            byte next = text[at];
            if (next == '\\' && at + 1 < to) {
                byte code = text[++at];
                if (code != '"' && code != '\\' && code != 'n') {
                    out.write('\\');
                }
                out.write(code == 'n' ? '\n' : code);
            } else {
                out.write(next);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}

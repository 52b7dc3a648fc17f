package dev.belfry.receive.exposition;

import dev.belfry.model.series.MetricType;
import dev.belfry.receive.json.JsonScanner;
import dev.belfry.receive.series.NumberText;
import java.nio.charset.StandardCharsets;

/**
 * Moves over Prometheus' text or OpenMetrics line by line, and leaves what it found in fields;
 * allocates nothing for a sample. For one thread.
 */
public final class TextReader {
    /*
     * https://prometheus.io/docs/instrumenting/exposition_formats and https://prometheus.io/docs/specs/om/open_metrics_spec
     *
     *   name{labels} value [time] [# {labels} value [time]]
     *   \__________/
     *      series
     *
     * The end of the series is looked for from the end of the line: numbers have no spaces and no braces, labels may
     * have both. So a known series is passed without a look into it.
     */
    /** What a line is. */
    public enum Line {
        SAMPLE,
        TYPE,
        HELP,
        UNIT,
        END
    }

    private static final int SHOWN_BYTES = 80;

    private final byte[] text;
    private final int end;
    private final boolean openMetrics;
    private final NumberText numbers = new NumberText();
    private int at;
    private boolean endSeen;
    private boolean done;

    /** Number of the line read last, from 1. */
    public int number;

    /** Where the series of a sample stands. */
    public int seriesFrom;

    public int seriesTo;

    /** Of a sample. */
    public double value;

    /** Whether a sample has a time of its own. */
    public boolean timed;

    /** That time, epoch milliseconds. */
    public long millis;

    /** Where the exemplar stands, behind its {@code #}; equal when there is none. */
    public int exemplarFrom;

    public int exemplarTo;

    /** Of TYPE, HELP, UNIT: where the family's name stands, and where what is said of it. */
    public int familyFrom;

    public int familyTo;
    public int wordsFrom;
    public int wordsTo;

    /** Of the last TYPE line; it stays for the samples behind it. */
    public MetricType type = MetricType.UNKNOWN;

    /** Where the line read last stands. */
    public int lineFrom;

    public int lineTo;

    /** A reader of {@code text[0 .. length)}. */
    public TextReader(byte[] text, int length, boolean openMetrics) {
        this.text = text;
        this.end = length;
        this.openMetrics = openMetrics;
    }

    /**
     * Passes the next line that is not blank and not a comment.
     *
     * @throws ExpositionException when the line is wrong; the next call goes on behind it
     */
    public Line next() {
        while (at < end) {
            int stop = JsonScanner.lineEnd(text, at, end);
            lineFrom = skipBlank(at, stop);
            lineTo = stop > lineFrom && text[stop - 1] == '\r' ? stop - 1 : stop;
            at = Math.min(end, stop + 1);
            number++;
            if (lineFrom >= lineTo) {
                continue;
            }
            if (endSeen) {
                throw wrong("nothing behind # EOF");
            }
            if (text[lineFrom] != '#') {
                sample();
                return Line.SAMPLE;
            }
            Line comment = comment();
            if (comment != Line.END) {
                return comment;
            }
        }
        done = true;
        return Line.END;
    }

    /** Whether all lines were passed, and the end was reported. */
    public boolean isDone() {
        return done;
    }

    /**
     * Checks that OpenMetrics ended as it must.
     *
     * @throws ExpositionException when it did not
     */
    public void close() {
        if (openMetrics && !endSeen) {
            throw new ExpositionException("the end of the text (expected: # EOF before it)");
        }
    }

    /* END for a comment that says nothing. */
    private Line comment() {
        int from = skipBlank(lineFrom + 1, lineTo);
        int to = word(from);
        if (openMetrics && is(from, to, "EOF") && to == lineTo) {
            endSeen = true;
            return Line.END;
        }
        boolean isType = is(from, to, "TYPE");
        boolean isHelp = is(from, to, "HELP");
        if (!isType && !isHelp && !is(from, to, "UNIT")) {
            return Line.END;
        }
        int rest = familyName(skipBlank(to, lineTo));
        wordsFrom = skipBlank(rest, lineTo);
        wordsTo = isHelp ? lineTo : word(wordsFrom);
        if (isType) {
            type = type(string(wordsFrom, wordsTo));
            return Line.TYPE;
        }
        return isHelp ? Line.HELP : Line.UNIT;
    }

    private MetricType type(String found) {
        return switch (found) {
            case "untyped", "unknown" -> MetricType.UNKNOWN;
            case "counter" -> MetricType.COUNTER;
            case "gauge" -> MetricType.GAUGE;
            case "histogram" -> MetricType.HISTOGRAM;
            case "summary" -> MetricType.SUMMARY;
            case "gaugehistogram", "stateset", "info" -> MetricType.parse(found);
            default ->
                    throw wrong(
                            "a type: counter, gauge, histogram, summary, untyped; in OpenMetrics"
                                    + " also unknown, gaugehistogram, info, stateset");
        };
    }

    /* Leaves the family; the place behind its name. */
    private int familyName(int from) {
        if (from < lineTo && text[from] == '"') {
            familyFrom = from + 1;
            familyTo = SeriesText.closingQuote(text, from + 1, lineTo);
            if (familyTo < 0) {
                throw wrong("a closing quote");
            }
            return familyTo + 1;
        }
        familyFrom = from;
        familyTo = word(from);
        if (from == familyTo) {
            throw wrong("a metric's name");
        }
        return familyTo;
    }

    private void sample() {
        int stop = lineTo;
        exemplarFrom = 0;
        exemplarTo = 0;
        if (openMetrics) {
            stop = exemplar();
        }
        while (stop > lineFrom && isBlank(text[stop - 1])) {
            stop--;
        }
        int last = wordStart(stop);
        if (last == lineFrom) {
            throw wrong("a series and a value");
        }
        int before = blankStart(last);
        if (before > lineFrom && text[before - 1] != '}' && wordStart(before) > lineFrom) {
            int middle = wordStart(before);
            time(last, stop);
            value(middle, before);
            last = middle;
            before = blankStart(middle);
        } else {
            timed = false;
            value(last, stop);
        }
        seriesFrom = lineFrom;
        seriesTo = before > lineFrom ? before : last;
    }

    /* Where the sample before an exemplar ends; the end of the line when there is none. */
    private int exemplar() {
        int open = lineFrom;
        while (open < lineTo && text[open] != '{' && text[open] != '#') {
            open++;
        }
        int from = open;
        if (open < lineTo && text[open] == '{') {
            from = SeriesText.closingBrace(text, open + 1, lineTo);
            if (from < 0) {
                throw wrong("a closing brace");
            }
        }
        while (from < lineTo && text[from] != '#') {
            from++;
        }
        if (from < lineTo) {
            exemplarFrom = from + 1;
            exemplarTo = lineTo;
        }
        return from;
    }

    private void value(int from, int to) {
        value = numbers.read(text, from, to);
        if (!numbers.valid) {
            throw wrong("a number as value");
        }
    }

    private void time(int from, int to) {
        timed = true;
        if (openMetrics) {
            double seconds = numbers.read(text, from, to);
            if (!numbers.valid || !(Math.abs(seconds) < 1e13)) {
                throw wrong("a time in seconds");
            }
            millis = Math.round(seconds * 1000);
        } else {
            millis = numbers.whole(text, from, to);
            if (!numbers.valid) {
                throw wrong("a time in whole milliseconds");
            }
        }
    }

    private int wordStart(int to) {
        int from = to;
        while (from > lineFrom && !isBlank(text[from - 1]) && text[from - 1] != '}') {
            from--;
        }
        return from;
    }

    private int blankStart(int to) {
        int from = to;
        while (from > lineFrom && isBlank(text[from - 1])) {
            from--;
        }
        return from;
    }

    private int word(int from) {
        int to = from;
        while (to < lineTo && !isBlank(text[to])) {
            to++;
        }
        return to;
    }

    private int skipBlank(int from, int to) {
        int next = from;
        while (next < to && isBlank(text[next])) {
            next++;
        }
        return next;
    }

    static boolean isBlank(byte next) {
        return next == ' ' || next == '\t';
    }

    private boolean is(int from, int to, String wanted) {
        if (to - from != wanted.length()) {
            return false;
        }
        for (int i = 0; i < wanted.length(); i++) {
            if (text[from + i] != wanted.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    /** What is wrong with the line read last. */
    ExpositionException wrong(String expected) {
        int shownTo = Math.min(lineTo, lineFrom + SHOWN_BYTES);
        return new ExpositionException(
                "line "
                        + number
                        + ": "
                        + string(lineFrom, shownTo)
                        + (shownTo < lineTo ? "…" : "")
                        + " (expected: "
                        + expected
                        + ")");
    }
}

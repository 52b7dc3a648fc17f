package dev.belfry.receive.push;

import dev.belfry.receive.series.NumberText;
import java.nio.charset.StandardCharsets;

/** Takes lines of StatsD apart; for one thread. */
public final class StatsdReader {
    /*
     * https://github.com/statsd/statsd/blob/master/docs/metric_types.md
     * https://docs.datadoghq.com/developers/dogstatsd/datagram_shell
     *
     *   line     name [ "," key "=" value ]… ":" metric [ ":" metric ]…     tags in the name as Telegraf sends them
     *   metric   value [ ":" value ]… "|" type [ "|@" rate ] [ "|#" tags ] [ "|T" seconds ] [ "|c:" … ] [ "|e:" … ]
     *   type     c, m: added up    g: set, with a sign added    ms, h, d: observed    s: counted when it is another one
     *
     * Several values before a type are Datadog's, several metrics behind a name are the original's.
     */
    private static final int SHOWN_CHARACTERS = 80;
    private static final int SECONDS_DIGITS_MAX = 11;

    private final Sink sink;
    private final NumberText numbers = new NumberText();
    private byte[] text = new byte[0];
    private int end;
    private int at;
    private int nameFrom;
    private int nameTo;

    /** What a metric is. */
    public enum Type {
        /** Increments. */
        COUNTER,
        /** A number that is set, or changed. */
        GAUGE,
        /** Observations in milliseconds. */
        TIMER,
        /** Observations. */
        HISTOGRAM,
        /** Texts, of which the different ones are counted. */
        SET
    }

    /** Takes what lines say. */
    public interface Sink {
        /**
         * One number.
         *
         * @param name of the metric, with tags of its own behind commas
         * @param tags behind {@code #}, as they stand
         * @param changes of a gauge: whether the number is added
         * @param rate how many of all were sent, above 0, at most 1
         * @param millis when, epoch milliseconds; 0 when not told
         */
        void number(
                String name,
                String tags,
                Type type,
                double value,
                boolean changes,
                double rate,
                long millis);

        /** One text of a set. */
        void text(String name, String tags, String value);

        /** A line of which something cannot be taken. */
        void refuse(String message);
    }

    /** A line that is wrong. */
    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String expected) {
            super(expected, null, false, false);
        }
    }

    /** A reader into {@code sink}. */
    public StatsdReader(Sink sink) {
        this.sink = sink;
    }

    /** Reads the lines of {@code bytes[from .. to)}; of one that is wrong the rest is left. */
    public void lines(byte[] bytes, int from, int to) {
        text = bytes;
        int next = from;
        while (next < to) {
            int start = next;
            while (next < to && bytes[next] != '\n') {
                next++;
            }
            line(start, next);
            next++;
        }
    }

    private void line(int from, int to) {
        at = from;
        end = to;
        while (end > at && text[end - 1] <= ' ' && text[end - 1] >= 0) {
            end--;
        }
        if (at == end) {
            return;
        }
        try {
            name();
            do {
                metric();
            } while (at < end);
        } catch (Wrong wrong) {
            String shown = string(from, Math.min(end, from + SHOWN_CHARACTERS));
            sink.refuse(shown + " (expected: " + wrong.getMessage() + ")");
        }
    }

    private void name() {
        nameFrom = at;
        at = find(':');
        nameTo = at;
        if (nameTo == nameFrom || text[nameFrom] == ',' || at == end) {
            throw new Wrong("name:value|type");
        }
        boolean datadog = text[nameFrom] == '_' && (starts("_e{") || starts("_sc|"));
        if (datadog) {
            throw new Wrong("a metric, no event or service check");
        }
        at++;
    }

    private boolean starts(String prefix) {
        return string(nameFrom, Math.min(end, nameFrom + prefix.length())).equals(prefix);
    }

    /* Leaves the place behind ':', where another metric of the name begins, or the end. */
    private void metric() {
        int valuesFrom = at;
        int valuesTo = find('|');
        if (valuesTo == end) {
            throw new Wrong("'|' and a type behind the value");
        }
        at = valuesTo + 1;
        int typeFrom = at;
        at = Math.min(find('|'), find(':'));
        Type type = type(string(typeFrom, at));
        double rate = 1;
        long millis = 0;
        String tags = "";
        while (at < end && text[at] == '|') {
            at++;
            int from = at;
            byte first = at < end ? text[at] : 0;
            at = find('|');
            switch (first) {
                case '@' -> {
                    at = Math.min(at, find(':', from));
                    rate = rate(from + 1, at);
                }
                case '#' -> tags = string(from + 1, at);
                case 'T' -> millis = millis(from + 1, at);
                case 'c', 'e' -> {}
                default -> throw new Wrong("@rate, #tags or Ttime behind the type");
            }
        }
        values(valuesFrom, valuesTo, type, tags, rate, millis);
        at++;
    }

    private static Type type(String word) {
        return switch (word) {
            case "c", "m" -> Type.COUNTER;
            case "g" -> Type.GAUGE;
            case "ms" -> Type.TIMER;
            case "h", "d" -> Type.HISTOGRAM;
            case "s" -> Type.SET;
            default -> throw new Wrong("a type of c, g, ms, h, d or s");
        };
    }

    private double rate(int from, int to) {
        double rate = numbers.read(text, from, to);
        if (!numbers.valid || !(rate > 0) || rate > 1) {
            throw new Wrong("a rate above 0, at most 1");
        }
        return rate;
    }

    private long millis(int from, int to) {
        long seconds = numbers.whole(text, from, to);
        if (!numbers.valid || seconds <= 0 || to - from > SECONDS_DIGITS_MAX) {
            throw new Wrong("a time in whole seconds behind T");
        }
        return seconds * 1000;
    }

    private void values(int from, int to, Type type, String tags, double rate, long millis) {
        String name = string(nameFrom, nameTo);
        if (type == Type.SET) {
            sink.text(name, tags, string(from, to));
            return;
        }
        int start = from;
        while (start <= to) {
            int stop = Math.min(to, find(':', start));
            double value = numbers.read(text, start, stop);
            if (!numbers.valid || !Double.isFinite(value)) {
                throw new Wrong("a number before '|'");
            }
            if (type == Type.COUNTER && value < 0) {
                throw new Wrong("an increment of at least 0");
            }
            boolean signed = text[start] == '+' || text[start] == '-';
            sink.number(name, tags, type, value, signed, rate, millis);
            start = stop + 1;
        }
    }

    private int find(char wanted) {
        return find(wanted, at);
    }

    private int find(char wanted, int from) {
        int next = from;
        while (next < end && text[next] != wanted) {
            next++;
        }
        return next;
    }

    private String string(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }
}

package dev.belfry.server.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines of Prometheus' text format, or of OpenMetrics, as bytes; for one thread. */
public final class PrometheusText {
    /*
     * Names have the characters that they had before Prometheus 3; others become underscores, or, for readers that
     * take all (escaping=allow-utf-8), stand in quotes, the metric's among its labels.
     */
    private final boolean anyName;
    private byte[] bytes;
    private int size;
    private boolean open;

    /**
     * No lines yet.
     *
     * @param anyName whether the reader takes names of any characters
     * @param capacity bytes that are expected
     */
    public PrometheusText(boolean anyName, int capacity) {
        this.anyName = anyName;
        this.bytes = new byte[capacity];
    }

    /** How many bytes there are. */
    public int size() {
        return size;
    }

    /** The bytes, which are taken away. */
    public byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, size);
        size = 0;
        return taken;
    }

    /** What a metric means; in OpenMetrics quotes are escaped. */
    public void help(String metric, String help, boolean openMetrics) {
        raw("# HELP ");
        name(metric, true);
        put(' ');
        escaped(help, openMetrics);
        put('\n');
    }

    /** Of which type a metric is. */
    public void type(String metric, String type) {
        raw("# TYPE ");
        name(metric, true);
        put(' ');
        raw(type);
        put('\n');
    }

    /** Begins the line of a sample. */
    public void begin(String metric) {
        open = anyName && !isPlain(metric, true);
        if (open) {
            put('{');
        }
        name(metric, true);
    }

    /** A label of it. */
    public void label(String name, String value) {
        put(open ? ',' : '{');
        open = true;
        name(name, false);
        put('=');
        quoted(value);
    }

    /** Its value as written. */
    public void value(String value) {
        if (open) {
            put('}');
        }
        put(' ');
        raw(value);
    }

    /** Its time, epoch milliseconds. */
    public void time(long millis) {
        put(' ');
        raw(Long.toString(millis));
    }

    /** Ends the line. */
    public void end() {
        put('\n');
    }

    /** Text as it is. */
    public void raw(String text) {
        int length = text.length();
        room(3 * length);
        for (int i = 0; i < length; i++) {
            char unit = text.charAt(i);
            if (unit >= 0x80) {
                byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(rest, 0, bytes, size, rest.length);
                size += rest.length;
                return;
            }
            bytes[size++] = (byte) unit;
        }
    }

    /** How the name of a metric is shown where it does not stand in quotes. */
    public static String underscored(String metric) {
        return isPlain(metric, true) ? metric : underscored(metric, true);
    }

    private void name(String name, boolean colon) {
        if (isPlain(name, colon)) {
            raw(name);
        } else if (anyName) {
            quoted(name);
        } else {
            raw(underscored(name, colon));
        }
    }

    private static String underscored(String name, boolean colon) {
        StringBuilder shown = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char next = name.charAt(i);
            shown.append(isPart(next, i > 0, colon) ? next : '_');
        }
        return shown.toString();
    }

    private static boolean isPlain(String name, boolean colon) {
        for (int i = 0; i < name.length(); i++) {
            if (!isPart(name.charAt(i), i > 0, colon)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isPart(char next, boolean inside, boolean colon) {
        return next >= 'a' && next <= 'z'
                || next >= 'A' && next <= 'Z'
                || next == '_'
                || colon && next == ':'
                || inside && next >= '0' && next <= '9';
    }

    private void quoted(String text) {
        put('"');
        escaped(text, true);
        put('"');
    }

    private void escaped(String text, boolean quotes) {
        if (isToEscape(text, quotes)) {
            String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
            raw(quotes ? escaped.replace("\"", "\\\"") : escaped);
        } else {
            raw(text);
        }
    }

    private static boolean isToEscape(String text, boolean quotes) {
        return text.indexOf('\\') >= 0
                || text.indexOf('\n') >= 0
                || quotes && text.indexOf('"') >= 0;
    }

    private void put(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    private void room(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}

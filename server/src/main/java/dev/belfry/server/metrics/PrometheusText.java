package dev.belfry.server.metrics;

import dev.belfry.model.series.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Lines of Prometheus' text format, or of OpenMetrics, as bytes; for one thread. */
public final class PrometheusText {
    /*
     * Names with other characters than Prometheus had before its third version stand in quotes, the metric's among
     * its labels. Names of metrics come escaped, those of labels are escaped here.
     */
    private final NameEscaping escaping;
    private byte[] bytes;
    private int size;
    private boolean open;

    /**
     * No lines yet.
     *
     * @param capacity bytes that are expected
     */
    public PrometheusText(NameEscaping escaping, int capacity) {
        this.escaping = escaping;
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

    /** What a metric means, by its name as it is shown; in OpenMetrics quotes are escaped. */
    public void help(String metric, String help, boolean openMetrics) {
        raw("# HELP ");
        metric(metric);
        put(' ');
        escaped(help, openMetrics);
        put('\n');
    }

    /** Of which type a metric is, by its name as it is shown. */
    public void type(String metric, String type) {
        raw("# TYPE ");
        metric(metric);
        put(' ');
        raw(type);
        put('\n');
    }

    /** Begins the line of a sample, whose metric is shown so. */
    public void begin(String metric) {
        open = !NameEscaping.isPlain(metric, true);
        if (open) {
            put('{');
        }
        metric(metric);
    }

    /** All labels of it but its name. */
    public void labels(Labels labels) {
        escaping.labels(labels, this::shown);
    }

    /** A label of it. */
    public void label(String name, String value) {
        shown(escaping.label(name), value);
    }

    private void shown(String name, String value) {
        put(open ? ',' : '{');
        open = true;
        if (NameEscaping.isPlain(name, false)) {
            raw(name);
        } else {
            quoted(name);
        }
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

    private void metric(String shown) {
        if (NameEscaping.isPlain(shown, true)) {
            raw(shown);
        } else {
            quoted(shown);
        }
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

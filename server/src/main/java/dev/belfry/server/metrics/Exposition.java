package dev.belfry.server.metrics;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Prometheus' text format 0.0.4, whole in memory before anything of it is sent. */
public final class Exposition {
    /** What it is sent as. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder(16_384);

    /** Adds a metric whole. */
    public void metric(Metric metric) {
        text.append("# HELP ").append(metric.name()).append(' ');
        escape(metric.help(), false);
        text.append("\n# TYPE ").append(metric.name()).append(' ').append(metric.type());
        text.append('\n');
        metric.writeSamples(this);
    }

    /** Adds one line. */
    void sample(String name, List<String> labelNames, List<String> labels, double value) {
        text.append(name);
        for (int index = 0; index < labelNames.size(); index++) {
            text.append(index == 0 ? '{' : ',').append(labelNames.get(index)).append("=\"");
            escape(labels.get(index), true);
            text.append('"');
        }
        if (!labelNames.isEmpty()) {
            text.append('}');
        }
        text.append(' ').append(number(value)).append('\n');
    }

    /** The page. */
    public byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String number(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "+Inf";
        }
        if (value == Double.NEGATIVE_INFINITY) {
            return "-Inf";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Math.abs(value) >= 1e-5 && Math.abs(value) < 1e15
                ? new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }

    private void escape(String raw, boolean isLabel) {
        for (int index = 0; index < raw.length(); index++) {
            char unit = raw.charAt(index);
            switch (unit) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(isLabel ? "\\\"" : "\"");
                default -> text.append(unit);
            }
        }
    }
}

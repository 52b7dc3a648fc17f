package dev.belfry.server.metrics;

import java.math.BigDecimal;
import java.util.List;

/** Prometheus' text format 0.0.4, whole in memory before anything of it is sent. */
public final class Exposition {
    /** What it is sent as. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final NameEscaping escaping;
    private final PrometheusText text;
    private String family = "";

    /** An empty page. */
    public Exposition() {
        this(NameEscaping.UNDERSCORES);
    }

    /** An empty page whose names are shown by {@code escaping}. */
    public Exposition(NameEscaping escaping) {
        this.escaping = escaping;
        this.text = new PrometheusText(escaping, 16_384);
    }

    /** Adds a metric whole. */
    public void metric(Metric metric) {
        family = metric.name();
        text.help(escaping.metric(family), metric.help(), false);
        text.type(escaping.metric(family), metric.type());
        metric.writeSamples(this);
    }

    /** Adds one line. */
    void sample(String name, List<String> labelNames, List<String> labels, double value) {
        text.begin(escaping.metric(family) + name.substring(family.length()));
        for (int index = 0; index < labelNames.size(); index++) {
            text.label(labelNames.get(index), labels.get(index));
        }
        text.value(number(value));
        text.end();
    }

    /** The page; it is empty then. */
    public byte[] bytes() {
        return text.take();
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
}

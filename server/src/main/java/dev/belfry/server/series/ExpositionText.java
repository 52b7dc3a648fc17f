package dev.belfry.server.series;

import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.server.http.Reply;
import dev.belfry.server.series.CurrentSeries.Current;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes series as Prometheus' text or as OpenMetrics, while it is sent; used once. */
final class ExpositionText {
    /*
     * Series of one family stand together under its HELP and TYPE, buckets in the order of their bounds. Characters
     * that names did not have before Prometheus 3 become underscores unless the reader takes all (escaping=allow-utf-8).
     * In OpenMetrics a counter ends in _total; one that does not is of unknown type there.
     */
    static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final int CHUNK_CHARACTERS = 48 << 10;
    private static final List<String> SUFFIXES = List.of("_bucket", "_sum", "_count");

    private final boolean openMetrics;
    private final boolean anyName;
    private final Reply.Sink sink;
    private final Map<String, MetricMetadata> families = new HashMap<>();
    private final StringBuilder text = new StringBuilder(CHUNK_CHARACTERS + 4_096);

    /**
     * A writer to {@code sink}.
     *
     * @param anyName whether the reader takes names of any characters
     */
    ExpositionText(
            boolean openMetrics, boolean anyName, List<MetricMetadata> known, Reply.Sink sink) {
        this.openMetrics = openMetrics;
        this.anyName = anyName;
        this.sink = sink;
        known.forEach(each -> families.putIfAbsent(each.family(), each));
    }

    /* A series at its place. */
    private record Line(String family, Current series, double bound) {
        static final Comparator<Line> ORDER =
                Comparator.comparing(Line::family)
                        .thenComparing(line -> line.series().labels().metricName())
                        .thenComparing(line -> line.series().labels().with("le", ""))
                        .thenComparingDouble(Line::bound);
    }

    /** Writes text that is whole already. */
    void raw(String more) {
        text.append(more);
    }

    /** Writes the series, and the end. */
    void write(List<Current> all) throws IOException, InterruptedException {
        List<Line> lines = new ArrayList<>(all.size());
        for (Current each : all) {
            lines.add(new Line(family(each.labels().metricName()), each, bound(each.labels())));
        }
        lines.sort(Line.ORDER);
        String before = "";
        for (Line line : lines) {
            if (!line.family().equals(before)) {
                before = line.family();
                head(before);
            }
            sample(line.series());
            if (text.length() >= CHUNK_CHARACTERS) {
                flush();
            }
        }
        if (openMetrics) {
            text.append("# EOF\n");
        }
        flush();
    }

    private void flush() throws IOException, InterruptedException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        sink.write(bytes);
    }

    private static double bound(Labels labels) {
        String le = labels.get("le");
        if (le.isEmpty()) {
            return 0;
        }
        try {
            return Double.parseDouble(le.replace("Inf", "Infinity"));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private String family(String name) {
        if (families.containsKey(name)) {
            return name;
        }
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                String family = name.substring(0, name.length() - suffix.length());
                MetricMetadata known = families.get(family);
                if (known != null
                        && (known.type() == MetricType.HISTOGRAM
                                || known.type() == MetricType.SUMMARY
                                || known.type() == MetricType.GAUGEHISTOGRAM)) {
                    return family;
                }
            }
        }
        return name;
    }

    private void head(String family) {
        MetricMetadata known = families.get(family);
        MetricType type = known == null ? MetricType.UNKNOWN : known.type();
        String shown = family;
        if (openMetrics && type == MetricType.COUNTER) {
            if (family.endsWith("_total")) {
                shown = family.substring(0, family.length() - "_total".length());
            } else {
                type = MetricType.UNKNOWN;
            }
        }
        if (known != null && !known.help().isEmpty()) {
            text.append("# HELP ");
            name(shown);
            text.append(' ');
            escape(known.help(), openMetrics);
            text.append('\n');
        }
        text.append("# TYPE ");
        name(shown);
        text.append(' ').append(word(type)).append('\n');
    }

    private String word(MetricType type) {
        if (openMetrics) {
            return type.text();
        }
        return switch (type) {
            case COUNTER, GAUGE, HISTOGRAM, SUMMARY -> type.text();
            case INFO, STATESET -> "gauge";
            case UNKNOWN, GAUGEHISTOGRAM -> "untyped";
        };
    }

    private void sample(Current series) {
        Labels labels = series.labels();
        String metric = labels.metricName();
        boolean quoted = anyName && !isPlain(metric, true);
        if (!quoted) {
            name(metric);
        }
        boolean open = false;
        if (quoted) {
            text.append("{\"");
            escape(metric, true);
            text.append('"');
            open = true;
        }
        for (int i = 0; i < labels.size(); i++) {
            String name = labels.name(i);
            if (name.equals(Labels.NAME)) {
                continue;
            }
            text.append(open ? ',' : '{');
            open = true;
            label(name);
            text.append("=\"");
            escape(labels.value(i), true);
            text.append('"');
        }
        if (open) {
            text.append('}');
        }
        text.append(' ').append(Floats.shortest(series.value())).append('\n');
    }

    private void label(String name) {
        if (isPlain(name, false)) {
            text.append(name);
        } else if (anyName) {
            text.append('"');
            escape(name, true);
            text.append('"');
        } else {
            underscored(name, false);
        }
    }

    private void name(String name) {
        if (isPlain(name, true)) {
            text.append(name);
        } else if (anyName) {
            text.append('"');
            escape(name, true);
            text.append('"');
        } else {
            underscored(name, true);
        }
    }

    private void underscored(String name, boolean colon) {
        for (int i = 0; i < name.length(); i++) {
            char next = name.charAt(i);
            text.append(isPart(next, i > 0, colon) ? next : '_');
        }
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

    private void escape(String raw, boolean quotes) {
        for (int i = 0; i < raw.length(); i++) {
            char next = raw.charAt(i);
            switch (next) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quotes ? "\\\"" : "\"");
                default -> text.append(next);
            }
        }
    }
}

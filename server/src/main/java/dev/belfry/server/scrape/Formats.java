package dev.belfry.server.scrape;

import dev.belfry.receive.ExpositionFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which formats a job's targets are asked for.
 *
 * @param accept the request's header
 * @param fallback of an answer that does not say; null: text
 */
record Formats(String accept, @Nullable ExpositionFormat fallback) {
    /* https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config */
    private static final String PROTO = "PrometheusProto";
    private static final List<String> DEFAULT =
            List.of(
                    "OpenMetricsText1.0.0",
                    "OpenMetricsText0.0.1",
                    "PrometheusText1.0.0",
                    "PrometheusText0.0.4");
    private static final Map<String, String> TYPES =
            Map.of(
                    PROTO,
                    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                            + "encoding=delimited",
                    "OpenMetricsText1.0.0",
                    "application/openmetrics-text;version=1.0.0",
                    "OpenMetricsText0.0.1",
                    "application/openmetrics-text;version=0.0.1",
                    "PrometheusText1.0.0",
                    "text/plain;version=1.0.0",
                    "PrometheusText0.0.4",
                    "text/plain;version=0.0.4");
    private static final List<String> ESCAPES =
            List.of("allow-utf-8", "underscores", "dots", "values");

    /** What {@code job} says, or else {@code global}. */
    static Formats read(Settings job, Settings global) throws ScrapeException {
        Settings from = job.has("scrape_protocols") ? job : global;
        List<String> protocols = from.texts("scrape_protocols");
        for (String each : protocols) {
            if (!TYPES.containsKey(each)) {
                throw from.wrong(
                        "scrape_protocols", "some of " + String.join(", ", TYPES.keySet()));
            }
        }
        boolean natives =
                job.truth(
                        "scrape_native_histograms",
                        global.truth("scrape_native_histograms", false));
        StringBuilder accept = new StringBuilder();
        List<String> wanted = protocols.isEmpty() ? DEFAULT : protocols;
        int weight = wanted.size() + 1;
        if (natives && !wanted.getFirst().equals(PROTO)) {
            add(accept, PROTO, "", weight + 1);
        }
        for (String each : wanted) {
            boolean escapes = each.endsWith("1.0.0");
            add(accept, each, escapes ? ";escaping=" + escaping(job, global) : "", weight--);
        }
        return new Formats(accept + ",*/*;q=0.1", fallback(job));
    }

    private static void add(StringBuilder accept, String name, String more, int tenths) {
        accept.append(accept.isEmpty() ? "" : ",").append(TYPES.get(name)).append(more);
        accept.append(";q=0.").append(tenths);
    }

    private static String escaping(Settings job, Settings global) throws ScrapeException {
        Settings from = job.has("metric_name_escaping_scheme") ? job : global;
        String escaping = from.text("metric_name_escaping_scheme", "");
        Settings validating = job.has("metric_name_validation_scheme") ? job : global;
        String names = validating.text("metric_name_validation_scheme", "utf8");
        if (!List.of("utf8", "legacy").contains(names)) {
            throw validating.wrong("metric_name_validation_scheme", "utf8 or legacy");
        }
        if (escaping.isEmpty()) {
            return names.equals("utf8") ? ESCAPES.getFirst() : "underscores";
        }
        if (!ESCAPES.contains(escaping)) {
            throw from.wrong("metric_name_escaping_scheme", "one of " + String.join(", ", ESCAPES));
        }
        return escaping;
    }

    private static @Nullable ExpositionFormat fallback(Settings job) throws ScrapeException {
        String name = job.text("fallback_scrape_protocol", "");
        String type = TYPES.get(name);
        if (!name.isEmpty() && type == null) {
            throw job.wrong(
                    "fallback_scrape_protocol", "one of " + String.join(", ", TYPES.keySet()));
        }
        return type == null ? null : ExpositionFormat.of(type);
    }

    /** The format of an answer. */
    ExpositionFormat of(String contentType) {
        ExpositionFormat said = ExpositionFormat.of(contentType);
        boolean says =
                said != ExpositionFormat.TEXT
                        || contentType.strip().toLowerCase(Locale.ROOT).startsWith("text/plain");
        return says || fallback == null ? said : fallback;
    }
}

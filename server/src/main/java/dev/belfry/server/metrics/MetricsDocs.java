package dev.belfry.server.metrics;

/** {@code docs/metrics.md}, from the registry. */
public final class MetricsDocs {
    private MetricsDocs() {}

    /** The page for what {@code registry} has. */
    public static String markdown(Registry registry) {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Belfry's own metrics

                <!-- Made from the registry in the server; a test fails when it differs. -->

                `GET /metrics` gives them in Prometheus' text format. The prefix `belfry_` is `metrics.prefix` of
                the configuration. A metric is not there before its feature.

                | metric | type | labels | what it says |
                | --- | --- | --- | --- |
                """);
        for (Metric metric : registry.metrics()) {
            page.append("| `").append(metric.name()).append("` | ").append(metric.type());
            page.append(" | ").append(String.join(", ", metric.labelNames()));
            page.append(" | ").append(metric.help()).append(" |\n");
        }
        return page.toString();
    }
}

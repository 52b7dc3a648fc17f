package dev.belfry.server.config;

import dev.belfry.receive.OtlpMetricsConfig;
import dev.belfry.receive.OtlpMetricsConfig.Translation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The keys of metrics that come in. */
public final class MetricKeys {
    /* The names that Prometheus' otlp.translation_strategy has. */
    private static final List<String> TRANSLATIONS =
            Arrays.stream(Translation.values()).map(MetricKeys::text).toList();

    public static final Key<String> TRANSLATION =
            key(
                    "otlp.metrics.translation",
                    new ValueType.Text(
                            "one of " + String.join(", ", TRANSLATIONS),
                            Pattern.compile(String.join("|", TRANSLATIONS))),
                    text(Translation.UNDERSCORE_ESCAPING_WITH_SUFFIXES),
                    "What becomes of the names of OTLP metrics; as Prometheus'"
                            + " `otlp.translation_strategy`.");
    public static final Key<Boolean> SCOPE_LABELS =
            key(
                    "otlp.metrics.scope_labels",
                    new ValueType.Truth(),
                    "true",
                    "Whether the scope's name, version and attributes become labels `otel_scope_…`.");
    public static final Key<String> PROMOTED =
            key(
                    "otlp.metrics.promote_resource_attributes",
                    new ValueType.Text(
                            "names with commas between", Pattern.compile("[^\\p{Cntrl}]*")),
                    "",
                    "Resource attributes that become labels of every OTLP series, such as"
                            + " `deployment.environment.name,k8s.pod.name`.");

    public static final Key<String> SCRAPE_FILE =
            key(
                    "scrape.file",
                    new ValueType.Text("a file", Pattern.compile("[^\\p{Cntrl}]+")),
                    "",
                    "A `prometheus.yml`, whose `scrape_configs` are scraped; it is followed.");
    public static final Key<List<Map<?, ?>>> SCRAPE_CONFIGS =
            key(
                    "scrape.configs",
                    new ValueType.Items<>(
                            "a list of scrape_configs as in prometheus.yml", map -> map),
                    "[]",
                    "What is scraped, as `scrape_configs` of a `prometheus.yml`.");

    public static final Key<Boolean> STORE =
            key(
                    "metrics.store",
                    new ValueType.Truth(),
                    "true",
                    "Whether Belfry's own metrics also go into its store, every 15 s as job"
                            + " `belfry`.");

    /** All of them, in the order of the documentation. */
    static final List<Key<?>> ALL =
            List.of(TRANSLATION, SCOPE_LABELS, PROMOTED, SCRAPE_FILE, SCRAPE_CONFIGS, STORE);

    private MetricKeys() {}

    private static <T> Key<T> key(
            String name, ValueType<T> type, String defaultText, String description) {
        return new Key<>(name, type, defaultText, description, "", List.of(), false);
    }

    /** How OTLP metrics become series. */
    public static OtlpMetricsConfig otlp(Config config) {
        String strategy = config.get(TRANSLATION);
        Translation translation =
                Arrays.stream(Translation.values())
                        .filter(each -> text(each).equals(strategy))
                        .findFirst()
                        .orElseThrow();
        return new OtlpMetricsConfig(
                Math.toIntExact(config.get(Keys.BODY_MAX)),
                OtlpMetricsConfig.DEFAULTS.pointsMax(),
                translation,
                config.get(SCOPE_LABELS),
                Arrays.stream(config.find(PROMOTED).orElse("").split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()));
    }

    /* UnderscoreEscapingWithSuffixes, NoUTF8EscapingWithSuffixes, NoTranslation. */
    private static String text(Translation translation) {
        return Arrays.stream(translation.name().split("_"))
                .map(word ->
                        word.equals("UTF8")
                                ? word
                                : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}

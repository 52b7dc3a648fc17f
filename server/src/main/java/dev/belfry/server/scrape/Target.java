package dev.belfry.server.scrape;

import dev.belfry.model.series.Labels;
import dev.belfry.receive.LabelMapping;
import dev.belfry.server.config.Secrets;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something to be scraped.
 *
 * @param job its job
 * @param discovered the labels that it was found with
 * @param labels those that its series get
 * @param uri what is asked for
 */
record Target(
        Job job, Labels discovered, Labels labels, URI uri, Duration interval, Duration timeout) {
    /*
     * As Prometheus makes a target of what is discovered: job, scheme, path, interval and params become labels, the
     * rules of relabeling see and change them all, and what begins with two underscores is gone then.
     */
    private static final String PARAM = "__param_";

    /**
     * The target that {@code found} becomes; null when it is dropped.
     *
     * @throws ScrapeException when what it becomes cannot be asked
     */
    static @Nullable Target of(Job job, Labels found) throws ScrapeException {
        Labels discovered = discovered(job, found);
        Labels relabeled = Relabel.apply(job.relabel(), discovered);
        if (relabeled == null) {
            return null;
        }
        String address = relabeled.get("__address__");
        if (address.isEmpty()) {
            throw new ScrapeException(job.name() + ": no __address__ in " + relabeled);
        }
        Labels.Builder labels =
                new Labels.Builder(relabeled.filter(name -> !name.startsWith("__")));
        if (labels.get("instance").isEmpty()) {
            labels.set("instance", address);
        }
        Duration interval = Settings.duration(relabeled.get("__scrape_interval__"));
        Duration timeout = Settings.duration(relabeled.get("__scrape_timeout__"));
        if (interval == null
                || timeout == null
                || interval.compareTo(Limits.INTERVAL_MIN) < 0
                || timeout.compareTo(interval) > 0) {
            throw new ScrapeException(
                    job.name()
                            + ": __scrape_interval__ "
                            + relabeled.get("__scrape_interval__")
                            + ", __scrape_timeout__ "
                            + relabeled.get("__scrape_timeout__")
                            + " (expected: at least 1s, and a timeout within it)");
        }
        return new Target(
                job, discovered, labels.build(), uri(job, relabeled, address), interval, timeout);
    }

    /** The labels that relabeling begins with. */
    static Labels discovered(Job job, Labels found) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("job", job.name());
        labels.put("__scheme__", job.scheme());
        labels.put("__metrics_path__", job.path());
        labels.put("__scrape_interval__", text(job.interval()));
        labels.put("__scrape_timeout__", text(job.timeout()));
        job.params()
                .forEach((name, values) -> {
                    if (!values.isEmpty()) {
                        labels.put(PARAM + name, values.getFirst());
                    }
                });
        labels.putAll(found.toMap());
        return Labels.of(labels);
    }

    private static URI uri(Job job, Labels labels, String address) throws ScrapeException {
        StringBuilder query = new StringBuilder();
        Map<String, List<String>> params = new LinkedHashMap<>(job.params());
        labels.forEach((name, value) -> {
            if (name.startsWith(PARAM)) {
                String param = name.substring(PARAM.length());
                List<String> given = params.getOrDefault(param, List.of());
                List<String> all = new ArrayList<>(List.of(value));
                all.addAll(given.subList(Math.min(1, given.size()), given.size()));
                params.put(param, all);
            }
        });
        params.forEach((name, values) ->
                values.forEach(value ->
                        query.append(query.isEmpty() ? '?' : '&')
                                .append(encoded(name))
                                .append('=')
                                .append(encoded(value))));
        String text =
                labels.get("__scheme__") + "://" + address + labels.get("__metrics_path__") + query;
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new ScrapeException(
                job.name() + ": " + Secrets.masked(text) + " (expected: a URL of host:port)");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A length of time as Prometheus writes it. */
    static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + "s"
                : duration.toMillis() + "ms";
    }

    /** What becomes of the labels that it gives. */
    LabelMapping mapping() {
        return scraped -> {
            Labels.Builder merged = new Labels.Builder(scraped);
            for (int i = 0; i < labels.size(); i++) {
                String name = labels.name(i);
                String own = scraped.get(name);
                if (!own.isEmpty() && job.honorLabels()) {
                    continue;
                }
                if (!own.isEmpty()) {
                    String exported = "exported_" + name;
                    while (scraped.has(exported) || labels.has(exported)) {
                        exported = "exported_" + exported;
                    }
                    merged.set(exported, own);
                }
                merged.set(name, labels.value(i));
            }
            return Relabel.apply(job.metricRelabel(), merged.build());
        };
    }

    /** The same for the same labels and URL. */
    String key() {
        return labels + " " + uri;
    }
}

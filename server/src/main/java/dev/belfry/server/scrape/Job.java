package dev.belfry.server.scrape;

import dev.belfry.receive.ScrapeLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One of {@code scrape_configs}.
 *
 * @param name {@code job_name}
 * @param params of the query
 * @param formats what is asked for, and what an answer that does not say is
 * @param compressed whether answers may be compressed
 * @param timedEnds whether series whose samples have times get staleness markers too
 * @param bodyBytesMax of an answer
 * @param targetsMax more targets are all in error, 0 for no limit
 * @param droppedMax dropped targets that are shown
 */
record Job(
        String name,
        Duration interval,
        Duration timeout,
        String path,
        String scheme,
        Map<String, List<String>> params,
        boolean honorLabels,
        boolean honorTimes,
        Formats formats,
        boolean compressed,
        boolean timedEnds,
        long bodyBytesMax,
        int targetsMax,
        int droppedMax,
        ScrapeLimits limits,
        HttpOptions http,
        List<Discovery> discoveries,
        List<Relabel> relabel,
        List<Relabel> metricRelabel) {

    private static final Set<String> KNOWN_ALSO =
            Set.of(
                    "job_name",
                    "scrape_interval",
                    "scrape_timeout",
                    "metrics_path",
                    "scheme",
                    "params",
                    "honor_labels",
                    "honor_timestamps",
                    "track_timestamps_staleness",
                    "enable_compression",
                    "scrape_protocols",
                    "fallback_scrape_protocol",
                    "scrape_native_histograms",
                    "always_scrape_classic_histograms",
                    "scrape_classic_histograms",
                    "convert_classic_histograms_to_nhcb",
                    "metric_name_validation_scheme",
                    "metric_name_escaping_scheme",
                    "body_size_limit",
                    "sample_limit",
                    "label_limit",
                    "label_name_length_limit",
                    "label_value_length_limit",
                    "native_histogram_bucket_limit",
                    "native_histogram_min_bucket_factor",
                    "target_limit",
                    "keep_dropped_targets",
                    "relabel_configs",
                    "metric_relabel_configs");

    /** What does not change what is stored as it is; given, it is told in the log. */
    private static final Set<String> PASSED_OVER =
            Set.of(
                    "always_scrape_classic_histograms",
                    "scrape_classic_histograms",
                    "convert_classic_histograms_to_nhcb",
                    "native_histogram_bucket_limit",
                    "native_histogram_min_bucket_factor");

    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    Job {
        params = Map.copyOf(params);
        discoveries = List.copyOf(discoveries);
    }

    /**
     * A job of a configuration.
     *
     * @param global the values that hold where a job has none
     * @param base what files are relative to
     * @param warn takes what has no effect
     * @throws ScrapeException when it cannot be used
     */
    static Job read(
            String place,
            Object value,
            Settings global,
            Path base,
            Requests requests,
            Consumer<String> warn)
            throws ScrapeException {
        Set<String> known = HttpOptions.with(KNOWN_ALSO);
        known.addAll(Discoveries.KNOWN);
        Settings job = new Settings(place, value, known);
        String name = job.text("job_name", "");
        if (name.isEmpty()) {
            throw job.wrong("job_name", "a name");
        }
        Duration interval =
                job.duration("scrape_interval", global.duration("scrape_interval", INTERVAL));
        Duration timeout =
                job.duration("scrape_timeout", global.duration("scrape_timeout", TIMEOUT));
        if (interval.compareTo(Limits.INTERVAL_MIN) < 0) {
            throw job.wrong("scrape_interval", "at least 1s");
        }
        if (timeout.compareTo(interval) > 0) {
            if (job.has("scrape_timeout")) {
                throw job.wrong("scrape_timeout", "at most the interval, " + interval);
            }
            timeout = interval;
        }
        String scheme = job.text("scheme", "http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw job.wrong("scheme", "http or https");
        }
        long body = job.bytes("body_size_limit", global.bytes("body_size_limit", 0));
        int dropped = limit(job, global, "keep_dropped_targets");
        job.given(PASSED_OVER).forEach(each -> warn.accept(each + ": is passed over"));
        return new Job(
                name,
                interval,
                timeout,
                job.text("metrics_path", "/metrics"),
                scheme,
                params(job),
                job.truth("honor_labels", false),
                job.truth("honor_timestamps", true),
                Formats.read(job, global),
                job.truth("enable_compression", true),
                job.truth("track_timestamps_staleness", false),
                body == 0 ? Limits.BODY_BYTES_MAX : body,
                limit(job, global, "target_limit"),
                dropped == 0
                        ? Limits.DROPPED_SHOWN_MAX
                        : Math.min(dropped, Limits.DROPPED_SHOWN_MAX),
                new ScrapeLimits(
                        limit(job, global, "sample_limit"),
                        limit(job, global, "label_limit"),
                        limit(job, global, "label_name_length_limit"),
                        limit(job, global, "label_value_length_limit")),
                new HttpOptions(job, base),
                Discoveries.of(job, base, requests),
                Relabel.read(place + ".relabel_configs", job.list("relabel_configs")),
                Relabel.read(
                        place + ".metric_relabel_configs", job.list("metric_relabel_configs")));
    }

    private static int limit(Settings job, Settings global, String name) throws ScrapeException {
        return (int) Math.min(Integer.MAX_VALUE, job.whole(name, global.whole(name, 0)));
    }

    private static Map<String, List<String>> params(Settings job) throws ScrapeException {
        Map<String, List<String>> params = new LinkedHashMap<>();
        Object given = job.raw("params");
        if (given != null && !(given instanceof Map<?, ?>)) {
            throw job.wrong("params", "names and lists of values");
        }
        if (given instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> each : map.entrySet()) {
                if (!(each.getValue() instanceof List<?> values)) {
                    throw job.wrong("params", "a list of values for " + each.getKey());
                }
                params.put(
                        String.valueOf(each.getKey()),
                        values.stream().map(String::valueOf).toList());
            }
        }
        return params;
    }

    /** Whether what is kept of the series of a target is the same with {@code other}. */
    boolean mapsAs(Job other) {
        return honorLabels == other.honorLabels
                && limits.equals(other.limits)
                && metricRelabel.equals(other.metricRelabel);
    }
}

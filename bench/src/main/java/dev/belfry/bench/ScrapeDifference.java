package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Scraping in all directions: Belfry scrapes the node exporter and Prometheus, Prometheus scrapes
 * Belfry; each value that is stored is compared with what the target said before and after.
 */
final class ScrapeDifference {
    /*
     * A target's page is fetched, then a scrape is waited for and asked about, then the page is fetched again. A
     * counter that was scraped between must be between; what did not move must be the same. Gauges may have moved
     * and come back: they are counted.
     */
    private static final int INTERVAL_SECONDS = 2;
    private static final long PATIENCE_SECONDS = 120;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int wrong;

    private ScrapeDifference() {}

    static void run(Options options, Path folder) throws Exception {
        new ScrapeDifference().all(options, folder);
    }

    private void all(Options options, Path folder) throws Exception {
        int port = MetricServer.freePort();
        Process exporter =
                new ProcessBuilder(exporter(options), "--web.listen-address=127.0.0.1:" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("exporter.log").toFile())
                        .start();
        Path belfryFolder = folder.resolve("belfry");
        Path prometheusFolder = folder.resolve("prometheus");
        Path belfryConfig = config(belfryFolder, "node", "prometheus");
        Path prometheusConfig = config(prometheusFolder, "belfry", "stored");
        try (MetricServer belfry =
                        MetricServer.start("belfry", options, belfryFolder, belfryConfig);
                MetricServer prometheus =
                        MetricServer.start(
                                "prometheus", options, prometheusFolder, prometheusConfig)) {
            URI node = URI.create("http://127.0.0.1:" + port + "/metrics");
            URI own = belfry.address().resolve("/metrics");
            URI stored = belfry.address().resolve("/api/v1/monitoring/metrics/prometheus");
            Files.writeString(prometheusFolder.resolve("token"), belfry.token());
            target(belfryFolder, "node", node);
            target(belfryFolder, "prometheus", prometheus.address().resolve("/metrics"));
            target(prometheusFolder, "belfry", own);
            target(prometheusFolder, "stored", stored);
            System.out.println(
                    "\n| scraped by | target | series | equal | counters between | gauges that moved"
                            + " | wrong |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |");
            compare("belfry", belfry, "node", node, "");
            compare("belfry", belfry, "prometheus", prometheus.address().resolve("/metrics"), "");
            compare("prometheus", prometheus, "belfry", own, belfry.token());
            compare("prometheus", prometheus, "stored", stored, belfry.token());
        } finally {
            exporter.destroy();
            exporter.waitFor();
            http.close();
        }
        if (wrong > 0) {
            throw new IOException(wrong + " values differ (expected: none)");
        }
    }

    private static String exporter(Options options) throws IOException {
        for (String each :
                List.of(
                        options.binary("prometheus-node-exporter"),
                        "/usr/bin/prometheus-node-exporter")) {
            if (Files.isExecutable(Path.of(each))) {
                return each;
            }
        }
        throw new IOException(
                options.binary("prometheus-node-exporter")
                        + ": is not there (expected: Debian's package, unpacked or installed)");
    }

    private static Path config(Path folder, String... jobs) throws IOException {
        Files.createDirectories(folder);
        StringBuilder text = new StringBuilder("global: {scrape_interval: ");
        text.append(INTERVAL_SECONDS).append("s, scrape_timeout: ").append(INTERVAL_SECONDS);
        text.append("s}\nscrape_configs:\n");
        for (String job : jobs) {
            text.append("- {job_name: ").append(job);
            text.append(", honor_labels: true, authorization: {credentials_file: token}");
            text.append(", file_sd_configs: [{files: [").append(job).append(".json]}]}\n");
        }
        Files.writeString(folder.resolve("token"), "none");
        return Files.writeString(folder.resolve("scrape.yml"), text.toString());
    }

    private static void target(Path folder, String job, URI uri) throws IOException {
        Path fresh = folder.resolve(job + ".new");
        Files.writeString(
                fresh,
                "[{\"targets\": [\""
                        + uri.getAuthority()
                        + "\"], \"labels\": {\"__metrics_path__\": \""
                        + uri.getPath()
                        + "\"}}]");
        Files.move(fresh, folder.resolve(job + ".json"));
    }

    private void compare(String by, MetricServer server, String job, URI uri, String token)
            throws Exception {
        String instance = uri.getAuthority();
        String selector = "up{job=\"" + job + "\"}";
        String up = "timestamp(" + selector + ") and " + selector + " == 1";
        long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        await(server, up, 0, deadline);
        Map<String, Sample> before = page(uri, token, job, instance);
        double fetched = System.currentTimeMillis() / 1e3;
        await(server, up, fetched, deadline);
        Map<String, Double> stored = stored(server);
        Map<String, Sample> after = page(uri, token, job, instance);
        int[] counts = new int[4];
        before.forEach((series, first) -> {
            Sample last = after.get(series);
            if (last != null) {
                counts[judge(series, stored.get(series), first, last)]++;
            }
        });
        wrong += counts[3];
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %d | %d | %d | %d |%n",
                by,
                job,
                before.size(),
                counts[0],
                counts[1],
                counts[2],
                counts[3]);
    }

    /* 0 equal, 1 between, 2 moved, 3 wrong. */
    private static int judge(String series, @Nullable Double stored, Sample first, Sample last) {
        if (stored != null && stored.equals(first.value) && stored.equals(last.value)) {
            return 0;
        }
        if (stored != null && !first.counts) {
            return 2;
        }
        if (stored != null && first.value <= stored && stored <= last.value) {
            return 1;
        }
        System.out.println(series + ": " + first.value + ", stored " + stored + ", " + last.value);
        return 3;
    }

    private static void await(MetricServer server, String query, double above, long deadline)
            throws Exception {
        while (true) {
            JsonNode result = query(server, query).at("/data/result/0/value/1");
            if (!result.isMissingNode() && Double.parseDouble(result.asText()) > above) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(query + ": nothing (expected: a scrape)");
            }
            Thread.sleep(50);
        }
    }

    private static JsonNode query(MetricServer server, String text) throws Exception {
        String path = "/api/v1/query?query=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
        return JSON.readTree(server.get(path).body());
    }

    private static Map<String, Double> stored(MetricServer server) throws Exception {
        Map<String, Double> all = new HashMap<>();
        for (JsonNode each : query(server, "{__name__!=\"\"}").at("/data/result")) {
            if (each.has("value")) {
                Map<String, String> labels = new TreeMap<>();
                each.get("metric")
                        .properties()
                        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
                all.put(key(labels), number(each.at("/value/1").asText()));
            }
        }
        return all;
    }

    /** A value of a page; {@code counts} when it can only grow. */
    private record Sample(double value, boolean counts) {}

    /* The page of a target by series, with the labels that its scraper gives it. */
    private Map<String, Sample> page(URI uri, String token, String job, String instance)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!token.isEmpty()) {
            request.header("authorization", "Bearer " + token);
        }
        String text = http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
        Map<String, Sample> all = new TreeMap<>();
        boolean counts = false;
        for (String line : text.split("\n")) {
            if (line.startsWith("# TYPE ")) {
                counts = line.endsWith(" counter") || line.endsWith(" histogram");
            }
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int brace = line.indexOf('{');
            int stop = brace < 0 ? line.indexOf(' ') : line.lastIndexOf('}') + 1;
            Map<String, String> labels = labels(line.substring(0, stop));
            labels.putIfAbsent("job", job);
            labels.putIfAbsent("instance", instance);
            String value = line.substring(stop).strip().split(" ")[0];
            all.put(key(labels), new Sample(number(value), counts));
        }
        return all;
    }

    private static Map<String, String> labels(String series) {
        Map<String, String> labels = new TreeMap<>();
        int brace = series.indexOf('{');
        labels.put("__name__", brace < 0 ? series : series.substring(0, brace));
        int at = brace + 1;
        while (brace >= 0 && at < series.length() && series.charAt(at) != '}') {
            int equals = series.indexOf('=', at);
            StringBuilder value = new StringBuilder();
            int next = equals + 2;
            for (; series.charAt(next) != '"'; next++) {
                boolean escaped = series.charAt(next) == '\\';
                next += escaped ? 1 : 0;
                char found = series.charAt(next);
                value.append(escaped && found == 'n' ? '\n' : found);
            }
            if (!value.isEmpty()) {
                labels.put(series.substring(at, equals), value.toString());
            }
            at = next + 1;
            at += at < series.length() && series.charAt(at) == ',' ? 1 : 0;
        }
        return labels;
    }

    /* Labels in order; bounds are numbers, however they are written. */
    private static String key(Map<String, String> labels) {
        List<String> parts = new ArrayList<>();
        labels.forEach((name, value) -> {
            boolean bound = name.equals("le") || name.equals("quantile");
            parts.add(name + "=" + (bound ? String.valueOf(number(value)) : value));
        });
        return String.join(",", parts);
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}

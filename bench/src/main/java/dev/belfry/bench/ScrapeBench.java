package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Scraping: the same targets by Belfry and by Prometheus, one after the other. */
final class ScrapeBench {
    /*
     * 1,000 targets of 1,000 samples, each asked every 15 s. CPU is counted over whole intervals, after some that are
     * not: connections, series and the machine's compiling are there then. A scrape is late when it begins more than
     * a second away from its place, and lost when a whole interval has none.
     */
    static final int SAMPLES = 1000;
    private static final int INTERVAL_SECONDS = 15;
    private static final int WARM_INTERVALS = 8;
    private static final double LATE_SECONDS = 1;

    private ScrapeBench() {}

    static void run(Options options, Path folder) throws Exception {
        List<String> names = new ArrayList<>(List.of("belfry"));
        names.addAll(options.peers());
        int targets = Math.toIntExact(options.events());
        System.out.printf(
                Locale.ROOT,
                "%n%,d targets of %,d samples every %d s, %d s%n%n"
                        + "| | CPU-s/min | samples/CPU-s | scrapes | off their place p50, p99, max ms"
                        + " | late | down | RSS MiB |%n| --- | --- | --- | --- | --- | --- | --- | --- |%n",
                targets,
                SAMPLES,
                INTERVAL_SECONDS,
                options.time().toSeconds());
        List<String> answers = new ArrayList<>();
        for (String name : names) {
            System.out.println(one(name, options, targets, folder.resolve(name), answers));
        }
        answers.forEach(System.out::println);
    }

    private static String one(
            String name, Options options, int count, Path data, List<String> answers)
            throws Exception {
        int intervals = Math.max(1, (int) (options.time().toSeconds() / INTERVAL_SECONDS));
        try (ScrapeTargets targets =
                        new ScrapeTargets(count, SAMPLES, WARM_INTERVALS + intervals + 4);
                MetricServer server =
                        MetricServer.start(
                                name, options, data, config(data, targets.addresses()))) {
            ProcessHandle process = server.handle();
            Thread.sleep(WARM_INTERVALS * INTERVAL_SECONDS * 1000L);
            double before = ProcessClock.cpuSeconds(process);
            long start = System.nanoTime();
            Thread.sleep(intervals * INTERVAL_SECONDS * 1000L);
            double cpu = ProcessClock.cpuSeconds(process) - before;
            long end = System.nanoTime();
            double seconds = (end - start) / 1e9;
            Places places = Places.of(targets.times(), start, end);
            answers.add(name + ": " + answers(server));
            return String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %,.0f | %d | %.0f, %.0f, %.0f | %d | %s | %d |",
                    name,
                    cpu / seconds * 60,
                    places.offMillis.length * (double) SAMPLES / cpu,
                    places.offMillis.length,
                    places.percentile(0.5),
                    places.percentile(0.99),
                    places.percentile(1),
                    places.late + places.lost,
                    value(server, "count(up == 0) or vector(0)"),
                    ProcessClock.residentMebibytes(RemoteWriteBench.leader(process)));
        }
    }

    /* The configuration that both read. */
    private static Path config(Path data, List<String> addresses) throws IOException {
        Files.createDirectories(data);
        return Files.writeString(
                data.resolve("scrape.yml"),
                "global: {scrape_interval: "
                        + INTERVAL_SECONDS
                        + "s}\nscrape_configs:\n- job_name: bench\n  static_configs:\n  - targets: ["
                        + String.join(",", addresses)
                        + "]\n");
    }

    /* What must be the same wherever it was scraped. */
    private static String answers(MetricServer server) throws Exception {
        StringBuilder said = new StringBuilder();
        for (String query :
                List.of(
                        "count({job=\"bench\"})",
                        "sum(scrape_samples_scraped)",
                        "count(rate(http_requests_total[1m]) > 0)",
                        "count by (le) (http_request_duration_seconds_bucket{le=\"0.1\"})")) {
            said.append(said.isEmpty() ? "" : ", ").append(query);
            said.append(" = ").append(value(server, query));
        }
        return said.toString();
    }

    private static String value(MetricServer server, String query) throws Exception {
        byte[] body =
                server.get(
                                "/api/v1/query?query="
                                        + URLEncoder.encode(query, StandardCharsets.UTF_8))
                        .body();
        JsonNode result = new ObjectMapper().readTree(body).at("/data/result/0/value/1");
        return result.isMissingNode() ? new String(body, StandardCharsets.UTF_8) : result.asText();
    }

    /**
     * How far scrapes were from their places: equal distances through the median of each target.
     */
    private record Places(double[] offMillis, int late, int lost) {
        static Places of(List<long[]> times, long start, long end) {
            double interval = INTERVAL_SECONDS * 1e9;
            List<Double> all = new ArrayList<>();
            int late = 0;
            int lost = 0;
            for (long[] each : times) {
                long[] within = Arrays.stream(each).filter(t -> t >= start && t < end).toArray();
                double[] phases = new double[within.length];
                for (int index = 0; index < within.length; index++) {
                    phases[index] = within[index] - index * interval;
                }
                double[] sorted = phases.clone();
                Arrays.sort(sorted);
                for (double phase : phases) {
                    double off = Math.abs(phase - sorted[sorted.length / 2]) / 1e6;
                    all.add(off);
                    late += off > LATE_SECONDS * 1000 ? 1 : 0;
                }
                lost += Math.max(0, (int) ((end - start) / interval) - within.length);
            }
            return new Places(
                    all.stream().mapToDouble(Double::doubleValue).sorted().toArray(), late, lost);
        }

        double percentile(double part) {
            int last = offMillis.length - 1;
            return last < 0 ? Double.NaN : offMillis[(int) Math.round(part * last)];
        }
    }
}

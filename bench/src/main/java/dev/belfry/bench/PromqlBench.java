package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.bench.promql.Fleet;
import dev.belfry.bench.promql.Questions;
import dev.belfry.testkit.WriteRequestBody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The same samples in Belfry, Prometheus and VictoriaMetrics, and the same range queries: wall time
 * and CPU time of each, one server after the other.
 */
final class PromqlBench {
    private static final List<String> PEERS = List.of("prometheus", "victoria-metrics");
    private static final int WARM = 12;
    private static final int ROUNDS = 8;
    private static final int VISIBLE_SECONDS = 120;

    /* Of days that are over, all have merged their files by then. */
    private static final int SETTLED_SECONDS = 120;
    private static final int SERIES_OF_REQUEST = 40;
    private static final int SAMPLES_OF_REQUEST = 120;

    /* Of one question: how long it took, what it cost, how many series came. */
    private record Cost(double wallMillis, double cpuMillis, int series) {}

    private PromqlBench() {}

    static void run(Options options, Path folder) throws Exception {
        int samples = options.hours() * 240;
        long end = (System.currentTimeMillis() / 3_600_000 - 1) * 3_600_000;
        long start = end - (samples - 1L) * Fleet.INTERVAL_MILLIS;
        List<Fleet.Member> members = Fleet.of(options.hosts());
        List<String> peers = options.peers().isEmpty() ? PEERS : options.peers();
        List<String> names = new ArrayList<>(List.of("belfry"));
        names.addAll(peers);
        List<List<Cost>> costs = new ArrayList<>();
        for (String name : names) {
            Path data = folder.resolve(name);
            try (MetricServer server = MetricServer.start(name, options, data)) {
                PromqlQueries queries = new PromqlQueries(server);
                double before = ProcessClock.cpuSeconds(server.handle());
                load(queries, members, samples, start);
                awaitAll(name, queries, options.hosts(), end);
                if (options.span() > 24) {
                    TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
                }
                double after = ProcessClock.awaitIdle(server.handle());
                System.out.printf(
                        Locale.ROOT,
                        "%s: %,d series of %,d samples in, %.1f s of CPU%n",
                        name,
                        members.size(),
                        samples,
                        after - before);
                costs.add(ask(server, queries, start, end, options.span()));
            }
            Programs.delete(data);
        }
        String report = report(options, members.size(), names, costs);
        Files.createDirectories(options.report().getParent());
        Files.writeString(options.report(), report);
        System.out.println("\n" + report + "\nwritten to " + options.report());
    }

    /* As time goes: some series at a time, half an hour each. */
    private static void load(
            PromqlQueries server, List<Fleet.Member> members, int samples, long start)
            throws IOException, InterruptedException {
        List<double[]> values = new ArrayList<>(members.size());
        members.forEach(member -> values.add(Fleet.values(member, samples)));
        for (int from = 0; from < samples; from += SAMPLES_OF_REQUEST) {
            int to = Math.min(samples, from + SAMPLES_OF_REQUEST);
            for (int first = 0; first < members.size(); first += SERIES_OF_REQUEST) {
                WriteRequestBody body = WriteRequestBody.one();
                int last = Math.min(members.size(), first + SERIES_OF_REQUEST);
                for (int i = first; i < last; i++) {
                    body.series(members.get(i).labels());
                    for (int j = from; j < to; j++) {
                        body.sample(start + j * Fleet.INTERVAL_MILLIS, values.get(i)[j]);
                    }
                }
                server.write(body);
            }
        }
    }

    /* Some show what they took only after some seconds. */
    private static void awaitAll(String name, PromqlQueries server, int hosts, long end)
            throws Exception {
        for (int i = 0; i < VISIBLE_SECONDS; i++) {
            JsonNode answer = server.rangeOrError("count(up)", end, end, 15_000);
            if (answer.at("/data/result/0/values/0/1").asInt() == hosts) {
                return;
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw new IOException(name + " does not show what was written");
    }

    private static List<Cost> ask(
            MetricServer server, PromqlQueries queries, long first, long end, int span)
            throws Exception {
        List<Cost> costs = new ArrayList<>();
        for (Questions question : Questions.all()) {
            int hours = span > 0 ? span : question.hours();
            long start = Math.max(first, end - hours * 3_600_000L);
            long step = Math.max(15_000, (end - start) / 240 / 15_000 * 15_000);
            int series = 0;
            for (int i = 0; i < WARM; i++) {
                series = series(queries.range(question.query(), start, end, step));
            }
            Map<String, Long> before = ProcessClock.threadNanos(server.handle());
            double[] wall = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                long begin = System.nanoTime();
                queries.range(question.query(), start, end, step);
                wall[i] = (System.nanoTime() - begin) / 1e6;
            }
            double cpu = ProcessClock.millisSince(before, server.handle()) / ROUNDS;
            Arrays.sort(wall);
            costs.add(new Cost(wall[ROUNDS / 2], cpu, series));
        }
        return costs;
    }

    private static int series(byte[] answer) throws IOException {
        JsonNode result = new ObjectMapper().readTree(answer).at("/data/result");
        return result.size();
    }

    // ---- the report

    private static String report(
            Options options, int series, List<String> names, List<List<Cost>> costs) {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%,d series of %d hours at 15 s%s; ms of wall time (median of %d) and of the"
                                + " server's CPU, after %d rounds to warm up.%n%n",
                        series,
                        options.hours(),
                        options.span() > 0 ? ", queries of " + options.span() + " hours" : "",
                        ROUNDS,
                        WARM));
        text.append("| query | ").append(String.join(" | ", names));
        for (String peer : names.subList(1, names.size())) {
            text.append(" | faster than ").append(peer);
        }
        text.append(" |\n|").append(" --- |".repeat(2 * names.size())).append('\n');
        for (Questions question : Questions.all()) {
            int at = question.ordinal();
            text.append("| `").append(question.query()).append('`');
            for (List<Cost> one : costs) {
                Cost cost = one.get(at);
                text.append(
                        String.format(
                                Locale.ROOT,
                                " | %.1f, CPU %.1f, %d series",
                                cost.wallMillis(),
                                cost.cpuMillis(),
                                cost.series()));
            }
            for (int peer = 1; peer < costs.size(); peer++) {
                text.append(" | ")
                        .append(ratios(costs.getFirst().get(at), costs.get(peer).get(at)));
            }
            text.append(" |\n");
        }
        text.append("| geometric mean").append(" |".repeat(names.size()));
        for (int peer = 1; peer < costs.size(); peer++) {
            text.append(" | ").append(means(costs.getFirst(), costs.get(peer)));
        }
        return text.append(" |\n").toString();
    }

    private static String ratios(Cost own, Cost other) {
        return String.format(
                Locale.ROOT,
                "%.1f×, CPU %.1f×",
                other.wallMillis() / own.wallMillis(),
                other.cpuMillis() / own.cpuMillis());
    }

    private static String means(List<Cost> own, List<Cost> other) {
        double wall = 0;
        double cpu = 0;
        for (int i = 0; i < own.size(); i++) {
            wall += Math.log(other.get(i).wallMillis() / own.get(i).wallMillis());
            cpu += Math.log(other.get(i).cpuMillis() / own.get(i).cpuMillis());
        }
        return String.format(
                Locale.ROOT,
                "%.1f×, CPU %.1f×",
                Math.exp(wall / own.size()),
                Math.exp(cpu / own.size()));
    }
}

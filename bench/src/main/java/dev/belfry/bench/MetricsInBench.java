package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Samples of known series by each protocol, two connections, CPU until nothing goes on. */
final class MetricsInBench {
    private static final int CONNECTIONS = 2;
    private static final int WARM_ROUNDS = 20;
    private static final long STEP_MILLIS = RemoteWriteLoad.STEP_MILLIS;

    private MetricsInBench() {}

    /** A body for each round, all series in some bodies. */
    private interface Way {
        String name();

        int bodies();

        void send(MetricServer server, int body, long timeMillis) throws Exception;

        /** How many samples the server says it has; less than sent means that some are lost. */
        long stored(MetricServer server, long fromMillis, long toMillis) throws Exception;
    }

    static void run(Options options, Path folder) throws Exception {
        int series = Math.toIntExact(options.events());
        System.out.printf(
                Locale.ROOT,
                "%n%,d series, %d rounds, median of %d%n%n"
                        + "| | samples/CPU-s | lines/CPU-s | samples/s | RSS MiB |%n"
                        + "| --- | --- | --- | --- | --- |%n",
                series,
                options.rounds(),
                options.repeat());
        List<Way> ways =
                List.of(
                        new RemoteWrite(new RemoteWriteLoad(series)),
                        new Otlp(new OtlpLoad(series, true)),
                        new Otlp(new OtlpLoad(series, false)),
                        new Influx(new InfluxLoad(series)));
        /* In turn, so that what else the machine does meets all of them. */
        double[][] rates = new double[ways.size() + options.peers().size()][options.repeat()];
        for (int run = 0; run < options.repeat(); run++) {
            for (int index = 0; index < rates.length; index++) {
                boolean peer = index >= ways.size();
                Way way = ways.get(Math.min(index, ways.size() - 1));
                String server = peer ? options.peers().get(index - ways.size()) : "belfry";
                Path data = folder.resolve(server);
                rates[index][run] = one(server, way, options, series, data);
                Programs.delete(data);
            }
        }
        double first = median(rates[0]);
        for (int index = 1; index < ways.size(); index++) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.2f × remote write%n",
                    ways.get(index).name(),
                    median(rates[index]) / first);
        }
        for (int index = ways.size(); index < rates.length; index++) {
            System.out.printf(
                    Locale.ROOT,
                    "influx: %.2f × %s%n",
                    median(rates[ways.size() - 1]) / median(rates[index]),
                    options.peers().get(index - ways.size()));
        }
    }

    private static double one(String name, Way way, Options options, int series, Path data)
            throws Exception {
        int rounds = options.rounds();
        long from = System.currentTimeMillis() - (rounds + WARM_ROUNDS) * STEP_MILLIS;
        try (MetricServer server = MetricServer.start(name, options, data)) {
            ProcessHandle process = server.handle();
            for (int index = 0; index < WARM_ROUNDS; index++) {
                round(server, way, from + index * STEP_MILLIS);
            }
            double before = ProcessClock.awaitIdle(process);
            long start = System.nanoTime();
            for (int index = 0; index < rounds; index++) {
                round(server, way, from + (WARM_ROUNDS + index) * STEP_MILLIS);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpu = ProcessClock.awaitIdle(process) - before;
            long samples = (long) series * rounds;
            long stored = way.stored(server, from, from + (rounds + WARM_ROUNDS) * STEP_MILLIS);
            if (stored != samples + (long) series * WARM_ROUNDS) {
                throw new IOException(name + " by " + way.name() + " has " + stored + " samples");
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s, %s | %,.0f | %,.0f | %,.0f | %d |%n",
                    name,
                    way.name(),
                    samples / cpu,
                    samples / cpu / InfluxLoad.FIELDS,
                    samples / seconds,
                    ProcessClock.residentMebibytes(RemoteWriteBench.leader(process)));
            return samples / cpu;
        }
    }

    private static void round(MetricServer server, Way way, long time) throws Exception {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CONNECTIONS; client++) {
                running.add(
                        clients.submit(() -> {
                            for (int body = next.getAndIncrement();
                                    body < way.bodies();
                                    body = next.getAndIncrement()) {
                                way.send(server, body, time);
                            }
                            return null;
                        }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /* Counted by the Prometheus API, in pieces that a query's memory holds. */
    private static long counted(MetricServer server, String selector, long from, long to)
            throws Exception {
        long window = 4 * STEP_MILLIS;
        long count = 0;
        for (long end = to; end > from; end -= window) {
            long range = Math.min(window, end - from);
            String query = "sum(count_over_time(" + selector + "[" + range + "ms]))";
            count += number(server, query, end - 1);
        }
        return count;
    }

    private static long number(MetricServer server, String query, long timeMillis)
            throws Exception {
        JsonNode answer =
                json(
                        server,
                        "/api/v1/query?time="
                                + timeMillis / 1000.0
                                + "&query="
                                + URLEncoder.encode(query, StandardCharsets.UTF_8));
        return answer.at("/data/result/0/value/1").asLong();
    }

    private static JsonNode json(MetricServer server, String path) throws Exception {
        return new ObjectMapper().readTree(server.get(path).body());
    }

    private record RemoteWrite(RemoteWriteLoad load) implements Way {
        @Override
        public String name() {
            return "remote write";
        }

        @Override
        public int bodies() {
            return load.bodies();
        }

        @Override
        public void send(MetricServer server, int body, long timeMillis) throws Exception {
            server.write(load.block(body, timeMillis));
        }

        @Override
        public long stored(MetricServer server, long fromMillis, long toMillis) throws Exception {
            return counted(server, "{job=~\"shop.*\"}", fromMillis, toMillis);
        }
    }

    private record Otlp(OtlpLoad load) implements Way {
        @Override
        public String name() {
            return load.ofResource() ? "OTLP" : "OTLP, all labels at each point";
        }

        @Override
        public int bodies() {
            return load.bodies();
        }

        @Override
        public void send(MetricServer server, int body, long timeMillis) throws Exception {
            byte[] message = load.message(body, timeMillis);
            server.post("/v1/metrics", "application/x-protobuf", "", message);
        }

        @Override
        public long stored(MetricServer server, long fromMillis, long toMillis) throws Exception {
            String selector = "{__name__=~\"app_requests.*\"}";
            return counted(server, selector, fromMillis, toMillis);
        }
    }

    private record Influx(InfluxLoad load) implements Way {
        @Override
        public String name() {
            return "Influx lines";
        }

        @Override
        public int bodies() {
            return load.bodies();
        }

        @Override
        public void send(MetricServer server, int body, long timeMillis) throws Exception {
            byte[] lines = load.lines(body, timeMillis);
            server.post("/write?precision=ms", "text/plain", "", lines);
        }

        @Override
        public long stored(MetricServer server, long fromMillis, long toMillis) throws Exception {
            if (!server.token().isEmpty()) {
                return counted(server, "{__name__=~\"cpu_.*\"}", fromMillis, toMillis);
            }
            JsonNode answer = json(server, "/exec?query=select%20count()%20from%20cpu");
            return answer.at("/dataset/0/0").asLong() * InfluxLoad.FIELDS;
        }
    }
}

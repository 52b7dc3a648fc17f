package dev.belfry.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Remote write: the same bodies to Belfry and to peers, two connections. */
final class RemoteWriteBench {
    private static final int CONNECTIONS = 2;
    private static final int WARM_ROUNDS = 3;
    private static final int QUERIES = 400;

    private RemoteWriteBench() {}

    static void run(Options options, Path folder) throws Exception {
        List<String> names = new ArrayList<>(List.of("belfry"));
        names.addAll(options.peers());
        int series = Math.toIntExact(options.events());
        System.out.printf(
                Locale.ROOT,
                "%n%,d series, %d rounds of 15 s%n%n"
                        + "| | new series/CPU-s | samples/CPU-s | samples/s | RSS MiB | bytes/sample"
                        + " | query idle p50, p99 ms | while writing p50, p99 ms | start after kill ms |%n"
                        + "| --- | --- | --- | --- | --- | --- | --- | --- | --- |%n",
                series,
                options.rounds());
        for (String name : names) {
            Path data = folder.resolve(name);
            System.out.println(one(name, options, series, data));
            Programs.delete(data);
        }
    }

    private static String one(String name, Options options, int series, Path data)
            throws Exception {
        RemoteWriteLoad load = new RemoteWriteLoad(series);
        long time =
                System.currentTimeMillis()
                        - (options.rounds() + WARM_ROUNDS + 40) * RemoteWriteLoad.STEP_MILLIS;
        String row;
        MetricServer killed;
        try (MetricServer server = MetricServer.start(name, options, data)) {
            ProcessHandle process = server.handle();
            warm(server, time - 3_600_000);
            double before = ProcessClock.awaitIdle(process);
            round(server, load, time);
            double fresh = ProcessClock.awaitIdle(process) - before;
            for (int index = 0; index < WARM_ROUNDS; index++) {
                time += RemoteWriteLoad.STEP_MILLIS;
                load.churn();
                round(server, load, time);
            }
            before = ProcessClock.awaitIdle(process);
            long bytesBefore = Programs.bytes(data);
            long start = System.nanoTime();
            for (int index = 0; index < options.rounds(); index++) {
                time += RemoteWriteLoad.STEP_MILLIS;
                load.churn();
                round(server, load, time);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpu = ProcessClock.awaitIdle(process) - before;
            long samples = (long) series * options.rounds();
            long resident = ProcessClock.residentMebibytes(leader(process));
            long bytes = Programs.bytes(data);
            queries(server, time); // What is asked for the first time takes longer.
            double[] idle = queries(server, time);
            double[] busy = busy(server, load, time, seconds / options.rounds() * 2);
            row =
                    String.format(
                            Locale.ROOT,
                            "| %s | %,.0f | %,.0f | %,.0f | %d | %.2f (%+.2f) | %.1f, %.1f | %.1f, %.1f |",
                            name,
                            series / fresh,
                            samples / cpu,
                            samples / seconds,
                            resident,
                            bytes / (double) (samples + (long) series * (WARM_ROUNDS + 1)),
                            (bytes - bytesBefore) / (double) samples,
                            idle[0],
                            idle[1],
                            busy[0],
                            busy[1]);
            server.kill();
            killed = server;
        }
        try (MetricServer again = MetricServer.again(name, options, data, killed)) {
            return row + String.format(Locale.ROOT, " %.0f |", again.startMillis());
        }
    }

    /* The launcher may have a process below it. */
    static ProcessHandle leader(ProcessHandle process) throws IOException {
        ProcessHandle largest = process;
        for (ProcessHandle below : process.descendants().toList()) {
            if (ProcessClock.residentMebibytes(below) > ProcessClock.residentMebibytes(largest)) {
                largest = below;
            }
        }
        return largest;
    }

    /* Other series, so that the machine has compiled what it runs when the first real ones come. */
    static void warm(MetricServer server, long time) throws Exception {
        RemoteWriteLoad few = new RemoteWriteLoad(2 * RemoteWriteLoad.BATCH);
        for (int index = 0; index < 100; index++) {
            round(server, few, time + index * 1000L);
        }
    }

    static void round(MetricServer server, RemoteWriteLoad load, long time) throws Exception {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CONNECTIONS; client++) {
                running.add(
                        clients.submit(() -> {
                            for (int body = next.getAndIncrement();
                                    body < load.bodies();
                                    body = next.getAndIncrement()) {
                                server.write(load.block(body, time));
                            }
                            return null;
                        }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
    }

    /** p50 and p99 of instant queries at {@code time}, ms. */
    private static double[] queries(MetricServer server, long time) throws Exception {
        double[] millis = new double[QUERIES];
        for (int index = 0; index < QUERIES; index++) {
            String query =
                    "/api/v1/query?time="
                            + time / 1000
                            + "&query=sum%20by%20(code)%20(rate(app_requests_"
                            + index % 100
                            + "_total%7Bjob=%22shop-"
                            + index % 20
                            + "%22%7D%5B5m%5D))";
            long start = System.nanoTime();
            if (server.get(query).statusCode() != 200) {
                throw new IOException(
                        "query: "
                                + new String(
                                        server.get(query).body(),
                                        java.nio.charset.StandardCharsets.UTF_8));
            }
            millis[index] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return new double[] {millis[QUERIES / 2], millis[QUERIES * 99 / 100]};
    }

    /** The same while rounds are written, each taking {@code seconds}: half of the highest rate. */
    private static double[] busy(
            MetricServer server, RemoteWriteLoad load, long time, double seconds) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            Future<?> writing =
                    writer.submit(() -> {
                        long at = time;
                        while (!done.get()) {
                            at += RemoteWriteLoad.STEP_MILLIS;
                            for (int body = 0; body < load.bodies() && !done.get(); body++) {
                                long start = System.nanoTime();
                                server.write(load.block(body, at));
                                double left =
                                        seconds / load.bodies() - (System.nanoTime() - start) / 1e9;
                                if (left > 0) {
                                    Thread.sleep((long) (left * 1000));
                                }
                            }
                        }
                        return null;
                    });
            Thread.sleep(1000);
            double[] found = queries(server, time);
            done.set(true);
            writing.get();
            return found;
        }
    }
}

package dev.belfry.bench;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Many events through the server: questions about them, then {@code kill -9} and the next start.
 */
final class RestartBench {
    /* The 99 % of fewer would be their slowest. */
    private static final int QUESTIONS = 200;
    private static final byte[] ONE =
            "{\"event_type\":\"log\",\"source\":\"restart\"}".getBytes(StandardCharsets.UTF_8);

    private RestartBench() {}

    static void run(Options options, Path folder) throws Exception {
        Path data = folder.resolve("data");
        long events = options.events();
        BelfryProcess belfry = BelfryProcess.start(options.launcher(), data);
        double seconds = Load.send(events, () -> lines -> IngestBench.send(belfry, lines));
        double cpu = ProcessClock.awaitIdle(belfry.handle());
        System.out.printf(
                "%,d events in %.0f s, %,.0f per CPU-second, %d MiB resident%n",
                events, seconds, events / cpu, ProcessClock.residentMebibytes(belfry.handle()));
        ask(belfry, events);
        CompletableFuture<Void> load =
                CompletableFuture.runAsync(() -> {
                    try {
                        Load.send(1_000_000, () -> lines -> IngestBench.send(belfry, lines));
                    } catch (Exception killed) {
                        System.out.println("killed under load");
                    }
                });
        TimeUnit.SECONDS.sleep(2);
        belfry.kill();
        load.join();
        restarted(options, data, events);
    }

    private static void ask(BelfryProcess belfry, long events) throws Exception {
        Map<Measure, List<Question>> questions = Question.all(events, QUESTIONS);
        for (Map.Entry<Measure, List<Question>> kind : questions.entrySet()) {
            double[] millis = new double[kind.getValue().size()];
            for (int i = 0; i < millis.length; i++) {
                long start = System.nanoTime();
                QueryBench.ask(belfry, kind.getValue().get(i));
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            System.out.println(kind.getKey() + ": " + new Distribution(millis));
        }
    }

    private static void restarted(Options options, Path data, long events) throws Exception {
        long start = System.nanoTime();
        try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), data)) {
            HttpResponse<byte[]> answer = belfry.events(ONE);
            double acknowledged = (System.nanoTime() - start) / 1e9;
            QueryBench.ask(belfry, new Question(Measure.NEWEST, ""));
            double answered = (System.nanoTime() - start) / 1e9;
            long stored = belfry.get("/api/v1/monitoring/stats").at("/data/total_events").asLong();
            System.out.printf(
                    "after kill -9: the first acknowledgement (%d) after %.2f s, the first answer after %.2f s; %,d stored%n",
                    answer.statusCode(), acknowledged, answered, stored);
            if (answer.statusCode() != 201 || stored < events) {
                throw new IllegalStateException("lost: " + (events - stored));
            }
        }
    }
}

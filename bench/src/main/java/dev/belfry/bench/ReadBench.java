package dev.belfry.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * What it costs to read one's own writes: a query right after an acknowledgement, which waits until
 * the event is readable, and the same query that does not wait; beside it 1,000 requests of 10
 * events a second.
 */
final class ReadBench {
    private static final int ROUNDS_PER_SECOND = 50;

    private ReadBench() {}

    static void run(Options options, Path folder) throws Exception {
        int seconds = (int) options.time().toSeconds();
        try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), folder.resolve("d"))) {
            CompletableFuture<Void> load =
                    CompletableFuture.runAsync(() -> {
                        try {
                            AcknowledgeBench.run(belfry, 1000, 2 * seconds);
                        } catch (Exception failure) {
                            throw new IllegalStateException(failure);
                        }
                    });
            measure(belfry, ROUNDS_PER_SECOND * seconds / 2, load);
            double[][] millis = measure(belfry, ROUNDS_PER_SECOND * seconds, load);
            System.out.println("right after the answer: " + new Distribution(millis[0]));
            System.out.println("without waiting:        " + new Distribution(millis[1]));
            load.join();
        }
    }

    /* Until the rounds are done or the load has ended; milliseconds with and without waiting. */
    private static double[][] measure(
            BelfryProcess belfry, int rounds, CompletableFuture<Void> load) throws Exception {
        double[][] millis = new double[2][rounds];
        int done = 0;
        try (Wire wire = Wire.open(belfry)) {
            while (done < rounds && !load.isDone()) {
                StringBuilder trace = new StringBuilder();
                JsonEvents.traceId(trace, System.nanoTime());
                String event =
                        "{\"event_type\":\"log\",\"source\":\"own\",\"timestamp\":\"%s\",\"trace_id\":\"%s\"}"
                                .formatted(Instant.now(), trace);
                String path = "/api/v1/monitoring/events?limit=1&trace_id=" + trace;
                wire.events(event.getBytes(StandardCharsets.US_ASCII));
                long start = System.nanoTime();
                wire.get(path);
                long waited = System.nanoTime();
                wire.get(path + "&consistency=eventual");
                millis[0][done] = (waited - start) / 1e6;
                millis[1][done] = (System.nanoTime() - waited) / 1e6;
                done++;
            }
        }
        return new double[][] {Arrays.copyOf(millis[0], done), Arrays.copyOf(millis[1], done)};
    }
}

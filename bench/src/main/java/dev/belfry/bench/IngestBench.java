package dev.belfry.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Events in by the JSON API: batches of 1000 from four connections, CPU counted until nothing goes
 * on any more.
 */
final class IngestBench {
    private static final int BATCH = 1000;
    private static final int CLIENTS = 4;

    /** What came of it. */
    record Result(
            double eventsPerCpuSecond,
            double wallSeconds,
            double bytesPerEvent,
            long residentMebibytes) {}

    private IngestBench() {}

    static Result run(BelfryProcess belfry, Path data, long events)
            throws IOException, InterruptedException, ExecutionException {
        long start = Instant.now().toEpochMilli() - events;
        double cpuBefore = ProcessClock.awaitIdle(belfry.handle());
        long wallBefore = System.nanoTime();
        AtomicLong next = new AtomicLong();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(() -> send(belfry, events, start, next)));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
        double wall = (System.nanoTime() - wallBefore) / 1e9;
        double cpu = ProcessClock.awaitIdle(belfry.handle()) - cpuBefore;
        double bytes = 0;
        try (Stream<Path> files = Files.list(data.resolve("events"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        long stored = belfry.get("/api/v1/monitoring/stats").at("/data/total_events").asLong();
        return new Result(
                events / cpu,
                wall,
                bytes / Math.max(1, stored),
                ProcessClock.residentMebibytes(belfry.handle()));
    }

    private static Void send(BelfryProcess belfry, long events, long start, AtomicLong next)
            throws IOException, InterruptedException {
        while (true) {
            long first = next.getAndAdd(BATCH);
            if (first >= events) {
                return null;
            }
            byte[] body = new JsonEvents(7, start, first).lines(BATCH);
            HttpResponse<byte[]> answer = belfry.events(body);
            while (answer.statusCode() == 503 || answer.statusCode() == 429) {
                TimeUnit.MILLISECONDS.sleep(200);
                answer = belfry.events(body);
            }
            if (answer.statusCode() >= 300) {
                throw new IOException(
                        answer.statusCode()
                                + ": "
                                + new String(
                                        answer.body(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }
}

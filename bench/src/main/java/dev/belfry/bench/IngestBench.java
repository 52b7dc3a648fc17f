package dev.belfry.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Events in by the JSON API, CPU counted until nothing goes on any more. */
final class IngestBench {
    private IngestBench() {}

    static void run(BelfryProcess belfry, long events, Figures figures) throws Exception {
        double before = ProcessClock.awaitIdle(belfry.handle());
        Load.send(events, () -> lines -> send(belfry, lines));
        double cpu = ProcessClock.awaitIdle(belfry.handle()) - before;
        long stored = belfry.get("/api/v1/monitoring/stats").at("/data/total_events").asLong();
        if (stored < events) {
            throw new IOException("Belfry has " + stored + " events");
        }
        figures.add(Measure.EVENTS_IN, events / cpu);
        figures.add(Measure.RESIDENT, ProcessClock.residentMebibytes(belfry.handle()));
    }

    /** Sends until it is taken: overload is answered by waiting. */
    static void send(BelfryProcess belfry, byte[] lines) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = belfry.events(lines);
        while (answer.statusCode() == 503 || answer.statusCode() == 429) {
            TimeUnit.MILLISECONDS.sleep(200);
            answer = belfry.events(lines);
        }
        if (answer.statusCode() >= 300) {
            throw new IOException(
                    answer.statusCode() + ": " + new String(answer.body(), StandardCharsets.UTF_8));
        }
    }
}

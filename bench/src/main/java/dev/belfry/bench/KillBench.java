package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code kill -9} under load, again and again; then every acknowledged event must be there once.
 */
final class KillBench {
    private static final int CLIENTS = 3;
    private static final int BATCH = 20;

    private KillBench() {}

    static void run(Options options, Path folder) throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        Path data = folder.resolve("data");
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger number = new AtomicInteger();
        double slowestStart = 0;
        for (int kill = 1; kill <= options.kills(); kill++) {
            BelfryProcess belfry = BelfryProcess.start(options.launcher(), data);
            slowestStart = Math.max(slowestStart, belfry.startMillis());
            try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.execute(() -> send(belfry, number, acknowledged));
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(20, 400));
                belfry.kill();
            }
            if (kill % 20 == 0) {
                System.out.printf("%d kills, %,d acknowledged%n", kill, acknowledged.size());
            }
        }
        try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), data)) {
            Map<String, String> stored = stored(belfry);
            acknowledged.forEach((id, message) -> {
                if (!message.equals(stored.get(id))) {
                    throw new IllegalStateException(
                            "lost: " + id + " " + message + ", found " + stored.get(id));
                }
            });
            System.out.printf(
                    "%d kills: all %,d acknowledged events are there once, of %,d stored; slowest start %.0f ms%n",
                    options.kills(), acknowledged.size(), stored.size(), slowestStart);
        }
    }

    private static void send(
            BelfryProcess belfry, AtomicInteger number, Map<String, String> acknowledged) {
        ObjectMapper json = new ObjectMapper();
        try {
            while (true) {
                int first = number.getAndAdd(BATCH);
                StringBuilder lines = new StringBuilder();
                for (int i = first; i < first + BATCH; i++) {
                    lines.append(
                                    "{\"event_type\":\"log\",\"source\":\"kill\",\"message\":\"number ")
                            .append(i)
                            .append("\"}\n");
                }
                HttpResponse<byte[]> answer =
                        belfry.events(lines.toString().getBytes(StandardCharsets.US_ASCII));
                if (answer.statusCode() == 201) {
                    JsonNode ids = json.readTree(answer.body()).at("/data/ids");
                    for (int i = 0; i < BATCH; i++) {
                        acknowledged.put(ids.get(i).asText(), "number " + (first + i));
                    }
                }
            }
        } catch (IOException killed) {
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> stored(BelfryProcess belfry)
            throws IOException, InterruptedException {
        Map<String, String> stored = new HashMap<>();
        String cursor = "";
        do {
            JsonNode page = belfry.get("/api/v1/monitoring/events?source=kill&limit=1000" + cursor);
            for (JsonNode event : page.get("data")) {
                String id = event.get("id").asText();
                if (stored.put(id, event.get("message").asText()) != null) {
                    throw new IllegalStateException("twice: " + id);
                }
            }
            JsonNode next = page.at("/pagination/next_cursor");
            cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
        } while (!cursor.isEmpty());
        return stored;
    }
}

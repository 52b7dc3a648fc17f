package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of receiving; as often as {@code -Dbelfry.kills=} says. */
class KillTest {
    private static final int CLIENTS = 3;

    @TempDir private Path folder;

    @Test
    void acknowledgedEvents_afterKills_areThereOnce() throws Exception {
        SplittableRandom random = Seeds.random("kill");
        int kills = Integer.getInteger("belfry.kills", 4);
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger number = new AtomicInteger();
        for (int round = 0; round < kills; round++) {
            PackagedBelfry belfry = PackagedBelfry.start(folder.resolve("data"));
            CountDownLatch batches = new CountDownLatch(random.nextInt(5, 60));
            try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.execute(() -> send(belfry, number, acknowledged, batches));
                }
                assertThat(batches.await(60, TimeUnit.SECONDS)).isTrue();
                belfry.kill();
            }
        }
        try (PackagedBelfry belfry = PackagedBelfry.start(folder.resolve("data"))) {
            Map<String, String> stored = stored(belfry);
            assertThat(stored).containsAllEntriesOf(acknowledged);
            assertThat(belfry.stop()).isIn(0, 143);
        }
    }

    /* Sends until the server is gone; what was not answered may be there or not. */
    private static void send(
            PackagedBelfry belfry,
            AtomicInteger number,
            Map<String, String> acknowledged,
            CountDownLatch batches) {
        try {
            while (true) {
                StringBuilder lines = new StringBuilder();
                int first = number.getAndAdd(20);
                for (int i = first; i < first + 20; i++) {
                    lines.append(
                                    "{\"event_type\":\"log\",\"source\":\"kill\",\"message\":\"number ")
                            .append(i)
                            .append("\"}\n");
                }
                JsonNode ids =
                        belfry.post(
                                        "/api/v1/monitoring/events",
                                        "application/x-ndjson",
                                        lines.toString())
                                .at("/data/ids");
                for (int i = 0; i < 20; i++) {
                    acknowledged.put(ids.get(i).asText(), "number " + (first + i));
                }
                batches.countDown();
            }
        } catch (IOException gone) {
            assertThat(gone).isNotNull();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> stored(PackagedBelfry belfry)
            throws IOException, InterruptedException {
        Map<String, String> stored = new HashMap<>();
        String path = "/api/v1/monitoring/events?source=kill&limit=1000";
        String cursor = "";
        do {
            JsonNode page = belfry.get(path + cursor);
            for (JsonNode event : page.get("data")) {
                String id = event.get("id").asText();
                assertThat(stored.put(id, event.get("message").asText())).as(id).isNull();
            }
            JsonNode next = page.at("/pagination/next_cursor");
            cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
        } while (!cursor.isEmpty());
        return stored;
    }
}

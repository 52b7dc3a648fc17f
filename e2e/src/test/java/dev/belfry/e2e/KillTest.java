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

    @TempDir Path folder;

    @Test
    void acknowledgedEvents_afterKills_areThereOnce() throws Exception {
        SplittableRandom random = Seeds.random("kill");
        int kills = Integer.getInteger("belfry.kills", 4);
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger number = new AtomicInteger();
        for (int round = 0; round < kills; round++) {
            BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"));
            ApiClient client = ApiClient.login(belfry);
            CountDownLatch batches = new CountDownLatch(random.nextInt(5, 60));
            try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.execute(() -> send(client, number, acknowledged, batches));
                }
                assertThat(batches.await(60, TimeUnit.SECONDS)).isTrue();
                belfry.kill();
            }
        }
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"));
                ApiClient client = ApiClient.login(belfry)) {
            assertThat(stored(client)).containsAllEntriesOf(acknowledged);
        }
    }

    /* Each client sends again, with the same key, what was not answered before the kill. */
    @Test
    void pushedCounters_afterKills_areNeitherLostNorDoubled() throws Exception {
        SplittableRandom random = Seeds.random("kill");
        int kills = Integer.getInteger("belfry.kills", 4);
        AtomicInteger[] answered = new AtomicInteger[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            answered[i] = new AtomicInteger();
        }
        for (int round = 0; round < kills; round++) {
            BelfryProcess belfry = BelfryProcess.start(folder.resolve("pushed"));
            ApiClient api = ApiClient.login(belfry);
            CountDownLatch pushes = new CountDownLatch(random.nextInt(5, 100));
            try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
                for (int i = 0; i < CLIENTS; i++) {
                    int client = i;
                    clients.execute(() -> push(api, client, answered[client], pushes));
                }
                assertThat(pushes.await(60, TimeUnit.SECONDS)).isTrue();
                belfry.kill();
            }
        }
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("pushed"));
                ApiClient api = ApiClient.login(belfry)) {
            int all = 0;
            for (int i = 0; i < CLIENTS; i++) {
                push(api, i, answered[i].getAndIncrement());
                all += answered[i].get();
            }
            String path = "/api/v1/query?query=";
            assertThat(api.get(path + "kills_total").at("/data/result/0/value/1").asInt())
                    .isEqualTo(2 * all);
            for (String observed :
                    new String[] {"kills_seconds_count", "histogram_count(kills_seconds)"}) {
                assertThat(api.get(path + observed).at("/data/result/0/value/1").asInt())
                        .isEqualTo(all);
            }
        }
    }

    private static void push(
            ApiClient api, int client, AtomicInteger answered, CountDownLatch pushes) {
        try {
            while (true) {
                push(api, client, answered.get());
                answered.incrementAndGet();
                pushes.countDown();
            }
        } catch (IOException killed) {
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void push(ApiClient api, int client, int number)
            throws IOException, InterruptedException {
        api.push(
                "[{\"name\":\"kills_total\",\"metric_type\":\"counter\",\"value\":2},"
                        + "{\"name\":\"kills_seconds\",\"metric_type\":\"histogram\",\"value\":0.5}]",
                client + "-" + number);
    }

    /* Sends until the server is gone; what was not answered may be there or not. */
    private static void send(
            ApiClient client,
            AtomicInteger number,
            Map<String, String> acknowledged,
            CountDownLatch batches) {
        try {
            while (true) {
                StringBuilder array = new StringBuilder("[");
                int first = number.getAndAdd(20);
                for (int i = first; i < first + 20; i++) {
                    array.append(i == first ? "" : ",")
                            .append(
                                    "{\"event_type\":\"log\",\"source\":\"kill\",\"message\":\"number ")
                            .append(i)
                            .append("\"}");
                }
                JsonNode ids = client.send(array.append(']').toString()).at("/data/ids");
                for (int i = 0; i < 20; i++) {
                    acknowledged.put(ids.get(i).asText(), "number " + (first + i));
                }
                batches.countDown();
            }
        } catch (IOException killed) {
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, String> stored(ApiClient client)
            throws IOException, InterruptedException {
        Map<String, String> stored = new HashMap<>();
        String path = "/api/v1/monitoring/events?source=kill&limit=1000";
        String cursor = "";
        do {
            JsonNode page = client.get(path + cursor);
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

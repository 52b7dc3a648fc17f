package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days of simulated time through the server, with seals, merges and retention. */
final class DayTest {
    private static final Duration STEP = Duration.ofMinutes(30);
    private static final int STEPS_A_DAY = 48;
    private static final int DAYS = 4;

    /** More with {@code -Dbelfry.day.events=5000}, which is a load of its own. */
    private static final int EVENTS = Integer.getInteger("belfry.day.events", 20);

    @TempDir private Path data;

    @Test
    void fourDays_leaveTheLastOne_whole() {
        try (TestServer server = TestServer.start(data, "--retention.events.days", "1")) {
            String key =
                    server.key(
                            server.admin(),
                            "\"monitoring:events:write\",\"monitoring:events:read\"");
            Instant begin = server.clock().instant();
            for (int step = 0; step < DAYS * STEPS_A_DAY; step++) {
                StringBuilder batch = new StringBuilder("[");
                for (int i = 0; i < EVENTS; i++) {
                    batch.append(i == 0 ? "" : ",")
                            .append(
                                    "{\"event_type\":\"log\",\"source\":\"day\",\"message\":\"step ")
                            .append(step)
                            .append(" event ")
                            .append(i)
                            .append("\"}");
                }
                server.post(TestServer.EVENTS, key, batch.append("]").toString()).expect(201);
                server.clock().forward(STEP);
            }
            Instant end = server.clock().instant();
            /* A segment holds one day, and goes when its newest event is past the class. */
            Instant oldest = end.minus(Duration.ofDays(2));
            Waiting.until(() -> total(server, key, begin, oldest), total -> total == 0);
            Instant wanted = end.minus(Duration.ofDays(1)).plus(STEP);
            long expected = (STEPS_A_DAY - 2) * (long) EVENTS;
            assertThat(total(server, key, wanted, end)).isBetween(expected, expected + 2L * EVENTS);
            JsonNode segments =
                    server.get("/api/v1/monitoring/storage/segments", key).json().at("/data");
            assertThat(segments.size()).isLessThan(2 * STEPS_A_DAY);
        }
    }

    private static long total(TestServer server, String key, Instant from, Instant to) {
        return server.get(
                        TestServer.EVENTS
                                + "/histogram?source=day&start_time="
                                + from
                                + "&end_time="
                                + to,
                        key)
                .expect(200)
                .json()
                .at("/data/total")
                .asLong();
    }
}

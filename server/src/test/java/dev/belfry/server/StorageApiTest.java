package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the storage page asks for. */
final class StorageApiTest {
    private static final String BASE = "/api/v1/monitoring";

    @Test
    void retention_hasEachRule_andTheDefaultLast(@TempDir Path data) {
        try (TestServer server = TestServer.start(data, "--retention.events.days", "9")) {
            List<String> names = new ArrayList<>();
            JsonNode rules = server.get(BASE + "/retention", server.admin()).expect(200).data();
            rules.forEach(rule -> names.add(rule.get("name").asText()));
            assertThat(names).last().isEqualTo("default");
            assertThat(rules.get(rules.size() - 1).get("days").asInt()).isEqualTo(9);
            assertThat(rules.get(rules.size() - 1).get("source").isNull()).isTrue();
        }
    }

    @Test
    void status_countsWhatIsStored(@TempDir Path data) {
        try (TestServer server = TestServer.start(data, "--logging.store", "false")) {
            String admin = server.admin();
            server.post(
                            EVENTS,
                            admin,
                            "[{\"event_type\":\"log\",\"source\":\"s\"},"
                                    + "{\"event_type\":\"log\",\"source\":\"s\"}]")
                    .expect(201);
            server.get(EVENTS, admin).expect(200);
            JsonNode before = server.get(BASE + "/status", admin).expect(200).data();
            assertThat(before.at("/store/events").asLong()).isGreaterThanOrEqualTo(2);
            assertThat(before.at("/store/hot_events").asLong())
                    .isEqualTo(before.at("/store/events").asLong());
            assertThat(before.at("/journal/state").asText()).isEqualTo("WRITABLE");
            assertThat(before.at("/disk_total_bytes").asLong()).isPositive();
            assertThat(server.get(BASE + "/segments", admin).expect(200).data()).isEmpty();
        }
    }
}

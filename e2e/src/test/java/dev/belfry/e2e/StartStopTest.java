package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Belfry is started, used, ended or killed, and started again. */
final class StartStopTest {
    private static final String EVENTS =
            "/api/v1/monitoring/events?source=shop&limit=100&order=asc";

    @TempDir Path folder;

    @Test
    void signal_endsItSoon_andNothingIsLost() throws Exception {
        Path data = folder.resolve("data");
        List<String> sent = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            try (BelfryProcess belfry = BelfryProcess.start(data);
                    ApiClient client = ApiClient.login(belfry)) {
                sendTen(client, sent);
                assertThat(belfry.stop()).isLessThan(Duration.ofSeconds(5));
            }
        }

        assertThat(messagesIn(data)).containsExactlyElementsOf(sent);
    }

    @Test
    void secondProcess_onTheSameDataIsRefused() throws Exception {
        Path data = folder.resolve("data");
        try (BelfryProcess belfry = BelfryProcess.start(data)) {
            assertThat(catchStart(data)).contains(Long.toString(belfry.pid()));
        }
    }

    private static String catchStart(Path data) throws Exception {
        try (BelfryProcess _ = BelfryProcess.start(data)) {
            return "started";
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    private static void sendTen(ApiClient client, List<String> sent) throws Exception {
        for (int i = 0; i < 10; i++) {
            String message = "order " + sent.size();
            client.send(
                    """
                    {"event_type": "log", "source": "shop", "level": "info", "message": "%s",
                     "timestamp": "2026-01-24T10:00:%02dZ"}
                    """
                            .formatted(message, sent.size()));
            sent.add(message);
        }
    }

    private static List<String> messagesIn(Path data) throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(data);
                ApiClient client = ApiClient.login(belfry)) {
            List<String> messages = new ArrayList<>();
            for (JsonNode event : client.get(EVENTS).get("data")) {
                messages.add(event.get("message").asText());
            }
            return messages;
        }
    }
}

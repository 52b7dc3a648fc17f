package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.model.disk.Disk;
import dev.belfry.server.config.ConfigLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ending and beginning again. */
final class RestartTest {
    @TempDir private Path data;

    @Test
    void restart_keepsEventsUsersKeysSessionsAndTheCount() {
        JsonNode event;
        String session;
        String key;
        String total;
        try (TestServer server = TestServer.start(data)) {
            session = server.admin();
            key = server.key(session, "\"monitoring:events:read\"");
            event =
                    server.post(EVENTS, session, "{\"event_type\":\"log\",\"source\":\"kept\"}")
                            .expect(201)
                            .data();
            server.get(EVENTS + "?source=kept", session).expect(200);
            total = totalEvents(server, session);
        }
        try (TestServer server = TestServer.start(data)) {
            assertThat(server.get(EVENTS + "?source=kept", key).expect(200).data().get(0))
                    .isEqualTo(event);
            server.get("/api/v1/auth/me", session).expect(200);
            assertThat(Long.parseLong(totalEvents(server, session)))
                    .isGreaterThanOrEqualTo(Long.parseLong(total));
            server.get("/health/ready", "").expect(200);
        }
    }

    @Test
    void close_isQuick_alsoWithAnOpenConnection() {
        TestServer server = TestServer.start(data);
        server.get("/api/v1/health", "").expect(200);
        long start = System.nanoTime();
        server.server().close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void dataFolderInUse_andPortTaken_stopTheStartInOneLine() {
        try (TestServer server = TestServer.start(data)) {
            assertStartFails(data, 0, "in use by process");
            assertStartFails(data.resolve("other"), server.server().port(), "--port 0 takes any");
        }
    }

    private static void assertStartFails(Path folder, int port, String said) {
        List<String> flags = List.of("--port", "" + port, "--data", folder.toString());
        assertThatThrownBy(() ->
                        BelfryServer.start(
                                ConfigLoader.load(flags, Map.of(), folder),
                                Disk.real(),
                                InstantSource.system()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(said)
                .message()
                .doesNotContain("\n");
    }

    private static String totalEvents(TestServer server, String token) {
        return server.get("/metrics", token)
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith("monitoring_total_events "))
                .findFirst()
                .orElseThrow()
                .split(" ")[1];
    }
}

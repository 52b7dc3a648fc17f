package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs is seen by whom it concerns, and stopped. */
final class RunningQueriesTest {
    private static final String RUNNING = "/api/v1/monitoring/queries/running";

    /* Backtracks for longer than any timeout. */
    private static final String SLOW = "filter @message =~ /(.*a){25}b/ | stats count()";

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--logging.store", "false");
        admin = server.admin();
        server.post(
                        EVENTS,
                        admin,
                        "{\"event_type\":\"log\",\"source\":\"s\",\"message\":\""
                                + "a".repeat(60)
                                + "!\"}")
                .expect(201);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static CompletableFuture<TestServer.Answer> ask(String token) {
        return CompletableFuture.supplyAsync(() ->
                server.post("/api/v1/monitoring/query", token, "{\"query\":\"" + SLOW + "\"}"));
    }

    private static JsonNode awaitRunning(String token) {
        return Waiting.until(
                        () -> server.get(RUNNING, token).expect(200).data(),
                        found -> found.size() == 1)
                .get(0);
    }

    @Test
    void queries_areListedAndStopped_byTheirAskerAndByAdministrators() {
        String ursula = server.user(admin, "ursula", "user", "s");
        String other = server.user(admin, "other", "moderator");
        CompletableFuture<TestServer.Answer> asked = ask(ursula);
        JsonNode running = awaitRunning(ursula);
        String path = RUNNING + "/" + running.get("id").asText();

        assertThat(running.get("type").asText()).isEqualTo("insights");
        assertThat(running.get("query").asText()).isEqualTo(SLOW);
        assertThat(running.get("state").asText()).isEqualTo("running");
        assertThat(running.get("elapsed_ms").asDouble()).isPositive();
        assertThat(running.get("principal_name").asText()).isEqualTo("ursula");
        assertThat(server.get(RUNNING, other).data()).isEmpty();
        server.send("DELETE", path, other, "").expect(404);
        assertThat(server.get(RUNNING, admin).data()).hasSize(1);

        server.send("DELETE", path, ursula, "").expect(200);
        TestServer.Answer answer = asked.join().expect(422);
        assertThat(answer.errorCode()).isEqualTo("QUERY_LIMIT");
        assertThat(answer.errorMessage()).contains("cancelled");
        Waiting.until(() -> server.get(RUNNING, ursula).data(), JsonNode::isEmpty);
        server.send("DELETE", path, ursula, "").expect(404);

        CompletableFuture<TestServer.Answer> again = ask(ursula);
        String id = awaitRunning(admin).get("id").asText();
        server.send("DELETE", RUNNING + "/" + id, admin, "").expect(200);
        again.join().expect(422);
        JsonNode audit = server.get("/api/v1/audit?action=query.cancel", admin).data();
        assertThat(audit.get(0).at("/details/query").asText()).isEqualTo(SLOW);
    }
}

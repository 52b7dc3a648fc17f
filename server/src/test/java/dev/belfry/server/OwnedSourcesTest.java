package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user sees the sources that they own and what they sent, in every path; a key only its own. */
final class OwnedSourcesTest {
    private static final String READ = "\"monitoring:events:read\"";
    private static final String WRITE = "\"monitoring:events:write\"";

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;
    private static String user;
    private static String hidden;
    private static String owned;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
        admin = server.admin();
        user = server.user(admin, "owner", "user", "mine");
        owned = id(server.post(EVENTS, admin, event("mine", "visible")));
        hidden = id(server.post(EVENTS, admin, event("theirs", "secret")));
        id(server.post(EVENTS, user, event("sent", "by the user")));
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void search_showsOwnedAndSent() {
        assertThat(sources(user, "")).containsExactly("mine", "sent");
        assertThat(sources(user, "source=theirs")).isEmpty();
        assertThat(sources(user, "q=secret")).isEmpty();
        assertThat(sources(admin, "")).contains("mine", "sent", "theirs", "belfry");
    }

    @Test
    void byId_hidesWhatIsNotOwned() {
        server.get(EVENTS + "/" + owned, user).expect(200);
        server.get(EVENTS + "/" + hidden, user).expect(404);
        server.get(EVENTS + "/" + hidden, admin).expect(200);
    }

    @Test
    void logsFieldsHistogramAndFigures_countOnlyThem() {
        assertThat(server.get("/api/v1/monitoring/logs", user).expect(200).data()).hasSize(2);
        JsonNode fields = server.get("/api/v1/monitoring/fields", user).expect(200).data();
        for (JsonNode field : fields) {
            if (field.get("name").asText().equals("source")) {
                assertThat(field.get("values").findValuesAsText("value"))
                        .containsExactlyInAnyOrder("mine", "sent");
            }
        }
        assertThat(server.get(EVENTS + "/histogram", user).data().get("total").asInt())
                .isEqualTo(2);
        assertThat(
                        server.get("/api/v1/monitoring/overview", user)
                                .expect(200)
                                .data()
                                .get("total_events")
                                .asInt())
                .isEqualTo(2);
    }

    @Test
    void moderator_readsAll() {
        String moderator = server.user(admin, "moderator", "moderator");
        assertThat(sources(moderator, "")).contains("mine", "theirs");
        JsonNode stats = server.get("/api/v1/monitoring/stats", moderator).expect(200).data();
        assertThat(stats.get("total_events").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(server.get("/api/v1/stats", moderator).json().fieldNames())
                .toIterable()
                .containsExactly(
                        "total_events",
                        "total_metrics",
                        "active_alerts",
                        "open_incidents",
                        "events_last_hour",
                        "metrics_last_hour");
    }

    @Test
    void key_withSources_readsAndWritesOnlyThem() {
        String key = server.key(admin, READ + "," + WRITE, "theirs");
        assertThat(sources(key, "")).containsExactly("theirs");
        assertThat(sources(key, "source=mine")).isEmpty();
        server.get(EVENTS + "/" + owned, key).expect(404);
        server.post(EVENTS, key, event("mine", "no")).expect(403);
        JsonNode mixed =
                server.post(
                                EVENTS,
                                key,
                                "[" + event("theirs", "a") + "," + event("mine", "b") + "]")
                        .expect(201)
                        .data();
        assertThat(mixed.get("ids")).hasSize(1);
        assertThat(mixed.at("/errors/0/code").asText()).isEqualTo("FORBIDDEN");
        assertThat(sources(key, "")).containsExactly("theirs");
    }

    private static List<String> sources(String token, String query) {
        return List.copyOf(
                new TreeSet<>(
                        server.get(EVENTS + "?limit=1000&" + query, token)
                                .expect(200)
                                .data()
                                .findValuesAsText("source")));
    }

    private static String id(TestServer.Answer answer) {
        return answer.expect(201).data().get("id").asText();
    }

    private static String event(String source, String message) {
        return "{\"event_type\":\"log\",\"source\":\""
                + source
                + "\",\"message\":\""
                + message
                + "\"}";
    }
}

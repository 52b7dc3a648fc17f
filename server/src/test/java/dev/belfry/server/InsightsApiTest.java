package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The piped language over HTTP: answers, errors, whose events are seen. */
final class InsightsApiTest {
    private static final String QUERY = "/api/v1/monitoring/query";

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--logging.store", "false");
        admin = server.admin();
        StringBuilder events = new StringBuilder("[");
        for (int i = 0; i < 30; i++) {
            events.append(i == 0 ? "" : ",")
                    .append("{\"event_type\":\"log\",\"source\":\"")
                    .append(i % 3 == 0 ? "api" : "billing")
                    .append("\",\"level\":\"")
                    .append(i % 2 == 0 ? "ERROR" : "info")
                    .append("\",\"message\":\"request ")
                    .append(i)
                    .append(" took long\",\"payload\":{\"ms\":")
                    .append(i)
                    .append("},\"timestamp\":\"2026-01-24T10:00:")
                    .append(String.format("%02d", i))
                    .append("Z\"}");
        }
        server.post(EVENTS, admin, events.append("]").toString()).expect(201);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static TestServer.Answer ask(String token, String query, String more) {
        return server.post(
                QUERY, token, "{\"query\":\"" + query.replace("\"", "\\\"") + "\"" + more + "}");
    }

    @Test
    void groups_haveColumnsTypesAndRows() {
        JsonNode answer =
                ask(
                                admin,
                                "level:error | stats count() as n, max(ms) by bin(10s), source",
                                ",\"start_time\":\"2026-01-24T10:00:00Z\",\"end_time\":\"2026-01-24T10:00:20Z\"")
                        .expect(200)
                        .json();
        assertThat(answer.at("/data/columns").toString())
                .isEqualTo("[\"bin(10s)\",\"source\",\"n\",\"max(ms)\"]");
        assertThat(answer.at("/data/types").toString())
                .isEqualTo("[\"time\",\"value\",\"value\",\"value\"]");
        assertThat(answer.at("/data/rows").toString())
                .isEqualTo(
                        "[[\"2026-01-24T10:00:00Z\",\"api\",2,6],[\"2026-01-24T10:00:00Z\",\"billing\",3,8],"
                                + "[\"2026-01-24T10:00:10Z\",\"api\",2,18],[\"2026-01-24T10:00:10Z\",\"billing\",3,16]]");
        assertThat(answer.at("/data/ids")).isEmpty();
        assertThat(answer.at("/statistics/rows_read").asInt()).isEqualTo(20);
    }

    @Test
    void events_haveIds_andAreCutAtTheLimit() {
        JsonNode answer =
                ask(admin, "filter ms >= 0 | fields ms", ",\"limit\":4").expect(200).json();
        assertThat(answer.at("/data/rows").toString()).isEqualTo("[[29],[28],[27],[26]]");
        assertThat(answer.at("/data/ids")).hasSize(4);
        assertThat(answer.at("/statistics/truncated").asBoolean()).isTrue();
        String id = answer.at("/data/ids/0").asText();
        assertThat(
                        server.get(EVENTS + "/" + id, admin)
                                .expect(200)
                                .data()
                                .at("/payload/ms")
                                .asInt())
                .isEqualTo(29);

        JsonNode asked = ask(admin, "ms:* | fields ms | limit 4", "").expect(200).json();
        assertThat(asked.at("/statistics/truncated").asBoolean()).isFalse();
    }

    @Test
    void lines_whenNdjsonIsAccepted() {
        String body = "{\"query\":\"ms:* | fields ms | limit 2\"}";
        String text =
                server.send(
                                server.request("POST", QUERY, admin)
                                        .method("POST", HttpRequest.BodyPublishers.ofString(body))
                                        .header("Accept", "application/x-ndjson")
                                        .build())
                        .expect(200)
                        .text();
        assertThat(text).startsWith("{\"ms\":29}\n{\"ms\":28}\n{\"statistics\":{");
    }

    @Test
    void errors_sayWhere() {
        TestServer.Answer answer = ask(admin, "filter level = \\n | stats", "").expect(400);
        assertThat(answer.errorMessage()).startsWith("query: 2:2: | (expected: a field");
        assertThat(answer.json().at("/error/details/line").asInt()).isEqualTo(2);
        assertThat(ask(admin, "x", ",\"limit\":10001").expect(400).errorMessage())
                .contains("0-10000");
        assertThat(ask(admin, "x", ",\"color\":1").expect(400).errorMessage()).contains("color");
    }

    @Test
    void owners_seeTheirSourcesOnly() {
        String user = server.user(admin, "ann", "user", "api");
        String key = server.key(admin, "\"monitoring:events:read\"", "billing");
        assertThat(ask(user, "stats count() by source", "").data().at("/rows").toString())
                .isEqualTo("[[\"api\",10]]");
        assertThat(ask(key, "stats count() by source", "").data().at("/rows").toString())
                .isEqualTo("[[\"billing\",20]]");
        assertThat(ask(user, "pattern @message", "").data().at("/rows/0/1").asInt()).isEqualTo(10);
    }

    @Test
    void format_writesAStageALine() {
        String text =
                server.post(
                                QUERY + "/format",
                                admin,
                                "{\"query\":\"level:error|stats count( ) by source\"}")
                        .expect(200)
                        .data()
                        .get("query")
                        .asText();
        assertThat(text).isEqualTo("search level:error\n| stats count() by source");
    }
}

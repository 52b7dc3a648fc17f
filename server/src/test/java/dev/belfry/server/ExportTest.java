package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events and answers as files. */
final class ExportTest {
    private static final String EXPORT = EVENTS + "/export";
    private static final int EVENTS_COUNT = 2_500;

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--logging.store", "false");
        admin = server.admin();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < EVENTS_COUNT; i++) {
            lines.add(
                    "{\"event_type\":\"log\",\"source\":\"many\",\"message\":\"m"
                            + i
                            + "\",\"payload\":{\"n\":"
                            + i
                            + "}}");
        }
        server.post(EVENTS, admin, "[" + String.join(",", lines) + "]").expect(201);
        server.post(
                        EVENTS,
                        admin,
                        """
                        [{"event_type":"log","source":"bad","timestamp":"2026-01-24T10:00:00Z",
                          "message":"=HYPERLINK(\\"http://evil\\",\\"x\\")","level":"error",
                          "tags":{"host":"@SUM(1)","a.b":"dotted","a":{"b":"nested"}},
                          "payload":{"n":-5,"user":{"id":7,"names":["a"]}}}]\
                        """)
                .expect(201);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void csv_hasWhatWasAskedFor_andNoFormula() {
        TestServer.Answer answer =
                server.get(
                                EXPORT
                                        + "?source=bad&column=timestamp&column=message&column=host"
                                        + "&column=n&column=tags.a.b&column=payload.user.id"
                                        + "&column=payload.user&column=none",
                                admin)
                        .expect(200);
        assertThat(answer.header("content-type")).startsWith("text/csv");
        assertThat(answer.header("content-disposition")).contains("events.csv");
        assertThat(answer.text())
                .isEqualTo(
                        "\"timestamp\",\"message\",\"host\",\"n\",\"tags.a.b\",\"payload.user.id\","
                                + "\"payload.user\",\"none\"\r\n\"2026-01-24T10:00:00Z\","
                                + "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\",\"'@SUM(1)\",-5,"
                                + "\"dotted\",7,\"{\"\"id\"\":7,\"\"names\"\":[\"\"a\"\"]}\",\r\n");
    }

    @Test
    void ndjson_hasEveryEventOnce_overManyPages() throws Exception {
        TestServer.Answer answer =
                server.get(EXPORT + "?source=many&format=ndjson&order=asc", admin).expect(200);
        assertThat(answer.header("content-type")).startsWith("application/x-ndjson");
        String[] lines = answer.text().split("\n");
        Set<String> ids = new HashSet<>();
        ObjectMapper json = new ObjectMapper();
        for (int i = 0; i < lines.length; i++) {
            JsonNode event = json.readTree(lines[i]);
            ids.add(event.get("id").asText());
            assertThat(event.at("/payload/n").asInt()).isEqualTo(i);
        }
        assertThat(ids).hasSize(EVENTS_COUNT);
        String cut = server.get(EXPORT + "?source=many&format=ndjson&limit=1500", admin).text();
        assertThat(cut.split("\n")).hasSize(1500);
    }

    @Test
    void export_isRecorded_andShowsOnesOwnOnly() {
        String ursula = server.user(admin, "ursula", "user", "bad");
        String text = server.get(EXPORT + "?format=ndjson", ursula).expect(200).text();
        assertThat(text.split("\n")).hasSize(1);
        JsonNode audit = server.get("/api/v1/audit?action=events.export", admin).data();
        assertThat(audit.get(0).get("actor_name").asText()).isEqualTo("ursula");
        assertThat(audit.get(0).at("/details/format").asText()).isEqualTo("ndjson");
        assertThat(server.get(EXPORT + "?source=many&format=ndjson", ursula).text()).isEmpty();
        server.get(EXPORT + "?format=xlsx", ursula).expect(400);
        server.get(EXPORT + "?limit=0", ursula).expect(400);
        server.get(EXPORT + "?q=%22open", ursula).expect(400);
    }

    @Test
    void insights_answerAsCsv() {
        HttpRequest request =
                server.request("POST", "/api/v1/monitoring/query", admin)
                        .method(
                                "POST",
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"query\":\"source:bad | fields @timestamp, @message, n,"
                                                + " n / 2 as half, user\"}"))
                        .header("Accept", "text/csv")
                        .build();
        TestServer.Answer answer = server.send(request).expect(200);
        assertThat(answer.text())
                .isEqualTo(
                        "\"@timestamp\",\"@message\",\"n\",\"half\",\"user\"\r\n"
                                + "\"2026-01-24T10:00:00Z\",\"'=HYPERLINK(\"\"http://evil\"\","
                                + "\"\"x\"\")\",-5,-2.5,\"{\"\"id\"\":7,\"\"names\"\":[\"\"a\"\"]}\""
                                + "\r\n");
        assertThat(server.get("/api/v1/audit?action=query.export", admin).data()).isNotEmpty();
    }
}

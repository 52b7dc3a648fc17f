package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events in and out, as clients send and ask. */
final class EventsApiTest {
    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--limits.body", "1MiB", "--logging.store", "false");
        admin = server.admin();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void event_ofSeed000_isStoredAndFound() {
        TestServer.Answer answer =
                server.post(
                        EVENTS,
                        admin,
                        """
                        {
                          "event_type": "log",
                          "source": "web-server",
                          "message": "Request failed with 500 error",
                          "level": "error",
                          "tags": {"service": "api", "environment": "production", "endpoint": "/api/users"},
                          "payload": {"request_id": "req-123", "user_id": "user-456",
                                      "error_code": "INTERNAL_SERVER_ERROR"}
                        }\
                        """);
        JsonNode stored = answer.expect(201).data();
        assertThat(stored.get("message").asText()).isEqualTo("Request failed with 500 error");
        assertThat(stored.at("/tags/environment").asText()).isEqualTo("production");
        assertThat(stored.get("created_by").asText()).startsWith("user:");
        JsonNode found =
                server.get(EVENTS + "/" + stored.get("id").asText(), admin).expect(200).data();
        assertThat(found).isEqualTo(stored);
        JsonNode page =
                server.get(EVENTS + "?event_type=log&source=web-server&limit=50", admin)
                        .expect(200)
                        .json();
        assertThat(page.get("data").get(0)).isEqualTo(stored);
        assertThat(page.at("/pagination/limit").asInt()).isEqualTo(50);
        assertThat(page.at("/statistics/elapsed_ms").isNumber()).isTrue();
    }

    @Test
    void messageThatIsADocument_isReturnedAsSent_withItsFields() {
        JsonNode stored =
                server.post(
                                EVENTS,
                                admin,
                                """
                                {"event_type":"log","source":"sent","level":"error",
                                 "message":"{'message':'in','service':'other','level':'debug','ms':45}"}\
                                """
                                        .replace("'", "\\\""))
                        .expect(201)
                        .data();
        JsonNode found =
                server.get(EVENTS + "/" + stored.get("id").asText(), admin).expect(200).data();
        assertThat(found).isEqualTo(stored);
        assertThat(found.get("message").asText())
                .isEqualTo(
                        "{'message':'in','service':'other','level':'debug','ms':45}"
                                .replace('\'', '"'));
        assertThat(found.get("source").asText()).isEqualTo("sent");
        assertThat(found.get("level").asText()).isEqualTo("error");
        assertThat(found.at("/payload/ms").asInt()).isEqualTo(45);
        assertThat(found.at("/tags/service").asText()).isEqualTo("other");
    }

    @Test
    void unknownType_isRefusedNamingTheFour() {
        TestServer.Answer answer =
                server.post(EVENTS, admin, "{\"event_type\":\"wrong\",\"source\":\"s\"}");
        answer.expect(400);
        assertThat(answer.errorMessage()).contains("log", "metric", "trace", "alert");
    }

    @Test
    void excludedValues_areLeftOut_butNotEventsWithoutTheField() {
        server.post(
                        EVENTS,
                        admin,
                        """
                        [{"event_type":"log","source":"not-a","level":"warn","tags":{"zone":"x"}},
                         {"event_type":"log","source":"not-a","level":"error","tags":{"zone":"y"}},
                         {"event_type":"log","source":"not-b","payload":{"n":7}}]\
                        """)
                .expect(201);
        String both = EVENTS + "?source=not-a&source=not-b";
        assertThat(server.get(both + "&not.source=not-a", admin).data()).hasSize(1);
        assertThat(server.get(both + "&not.tag.zone=x", admin).data()).hasSize(2);
        assertThat(server.get(both + "&not.tag.zone=x&not.tag.zone=y", admin).data()).hasSize(1);
        assertThat(server.get(both + "&not.level=WARNING", admin).data()).hasSize(2);
        assertThat(server.get(both + "&not.payload.n=7", admin).data()).hasSize(2);
        assertThat(server.get(both + "&not.trace_id=abc", admin).data()).hasSize(3);
        TestServer.Answer unknown = server.get(both + "&not.colour=red", admin).expect(400);
        assertThat(unknown.errorMessage()).contains("not.colour", "not.");
    }

    @Test
    void array_keepsTheGoodOnes() {
        JsonNode data =
                server.post(
                                EVENTS,
                                admin,
                                "[{\"event_type\":\"log\",\"source\":\"arr\"},"
                                        + "{\"event_type\":\"log\"},"
                                        + "{\"event_type\":\"alert\",\"source\":\"arr\"}]")
                        .expect(201)
                        .data();
        assertThat(data.get("ids")).hasSize(2);
        assertThat(data.get("errors")).hasSize(1);
        assertThat(data.at("/errors/0/index").asInt()).isEqualTo(1);
        assertThat(data.at("/errors/0/code").asText()).isEqualTo("VALIDATION_ERROR");
        assertThat(server.get(EVENTS + "?source=arr", admin).data()).hasSize(2);
    }

    @Test
    void array_ofBadOnesOnly_is400WithEachError() {
        TestServer.Answer answer = server.post(EVENTS, admin, "[{\"source\":\"x\"},{}]");
        answer.expect(400);
        assertThat(answer.json().at("/error/details/errors")).hasSize(2);
    }

    @Test
    void lines_gzipAndZstd_areTaken() throws IOException {
        String lines =
                "{\"event_type\":\"log\",\"source\":\"packed\",\"message\":\"one\"}\n"
                        + "{\"event_type\":\"log\",\"source\":\"packed\",\"message\":\"two\"}\n";
        byte[] plain = lines.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(gzip)) {
            stream.write(plain);
        }
        packed(plain, "identity").expect(201);
        packed(gzip.toByteArray(), "gzip").expect(201);
        packed(Zstd.compress(plain), "zstd").expect(201);
        packed(plain, "rot13").expect(400);
        assertThat(server.get(EVENTS + "?source=packed", admin).data()).hasSize(6);
    }

    @Test
    void bodyOverItsLimit_is413WithTheLimit_alsoWhenInflated() throws IOException {
        String big = "x".repeat(1_100_000);
        TestServer.Answer plain = server.post(EVENTS, admin, big);
        plain.expect(413);
        assertThat(plain.errorMessage()).contains("1048576");
        byte[] bomb = Zstd.compress(new byte[64 << 20]);
        TestServer.Answer inflated = packed(bomb, "zstd");
        inflated.expect(413);
        assertThat(inflated.errorMessage()).contains("1048576");
    }

    @Test
    void idempotencyKey_answersTheFirstAnswerAgain() {
        String body = "[{\"event_type\":\"log\",\"source\":\"idem\"},{\"event_type\":\"no\"}]";
        TestServer.Answer first = keyed("key-1", body).expect(201);
        TestServer.Answer again = keyed("key-1", body).expect(201);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(server.get(EVENTS + "?source=idem", admin).data()).hasSize(1);
        keyed("key-1", body.replace("idem", "other")).expect(422);
        keyed("key-2", body).expect(201);
        assertThat(server.get(EVENTS + "?source=idem", admin).data()).hasSize(2);
    }

    @Test
    void idempotencyKey_ofOneEvent_answersWhatWasStored() {
        String body = "{\"event_type\":\"log\",\"source\":\"idem-one\"}";
        JsonNode first = keyed("one", body).expect(201).data();
        assertThat(keyed("one", body).expect(201).data()).isEqualTo(first);
    }

    @Test
    void pages_byCursor_neitherRepeatNorSkip_whileWritingGoesOn() {
        StringBuilder lines = new StringBuilder();
        for (int number = 0; number < 250; number++) {
            lines.append(line("paged", number)).append('\n');
        }
        server.post(EVENTS, admin, lines.toString()).expect(201);
        Set<String> seen = new HashSet<>();
        List<Integer> numbers = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    server.get(EVENTS + "?source=paged&limit=40" + cursor, admin)
                            .expect(200)
                            .json();
            for (JsonNode event : page.get("data")) {
                assertThat(seen.add(event.get("id").asText())).isTrue();
                numbers.add(event.at("/payload/n").asInt());
            }
            JsonNode next = page.at("/pagination/next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.asText();
            server.post(EVENTS, admin, line("paged", 999)).expect(201);
        } while (!cursor.isEmpty());
        List<Integer> expected = new ArrayList<>();
        for (int number = 249; number >= 0; number--) {
            expected.add(number);
        }
        assertThat(numbers).isEqualTo(expected);
    }

    private static String line(String source, int number) {
        return "{\"event_type\":\"log\",\"source\":\""
                + source
                + "\",\"timestamp\":\"2026-01-02T03:"
                + "%02d:%02dZ\",".formatted(number / 60 % 60, number % 60)
                + "\"payload\":{\"n\":"
                + number
                + "}}";
    }

    @Test
    void filters_areAnswered() {
        server.post(
                        EVENTS,
                        admin,
                        "[{\"event_type\":\"log\",\"source\":\"f\",\"level\":\"WARN\",\"message\":"
                                + "\"disk is almost full\",\"tags\":{\"host\":\"a\",\"n\":1},"
                                + "\"trace_id\":\"0123456789abcdef0123456789abcdef\","
                                + "\"timestamp\":\"2026-02-01T00:00:00.123456789Z\"},"
                                + "{\"event_type\":\"metric\",\"source\":\"f\",\"level\":\"info\","
                                + "\"payload\":{\"deep\":{\"x\":\"y\"}},"
                                + "\"timestamp\":\"2026-02-02T00:00:00Z\"}]")
                .expect(201);
        assertThat(count("level=warning")).isEqualTo(1);
        assertThat(count("level=warn&level=info")).isEqualTo(2);
        assertThat(count("event_type=metric")).isEqualTo(1);
        assertThat(count("q=%22almost%20full%22")).isEqualTo(1);
        assertThat(count("q=full%20-almost")).isEqualTo(0);
        assertThat(count("tag.host=a&tag.n=1")).isEqualTo(1);
        assertThat(count("payload.deep.x=y")).isEqualTo(1);
        assertThat(count("trace_id=0123456789abcdef0123456789abcdef")).isEqualTo(1);
        assertThat(count("start_time=2026-02-01T00:00:00.123456789Z&end_time=2026-02-02T00:00:00Z"))
                .isEqualTo(1);
        JsonNode event = server.get(EVENTS + "?source=f&order=asc", admin).data().get(0);
        assertThat(event.get("timestamp").asText()).isEqualTo("2026-02-01T00:00:00.123456789Z");
        assertThat(event.get("level").asText()).isEqualTo("WARN");
    }

    private static int count(String query) {
        return server.get(EVENTS + "?source=f&" + query, admin).expect(200).data().size();
    }

    @Test
    void parameters_thatAreUnknownOrBad_areRefusedNamingWhatIsAllowed() {
        assertThat(server.get(EVENTS + "?sorce=x", admin).expect(400).errorMessage())
                .contains("sorce", "source", "tag.*");
        assertThat(server.get(EVENTS + "?limit=1001", admin).expect(400).errorMessage())
                .contains("1001", "1000");
        server.get(EVENTS + "?order=up", admin).expect(400);
        server.get(EVENTS + "?event_type=log&event_type=event", admin).expect(400);
        server.get(EVENTS + "?start_time=yesterday-ish", admin).expect(400);
        server.get(EVENTS + "?cursor=abc", admin).expect(400);
        server.get(EVENTS + "?timeout=soon", admin).expect(400);
        server.get(EVENTS + "?start_time=now&end_time=now-1h", admin).expect(400);
    }

    @Test
    void timeout_isKept() {
        TestServer.Answer answer = server.get(EVENTS + "?timeout=0ms", admin);
        answer.expect(422);
        assertThat(answer.errorCode()).isEqualTo("QUERY_LIMIT");
    }

    @Test
    void logs_haveTheNamesOfSeed002() {
        server.post(
                        EVENTS,
                        admin,
                        "[{\"event_type\":\"log\",\"source\":\"shop\",\"message\":\"paid\","
                                + "\"payload\":{\"sum\":3},\"trace_id\":\"abc\"},"
                                + "{\"event_type\":\"metric\",\"source\":\"shop\"}]")
                .expect(201);
        JsonNode rows =
                server.get("/api/v1/monitoring/logs?service=shop&search=paid", admin)
                        .expect(200)
                        .data();
        assertThat(rows).hasSize(1);
        assertThat(rows.at("/0/service").asText()).isEqualTo("shop");
        assertThat(rows.at("/0/metadata/sum").asInt()).isEqualTo(3);
        assertThat(rows.at("/0/trace/trace_id").asText()).isEqualTo("abc");
        assertThat(server.get("/api/v1/monitoring/logs?service=shop", admin).data()).hasSize(1);
    }

    @Test
    void histogramAndFields_countUnderTheFilter() {
        server.post(
                        EVENTS,
                        admin,
                        "[{\"event_type\":\"log\",\"source\":\"h\",\"level\":\"error\","
                                + "\"tags\":{\"k\":\"v\"}},"
                                + "{\"event_type\":\"log\",\"source\":\"h\",\"level\":\"info\"},"
                                + "{\"event_type\":\"log\",\"source\":\"h\"}]")
                .expect(201);
        JsonNode histogram =
                server.get(
                                EVENTS
                                        + "/histogram?source=h&start_time=now-5m&end_time=now%2B1m"
                                        + "&buckets=10",
                                admin)
                        .expect(200)
                        .data();
        assertThat(histogram.get("total").asInt()).isEqualTo(3);
        assertThat(histogram.get("interval_ms").asLong()).isPositive();
        assertThat(histogram.get("buckets").size()).isBetween(1, 10);
        JsonNode fields =
                server.get("/api/v1/monitoring/fields?source=h&limit=5", admin).expect(200).data();
        assertThat(fields.findValuesAsText("name"))
                .contains("source", "level", "event_type", "tags.k");
        assertThat(fields.at("/0/values/0/count").asInt()).isEqualTo(3);
    }

    @Test
    void sql_answersAdministrators_andIsRecorded() {
        server.post(
                        EVENTS,
                        admin,
                        "[{\"event_type\":\"log\",\"source\":\"sql-a\"},"
                                + "{\"event_type\":\"log\",\"source\":\"sql-a\"}]")
                .expect(201);
        JsonNode answer =
                sql("SELECT source, count(*) AS n FROM events WHERE source = 'sql-a' GROUP BY 1")
                        .expect(200)
                        .json();
        assertThat(answer.at("/data/columns").toString()).isEqualTo("[\"source\",\"n\"]");
        assertThat(answer.at("/data/rows").toString()).isEqualTo("[[\"sql-a\",2]]");
        assertThat(answer.at("/statistics/elapsed_ms").isNumber()).isTrue();
        sql("COPY events TO '/tmp/x'").expect(400);
        sql("SELECT * FROM read_text('/etc/passwd')").expect(400);
        assertThat(
                        server.get("/api/v1/audit?action=sql.query", admin)
                                .expect(200)
                                .data()
                                .at("/0/details/query")
                                .asText())
                .contains("/etc/passwd");
    }

    private static TestServer.Answer sql(String query) {
        return server.post("/api/v1/monitoring/sql", admin, "{\"query\":\"" + query + "\"}");
    }

    @Test
    void eventById_thatIsNotThere_is404() {
        server.get(EVENTS + "/no-uuid", admin).expect(404);
        server.get(EVENTS + "/00000000-0000-4000-8000-000000000000", admin).expect(404);
        server.get(EVENTS + "/01a1fbf6-851c-8000-8000-00ffffffffff", admin).expect(404);
    }

    @Test
    void otherMethod_is405_andHeadHasNoBody() {
        TestServer.Answer answer = server.send("DELETE", EVENTS, admin, "");
        answer.expect(405);
        assertThat(answer.header("allow")).isEqualTo("GET, POST");
        TestServer.Answer head = server.send(server.request("HEAD", "/api/v1/health", "").build());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
    }

    @Test
    void requestId_isEchoedOrMade() {
        HttpRequest request =
                server.request("GET", "/api/v1/health", "").header("X-Request-Id", "r-17").build();
        assertThat(server.send(request).header("x-request-id")).isEqualTo("r-17");
        assertThat(server.get("/api/v1/health", "").header("x-request-id")).hasSizeGreaterThan(16);
    }

    private static TestServer.Answer packed(byte[] body, String encoding) {
        return server.send(
                server.request("POST", EVENTS, admin)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("Content-Encoding", encoding)
                        .header("Content-Type", "application/x-ndjson")
                        .build());
    }

    private static TestServer.Answer keyed(String key, String body) {
        return server.send(
                server.request("POST", EVENTS, admin)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .header("Idempotency-Key", key)
                        .build());
    }
}

package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.testkit.CrashDisk;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SplunkAndDatadogTest {
    private static final String HEC = "/services/collector";

    @TempDir private Path data;

    private static TestServer.Answer send(
            TestServer server, String path, String header, String value, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!header.isEmpty()) {
            request.header(header, value);
        }
        return server.send(request.build());
    }

    private static String key(TestServer server) {
        return server.key(server.admin(), "\"monitoring:events:write\"");
    }

    private static JsonNode only(TestServer server, String source) {
        JsonNode events =
                server.get(TestServer.EVENTS + "?source=" + source, server.admin()).data();
        assertThat(events).as(source).hasSize(1);
        return events.get(0);
    }

    @Test
    void splunk_takesEventsOneBehindTheOther() {
        try (TestServer server = TestServer.start(data)) {
            String body =
                    """
                    {"time":1769248800.25,"host":"h","source":"a","sourcetype":"_json","index":"main",\
                    "event":"plain","fields":{"severity":"low","n":[1,2]}}{"source":"b",\
                    "event":{"message":"m","severity":"ERROR","service":"pay","x":{"y":1}}}

                    {"event":{"timestamp":"2026-01-24T10:00:00Z","message":"t"},"host":"c"}
                    """;
            TestServer.Answer answer =
                    send(server, HEC, "authorization", "Splunk " + key(server), body).expect(200);
            assertThat(answer.text()).isEqualTo("{\"text\":\"Success\",\"code\":0}");
            JsonNode plain = only(server, "a");
            assertThat(plain.get("message").asText()).isEqualTo("plain");
            assertThat(plain.get("timestamp").asText()).isEqualTo("2026-01-24T10:00:00.250Z");
            assertThat(plain.get("tags").toString())
                    .contains(
                            "\"host\":\"h\"",
                            "\"sourcetype\":\"_json\"",
                            "\"index\":\"main\"",
                            "\"severity\":\"low\"",
                            "\"n\":[1,2]");
            JsonNode object = only(server, "pay");
            assertThat(object.get("level").asText()).isEqualTo("ERROR");
            assertThat(object.at("/payload/x/y").asInt()).isEqualTo(1);
            assertThat(object.at("/tags/splunk_source").asText()).isEqualTo("b");
            assertThat(only(server, "c").get("timestamp").asText())
                    .isEqualTo("2026-01-24T10:00:00Z");
        }
    }

    @Test
    void splunk_answersWithItsCodes() {
        try (TestServer server = TestServer.start(data)) {
            String splunk = "Splunk " + key(server);
            String[][] table = {
                {"", "{\"text\":\"No data\",\"code\":5}"},
                {
                    "{\"event\":\"a\"}{\"event\":",
                    "{\"text\":\"Invalid data format\",\"code\":6,\"invalid-event-number\":1}"
                },
                {"[]", "{\"text\":\"Invalid data format\",\"code\":6,\"invalid-event-number\":0}"},
                {
                    "{\"event\":\"a\",\"time\":\"soon\"}",
                    "{\"text\":\"Invalid data format\",\"code\":6,\"invalid-event-number\":0}"
                },
                {
                    "{\"event\":\"a\"}{\"host\":\"a\"}",
                    "{\"text\":\"Event field is required\",\"code\":12,\"invalid-event-number\":1}"
                },
                {
                    "{\"event\":\"\"}",
                    "{\"text\":\"Event field cannot be blank\",\"code\":13,\"invalid-event-number\":0}"
                },
                {
                    "{\"event\":\"a\",\"fields\":1}",
                    "{\"text\":\"Error in handling indexed fields\",\"code\":15,\"invalid-event-number\":0}"
                },
            };
            for (String[] row : table) {
                assertThat(
                                send(server, HEC + "/event/1.0", "authorization", splunk, row[0])
                                        .expect(400)
                                        .text())
                        .isEqualTo(row[1]);
            }
            assertThat(send(server, HEC, "", "", "{}").expect(401).text())
                    .isEqualTo("{\"text\":\"Token is required\",\"code\":2}");
            assertThat(send(server, HEC + "?token=" + splunk.substring(7), "", "", "{}").status())
                    .isEqualTo(401);
            assertThat(send(server, HEC, "authorization", "Digest x", "{}").expect(401).text())
                    .isEqualTo("{\"text\":\"Invalid authorization\",\"code\":3}");
            assertThat(send(server, HEC, "authorization", "Splunk no", "{}").expect(403).text())
                    .isEqualTo("{\"text\":\"Invalid token\",\"code\":4}");
            assertThat(send(server, HEC + "/ack", "authorization", splunk, "{}").expect(400).text())
                    .isEqualTo("{\"text\":\"ACK is disabled\",\"code\":14}");
            assertThat(server.get(HEC + "/health", "").expect(200).text())
                    .isEqualTo("{\"text\":\"HEC is healthy\",\"code\":17}");
        }
    }

    @Test
    void splunk_raw_takesALineAnEvent() {
        try (TestServer server = TestServer.start(data)) {
            String body = "first\r\n{\"message\":\"second\",\"service\":\"s2\"}\n\n{third\n";
            send(server, HEC + "/raw?source=s1", "authorization", "Splunk " + key(server), body)
                    .expect(200);
            assertThat(only(server, "s2").get("message").asText()).isEqualTo("second");
            assertThat(server.get(TestServer.EVENTS + "?source=s1", server.admin()).data())
                    .extracting(event -> event.get("message").asText())
                    .containsExactlyInAnyOrder("first", "{third");
        }
    }

    @Test
    void datadog_takesLogs() throws Exception {
        try (TestServer server = TestServer.start(data)) {
            String body =
                    """
                    [{"message":"m","service":"shop","ddsource":"java","hostname":"web-1","status":"warn",\
                    "ddtags":"env:prod,version:1.2,canary","timestamp":1769248800250,"http":{"a":1}},
                    {"message":"n","hostname":"web-2"}]
                    """;
            String key = key(server);
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflater = new DeflaterOutputStream(deflated)) {
                deflater.write(body.getBytes(StandardCharsets.UTF_8));
            }
            HttpRequest request =
                    HttpRequest.newBuilder(server.uri("/api/v2/logs"))
                            .header("DD-API-KEY", key)
                            .header("content-encoding", "deflate")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(deflated.toByteArray()))
                            .build();
            assertThat(server.send(request).expect(202).text()).isEqualTo("{}");
            JsonNode event = only(server, "shop");
            assertThat(event.get("level").asText()).isEqualTo("warn");
            assertThat(event.get("timestamp").asText()).isEqualTo("2026-01-24T10:00:00.250Z");
            assertThat(event.get("tags").toString())
                    .contains(
                            "\"env\":\"prod\"",
                            "\"version\":\"1.2\"",
                            "\"ddtags\":\"canary\"",
                            "\"ddsource\":\"java\"",
                            "\"hostname\":\"web-1\"");
            assertThat(event.at("/payload/http/a").asInt()).isEqualTo(1);
            assertThat(only(server, "web-2").get("message").asText()).isEqualTo("n");
            send(server, "/v1/input", "DD-API-KEY", key, "{\"message\":\"o\"}").expect(200);
            send(server, "/api/v2/logs", "DD-API-KEY", key, "[]").expect(202);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v2/logs, , 401",
        "/api/v2/logs, wrong, 403",
        "/v1/input/KEY, , 401",
        "/api/v2/logs?dd-api-key=KEY, , 401",
    })
    void datadog_refusesWrongKeys_andKeysInTheAddress(String path, String shown, int status) {
        try (TestServer server = TestServer.start(data)) {
            String address = path.replace("KEY", key(server));
            String header = shown == null ? "" : "DD-API-KEY";
            send(server, address, header, String.valueOf(shown), "[]").expect(status);
        }
    }

    @Test
    void datadog_tellsOfWhatIsWrong() {
        try (TestServer server = TestServer.start(data)) {
            String key = key(server);
            for (String body : new String[] {"", "[1]", "[{]", "[{}", "text"}) {
                assertThat(
                                send(server, "/api/v2/logs", "DD-API-KEY", key, body)
                                        .expect(400)
                                        .json()
                                        .at("/errors/0/title")
                                        .asText())
                        .isEqualTo("Bad Request");
            }
            HttpRequest validate =
                    HttpRequest.newBuilder(server.uri("/api/v1/validate"))
                            .header("DD-API-KEY", key)
                            .build();
            assertThat(server.send(validate).expect(200).text()).isEqualTo("{\"valid\":true}");
        }
    }

    @Test
    void fullDisk_isSaidInTheirOwnWords() {
        CrashDisk disk = new CrashDisk();
        try (TestServer server = TestServer.start(data, disk, "--logging.store", "false")) {
            String key = key(server);
            disk.capacity(disk.usedBytes() + 1000);
            String event = "{\"event\":\"a\"}";
            TestServer.Answer refused =
                    Waiting.until(
                            () -> send(server, HEC, "authorization", "Splunk " + key, event),
                            answer -> answer.status() != 200);
            assertThat(refused.expect(503).text())
                    .isEqualTo("{\"text\":\"Server is busy\",\"code\":9}");
            send(server, "/api/v2/logs", "DD-API-KEY", key, "[{\"message\":\"a\"}]").expect(503);
            disk.capacity(Long.MAX_VALUE);
            Waiting.until(
                    () -> send(server, HEC, "authorization", "Splunk " + key, event),
                    answer -> answer.status() == 200);
        }
    }
}

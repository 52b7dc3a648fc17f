package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.receive.loki.PushJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import dev.belfry.testkit.CrashDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LokiTest {
    private static final String PUSH = "/loki/api/v1/push";
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String GOOD =
            "{\"streams\":[{\"stream\":{\"job\":\"loki\",\"level\":\"warn\"},\"values\":"
                    + "[[\"1769248800000000001\",\"a line\",{\"user\":\"u\"}]]}]}";

    @TempDir private Path data;

    @Test
    void push_ofBothForms() throws IOException {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            TestServer.Answer answer = post(server, admin, JSON, "", bytes(GOOD)).expect(204);
            assertThat(answer.text()).isEmpty();
            post(server, admin, "application/json; charset=utf-8", "gzip", gzip(bytes(GOOD)))
                    .expect(204);
            byte[] snappy = snappy(bytes(GOOD));
            post(server, admin, PROTOBUF, "", snappy).expect(204);
            post(server, admin, PROTOBUF, "snappy", snappy).expect(204);
            JsonNode events =
                    server.get(TestServer.EVENTS + "?source=loki", admin).expect(200).data();
            assertThat(events).hasSize(4);
            for (JsonNode event : events) {
                assertThat(event.get("message").asText()).isEqualTo("a line");
                assertThat(event.get("level").asText()).isEqualTo("warn");
                assertThat(event.at("/tags/user").asText()).isEqualTo("u");
                assertThat(event.get("timestamp").asText())
                        .isEqualTo("2026-01-24T10:00:00.000000001Z");
            }
        }
    }

    @Test
    void refusals_areTexts() {
        try (TestServer server = TestServer.start(data, "--limits.body", "64KiB")) {
            String admin = server.admin();
            TestServer.Answer answer = post(server, admin, JSON, "", bytes("{")).expect(400);
            assertThat(answer.header("content-type")).startsWith("text/plain");
            assertThat(answer.text()).startsWith("body: no push as JSON at byte 1");
            post(server, admin, PROTOBUF, "", bytes("no snappy")).expect(400);
            post(server, "", JSON, "", bytes(GOOD)).expect(401);
            post(server, admin, JSON, "", new byte[65 << 10]).expect(413);
            byte[] bomb = {(byte) 0x80, (byte) 0x80, (byte) 0x80, 8, 0};
            post(server, admin, PROTOBUF, "", bomb).expect(413);
            String half = GOOD.replace("]]}]}", "],[\"1\",\"" + "x".repeat(50) + "\"]]}]}");
            post(server, admin, JSON, "", bytes(half)).expect(204);
            String basic =
                    Base64.getEncoder().encodeToString(bytes("admin:" + TestServer.PASSWORD));
            server.send(
                            server.request("POST", PUSH, "")
                                    .header("authorization", "Basic " + basic)
                                    .header("x-scope-orgid", "tenant")
                                    .header("content-type", JSON)
                                    .POST(HttpRequest.BodyPublishers.ofString(GOOD))
                                    .build())
                    .expect(204);
        }
    }

    @Test
    void badEntries_areTold_andTheOthersKept() {
        try (TestServer server = TestServer.start(data, "--limits.event", "1KiB")) {
            String admin = server.admin();
            String large = GOOD.replace("]]}]}", "],[\"1\",\"" + "x".repeat(1100) + "\"]]}]}");
            assertThat(post(server, admin, JSON, "", bytes(large)).expect(400).text())
                    .startsWith("1 of 2 records were refused; the first, 1: record: ")
                    .contains("the others were taken");
            assertThat(server.get(TestServer.EVENTS + "?source=loki", admin).data()).hasSize(1);
        }
    }

    @Test
    void fullDisk_is503_soThatClientsComeAgain() {
        CrashDisk disk = new CrashDisk();
        try (TestServer server = TestServer.start(data, disk, "--logging.store", "false")) {
            String admin = server.admin();
            disk.capacity(disk.usedBytes() + 1000);
            TestServer.Answer refused =
                    Waiting.until(
                            () -> post(server, admin, JSON, "", bytes(GOOD)),
                            answer -> answer.status() != 204);
            refused.expect(503);
            assertThat(refused.header("retry-after")).isEqualTo("10");
            disk.capacity(Long.MAX_VALUE);
            Waiting.until(
                    () -> post(server, admin, JSON, "", bytes(GOOD)),
                    answer -> answer.status() == 204);
        }
    }

    private static TestServer.Answer post(
            TestServer server, String token, String contentType, String encoding, byte[] body) {
        HttpRequest.Builder request =
                server.request("POST", PUSH, token)
                        .header("content-type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!encoding.isEmpty()) {
            request.header("content-encoding", encoding);
        }
        return server.send(request.build());
    }

    /* One literal element, which is a block too. */
    private static byte[] snappy(byte[] json) {
        ProtoWriter message = PushJson.read(json, json.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(message.size() & 0x7F | 0x80);
        out.write(message.size() >>> 7);
        out.write(61 << 2);
        out.write(message.size() - 1);
        out.write(message.size() - 1 >>> 8);
        out.write(message.bytes(), 0, message.size());
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

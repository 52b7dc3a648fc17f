package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.belfry.receive.otlp.LogsJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import dev.belfry.server.config.ConfigLoader;
import dev.belfry.testkit.CrashDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OtlpTest {
    private static final String LOGS = "/v1/logs";
    private static final String EXPORT =
            "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String BAD = "{\"severityText\":\"" + "x".repeat(51) + "\"}";

    @TempDir private Path data;

    @Test
    void http_takesBothForms_compressedOrNot() throws IOException {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            String key = server.key(admin, "\"monitoring:events:write\"");
            byte[] json = request("http", "{\"body\":{\"stringValue\":\"m\"}}");
            byte[] proto = proto(json);
            for (String path : List.of(LOGS, "/otlp/v1/logs")) {
                TestServer.Answer answer = post(server, path, key, JSON, "", json).expect(200);
                assertThat(answer.text()).isEqualTo("{}");
                assertThat(answer.header("content-type")).isEqualTo(JSON);
                answer = post(server, path, key, PROTOBUF, "", proto).expect(200);
                assertThat(answer.text()).isEmpty();
                assertThat(answer.header("content-type")).isEqualTo(PROTOBUF);
                post(server, path, key, PROTOBUF, "gzip", gzip(proto)).expect(200);
                post(server, path, key, PROTOBUF, "zstd", Zstd.compress(proto)).expect(200);
                post(server, path, key, JSON, "gzip", gzip(json)).expect(200);
            }
            JsonNode events = events(server, admin, "http");
            assertThat(events).hasSize(10);
            assertThat(events.get(0).get("message").asText()).isEqualTo("m");
            assertThat(events.get(0).get("tags").get("service.name").asText()).isEqualTo("http");
        }
    }

    @Test
    void http_emptyRequest_isGood() throws IOException {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            post(server, LOGS, admin, PROTOBUF, "", new byte[0]).expect(200);
            post(server, LOGS, admin, JSON, "", bytes("{}")).expect(200);
            post(server, LOGS, admin, JSON, "", bytes("{\"resourceLogs\":[]}")).expect(200);
        }
    }

    @Test
    void http_refusesInTheEncodingOfTheRequest() throws IOException {
        try (TestServer server = TestServer.start(data, "--limits.body", "64KiB")) {
            String admin = server.admin();
            TestServer.Answer answer = post(server, LOGS, admin, JSON, "", bytes("{")).expect(400);
            assertThat(answer.json().get("code").asInt()).isEqualTo(3);
            assertThat(answer.json().get("message").asText()).contains("as JSON at byte 1");
            answer = post(server, LOGS, admin, PROTOBUF, "", bytes("{")).expect(400);
            assertThat(answer.header("content-type")).isEqualTo(PROTOBUF);
            assertThat(answer.response().body()).startsWith(8, 3, 0x12);
            post(server, LOGS, admin, PROTOBUF, "gzip", bytes("no gzip")).expect(400);
            post(server, LOGS, admin, PROTOBUF, "br", bytes("x")).expect(400);
            post(server, LOGS, admin, "text/plain", "", bytes("x")).expect(400);
            post(server, LOGS, admin, PROTOBUF, "", new byte[65 << 10]).expect(413);
            byte[] bomb = gzip(new byte[8 << 20]);
            answer = post(server, LOGS, admin, PROTOBUF, "gzip", bomb).expect(413);
            assertThat(answer.response().body()).startsWith(8, 8, 0x12);
            answer = post(server, LOGS, "", JSON, "", bytes("{}")).expect(401);
            assertThat(answer.json().get("code").asInt()).isEqualTo(16);
            String reader = server.key(admin, "\"monitoring:events:read\"");
            answer = post(server, LOGS, reader, JSON, "", bytes("{}")).expect(403);
            assertThat(answer.json().get("code").asInt()).isEqualTo(7);
            answer = post(server, "/v1/traces", admin, JSON, "", bytes("{}")).expect(404);
            assertThat(answer.json().get("message").asText()).contains("traces: not taken yet");
            post(server, "/v1/metrics", admin, PROTOBUF, "", new byte[0]).expect(200);
        }
    }

    @Test
    void http_partialSuccess_namesTheFirstRefusal() throws IOException {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            byte[] json = request("part", "{}," + BAD + "," + BAD);
            JsonNode partial =
                    post(server, LOGS, admin, JSON, "", json)
                            .expect(200)
                            .json()
                            .get("partialSuccess");
            assertThat(partial.get("rejectedLogRecords").asText()).isEqualTo("2");
            assertThat(partial.get("errorMessage").asText())
                    .isEqualTo(
                            "2 of 3 records were refused; the first, 1: severity_text: 51"
                                    + " characters (expected: at most 50)");
            TestServer.Answer answer = post(server, LOGS, admin, PROTOBUF, "", proto(json));
            assertThat(answer.expect(200).response().body()).startsWith(0x0A).contains(8, 2, 0x12);
            post(server, LOGS, admin, JSON, "", request("part", BAD)).expect(400);
            assertThat(events(server, admin, "part")).hasSize(2);
            String only = server.key(admin, "\"monitoring:events:write\"", "mine");
            post(server, LOGS, only, JSON, "", request("part", "{}")).expect(403);
            post(server, LOGS, only, JSON, "", request("mine", "{}")).expect(200);
        }
    }

    @Test
    void credentials_ofEveryManner() throws IOException {
        try (TestServer server = TestServer.start(data)) {
            String admin = server.admin();
            String key = server.key(admin, "\"monitoring:events:write\"");
            byte[] json = request("auth", "{}");
            for (Map.Entry<String, String> header :
                    List.of(
                            Map.entry("Authorization", "Bearer " + key),
                            Map.entry("Authorization", "bearer " + key),
                            Map.entry("X-API-Key", key),
                            Map.entry("Authorization", basic("anything", key)),
                            Map.entry("Authorization", basic("", key)),
                            Map.entry("Authorization", basic(key, "")),
                            Map.entry("Authorization", basic("admin", TestServer.PASSWORD)))) {
                send(server, header, json).expect(200);
            }
            for (Map.Entry<String, String> header :
                    List.of(
                            Map.entry("Authorization", basic("admin", "wrong")),
                            Map.entry("Authorization", basic("admin", "")),
                            Map.entry("Authorization", "Basic *"),
                            Map.entry("Authorization", "Bearer "),
                            Map.entry("Authorization", key),
                            Map.entry("X-API-Key", ""))) {
                send(server, header, json).expect(401);
            }
            assertThat(events(server, admin, "auth")).hasSize(7);
        }
    }

    @Test
    void grpc_takesLogs_andSaysWhatItRefuses() throws IOException {
        try (TestServer server = TestServer.start(data, "--limits.body", "64KiB")) {
            String admin = server.admin();
            WebClient client = WebClient.of("h2c://127.0.0.1:" + server.server().port());
            byte[] proto = proto(request("grpc", "{\"body\":{\"stringValue\":\"m\"}}"));
            AggregatedHttpResponse answer = call(client, EXPORT, admin, "", frame(0, proto));
            assertThat(status(answer)).isEqualTo("0");
            assertThat(answer.content().array()).containsExactly(0, 0, 0, 0, 0);
            assertThat(answer.headers().get("content-type")).isEqualTo("application/grpc");
            answer = call(client, EXPORT, admin, "gzip", frame(1, gzip(proto)));
            assertThat(status(answer)).isEqualTo("0");
            assertThat(status(call(client, EXPORT, admin, "gzip", frame(0, proto)))).isEqualTo("0");
            assertThat(status(call(client, EXPORT, admin, "zstd", frame(1, Zstd.compress(proto)))))
                    .isEqualTo("0");
            assertThat(events(server, admin, "grpc")).hasSize(4);

            byte[] partial = proto(request("grpc", "{}," + BAD));
            answer = call(client, EXPORT, admin, "", frame(0, partial));
            assertThat(status(answer)).isEqualTo("0");
            assertThat(answer.content().array()).contains(8, 1, 0x12);

            assertThat(status(call(client, EXPORT, "", "", frame(0, proto)))).isEqualTo("16");
            assertThat(status(call(client, EXPORT, admin, "br", frame(1, proto)))).isEqualTo("12");
            assertThat(status(call(client, EXPORT, admin, "", frame(1, proto)))).isEqualTo("3");
            assertThat(status(call(client, EXPORT, admin, "gzip", frame(1, proto)))).isEqualTo("3");
            assertThat(status(call(client, EXPORT, admin, "", new byte[3]))).isEqualTo("3");
            assertThat(status(call(client, EXPORT, admin, "", frame(0, bytes("{")))))
                    .isEqualTo("3");
            byte[] bomb = frame(1, gzip(new byte[8 << 20]));
            answer = call(client, EXPORT, admin, "gzip", bomb);
            assertThat(status(answer)).isEqualTo("8");
            assertThat(answer.headers().contains("grpc-status-details-bin")).isFalse();
            answer = call(client, EXPORT, admin, "", frame(0, new byte[66 << 10]));
            assertThat(status(answer)).isEqualTo("8");
            String traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
            answer = call(client, traces, admin, "", frame(0, new byte[0]));
            assertThat(status(answer)).isEqualTo("12");
            assertThat(answer.headers().get("grpc-message")).contains("traces: not taken yet");
        }
    }

    @Test
    void refusal_ofGrpc_endsWithItsStatus() {
        try (TestServer server = TestServer.start(data)) {
            WebClient client = WebClient.of("h2c://127.0.0.1:" + server.server().port());
            HttpResponse answer =
                    client.execute(
                            RequestHeaders.builder(HttpMethod.POST, EXPORT)
                                    .add("content-type", "application/grpc")
                                    .build(),
                            HttpData.wrap(frame(0, new byte[0])));
            ResponseHeaders headers = answer.split().headers().join();
            assertThat(headers.get("grpc-status")).isEqualTo("16");
            assertThat(headers.isEndOfStream()).isTrue();
        }
    }

    @Test
    void fullDisk_isAnswered_soThatClientsComeAgain() throws IOException {
        CrashDisk disk = new CrashDisk();
        try (TestServer server = TestServer.start(data, disk, "--logging.store", "false")) {
            String admin = server.admin();
            WebClient client = WebClient.of("h2c://127.0.0.1:" + server.server().port());
            byte[] json = request("full", "{}");
            disk.capacity(disk.usedBytes() + 1000);
            TestServer.Answer refused =
                    Waiting.until(
                            () -> post(server, LOGS, admin, JSON, "", json),
                            answer -> answer.status() != 200);
            refused.expect(503);
            assertThat(refused.header("retry-after")).isEqualTo("10");
            assertThat(refused.json().get("code").asInt()).isEqualTo(14);
            assertThat(refused.json().at("/details/0/retryDelay").asText()).isEqualTo("10s");
            AggregatedHttpResponse answer = call(client, EXPORT, admin, "", frame(0, proto(json)));
            assertThat(status(answer)).isEqualTo("14");
            byte[] details =
                    Base64.getDecoder().decode(answer.headers().get("grpc-status-details-bin"));
            assertThat(new String(details, StandardCharsets.ISO_8859_1))
                    .contains("type.googleapis.com/google.rpc.RetryInfo");
            disk.capacity(Long.MAX_VALUE);
            Waiting.until(
                    () -> post(server, LOGS, admin, JSON, "", json), good -> good.status() == 200);
        }
    }

    @Test
    void ports_ofTheirOwn_serveOtlpOnly() throws IOException {
        int grpc = freePort();
        int http = freePort();
        try (TestServer server =
                TestServer.start(
                        data,
                        "--otlp.grpc.port",
                        Integer.toString(grpc),
                        "--otlp.http.port",
                        Integer.toString(http),
                        "--otlp.anonymous",
                        "loopback")) {
            String admin = server.admin();
            byte[] json = request("ports", "{}");
            WebClient client = WebClient.of("h2c://127.0.0.1:" + grpc);
            assertThat(status(call(client, EXPORT, "", "", frame(0, proto(json))))).isEqualTo("0");
            URI there = URI.create("http://127.0.0.1:" + http + LOGS);
            HttpRequest.Builder anonymous =
                    HttpRequest.newBuilder(there)
                            .header("content-type", JSON)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
            server.send(anonymous.build()).expect(200);
            server.send(anonymous.header("origin", "http://127.0.0.1:" + http).build()).expect(401);
            URI page = URI.create("http://127.0.0.1:" + http + "/");
            server.send(HttpRequest.newBuilder(page).build()).expect(404);
            server.send("POST", TestServer.EVENTS, "", "{}").expect(401);
            JsonNode events = events(server, admin, "ports");
            assertThat(events).hasSize(2);
            assertThat(events.get(0).get("created_by").asText()).isEqualTo("system:otlp");
        }
    }

    @Test
    void portThatWasAskedFor_andIsTaken_stopsTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            List<String> flags =
                    List.of(
                            "--port",
                            "0",
                            "--data",
                            data.toString(),
                            "--otlp.grpc.port",
                            port,
                            "--otlp.http.port",
                            "0");
            assertThatThrownBy(() ->
                            BelfryServer.start(
                                    ConfigLoader.load(flags, Map.of(), data),
                                    dev.belfry.model.disk.Disk.real(),
                                    new TestServer.ShiftedClock()))
                    .isInstanceOf(StartException.class)
                    .hasMessage(
                            "otlp.grpc.port: "
                                    + port
                                    + " cannot be had (expected: a free port, or 0 for none)");
        }
    }

    private static TestServer.Answer post(
            TestServer server,
            String path,
            String token,
            String contentType,
            String encoding,
            byte[] body) {
        HttpRequest.Builder request =
                server.request("POST", path, token)
                        .header("content-type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!encoding.isEmpty()) {
            request.header("content-encoding", encoding);
        }
        return server.send(request.build());
    }

    private static TestServer.Answer send(
            TestServer server, Map.Entry<String, String> header, byte[] json) {
        return server.send(
                server.request("POST", LOGS, "")
                        .header("content-type", JSON)
                        .header(header.getKey(), header.getValue())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                        .build());
    }

    private static AggregatedHttpResponse call(
            WebClient client, String path, String token, String encoding, byte[] body) {
        RequestHeadersBuilder headers =
                RequestHeaders.builder(HttpMethod.POST, path)
                        .add("content-type", "application/grpc")
                        .add("te", "trailers");
        if (!token.isEmpty()) {
            headers.add("authorization", "Bearer " + token);
        }
        if (!encoding.isEmpty()) {
            headers.add("grpc-encoding", encoding);
        }
        return client.execute(headers.build(), HttpData.wrap(body)).aggregate().join();
    }

    private static String status(AggregatedHttpResponse answer) {
        assertThat(answer.status().code()).isEqualTo(200);
        return answer.headers().get("grpc-status", answer.trailers().get("grpc-status", "none"));
    }

    private static JsonNode events(TestServer server, String token, String source) {
        return server.get(TestServer.EVENTS + "?source=" + source, token).expect(200).data();
    }

    private static byte[] frame(int compressed, byte[] message) {
        byte[] framed = new byte[5 + message.length];
        framed[0] = (byte) compressed;
        for (int index = 0; index < 4; index++) {
            framed[1 + index] = (byte) (message.length >>> 24 - 8 * index);
        }
        System.arraycopy(message, 0, framed, 5, message.length);
        return framed;
    }

    private static byte[] request(String service, String records) {
        return bytes(
                "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
                        + "\"value\":{\"stringValue\":\""
                        + service
                        + "\"}}]},\"scopeLogs\":[{\"logRecords\":["
                        + records
                        + "]}]}]}");
    }

    private static byte[] proto(byte[] json) {
        ProtoWriter out = LogsJson.read(json, json.length);
        return Arrays.copyOf(out.bytes(), out.size());
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static String basic(String username, String password) {
        return "Basic " + Base64.getEncoder().encodeToString(bytes(username + ":" + password));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}

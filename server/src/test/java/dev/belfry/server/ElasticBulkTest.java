package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.testkit.CrashDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ElasticBulkTest {
    private static final String TWO =
            """
            {"create":{"_index":"shop"}}
            {"@timestamp":"2026-01-24T10:00:00.5Z","log.level":"warn","message":"slow"}
            {"index":{"_id":"7"}}
            {"service":"pay","msg":"done"}
            """;

    @Test
    void bulk_storesDocuments_andAnswersAsElasticsearchDoes(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String token = server.admin();
            TestServer.Answer answer =
                    server.send("POST", "/orders/_bulk?refresh=true", token, TWO).expect(200);
            assertThat(answer.header("x-elastic-product")).isEqualTo("Elasticsearch");
            JsonNode json = answer.json();
            assertThat(json.get("errors").asBoolean()).isFalse();
            assertThat(json.get("took").isInt()).isTrue();
            JsonNode created = json.at("/items/0/create");
            assertThat(created.get("_index").asText()).isEqualTo("shop");
            assertThat(created.get("result").asText()).isEqualTo("created");
            assertThat(created.get("status").asInt()).isEqualTo(201);
            assertThat(created.get("_version").asInt()).isEqualTo(1);
            assertThat(created.at("/_shards/successful").asInt()).isEqualTo(1);
            assertThat(json.at("/items/1/index/_index").asText()).isEqualTo("orders");
            assertThat(json.at("/items/1/index/_id").asText()).isEqualTo("7");
            JsonNode event =
                    server.get(TestServer.EVENTS + "/" + created.get("_id").asText(), token)
                            .expect(200)
                            .data();
            assertThat(event.get("source").asText()).isEqualTo("shop");
            assertThat(event.get("level").asText()).isEqualTo("warn");
            assertThat(event.get("message").asText()).isEqualTo("slow");
            assertThat(event.get("timestamp").asText()).isEqualTo("2026-01-24T10:00:00.500Z");
            assertThat(server.get(TestServer.EVENTS + "?source=pay", token).data()).hasSize(1);
        }
    }

    @Test
    void oneDocument_isStored_andAnsweredAsElasticsearchDoes(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String token = server.admin();
            String document = "{\n  \"message\": \"paid\",\n  \"log.level\": \"warn\"\n}";
            JsonNode made =
                    server.send("POST", "/shop/_doc?refresh=wait_for", token, document)
                            .expect(201)
                            .json();
            assertThat(made.get("_index").asText()).isEqualTo("shop");
            assertThat(made.get("result").asText()).isEqualTo("created");
            assertThat(made.at("/_shards/failed").asInt()).isZero();
            assertThat(made.has("status")).isFalse();
            JsonNode event =
                    server.get(TestServer.EVENTS + "/" + made.get("_id").asText(), token)
                            .expect(200)
                            .data();
            assertThat(event.get("message").asText()).isEqualTo("paid");
            assertThat(event.get("level").asText()).isEqualTo("warn");
            for (String path :
                    new String[] {
                        "/shop/_doc/7", "/shop/_create/7", "/elasticsearch/shop/_doc/7"
                    }) {
                assertThat(
                                server.send("PUT", path + "?filter_path=_id", token, document)
                                        .expect(201)
                                        .text())
                        .isEqualTo("{\"_id\":\"7\"}");
            }
            server.send("POST", "/elasticsearch/shop/_doc", token, document).expect(201);
            assertThat(server.get(TestServer.EVENTS + "?source=shop", token).data()).hasSize(5);
        }
    }

    @Test
    void documentThatIsNone_isRefusedByElasticsearchsShape(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String token = server.admin();
            for (String body : new String[] {"", "[1]", "{\"message\":", "{} {}", "7"}) {
                JsonNode json = server.send("POST", "/shop/_doc", token, body).expect(400).json();
                assertThat(json.at("/error/type").asText()).isEqualTo("illegal_argument_exception");
                assertThat(json.at("/error/reason").asText()).isNotEmpty();
            }
            server.send("POST", "/shop/_doc", "", "{}").expect(401);
            server.send("POST", "/" + "i".repeat(300) + "/_doc", token, "{}").expect(400);
            assertThat(server.get(TestServer.EVENTS + "?source=shop", token).data()).isEmpty();
        }
    }

    @Test
    void badItems_costOnlyThemselves(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String token = server.admin();
            String body =
                    """
                    {"create":{"_index":"a"}}
                    {"message":
                    {"delete":{"_index":"a","_id":"1"}}
                    {"update":{"_index":"a","_id":"1"}}
                    {"doc":{}}
                    {"create":{"_index":"a"}}
                    {"message":"good"}
                    {"index":{"_index":"a"}}
                    [1]
                    """;
            JsonNode json =
                    server.send("PUT", "/elasticsearch/_bulk", token, body).expect(200).json();
            assertThat(json.get("errors").asBoolean()).isTrue();
            assertThat(json.at("/items/0/create/status").asInt()).isEqualTo(400);
            assertThat(json.at("/items/0/create/error/type").asText())
                    .isEqualTo("mapper_parsing_exception");
            assertThat(json.at("/items/1/delete/status").asInt()).isEqualTo(400);
            assertThat(json.at("/items/2/update/error/type").asText())
                    .isEqualTo("illegal_argument_exception");
            assertThat(json.at("/items/3/create/status").asInt()).isEqualTo(201);
            assertThat(json.at("/items/4/index/status").asInt()).isEqualTo(400);
            assertThat(server.get(TestServer.EVENTS + "?source=a", token).data()).hasSize(1);
        }
    }

    @Test
    void filterPath_leavesOutWhatIsNotWanted(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String token = server.admin();
            assertThat(
                            server.send(
                                            "POST",
                                            "/_bulk?filter_path=errors,items.*.error,items.*.status",
                                            token,
                                            TWO)
                                    .text())
                    .isEqualTo(
                            "{\"errors\":false,\"items\":[{\"create\":{\"status\":201}},"
                                    + "{\"index\":{\"status\":201}}]}");
            assertThat(
                            server.send(
                                            "POST",
                                            "/_bulk?filter_path=errors,items.*.error",
                                            token,
                                            TWO)
                                    .text())
                    .isEqualTo("{\"errors\":false}");
            assertThat(server.send("POST", "/_bulk?filter_path=-items,-took", token, TWO).text())
                    .isEqualTo("{\"errors\":false}");
        }
    }

    @Test
    void wholeRequest_thatIsNone_isRefused(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String token = server.admin();
            for (String body :
                    new String[] {"", "\n", "{\"create\"", "[]", "{\"drop\":{}}\n{}\n"}) {
                TestServer.Answer answer = server.send("POST", "/_bulk", token, body).expect(400);
                assertThat(answer.json().at("/error/type").asText())
                        .isEqualTo("illegal_argument_exception");
                assertThat(answer.json().at("/error/root_cause/0/reason").asText()).isNotEmpty();
                assertThat(answer.json().get("status").asInt()).isEqualTo(400);
            }
        }
    }

    @Test
    void credentials_areThoseOfElasticsearchToo(@TempDir Path data) throws Exception {
        try (TestServer server = TestServer.start(data)) {
            TestServer.Answer none = server.send("POST", "/_bulk", "", TWO).expect(401);
            assertThat(none.header("www-authenticate")).startsWith("Basic ");
            assertThat(none.header("x-elastic-product")).isEqualTo("Elasticsearch");
            assertThat(none.json().at("/error/type").asText()).isEqualTo("security_exception");
            String pair = "admin:" + TestServer.PASSWORD;
            assertThat(send(server, "Basic " + base64(pair), "application/json").statusCode())
                    .isEqualTo(200);
            assertThat(send(server, "Basic " + base64("admin:wrong"), "").statusCode())
                    .isEqualTo(401);
            String key = server.key(server.admin(), "\"monitoring:events:write\"");
            assertThat(send(server, "ApiKey " + base64("id:" + key), "").statusCode())
                    .isEqualTo(200);
            assertThat(send(server, "ApiKey " + base64("id:none"), "").statusCode()).isEqualTo(401);
            HttpResponse<String> versioned =
                    send(
                            server,
                            "ApiKey " + base64("id:" + key),
                            "application/vnd.elasticsearch+json; compatible-with=8");
            assertThat(versioned.headers().firstValue("content-type"))
                    .hasValue("application/vnd.elasticsearch+json;compatible-with=8");
        }
    }

    private static HttpResponse<String> send(TestServer server, String authorization, String accept)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri("/_bulk"))
                        .header("authorization", authorization)
                        .header("content-encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(TWO)));
        if (!accept.isEmpty()) {
            request.header("accept", accept);
        }
        return server.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fullDisk_refusesEachItemWith429_andRecovers(@TempDir Path data) {
        CrashDisk disk = new CrashDisk();
        try (TestServer server = TestServer.start(data, disk, "--logging.store", "false")) {
            String token = server.admin();
            disk.capacity(disk.usedBytes() + 1000);
            String body = TWO + "{\"create\":{}}\n[]\n";
            JsonNode json =
                    Waiting.until(
                                    () -> server.send("POST", "/x/_bulk", token, body).expect(200),
                                    answer ->
                                            answer.json().at("/items/0/create/status").asInt()
                                                    != 201)
                            .json();
            assertThat(json.at("/items/0/create/status").asInt()).isEqualTo(429);
            assertThat(json.at("/items/0/create/error/type").asText())
                    .isEqualTo("es_rejected_execution_exception");
            assertThat(json.at("/items/1/index/_id").asText()).isEqualTo("7");
            assertThat(json.at("/items/2/create/status").asInt()).isEqualTo(400);
            disk.capacity(Long.MAX_VALUE);
            Waiting.until(
                    () -> server.send("POST", "/x/_bulk", token, TWO),
                    answer -> !answer.json().get("errors").asBoolean());
        }
    }

    @Test
    void root_isElasticsearchs_exceptForBrowsers(@TempDir Path data) throws Exception {
        try (TestServer server = TestServer.start(data)) {
            String token = server.admin();
            server.get("/", "").expect(401);
            TestServer.Answer root = server.get("/", token).expect(200);
            assertThat(root.header("x-elastic-product")).isEqualTo("Elasticsearch");
            assertThat(root.json().at("/version/number").asText()).startsWith("8.");
            assertThat(server.get("/elasticsearch/", token).text()).isEqualTo(root.text());
            assertThat(server.get("/elasticsearch", token).text()).isEqualTo(root.text());
            HttpRequest page =
                    HttpRequest.newBuilder(server.uri("/")).header("accept", "text/html").build();
            assertThat(
                            server.client()
                                    .send(page, HttpResponse.BodyHandlers.ofString())
                                    .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whatClientsAskBeforeTheySend_isAnswered(@TempDir Path data) {
        try (TestServer server = TestServer.start(data)) {
            String token = server.admin();
            for (String path :
                    new String[] {
                        "/_license",
                        "/_xpack",
                        "/_cluster/health",
                        "/_nodes/_all/http",
                        "/_nodes",
                        "/_cat/indices?format=json",
                        "/_ilm/policy/filebeat",
                        "/_index_template/filebeat-8",
                        "/_component_template/a",
                        "/_ingest/pipeline/p",
                        "/_alias/filebeat",
                        "/_data_stream/logs-a-b",
                        "/elasticsearch/_license"
                    }) {
                assertThat(server.get(path, token).expect(200).json().isContainerNode())
                        .as(path)
                        .isTrue();
            }
            assertThat(
                            server.send("PUT", "/_ilm/policy/filebeat", token, "{}")
                                    .expect(200)
                                    .json()
                                    .get("acknowledged")
                                    .asBoolean())
                    .isTrue();
            assertThat(
                            server.get("/_nodes/http", token)
                                    .json()
                                    .at("/nodes/belfry/http/publish_address")
                                    .asText())
                    .isEqualTo("127.0.0.1:" + server.server().port());
        }
    }
}

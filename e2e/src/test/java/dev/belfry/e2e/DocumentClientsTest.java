package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clients of Elasticsearch, Splunk and Datadog from npm on Node; rsyslog from Debian. */
final class DocumentClientsTest {
    private static final Path CLIENT = Path.of("clients", "documents-js").toAbsolutePath();
    private static final Path INSTALLED = Path.of("target", "clients-documents").toAbsolutePath();
    private static final String WRITE = "monitoring:events:write";

    @TempDir private Path folder;

    @BeforeAll
    static void install() throws Exception {
        Files.createDirectories(INSTALLED);
        for (String name : List.of("package.json", "package-lock.json", "send.js")) {
            Path target = INSTALLED.resolve(name);
            Files.deleteIfExists(target);
            Files.copy(CLIENT.resolve(name), target);
        }
        if (!Files.exists(INSTALLED.resolve("node_modules"))) {
            List<String> command =
                    List.of("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
            Path errors = INSTALLED.resolve("npm.err");
            try (ClientProcess npm = ClientProcess.start(INSTALLED, errors, Map.of(), command)) {
                npm.await(Duration.ofSeconds(180));
            }
        }
    }

    @Test
    @Timeout(90)
    void elasticsearchClient_sendsByItsBulkHelper() throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"));
                ApiClient api = ApiClient.login(belfry)) {
            send("elastic", belfry, api, 300, 0).await(Duration.ofSeconds(40));
            JsonNode events = events(api, "js-elastic");
            assertThat(messages(events)).hasSize(300);
            for (JsonNode event : events) {
                assertThat(event.get("level").asText()).isEqualTo("warn");
                assertThat("line " + event.at("/payload/number").asInt())
                        .isEqualTo(event.get("message").asText());
                assertThat(event.at("/payload/nested").toString()).isEqualTo("{\"a\":[\"b\"]}");
            }
        }
    }

    @Test
    @Timeout(120)
    void elasticsearchClient_losesNothing_whenBelfryIsKilledAndStarted() throws Exception {
        String port = Integer.toString(OpenTelemetryJavaTest.freePort());
        Path data = folder.resolve("data");
        BelfryProcess belfry = BelfryProcess.start(data, "--port", port);
        try {
            ClientProcess started;
            try (ApiClient api = ApiClient.login(belfry)) {
                started = send("elastic", belfry, api, 400, 10);
                while (events(api, "js-elastic").size() < 50) {
                    Thread.onSpinWait();
                }
            }
            try (ClientProcess client = started) {
                belfry.kill();
                belfry = BelfryProcess.start(data, "--port", port);
                client.await(Duration.ofSeconds(60));
            }
            try (ApiClient api = ApiClient.login(belfry)) {
                assertThat(messages(events(api, "js-elastic"))).hasSize(400);
            }
        } finally {
            belfry.kill();
        }
    }

    @Test
    @Timeout(90)
    void splunkLogging_sendsBatches() throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"));
                ApiClient api = ApiClient.login(belfry)) {
            send("splunk", belfry, api, 105, 0).await(Duration.ofSeconds(40));
            JsonNode events = awaited(api, "js-splunk", 105);
            assertThat(messages(events)).hasSize(105);
            for (JsonNode event : events) {
                assertThat(event.at("/tags/host").asText()).isEqualTo("web-1");
            }
        }
    }

    @Test
    @Timeout(90)
    void datadogClient_submitsLogs() throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"));
                ApiClient api = ApiClient.login(belfry)) {
            send("datadog", belfry, api, 20, 0).await(Duration.ofSeconds(40));
            JsonNode events = events(api, "js-datadog");
            assertThat(messages(events)).hasSize(20);
            for (JsonNode event : events) {
                assertThat(event.get("level").asText()).isEqualTo("error");
                assertThat(event.at("/tags/env").asText()).isEqualTo("test");
            }
        }
    }

    @Test
    @Timeout(120)
    void rsyslog_sendsByItsElasticsearchModule_alsoThroughARestart() throws Exception {
        String port = Integer.toString(OpenTelemetryJavaTest.freePort());
        Path data = folder.resolve("data");
        BelfryProcess belfry = BelfryProcess.start(data, "--port", port);
        try {
            Path input = Files.writeString(folder.resolve("app.log"), lines(0, 200));
            Path configuration = folder.resolve("rsyslog.conf");
            try (ApiClient api = ApiClient.login(belfry)) {
                Files.writeString(configuration, rsyslog(port, api.key(WRITE), input));
            }
            List<String> command =
                    List.of(
                            "/usr/sbin/rsyslogd",
                            "-n",
                            "-f",
                            configuration.toString(),
                            "-i",
                            folder.resolve("rsyslog.pid").toString());
            Path errors = folder.resolve("rsyslog.err");
            try (ClientProcess rsyslog = ClientProcess.start(folder, errors, Map.of(), command)) {
                try (ApiClient api = ApiClient.login(belfry)) {
                    awaited(api, "rsyslog", 200);
                }
                belfry.kill();
                Files.writeString(input, lines(0, 400));
                belfry = BelfryProcess.start(data, "--port", port);
                try (ApiClient api = ApiClient.login(belfry)) {
                    JsonNode events = awaited(api, "rsyslog", 400);
                    assertThat(messages(events)).as(rsyslog.errors()).hasSize(400);
                    assertThat(events.get(0).get("level").asText()).isEqualTo("notice");
                    assertThat(events.get(0).at("/tags/host").asText()).isNotEmpty();
                }
            }
        } finally {
            belfry.kill();
        }
    }

    private static String lines(int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int line = from; line < to; line++) {
            lines.append("line ").append(line).append('\n');
        }
        return lines.toString();
    }

    private String rsyslog(String port, String key, Path input) {
        return """
        global(workDirectory="%s")
        module(load="imfile" mode="polling" pollingInterval="1")
        module(load="omelasticsearch")
        template(name="document" type="list" option.jsonf="on") {
          property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
          property(outname="host" name="hostname" format="jsonf")
          property(outname="severity" name="syslogseverity-text" format="jsonf")
          property(outname="facility" name="syslogfacility-text" format="jsonf")
          property(outname="message" name="msg" format="jsonf")
        }
        input(type="imfile" file="%s" tag="app:")
        action(type="omelasticsearch" server="127.0.0.1" serverport="%s" uid="x" pwd="%s"
          template="document" searchIndex="rsyslog" searchType="" bulkmode="on" usehttps="off"
          action.resumeRetryCount="-1" action.resumeInterval="1"
          queue.type="linkedList" queue.dequeueBatchSize="50")
        """
                .formatted(folder, input, port, key);
    }

    private static JsonNode awaited(ApiClient api, String source, int count) throws Exception {
        JsonNode events = events(api, source);
        while (messages(events).size() < count) {
            Thread.onSpinWait();
            events = events(api, source);
        }
        return events;
    }

    private static JsonNode events(ApiClient api, String source) throws Exception {
        return api.get("/api/v1/monitoring/events?source=" + source + "&limit=1000").get("data");
    }

    private static Set<String> messages(JsonNode events) {
        Set<String> messages = new TreeSet<>();
        events.forEach(event -> messages.add(event.path("message").asText()));
        return messages;
    }

    private ClientProcess send(
            String client, BelfryProcess belfry, ApiClient api, int count, int pauseMillis)
            throws Exception {
        return ClientProcess.start(
                INSTALLED,
                folder.resolve("node.err"),
                Map.of(),
                List.of(
                        "node",
                        "send.js",
                        client,
                        belfry.address().toString(),
                        api.key(WRITE),
                        Integer.toString(count),
                        Integer.toString(pauseMillis)));
    }
}

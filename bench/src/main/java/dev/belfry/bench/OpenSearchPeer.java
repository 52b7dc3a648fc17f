package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One OpenSearch node in a process of its own, by the codelibs runner from Maven Central. */
final class OpenSearchPeer implements Peer {
    /*
     * 1 GiB of heap, one shard without replicas, refresh every 30 s, the translog forced at each request (the default),
     * mappings given. Processor time until a refresh, a flush and the merges are through.
     */
    private static final String INDEX =
            """
            {"settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "30s"},
             "mappings": {"properties": {
               "event_type": {"type": "keyword"}, "source": {"type": "keyword"}, "level": {"type": "keyword"},
               "timestamp": {"type": "date"}, "message": {"type": "text"}, "trace_id": {"type": "keyword"},
               "tags": {"properties": {"environment": {"type": "keyword"}, "region": {"type": "keyword"},
                 "host": {"type": "keyword"}, "version": {"type": "keyword"}}},
               "payload": {"properties": {"duration_ms": {"type": "double"}, "user": {"type": "keyword"}}}}}}
            """;
    private static final String CREATE = "{\"create\":{}}\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private URI address = URI.create("http://127.0.0.1");

    @Override
    public String measure(Path folder, long events, Figures figures) throws Exception {
        Path project = Programs.cache("opensearch");
        Path libraries = Programs.jars("opensearch-pom.xml", project);
        Path node =
                Programs.unpack("OpenSearchNode.java.txt", project.resolve("OpenSearchNode.java"));
        int port = PostgresPeer.freePort();
        address = URI.create("http://127.0.0.1:" + port);
        Path data = folder.resolve("opensearch");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms1g",
                                "-Xmx1g",
                                "--add-modules=jdk.incubator.vector",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                libraries + "/*",
                                node.toString(),
                                data.toString(),
                                Integer.toString(port))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("opensearch.log").toFile())
                        .start();
        try {
            String version = awaitStarted(process);
            load(process.toHandle(), events, figures);
            Question.measure(
                    Question.all(events, 20),
                    figures,
                    question ->
                            call("POST", "/events/_search?request_cache=false", query(question)));
            return "OpenSearch "
                    + version
                    + ": one node by the codelibs runner, heap 1 GiB, one shard, no replica, refresh 30 s, translog forced at each request; processor time until flush and merges have ended.";
        } finally {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private String awaitStarted(Process process) throws Exception {
        for (int attempt = 0; attempt < 240 && process.isAlive(); attempt++) {
            try {
                return call("GET", "/", "").at("/version/number").asText();
            } catch (IOException _) {
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
        throw new IOException("OpenSearch did not start");
    }

    private void load(ProcessHandle process, long events, Figures figures) throws Exception {
        call("PUT", "/events", INDEX);
        double before = ProcessClock.awaitIdle(process);
        Load.send(events, () -> this::bulk);
        call("POST", "/events/_refresh", "");
        call("POST", "/events/_flush", "");
        double cpu = ProcessClock.awaitIdle(process) - before;
        long count = call("GET", "/events/_count", "").get("count").asLong();
        if (count != events) {
            throw new IOException("OpenSearch has " + count + " events");
        }
        figures.add(Measure.EVENTS_IN, events / cpu);
        figures.add(
                Measure.BYTES,
                call("GET", "/events/_stats/store", "")
                                .at("/_all/primaries/store/size_in_bytes")
                                .asDouble()
                        / events);
        figures.add(Measure.RESIDENT, ProcessClock.residentMebibytes(process));
    }

    private void bulk(byte[] lines) throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder(lines.length * 21 / 20);
        for (String line : new String(lines, StandardCharsets.US_ASCII).split("\n")) {
            body.append(CREATE).append(line).append('\n');
        }
        if (call("POST", "/events/_bulk", body.toString()).get("errors").asBoolean()) {
            throw new IOException("OpenSearch refused events");
        }
    }

    private JsonNode call(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 300) {
            throw new IOException(new String(answer.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(answer.body());
    }

    private static String query(Question question) {
        String argument = question.argument();
        return switch (question.measure()) {
            case NEWEST -> newest("{\"match_all\":{}}");
            case NEWEST_HALF -> newest(term("level", "info"));
            case NEWEST_HOST -> newest(term("tags.host", argument));
            case NEWEST_USER -> newest(term("payload.user", argument));
            case NEWEST_NONE -> newest(term("source", "none"));
            case TRACE -> newest(term("trace_id", argument));
            case WORD -> newest("{\"match\":{\"message\":\"" + argument + "\"}}");
            case PHRASE -> newest("{\"match_phrase\":{\"message\":\"" + argument + "\"}}");
            case COUNT_TIME_LEVEL ->
                    aggregation(
                            """
                            {"date_histogram":{"field":"timestamp","fixed_interval":"1m"},
                             "aggs":{"l":{"terms":{"field":"level"}}}}\
                            """);
            case GROUP_TAG -> aggregation("{\"terms\":{\"field\":\"tags.host\",\"size\":1000}}");
            case NUMBER_P95 ->
                    aggregation(
                            "{\"percentiles\":{\"field\":\"payload.duration_ms\",\"percents\":[95]}}");
            default -> throw new IllegalStateException("BUG: " + question);
        };
    }

    private static String newest(String query) {
        return "{\"size\":100,\"track_total_hits\":false,\"sort\":[{\"timestamp\":\"desc\"}],\"query\":"
                + query
                + "}";
    }

    private static String term(String field, String value) {
        return "{\"bool\":{\"filter\":[{\"term\":{\"" + field + "\":\"" + value + "\"}}]}}";
    }

    private static String aggregation(String text) {
        return "{\"size\":0,\"aggs\":{\"a\":" + text + "}}";
    }
}

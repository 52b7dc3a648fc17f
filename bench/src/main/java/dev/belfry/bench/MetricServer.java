package dev.belfry.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A started system that takes remote write and answers Prometheus' API. */
final class MetricServer implements AutoCloseable {
    /* The peers are unpacked by unpack.sh into a folder and run as they are: usr/bin/prometheus, usr/bin/victoria-metrics. */
    private static final long START_SECONDS_MAX = 120;

    private final Process process;
    private final URI address;
    private final String authorization;
    private final double startMillis;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private MetricServer(Process process, URI address, String authorization, double startMillis) {
        this.process = process;
        this.address = address;
        this.authorization = authorization;
        this.startMillis = startMillis;
    }

    /** Starts {@code name}: belfry, victoria-metrics, prometheus or questdb. */
    static MetricServer start(String name, Options options, Path data)
            throws IOException, InterruptedException {
        return start(name, options, data, "");
    }

    /**
     * Starts it on the data of {@code before}, which was killed: its senders know their keys, and
     * nobody logs in.
     */
    static MetricServer again(String name, Options options, Path data, MetricServer before)
            throws IOException, InterruptedException {
        return start(name, options, data, before.authorization);
    }

    private static MetricServer start(String name, Options options, Path data, String authorization)
            throws IOException, InterruptedException {
        Files.createDirectories(data);
        Path config = Files.writeString(data.resolve("empty.yml"), "");
        return start(name, options, data, config, authorization);
    }

    /** Starts it; belfry and prometheus scrape what {@code config}, a prometheus.yml, says. */
    static MetricServer start(String name, Options options, Path data, Path config)
            throws IOException, InterruptedException {
        return start(name, options, data, config, "");
    }

    private static MetricServer start(
            String name, Options options, Path data, Path config, String known)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> words = new ArrayList<>();
        switch (name) {
            case "belfry" ->
                    words.addAll(
                            List.of(
                                    options.launcher().toString(),
                                    "run",
                                    "--port",
                                    "" + port,
                                    "--otlp.grpc.port",
                                    "0",
                                    "--otlp.http.port",
                                    "0"));
            case "victoria-metrics" ->
                    words.addAll(
                            List.of(
                                    options.binary("victoria-metrics"),
                                    "-httpListenAddr=127.0.0.1:" + port,
                                    "-retentionPeriod=1y",
                                    "-storageDataPath=" + data));
            case "prometheus" ->
                    words.addAll(
                            List.of(
                                    options.binary("prometheus"),
                                    "--config.file=" + config,
                                    "--web.listen-address=127.0.0.1:" + port,
                                    "--web.enable-remote-write-receiver",
                                    "--enable-feature=native-histograms,"
                                            + "promql-experimental-functions,promql-delayed-name-removal",
                                    "--storage.tsdb.path=" + data.resolve("tsdb")));
            case "questdb" -> words.addAll(QuestDb.command(data));
            default -> throw new IllegalArgumentException(name);
        }
        ProcessBuilder builder = new ProcessBuilder(words);
        if (name.equals("belfry")) {
            builder.command().addAll(List.of("--data", data.resolve("belfry").toString()));
            builder.command().addAll(List.of("--scrape.file", config.toString()));
            builder.environment().put("BELFRY_ADMIN_PASSWORD", "bench-password-0");
            builder.environment().put("BELFRY_BUILD", "never");
        }
        if (name.equals("questdb")) {
            builder.environment().putAll(QuestDb.settings(port));
        }
        boolean other = name.equals("questdb");
        builder.redirectErrorStream(true);
        builder.redirectOutput(data.resolveSibling(data.getFileName() + ".log").toFile());
        long start = System.nanoTime();
        URI address = URI.create("http://127.0.0.1:" + port);
        MetricServer server = new MetricServer(builder.start(), address, "", 0);
        while (!server.answers(other ? QuestDb.HEALTH : "/-/healthy")) {
            if (!server.process.isAlive()
                    || System.nanoTime() - start > START_SECONDS_MAX * 1_000_000_000L) {
                server.close();
                List<String> said =
                        Files.readAllLines(data.resolveSibling(data.getFileName() + ".log"));
                throw new IOException(
                        name
                                + " does not answer: "
                                + said.subList(Math.max(0, said.size() - 5), said.size()));
            }
            Thread.sleep(20);
        }
        boolean isToLogIn = name.equals("belfry") && known.isEmpty();
        String authorization = isToLogIn ? server.login() : known;
        MetricServer ready = new MetricServer(server.process, address, authorization, 0);
        while (!ready.answers(other ? QuestDb.HEALTH : "/api/v1/query?query=count(up)")) {
            Thread.sleep(20);
        }
        double millis = (System.nanoTime() - start) / 1e6;
        return new MetricServer(server.process, address, authorization, millis);
    }

    private String login() throws IOException, InterruptedException {
        String body = "{\"username\":\"admin\",\"password\":\"bench-password-0\"}";
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("/api/v1/auth/login"))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        /* On a busy machine the first is refused as overload. */
        HttpResponse<byte[]> answer;
        do {
            answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } while (answer.statusCode() == 503 || answer.statusCode() == 429);
        if (answer.statusCode() != 200) {
            throw new IOException("login: " + answer.statusCode());
        }
        return "Bearer " + new ObjectMapper().readTree(answer.body()).at("/data/token").asText();
    }

    /** A port that nobody has now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean answers(String path) throws InterruptedException {
        try {
            return get(path).statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    /** From the start of the process to its first answer to a query. */
    double startMillis() {
        return startMillis;
    }

    URI address() {
        return address;
    }

    /** What a caller shows as {@code Bearer}; empty where nobody is asked. */
    String token() {
        return authorization.replaceFirst("^Bearer ", "");
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
        if (!authorization.isEmpty()) {
            request.header("authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Sends a block of remote write 1.0; waits a little where it is refused for now. */
    void write(byte[] block) throws IOException, InterruptedException {
        post("/api/v1/write", "application/x-protobuf", "snappy", block);
    }

    /** Sends a body to be stored; waits a little where it is refused for now. */
    void post(String path, String type, String encoding, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address.resolve(path))
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!encoding.isEmpty()) {
            request.header("content-encoding", encoding);
        }
        if (!authorization.isEmpty()) {
            request.header("authorization", authorization);
        }
        while (true) {
            HttpResponse<String> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 == 2) {
                return;
            }
            if (answer.statusCode() != 503) {
                throw new IOException(answer.statusCode() + ": " + answer.body());
            }
            Thread.sleep(100);
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        http.close();
    }
}

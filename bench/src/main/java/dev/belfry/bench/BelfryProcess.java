package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Belfry started by its launcher on a free port, with a folder of its own. */
final class BelfryProcess implements AutoCloseable {
    private static final String PASSWORD = "bench-password-0";
    private static final String ADDRESS = "Belfry is at ";

    private final Process process;
    private final URI address;
    private final String token;
    private final double startMillis;

    /* Own connections for each benchmark thread would be HTTP/2 streams of one; clients of this kind speak HTTP/1.1. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private BelfryProcess(Process process, URI address, double startMillis)
            throws IOException, InterruptedException {
        this.process = process;
        this.address = address;
        this.startMillis = startMillis;
        String body = "{\"username\":\"admin\",\"password\":\"" + PASSWORD + "\"}";
        token =
                json(post("/api/v1/auth/login", body.getBytes(StandardCharsets.UTF_8), ""))
                        .at("/data/token")
                        .asText();
    }

    static BelfryProcess start(Path launcher, Path data) throws IOException, InterruptedException {
        return start(launcher, data, Map.of());
    }

    /** Starts it with {@code settings} as variables of its environment. */
    static BelfryProcess start(Path launcher, Path data, Map<String, String> settings)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        launcher.toString(), "run", "--port", "0", "--data", data.toString());
        builder.environment().putAll(settings);
        builder.environment().put("BELFRY_ADMIN_PASSWORD", PASSWORD);
        builder.environment().put("BELFRY_BUILD", "never");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        long start = System.nanoTime();
        Process process = builder.start();
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.startsWith(ADDRESS)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("Belfry did not start: run ./belfry run once to see why");
        }
        double millis = (System.nanoTime() - start) / 1e6;
        Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
        URI address = URI.create(line.substring(ADDRESS.length()).trim());
        return new BelfryProcess(process, address, millis);
    }

    URI address() {
        return address;
    }

    String token() {
        return token;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** From the start of the launcher to the line that tells the address. */
    double startMillis() {
        return startMillis;
    }

    /** A new key of another sender, which may write events. */
    String key() throws IOException, InterruptedException {
        String body = "{\"name\":\"bench\",\"permissions\":[\"monitoring:events:write\"]}";
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("/api/v1/keys"))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return json(http.send(request, HttpResponse.BodyHandlers.ofByteArray()))
                .at("/data/key")
                .asText();
    }

    HttpResponse<byte[]> events(byte[] lines) throws IOException, InterruptedException {
        return post("/api/v1/monitoring/events", lines, "application/x-ndjson");
    }

    private HttpResponse<byte[]> post(String path, byte[] body, String type)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Content-Type", type.isEmpty() ? "application/json" : type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!type.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** What Insights answers about all events. */
    JsonNode insight(String query) throws IOException, InterruptedException {
        String body =
                "{\"query\":\"%s\",\"start_time\":\"1970-01-01T00:00:00Z\",\"end_time\":\"2200-01-01T00:00:00Z\"}"
                        .formatted(query);
        return json(
                post(
                        "/api/v1/monitoring/query",
                        body.getBytes(StandardCharsets.UTF_8),
                        "application/json"));
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .build();
        return json(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        if (response.statusCode() >= 300) {
            String body = new String(response.body(), StandardCharsets.UTF_8);
            throw new IOException(response.statusCode() + ": " + body);
        }
        return new ObjectMapper().readTree(response.body());
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}

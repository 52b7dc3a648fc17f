package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.model.disk.Disk;
import dev.belfry.server.config.ConfigLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A real server on a free loopback port, and what it takes to speak to it. */
final class TestServer implements AutoCloseable {
    static final String PASSWORD = "the password of admin";
    static final String EVENTS = "/api/v1/monitoring/events";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BelfryServer server;
    private final ShiftedClock clock;
    private final HttpClient client = HttpClient.newHttpClient();

    /** The machine's time, which can be put forward. */
    static final class ShiftedClock implements InstantSource {
        private final AtomicReference<Duration> shift = new AtomicReference<>(Duration.ZERO);

        @Override
        public Instant instant() {
            return Instant.now().plus(shift.get());
        }

        void forward(Duration step) {
            shift.updateAndGet(step::plus);
        }
    }

    /** An answer. */
    record Answer(int status, String text, HttpResponse<byte[]> response) {
        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(text, e);
            }
        }

        JsonNode data() {
            return json().get("data");
        }

        String errorCode() {
            return json().at("/error/code").asText();
        }

        String errorMessage() {
            return json().at("/error/message").asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        Answer expect(int code) {
            assertThat(status).as(text).isEqualTo(code);
            return this;
        }
    }

    private TestServer(BelfryServer server, ShiftedClock clock) {
        this.server = server;
        this.clock = clock;
    }

    static TestServer start(Path data, String... flags) {
        return start(data, Disk.real(), flags);
    }

    static TestServer start(Path data, Disk disk, String... flags) {
        List<String> all = new ArrayList<>(List.of("--port", "0", "--data", data.toString()));
        all.addAll(List.of("--otlp.grpc.port", "0", "--otlp.http.port", "0"));
        all.addAll(List.of(flags));
        ShiftedClock clock = new ShiftedClock();
        Map<String, String> variables =
                Map.of("BELFRY_ADMIN_PASSWORD", PASSWORD, "BELFRY_METRICS_STORE", "false");
        try {
            return new TestServer(
                    BelfryServer.start(ConfigLoader.load(all, variables, data), disk, clock),
                    clock);
        } catch (StartException e) {
            throw new AssertionError(e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    BelfryServer server() {
        return server;
    }

    ShiftedClock clock() {
        return clock;
    }

    HttpClient client() {
        return client;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    String login(String username, String password) {
        String body = "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}";
        return post("/api/v1/auth/login", "", body).expect(200).data().get("token").asText();
    }

    String admin() {
        return login("admin", PASSWORD);
    }

    /** Makes a user and logs in. */
    String user(String admin, String name, String role, String... sources) {
        String password = "password of " + name;
        String body =
                "{\"username\":\""
                        + name
                        + "\",\"password\":\""
                        + password
                        + "\",\"role\":\""
                        + role
                        + "\",\"sources\":"
                        + list(sources)
                        + "}";
        post("/api/v1/users", admin, body).expect(201);
        return login(name, password);
    }

    /** Makes a key. */
    String key(String token, String permissions, String... sources) {
        String body =
                "{\"name\":\"k\",\"permissions\":["
                        + permissions
                        + "],\"sources\":"
                        + list(sources)
                        + "}";
        return post("/api/v1/keys", token, body).expect(201).data().get("key").asText();
    }

    Answer get(String path, String token) {
        return send(request("GET", path, token).build());
    }

    Answer post(String path, String token, String body) {
        return send("POST", path, token, body);
    }

    Answer send(String method, String path, String token, String body) {
        return send(
                request(method, path, token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .build());
    }

    HttpRequest.Builder request(String method, String path, String token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(60))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response =
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    new String(response.body(), StandardCharsets.UTF_8),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri().toString(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String list(String... texts) {
        List<String> quoted = new ArrayList<>();
        for (String text : texts) {
            quoted.add('"' + text + '"');
        }
        return "[" + String.join(",", quoted) + "]";
    }

    @Override
    public void close() {
        client.shutdownNow(); // Closing it waits for sockets that a failed test left open.
        server.close();
    }
}

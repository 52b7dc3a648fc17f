package dev.belfry.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/** Speaks to a Belfry as a user does: logs in, sends, asks. */
final class ApiClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI address;
    private final String token;

    private ApiClient(URI address) throws IOException, InterruptedException {
        this.address = address;
        String login =
                JSON.writeValueAsString(
                        Map.of("username", "admin", "password", BelfryProcess.PASSWORD));
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("/api/v1/auth/login"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(login))
                        .build();
        this.token = good(request, 200).at("/data/token").asText();
    }

    static ApiClient login(BelfryProcess belfry) throws IOException, InterruptedException {
        return login(belfry.address());
    }

    static ApiClient login(URI address) throws IOException, InterruptedException {
        return new ApiClient(address);
    }

    /** Sends events, one or an array, and gives the answer when they are acknowledged. */
    JsonNode send(String json) throws IOException, InterruptedException {
        HttpRequest request =
                authorized("/api/v1/monitoring/events")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build();
        return good(request, 201);
    }

    /** Pushes metrics, one or an array; counted once, however often it is sent with {@code key}. */
    void push(String json, String key) throws IOException, InterruptedException {
        HttpRequest request =
                authorized("/api/v1/monitoring/metrics")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(json))
                        .build();
        good(request, 201);
    }

    /** Makes a key that holds {@code permission}. */
    String key(String permission) throws IOException, InterruptedException {
        String body =
                JSON.writeValueAsString(Map.of("name", "e2e", "permissions", List.of(permission)));
        HttpRequest request =
                authorized("/api/v1/keys")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        return good(request, 201).at("/data/key").asText();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return good(authorized(path).GET().build(), 200);
    }

    /** An answer that is no JSON. */
    String text(String path) throws IOException, InterruptedException {
        return http.send(authorized(path).GET().build(), BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest.Builder authorized(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .header("Authorization", "Bearer " + token);
    }

    private JsonNode good(HttpRequest request, int status)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IllegalStateException(
                    request.uri() + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}

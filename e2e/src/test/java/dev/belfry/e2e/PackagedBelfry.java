package dev.belfry.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server as it was packaged, in a process of its own on a free port. */
final class PackagedBelfry implements AutoCloseable {
    static final String PASSWORD = "end-to-end-password";

    private static final String ADDRESS = "Belfry is at ";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final URI address;
    private final String token;

    private PackagedBelfry(Process process, URI address) throws IOException, InterruptedException {
        this.process = process;
        this.address = address;
        this.token = login();
    }

    static PackagedBelfry start(Path data) throws IOException, InterruptedException {
        Path target = Path.of("..", "server", "target").toAbsolutePath().normalize();
        Path jar = target.resolve("belfry-server-" + System.getProperty("belfry.version") + ".jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing (expected: built by mvn verify)");
        }
        Path temporary = Files.createDirectories(data.resolve("tmp"));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx384m",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                jar + ":" + target.resolve("lib") + "/*",
                                "dev.belfry.server.Main",
                                "run",
                                "--port",
                                "0",
                                "--data",
                                data.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("BELFRY_"));
        builder.environment().put("BELFRY_ADMIN_PASSWORD", PASSWORD);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.startsWith(ADDRESS)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("the server ended with " + process.waitFor());
        }
        Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
        return new PackagedBelfry(process, URI.create(line.substring(ADDRESS.length()).strip()));
    }

    URI address() {
        return address;
    }

    private String login() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("/api/v1/auth/login"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"username\":\"admin\",\"password\":\""
                                                + PASSWORD
                                                + "\"}"))
                        .build();
        return answer(request).at("/data/token").asText();
    }

    JsonNode post(String path, String type, String body) throws IOException, InterruptedException {
        return answer(
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Content-Type", type)
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return answer(
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .build());
    }

    private static JsonNode answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    request.uri()
                            + " answered "
                            + response.statusCode()
                            + ": "
                            + new String(response.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(response.body());
    }

    /** SIGKILL: nothing of the process runs any more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; the status with which it ended. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            kill();
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}

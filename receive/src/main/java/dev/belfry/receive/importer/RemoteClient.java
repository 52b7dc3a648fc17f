package dev.belfry.receive.importer;

import dev.belfry.receive.importer.BelfryClient.FailedException;
import dev.belfry.receive.importer.BelfryClient.Patience;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks another server for its samples; what fails in passing is asked again. */
final class RemoteClient implements Closeable {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int ERROR_BYTES_MAX = 4096;

    private final RemoteOptions options;
    private final Patience patience;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();

    RemoteClient(RemoteOptions options, Patience patience) {
        this.options = options;
        this.patience = patience;
    }

    /**
     * An answer that came.
     *
     * @param contentType what it is
     * @param body its bytes, to be closed
     */
    record Answer(String contentType, InputStream body) {}

    /** The answer to a request of remote read. */
    Answer read(byte[] request) throws FailedException, InterruptedException {
        return ask(
                request("/api/v1/read")
                        .header("Content-Type", "application/x-protobuf")
                        .header("Content-Encoding", "snappy")
                        .header("Accept-Encoding", "snappy")
                        .header("X-Prometheus-Remote-Read-Version", "0.1.0")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                        .build());
    }

    /** The answer to a question by GET. */
    Answer get(String path) throws FailedException, InterruptedException {
        return ask(request(path).GET().build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(options.url() + path)).timeout(TIMEOUT);
        String authorization = options.authorization();
        return authorization == null ? builder : builder.header("Authorization", authorization);
    }

    private Answer ask(HttpRequest request) throws FailedException, InterruptedException {
        long start = System.nanoTime();
        long pauseMillis = patience.firstPauseMillis();
        while (true) {
            String failure;
            try {
                HttpResponse<InputStream> response =
                        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
                if (response.statusCode() == 200) {
                    return new Answer(
                            response.headers().firstValue("Content-Type").orElse(""),
                            response.body());
                }
                failure = refusal(request, response);
                if (response.statusCode() < 500 && response.statusCode() != 429) {
                    throw new FailedException(failure);
                }
            } catch (IOException broken) {
                failure = request.uri() + ": " + broken;
            }
            if ((System.nanoTime() - start) / 1_000_000 + pauseMillis > patience.totalMillis()) {
                throw new FailedException(failure);
            }
            Thread.sleep(pauseMillis);
            pauseMillis = Math.min(pauseMillis * 2, patience.longestPauseMillis());
        }
    }

    private static String refusal(HttpRequest request, HttpResponse<InputStream> response)
            throws IOException {
        try (InputStream body = response.body()) {
            byte[] said = body.readNBytes(ERROR_BYTES_MAX);
            return request.uri()
                    + ": HTTP "
                    + response.statusCode()
                    + ": "
                    + new String(said, StandardCharsets.UTF_8).strip();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

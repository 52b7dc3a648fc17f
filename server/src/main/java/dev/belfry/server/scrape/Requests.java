package dev.belfry.server.scrape;

import dev.belfry.server.outgoing.WholeAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Asks targets and discoveries: bounded in time and size. Safe for many threads. */
final class Requests {
    private static final Set<Integer> ELSEWHERE = Set.of(301, 302, 303, 307, 308);
    private static final int FIRST_BYTES = 64 << 10;

    private final Guard guard;

    /** Looks at where a request goes. */
    @FunctionalInterface
    interface Guard {
        /** Returns when {@code uri} may be asked; throws what is wrong. */
        void check(URI uri) throws IOException;
    }

    /** Requests to where {@code guard} lets them. */
    Requests(Guard guard) {
        this.guard = guard;
    }

    /**
     * A good answer.
     *
     * @param contentType empty when it has none
     * @param body the first {@code length} bytes count
     */
    record Answer(String contentType, byte[] body, int length) {}

    /**
     * The answer to a GET, inflated.
     *
     * @throws IOException when there is none of 200, none within {@code timeout}, or it is larger
     *     than {@code bytesMax}
     */
    Answer get(
            URI first,
            HttpOptions options,
            Map<String, String> headers,
            Duration timeout,
            long bytesMax)
            throws IOException {
        long deadlineNanoTime = System.nanoTime() + timeout.toNanos();
        URI uri = first;
        for (int redirects = 0; ; redirects++) {
            guard.check(uri);
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
            headers.forEach(request::setHeader);
            request.setHeader("User-Agent", "Belfry");
            request.setHeader("Accept-Encoding", "gzip");
            if (String.valueOf(uri.getAuthority()).equals(first.getAuthority())) {
                options.headers().forEach(request::setHeader);
            }
            HttpResponse<byte[]> response =
                    WholeAnswer.of(options.client, request.build(), deadlineNanoTime, bytesMax);
            String location = response.headers().firstValue("location").orElse("");
            boolean elsewhere = ELSEWHERE.contains(response.statusCode()) && !location.isEmpty();
            if (elsewhere && options.followRedirects && redirects < Limits.REDIRECTS_MAX) {
                uri = uri.resolve(location);
                continue;
            }
            if (response.statusCode() != 200) {
                throw new IOException("server returned HTTP status " + response.statusCode());
            }
            return read(response, bytesMax);
        }
    }

    private static Answer read(HttpResponse<byte[]> response, long bytesMax) throws IOException {
        HttpHeaders headers = response.headers();
        String contentType = headers.firstValue("content-type").orElse("");
        byte[] sent = response.body();
        if (!headers.firstValue("content-encoding").orElse("").equalsIgnoreCase("gzip")) {
            return new Answer(contentType, sent, sent.length);
        }
        byte[] body = new byte[Math.max(FIRST_BYTES, sent.length)];
        int length = 0;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(sent), 16 << 10)) {
            while (true) {
                int count = in.read(body, length, body.length - length);
                if (count < 0) {
                    break;
                }
                length += count;
                if (length > bytesMax) {
                    throw new IOException(
                            "body: more than " + bytesMax + " bytes (expected: less)");
                }
                if (length == body.length) {
                    body = Arrays.copyOf(body, 2 * length);
                }
            }
        }
        return new Answer(contentType, body, length);
    }
}

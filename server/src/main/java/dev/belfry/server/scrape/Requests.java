package dev.belfry.server.scrape;

import dev.belfry.server.outgoing.WholeAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
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
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

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
     * The answer to a GET, inflated. Credentials and certificates are for the first server only:
     * once an answer has led elsewhere, or from TLS to none, no later request has them.
     *
     * @param compressed whether the answer may be
     * @throws IOException when there is none of 200, none within {@code timeout}, or it is larger
     *     than {@code bytesMax}
     */
    Answer get(
            URI first,
            HttpOptions options,
            Map<String, String> headers,
            boolean compressed,
            Duration timeout,
            long bytesMax)
            throws IOException {
        long deadlineNanoTime = System.nanoTime() + timeout.toNanos();
        URI uri = first;
        boolean trusted = true;
        for (int redirects = 0; ; redirects++) {
            guard.check(uri);
            HttpResponse<byte[]> response =
                    WholeAnswer.of(
                            trusted ? options.client : options.strangersClient,
                            request(uri, options, headers, compressed, trusted),
                            deadlineNanoTime,
                            bytesMax);
            String location = response.headers().firstValue("location").orElse("");
            boolean elsewhere = ELSEWHERE.contains(response.statusCode()) && !location.isEmpty();
            if (elsewhere && options.followRedirects && redirects < Limits.REDIRECTS_MAX) {
                uri = resolve(uri, location);
                trusted &= isSame(first, uri);
                continue;
            }
            if (response.statusCode() != 200) {
                throw new IOException("server returned HTTP status " + response.statusCode());
            }
            return read(response, bytesMax);
        }
    }

    private static HttpRequest request(
            URI uri,
            HttpOptions options,
            Map<String, String> headers,
            boolean compressed,
            boolean trusted)
            throws IOException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
            headers.forEach(request::setHeader);
            request.setHeader("User-Agent", "Belfry");
            if (compressed) {
                request.setHeader("Accept-Encoding", "gzip");
            }
            if (trusted) {
                options.headers(uri).forEach(request::setHeader);
            }
            return request.build();
        } catch (IllegalArgumentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    private static URI resolve(URI uri, String location) throws IOException {
        try {
            return uri.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw new IOException("Location: " + e.getMessage() + " (expected: a URL)", e);
        }
    }

    /* Whether credentials for one may go to the other: the same server, or its TLS port. */
    private static boolean isSame(URI first, URI next) {
        boolean same = String.valueOf(first.getHost()).equalsIgnoreCase(next.getHost());
        boolean upgraded = port(first) == HTTP && port(next) == HTTPS;
        boolean downgraded = isSecure(first) && !isSecure(next);
        return same && !downgraded && (port(first) == port(next) || upgraded);
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? HTTPS : HTTP;
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

package dev.belfry.server.outgoing;

import dev.belfry.identity.Outgoing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls others by HTTP: bounded in time and size, no redirects, no forbidden address. */
public final class OutgoingHttp implements Outgoing, AutoCloseable {
    /*
     * What somebody configures or types decides where Belfry calls. Addresses that only mean
     * something to the machine's own network card are refused: link-local ones, where clouds keep
     * their metadata and its credentials, and those of many. Private ones are not: a team's own
     * servers are there. Every address that a name has must be allowed.
     */
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration TOTAL = Duration.ofSeconds(10);
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    /** Metadata services that are not link-local. */
    private static final Set<String> METADATA = Set.of("fd00:ec2:0:0:0:0:0:254", "100.100.100.200");

    /** Headers that the client sets itself. */
    private static final Set<String> OWN_HEADERS = Set.of("host", "content-length", "connection");

    private final boolean linkLocalAllowed;
    private final Duration total;

    /* Made by the first call: it reads all certificates that the machine trusts. */
    private @Nullable HttpClient client;

    /** Calls others; link-local addresses only where {@code linkLocalAllowed}. */
    public OutgoingHttp(boolean linkLocalAllowed) {
        this(linkLocalAllowed, TOTAL);
    }

    /** The same, with {@code total} for each call. */
    OutgoingHttp(boolean linkLocalAllowed, Duration total) {
        this.linkLocalAllowed = linkLocalAllowed;
        this.total = total;
    }

    @Override
    public Answer send(String method, URI uri, Map<String, String> headers, @Nullable String body)
            throws IOException {
        long deadlineNanoTime = System.nanoTime() + total.toNanos();
        check(uri);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        headers.forEach((name, value) -> {
            if (!OWN_HEADERS.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                request.header(name, value);
            }
        });
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body));
        try {
            HttpResponse<byte[]> response =
                    WholeAnswer.of(client(), request.build(), deadlineNanoTime, ANSWER_BYTES_MAX);
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    new String(response.body(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException(uri.getHost() + ": " + told(e), e);
        }
    }

    /**
     * The addresses of {@code uri}, when it may be called.
     *
     * @throws IOException naming the address
     */
    public List<InetAddress> check(URI uri) throws IOException {
        String scheme = String.valueOf(uri.getScheme());
        String host = uri.getHost();
        if (host == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IOException(uri + " (expected: an http or https URL)");
        }
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException _) {
            throw new IOException(host + ": has no address (expected: a name that is known)");
        }
        for (InetAddress address : addresses) {
            if (address.isMulticastAddress()
                    || address.isAnyLocalAddress()
                    || isForbidden(address)) {
                throw new IOException(
                        host
                                + ": "
                                + address.getHostAddress()
                                + " may not be called (expected: no link-local, metadata or"
                                + " multicast address; outgoing.link_local allows the first)");
            }
        }
        return List.of(addresses);
    }

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made =
                    HttpClient.newBuilder()
                            .connectTimeout(CONNECT)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build();
            client = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }

    private boolean isForbidden(InetAddress address) {
        return !linkLocalAllowed
                && (address.isLinkLocalAddress() || METADATA.contains(address.getHostAddress()));
    }

    private static String told(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}

package dev.belfry.server.scrape;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks targets and discoveries: bounded in time and size. Safe for many threads. */
final class Requests implements AutoCloseable {
    private static final Set<Integer> ELSEWHERE = Set.of(301, 302, 303, 307, 308);
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int TIMER_SECONDS = 1;

    private final Guard guard;
    private final ArrayBlockingQueue<AnswerRoom> rooms = new ArrayBlockingQueue<>(Limits.ROOMS);
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("belfry-scrape-timer").factory());

    /** Looks at where a request goes. */
    @FunctionalInterface
    interface Guard {
        /** The addresses that may be asked for {@code uri}; throws what is wrong. */
        List<InetAddress> check(URI uri) throws IOException;
    }

    /** Requests to where {@code guard} lets them. */
    Requests(Guard guard) {
        this.guard = guard;
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Begins to keep time. Most requests are answered long before they have to be: with something
     * else that comes first in its queue, the timer does not wake up for each of them.
     */
    void start() {
        var unused =
                timer.scheduleWithFixedDelay(
                        () -> {}, TIMER_SECONDS, TIMER_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends what waits for time to be up. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** What one asks again and again: its connection is kept. For one thread at a time. */
    static final class Session implements AutoCloseable {
        private @Nullable Connection connection;
        private @Nullable HttpOptions options;

        /** Closes the connection. */
        @Override
        public void close() throws IOException {
            if (connection != null) {
                connection.close();
                connection = null;
            }
        }
    }

    /** A good answer; its bytes are there until it is closed. */
    static final class Answer implements AutoCloseable {
        private final Requests requests;
        private final AnswerRoom room;
        private final String contentType;
        private final byte[] body;
        private final int length;

        private Answer(
                Requests requests, AnswerRoom room, String contentType, byte[] body, int length) {
            this.requests = requests;
            this.room = room;
            this.contentType = contentType;
            this.body = body;
            this.length = length;
        }

        /** Empty when it has none. */
        String contentType() {
            return contentType;
        }

        /** The first {@link #length} bytes count. */
        byte[] body() {
            return body;
        }

        int length() {
            return length;
        }

        @Override
        public void close() {
            requests.release(room);
        }
    }

    /** When a request has to be answered by; what it waits on is closed then. */
    private final class Deadline implements AutoCloseable, Connection.Watch {
        private final Duration timeout;
        private final ScheduledFuture<?> alarm;
        private @Nullable Socket socket;
        private boolean over;

        Deadline(Duration timeout) {
            this.timeout = timeout;
            this.alarm = timer.schedule(this::ring, timeout.toNanos(), TimeUnit.NANOSECONDS);
        }

        private synchronized void ring() {
            over = true;
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException _) {
                // It is of no use any more, closed or not.
            }
        }

        @Override
        public synchronized void socket(Socket given) throws IOException {
            if (over) {
                throw new IOException("time is up");
            }
            socket = given;
        }

        synchronized boolean isOver() {
            return over;
        }

        synchronized IOException told(IOException problem) {
            return over
                    ? new HttpTimeoutException("no whole answer within " + Target.text(timeout))
                    : problem;
        }

        @Override
        public void close() {
            alarm.cancel(false);
            synchronized (this) {
                socket = null;
            }
        }
    }

    /** An answer of another status than 200. */
    static final class StatusException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        private StatusException(int status) {
            super("server returned HTTP status " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * What is asked for.
     *
     * @param headers beside those of {@code options}
     * @param form what is posted; null to get
     * @param compressed whether the answer may be
     * @param bytesMax of its body, as it comes and inflated
     */
    record Request(
            URI uri,
            HttpOptions options,
            Map<String, String> headers,
            @Nullable String form,
            boolean compressed,
            Duration timeout,
            long bytesMax) {
        /** A GET. */
        Request(
                URI uri,
                HttpOptions options,
                Map<String, String> headers,
                boolean compressed,
                Duration timeout,
                long bytesMax) {
            this(uri, options, headers, null, compressed, timeout, bytesMax);
        }
    }

    /**
     * The answer, inflated; one to a form leads nowhere. Credentials and certificates are for the
     * first server only: once an answer has led elsewhere, or from TLS to none, no later request
     * has them.
     *
     * @throws IOException when there is none of 200, none in time, or it is too large
     */
    Answer get(Session session, Request request) throws IOException {
        if (session.options == null || !request.options().equals(session.options)) {
            session.close();
            session.options = request.options();
        }
        AnswerRoom room = rooms.poll();
        room = room == null ? new AnswerRoom() : room;
        Answer answer = null;
        try (Deadline deadline = new Deadline(request.timeout())) {
            try {
                answer = follow(session, request, room, deadline);
            } catch (IOException e) {
                throw deadline.told(e);
            }
        } finally {
            if (answer == null) {
                session.close();
                release(room);
            }
        }
        return answer;
    }

    private Answer follow(Session session, Request request, AnswerRoom room, Deadline deadline)
            throws IOException {
        URI uri = request.uri();
        boolean trusted = true;
        Session other = new Session();
        try {
            for (int redirects = 0; ; redirects++) {
                Session asked = redirects == 0 ? session : other;
                Connection connection = sent(asked, uri, request, trusted, deadline);
                Connection.Head head = connection.head();
                boolean leads = ELSEWHERE.contains(head.status()) && !head.location().isEmpty();
                if (leads
                        && request.form() == null
                        && request.options().followRedirects
                        && redirects < Limits.REDIRECTS_MAX) {
                    asked.close();
                    uri = resolve(uri, head.location());
                    trusted &= isSame(request.uri(), uri);
                    continue;
                }
                if (head.status() != 200) {
                    throw new StatusException(head.status());
                }
                Answer answer = read(connection, head, room, request.bytesMax());
                if (!connection.isKept()) {
                    asked.close();
                }
                return answer;
            }
        } finally {
            other.close();
        }
    }

    /* A connection that was kept may have been closed meanwhile: then another one is opened, once. */
    private Connection sent(
            Session session, URI uri, Request request, boolean trusted, Deadline deadline)
            throws IOException {
        byte[] bytes = bytes(uri, request, trusted);
        Connection kept = session.connection;
        if (kept != null) {
            deadline.socket(kept.socket());
            try {
                kept.send(bytes);
                if (kept.begins()) {
                    return kept;
                }
            } catch (IOException e) {
                if (deadline.isOver() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
            session.close();
        }
        Connection fresh = Connection.open(uri, guard::check, request.options(), trusted, deadline);
        session.connection = fresh;
        fresh.send(bytes);
        return fresh;
    }

    private byte[] bytes(URI uri, Request request, boolean trusted) throws IOException {
        String form = request.form();
        StringBuilder text = new StringBuilder(512).append(form == null ? "GET " : "POST ");
        URI proxy = isSecure(uri) ? null : request.options().proxies().of(uri);
        if (proxy != null) {
            text.append("http://").append(uri.getHost()).append(':').append(port(uri));
        }
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        text.append(path);
        if (uri.getRawQuery() != null) {
            text.append('?').append(uri.getRawQuery());
        }
        text.append(" HTTP/1.1\r\nHost: ").append(uri.getHost());
        if (uri.getPort() >= 0) {
            text.append(':').append(uri.getPort());
        }
        text.append("\r\nUser-Agent: Belfry\r\n");
        if (request.compressed()) {
            text.append("Accept-Encoding: gzip\r\n");
        }
        if (proxy != null) {
            Proxies.credentials(proxy).forEach((name, value) -> header(text, name, value));
        }
        request.headers().forEach((name, value) -> header(text, name, value));
        if (trusted) {
            request.options()
                    .headers(uri, this, request.timeout())
                    .forEach((name, value) -> header(text, name, value));
        }
        if (form != null) {
            header(text, "Content-Type", "application/x-www-form-urlencoded");
            header(text, "Content-Length", Integer.toString(form.length()));
        }
        return text.append("\r\n")
                .append(form == null ? "" : form)
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void header(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }

    private Answer read(Connection connection, Connection.Head head, AnswerRoom room, long bytesMax)
            throws IOException {
        int count = connection.body(room, bytesMax);
        return switch (head.encoding()) {
            case "", "identity" -> new Answer(this, room, head.contentType(), room.sent(), count);
            case "gzip", "x-gzip" -> {
                int length = room.inflate(count, bytesMax);
                yield new Answer(this, room, head.contentType(), room.inflated(), length);
            }
            default ->
                    throw new IOException(
                            "content-encoding: " + head.encoding() + " (expected: gzip, or none)");
        };
    }

    private void release(AnswerRoom room) {
        if (!room.isSmall() || !rooms.offer(room)) {
            room.close();
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

    /** Whether {@code uri} is asked by TLS. */
    static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** The port of {@code uri}, given or not. */
    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? HTTPS : HTTP;
    }
}

package dev.belfry.server.listen;

import dev.belfry.model.BelfryException;
import dev.belfry.server.config.Listener;
import dev.belfry.server.logging.Log;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Accepts connections and gives each a virtual thread; bounded. */
final class TcpListener implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 1_000;
    private static final int BACKLOG = 256;
    private static final int IDLE_MILLIS = 3_600_000;
    private static final long ANSWER_MILLIS = 200;
    private static final long FAREWELL_MILLIS = 500;
    private static final long ENDING_MILLIS = 3_000;
    private static final long GLANCE_NANOS = 5_000_000;

    /** Speaks with one client until it leaves. */
    @FunctionalInterface
    interface Conversation {
        /** Returns when the connection is at its end, or this listener {@link #isClosed}. */
        void hold(Socket socket, TcpListener listener) throws IOException;

        /** Whether it answers, so that a sender shall get its answer before the connection ends. */
        default boolean answers() {
            return false;
        }
    }

    private final Listener settings;
    private final String name;
    private final Conversation conversation;
    private final ListenMetrics metrics;
    private final Log log;
    private final @Nullable SSLContext tls;
    private final ServerSocket server;
    private final Map<Socket, Thread> open = new ConcurrentHashMap<>();
    private final Thread accepting;
    private volatile boolean closed;
    private volatile boolean over;

    /** Opens the port. */
    TcpListener(
            Listener settings,
            String name,
            Conversation conversation,
            ListenMetrics metrics,
            Log log,
            @Nullable SSLContext tls)
            throws IOException {
        this.settings = settings;
        this.name = name;
        this.conversation = conversation;
        this.metrics = metrics;
        this.log = log;
        this.tls = tls;
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(settings.address(), settings.port()), BACKLOG);
        accepting = Thread.ofVirtual().name(name).start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Whether it is about to end. */
    boolean isClosed() {
        return closed;
    }

    /** Whether it has waited long enough: what cannot be appended now is given up. */
    boolean isOver() {
        return over;
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                String refusal = refusal(socket.getInetAddress());
                if (refusal != null) {
                    metrics.refusedConnections.increment(name, refusal);
                    socket.close();
                    continue;
                }
                Thread thread =
                        Thread.ofVirtual().name(name + "-connection").unstarted(() -> hold(socket));
                open.put(socket, thread);
                thread.start();
            } catch (IOException e) {
                if (!closed) {
                    log.warn("listen", name + ": " + e.getMessage(), Map.of());
                    LockSupport.parkNanos(100_000_000L);
                }
            }
        }
    }

    private @Nullable String refusal(InetAddress address) {
        if (settings.networks().stream().noneMatch(range -> range.contains(address))) {
            return "network";
        }
        return open.size() >= CONNECTIONS_MAX ? "connections" : null;
    }

    private void hold(Socket socket) {
        metrics.opened();
        try (socket) {
            socket.setSoTimeout(IDLE_MILLIS);
            socket.setKeepAlive(true);
            if (tls == null) {
                conversation.hold(socket, this);
            } else {
                try (Socket secure = secured(socket, tls)) {
                    conversation.hold(secure, this);
                }
            }
        } catch (IOException _) {
            metrics.brokenConnections.increment(name);
        } catch (BelfryException e) {
            metrics.refusedConnections.increment(name, "credentials");
            log.warn("listen", name + ": " + e.getMessage(), Map.of());
        } finally {
            open.remove(socket);
            metrics.closed();
        }
    }

    private static Socket secured(Socket socket, SSLContext tls) throws IOException {
        var secure =
                (javax.net.ssl.SSLSocket)
                        tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        secure.setUseClientMode(false);
        return secure;
    }

    /*
     *   no new connections ─► senders that wait for an answer get it ─► FIN to each ─► read on until they leave
     *
     * A sender that looks whether its connection was closed (rsyslog before each write) stops there and keeps what
     * comes next; what it had written by then is in this socket's buffer, or on the way for FAREWELL_MILLIS. A
     * connection of one that does not look is closed when it has been read to the end.
     */
    /** Ends it: senders are told first, and what they have on the way is read and appended. */
    @Override
    public void close() {
        closed = true;
        long deadline = System.nanoTime() + ENDING_MILLIS * 1_000_000;
        try {
            server.close();
            accepting.join(ANSWER_MILLIS);
            if (conversation.answers()) {
                await(System.nanoTime() + ANSWER_MILLIS * 1_000_000);
            }
            open.keySet().forEach(socket -> quietly(socket::shutdownOutput));
            await(System.nanoTime() + FAREWELL_MILLIS * 1_000_000);
            while (!open.isEmpty() && System.nanoTime() < deadline) {
                open.keySet().stream()
                        .filter(TcpListener::isReadToTheEnd)
                        .forEach(socket -> quietly(socket::close));
                LockSupport.parkNanos(GLANCE_NANOS);
            }
            over = true;
            open.keySet().forEach(socket -> quietly(socket::close));
            await(System.nanoTime() + FAREWELL_MILLIS * 1_000_000);
        } catch (IOException e) {
            log.info("listen", name + ": " + e.getMessage(), Map.of());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isReadToTheEnd(Socket socket) {
        try {
            return socket.getInputStream().available() == 0;
        } catch (IOException _) {
            return true;
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void quietly(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            log.info("listen", name + ": " + e.getMessage(), Map.of());
        }
    }

    private void await(long deadline) throws InterruptedException {
        for (Thread thread : open.values()) {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }
}

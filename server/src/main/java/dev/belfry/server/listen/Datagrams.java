package dev.belfry.server.listen;

import dev.belfry.server.config.Listener;
import dev.belfry.server.logging.Log;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.Map;

/** A port of UDP: one thread reads its packets, of those who may send. */
final class Datagrams implements AutoCloseable {
    private static final int PACKET_BYTES_MAX = 65_535;
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
    private static final int GLANCE_MILLIS = 250;
    private static final int FAREWELL_MILLIS = 1_000;

    private final Listener settings;
    private final ListenMetrics metrics;
    private final String name;
    private final Log log;
    private final Use use;
    private final DatagramSocket socket;
    private final Thread receiver;
    private volatile boolean closed;
    private volatile boolean received;

    /** Takes packets. */
    @FunctionalInterface
    interface Use {
        /** Takes {@code bytes[0 .. length)}, which are somebody else's afterwards. */
        void take(byte[] bytes, int length, InetAddress peer);
    }

    /** Opens the port. */
    Datagrams(Listener settings, ListenMetrics metrics, String name, Log log, Use use)
            throws IOException {
        this.settings = settings;
        this.metrics = metrics;
        this.name = name;
        this.log = log;
        this.use = use;
        socket = new DatagramSocket(null);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
        socket.bind(new InetSocketAddress(settings.address(), settings.port()));
        socket.setSoTimeout(GLANCE_MILLIS);
        receiver = Thread.ofPlatform().daemon().name(name).unstarted(this::receive);
    }

    /** Begins to read. */
    void start() {
        receiver.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Whether no packet comes any more. */
    boolean isOver() {
        return received;
    }

    private void receive() {
        byte[] buffer = new byte[PACKET_BYTES_MAX];
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        while (!received) {
            try {
                packet.setLength(buffer.length);
                socket.receive(packet);
                if (settings.networks().stream()
                        .noneMatch(range -> range.contains(packet.getAddress()))) {
                    metrics.dropped.increment(name, "network");
                    continue;
                }
                use.take(buffer, packet.getLength(), packet.getAddress());
            } catch (SocketTimeoutException _) {
                received = closed;
            } catch (IOException e) {
                if (!closed) {
                    log.warn("listen", name + ": " + e.getMessage(), Map.of());
                }
            }
        }
    }

    /** Ends it: what the kernel holds is read first. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        receiver.join(FAREWELL_MILLIS);
        received = true;
        socket.close();
    }
}

package dev.belfry.server.listen;

import dev.belfry.identity.Principal;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.Keys;
import dev.belfry.server.config.Listener;
import dev.belfry.server.config.ReceiveKeys;
import dev.belfry.server.logging.Log;
import dev.belfry.server.receive.MetricReceiving;
import dev.belfry.server.receive.Receiving;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The open doors beside HTTP. */
public final class Listeners implements AutoCloseable {
    private static final long FLUENT_ROOM_BYTES = 64 << 20;

    private final Intake intake;
    private final Log log;
    private final @Nullable SSLContext tls;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    /**
     * No door yet.
     *
     * @param authenticate the principal of an API key
     * @param tls of this server; null where it has none
     */
    public Listeners(
            Receiving receiving,
            MetricReceiving metricReceiving,
            Function<String, Principal> authenticate,
            LongSupplier nowNanos,
            ListenMetrics metrics,
            Log log,
            @Nullable SSLContext tls) {
        intake = new Intake(receiving, metricReceiving, authenticate, nowNanos, metrics);
        this.log = log;
        this.tls = tls;
    }

    /**
     * Opens the doors of {@code config}.
     *
     * @throws IOException naming the listener whose port cannot be had
     */
    public void open(Config config) throws IOException {
        for (Listener listener : config.get(ReceiveKeys.SYSLOG)) {
            String name = "syslog-" + listener.protocol();
            if (listener.protocol().equals("udp")) {
                SyslogPackets packets =
                        named(
                                "syslog",
                                listener,
                                () -> new SyslogPackets(listener, intake, name, log));
                keep(packets, packets.port(), listener, name);
            } else {
                TcpListener tcp =
                        tcp(
                                "syslog",
                                listener,
                                name,
                                new SyslogConnections(listener, intake, name));
                keep(tcp, tcp.port(), listener, name);
            }
        }
        openFluent(config);
        openStatsd(config);
    }

    private void openStatsd(Config config) throws IOException {
        for (Listener listener : config.get(ReceiveKeys.STATSD)) {
            String name = "statsd-" + listener.protocol();
            StatsdFlushes flushes = new StatsdFlushes(listener, intake, name, log);
            if (listener.protocol().equals("udp")) {
                Datagrams datagrams =
                        named(
                                "statsd",
                                listener,
                                () ->
                                        new Datagrams(
                                                listener,
                                                intake.metrics(),
                                                name,
                                                log,
                                                (bytes, length, peer) ->
                                                        flushes.add(bytes, 0, length)));
                datagrams.start();
                keep(flushes.behind(datagrams), datagrams.port(), listener, name);
            } else {
                TcpListener tcp = tcp("statsd", listener, name, flushes);
                keep(flushes.behind(tcp), tcp.port(), listener, name);
            }
            flushes.start();
        }
    }

    private void openFluent(Config config) throws IOException {
        int bytesMax = Math.toIntExact(config.get(Keys.BODY_MAX));
        int rowsMax = Math.toIntExact(config.get(Keys.BATCH_MAX));
        /* For one message of the largest at least, while its buffer grows. */
        BufferRoom room = new BufferRoom(Math.max(FLUENT_ROOM_BYTES, 2L * bytesMax));
        for (Listener listener : config.get(ReceiveKeys.FLUENT)) {
            String name = "fluent-" + listener.protocol();
            TcpListener tcp =
                    tcp(
                            "fluent",
                            listener,
                            name,
                            new FluentConnections(listener, intake, name, bytesMax, rowsMax, room));
            keep(tcp, tcp.port(), listener, name);
        }
    }

    private TcpListener tcp(
            String feature, Listener listener, String name, TcpListener.Conversation conversation)
            throws IOException {
        boolean secure = listener.protocol().equals("tls");
        if (secure && tls == null) {
            throw new IOException(
                    feature
                            + ".listeners: "
                            + listener
                            + " (expected: tls.certificate and tls.key)");
        }
        return named(
                feature,
                listener,
                () ->
                        new TcpListener(
                                listener,
                                name,
                                conversation,
                                intake.metrics(),
                                log,
                                secure ? tls : null));
    }

    private interface Opening<T> {
        T open() throws IOException;
    }

    private static <T> T named(String feature, Listener listener, Opening<T> opening)
            throws IOException {
        try {
            return opening.open();
        } catch (IOException e) {
            throw new IOException(
                    feature
                            + ".listeners: "
                            + listener
                            + " cannot be had: "
                            + e.getMessage()
                            + " (expected: a free port)",
                    e);
        }
    }

    private void keep(AutoCloseable listener, int port, Listener settings, String name) {
        open.add(listener);
        ports.add(port);
        log.info("listen", name + " listens on " + settings.address() + ":" + port, Map.of());
    }

    /** The ports, in the order of the configuration: syslog, Fluent, StatsD. */
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** Ends all at once: each waits a little for its senders. */
    @Override
    public void close() {
        List<Thread> endings =
                open.stream()
                        .map(listener -> Thread.ofVirtual().start(() -> end(listener)))
                        .toList();
        try {
            for (Thread ending : endings) {
                ending.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(AutoCloseable listener) {
        try {
            listener.close();
        } catch (Exception e) {
            log.warn("listen", "while ending: " + e.getMessage(), Map.of());
        }
    }
}

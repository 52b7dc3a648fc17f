package dev.belfry.server.listen;

import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.receive.SyslogMessages;
import dev.belfry.receive.SyslogSettings;
import dev.belfry.server.config.Listener;
import dev.belfry.server.logging.Log;
import dev.belfry.server.receive.Receiving;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Syslog over UDP: one thread reads, one appends what has gathered; what is too much is counted.
 */
final class SyslogPackets implements AutoCloseable {
    private static final int WAITING_MAX = 20_000;
    private static final int BATCH_MAX = 5_000;
    private static final long BYTES_WAITING_MAX = 32 << 20;
    private static final int ENDING_MILLIS = 2_000;

    private record Packet(byte[] data, String peer) {}

    private final Listener settings;
    private final SyslogSettings syslog;
    private final Intake intake;
    private final String name;
    private final Log log;
    private final Datagrams datagrams;
    private final BlockingQueue<Packet> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Thread appender;
    private volatile boolean over;

    /** Opens the port. */
    SyslogPackets(Listener settings, Intake intake, String name, Log log) throws IOException {
        this.settings = settings;
        this.intake = intake;
        this.name = name;
        this.log = log;
        syslog = new SyslogSettings(settings.source(), settings.zone(), settings.lineBytesMax());
        datagrams = new Datagrams(settings, intake.metrics(), name, log, this::take);
        datagrams.start();
        appender = Thread.ofVirtual().name(name + "-append").start(this::append);
    }

    int port() {
        return datagrams.port();
    }

    private void take(byte[] bytes, int length, InetAddress peer) {
        Packet packet = new Packet(Arrays.copyOf(bytes, length), peer.getHostAddress());
        boolean room = waitingBytes.addAndGet(length) <= BYTES_WAITING_MAX;
        if (!room || !waiting.offer(packet)) {
            waitingBytes.addAndGet(-length);
            intake.metrics().dropped.increment(name, "overload");
        }
    }

    private void append() {
        List<Packet> batch = new ArrayList<>();
        while (!datagrams.isOver() || !waiting.isEmpty()) {
            batch.clear();
            try {
                Packet first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, BATCH_MAX - 1);
                    append(batch);
                }
            } catch (InterruptedException _) {
                return;
            } catch (BelfryException e) {
                intake.metrics().dropped.add(batch.size(), name, "refused");
                log.warn("listen", name + ": " + e.getMessage(), Map.of());
            }
        }
    }

    private void append(List<Packet> batch) {
        long bytes = batch.stream().mapToLong(packet -> packet.data.length).sum();
        try {
            Principal principal = intake.principal(settings.key(), name);
            SyslogMessages messages =
                    new SyslogMessages(
                            syslog,
                            intake.nowNanos(),
                            Receiving.sources(principal),
                            batch.getFirst().peer,
                            Math.toIntExact(bytes));
            int refused = 0;
            for (Packet packet : batch) {
                messages.peer(packet.peer);
                refused += messages.add(packet.data, 0, packet.data.length) ? 0 : 1;
            }
            int count = messages.count();
            int malformed = messages.malformed();
            if (refused > 0) {
                intake.metrics().dropped.add(refused, name, "source");
            }
            if (count > 0 && intake.append(principal, bytes, messages.build(), () -> over)) {
                intake.metrics().messages.add(count, name);
                intake.metrics().malformed.add(malformed, name);
            }
        } finally {
            waitingBytes.addAndGet(-bytes);
        }
    }

    /** Ends it: what the kernel holds is read and appended first. */
    @Override
    public void close() {
        try {
            datagrams.close();
            appender.join(ENDING_MILLIS);
            over = true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

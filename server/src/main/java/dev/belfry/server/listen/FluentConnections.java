package dev.belfry.server.listen;

import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.EventBatch;
import dev.belfry.receive.FluentException;
import dev.belfry.receive.FluentMessages;
import dev.belfry.receive.FluentStream;
import dev.belfry.server.config.Listener;
import dev.belfry.server.receive.Receiving;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Fluent's forward protocol: a chunk is acknowledged when its records are on disk. */
final class FluentConnections implements TcpListener.Conversation {
    private static final int BATCH_MAX = 5_000;
    private static final int STRANGER_BYTES_MAX = 64 << 10;
    private static final int STRANGER_MILLIS = 5_000;

    private final Listener settings;
    private final Intake intake;
    private final String name;
    private final int bytesMax;
    private final int rowsMax;
    private final BufferRoom room;

    FluentConnections(
            Listener settings,
            Intake intake,
            String name,
            int bytesMax,
            int rowsMax,
            BufferRoom room) {
        this.settings = settings;
        this.intake = intake;
        this.name = name;
        this.bytesMax = bytesMax;
        this.rowsMax = Math.min(BATCH_MAX, rowsMax);
        this.room = room;
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public void hold(Socket socket, TcpListener listener) throws IOException {
        OutputStream output = socket.getOutputStream();
        try (FluentStream buffer = new FluentStream(socket.getInputStream(), bytesMax, room)) {
            if (!isKnown(socket, buffer, output)) {
                intake.metrics().refusedConnections.increment(name, "credentials");
                return;
            }
            while (buffer.next()) {
                if (!take(buffer, output, listener)) {
                    return;
                }
            }
        } catch (FluentException _) {
            intake.metrics().dropped.increment(name, "malformed");
        }
    }

    /* A stranger is given little memory and little time. */
    private boolean isKnown(Socket socket, FluentStream buffer, OutputStream output)
            throws IOException {
        String sharedKey = settings.sharedKey();
        if (sharedKey == null) {
            return true;
        }
        AtomicBoolean waited = new AtomicBoolean(true);
        Thread timer = Thread.ofVirtual().start(() -> closeAfter(socket, waited));
        buffer.limit(STRANGER_BYTES_MAX);
        boolean known = new FluentHandshake(settings, sharedKey).hold(buffer, output);
        known &= waited.getAndSet(false);
        timer.interrupt();
        buffer.limit(bytesMax);
        return known;
    }

    /* The time of the whole handshake: a byte now and then does not make it longer. */
    private void closeAfter(Socket socket, AtomicBoolean waited) {
        try {
            Thread.sleep(STRANGER_MILLIS);
            if (waited.getAndSet(false)) {
                socket.close();
            }
        } catch (InterruptedException known) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            intake.metrics().dropped.increment(name, "malformed");
        }
    }

    /*
     * What is there already goes into one batch. False when the server ends: one that waits for acknowledgements
     * sends again what has none, so its connection ends behind an answer.
     */
    private boolean take(FluentStream buffer, OutputStream output, TcpListener listener)
            throws IOException {
        Principal principal = intake.principal(settings.key(), name);
        FluentMessages messages =
                new FluentMessages(
                        settings.source(),
                        bytesMax,
                        intake.nowNanos(),
                        Receiving.sources(principal),
                        rowsMax,
                        (batch, size) -> part(batch, principal, size, listener));
        List<String> chunks = new ArrayList<>();
        long bytes = 0;
        FluentException failure = null;
        try {
            while (true) {
                bytes += buffer.to() - buffer.from();
                String chunk = messages.add(buffer.bytes(), buffer.from(), buffer.to());
                if (chunk != null) {
                    chunks.add(chunk);
                }
                boolean enough =
                        chunk != null
                                || !buffer.hasMore()
                                || messages.count() >= BATCH_MAX
                                || bytes > bytesMax / 4;
                if (enough || !buffer.next()) {
                    break;
                }
            }
        } catch (FluentException e) {
            failure = e;
        } catch (BelfryException _) {
            intake.metrics().dropped.increment(name, "malformed");
        }
        boolean kept = append(messages, principal, bytes, listener);
        if (kept) {
            for (String chunk : chunks) {
                output.write(FluentHandshake.ack(chunk));
            }
            output.flush();
            kept = chunks.isEmpty() || !listener.isClosed() || buffer.hasMore();
        }
        if (failure != null) {
            throw failure;
        }
        return kept;
    }

    /* Of a message of many records; the chunk is acknowledged behind its last part. */
    private void part(EventBatch batch, Principal principal, long bytes, TcpListener listener) {
        int count = batch.count();
        if (!intake.append(principal, bytes, batch, listener::isOver)) {
            intake.metrics().dropped.add(count, name, "end");
            throw new FluentException("the server ends (expected: to be sent again)");
        }
        intake.metrics().messages.add(count, name);
    }

    private boolean append(
            FluentMessages messages, Principal principal, long bytes, TcpListener listener) {
        int count = messages.count();
        if (messages.refused() > 0) {
            intake.metrics().dropped.add(messages.refused(), name, "refused");
        }
        if (count == 0) {
            return true;
        }
        if (!intake.append(principal, bytes, messages.build(), listener::isOver)) {
            intake.metrics().dropped.add(count, name, "end");
            return false;
        }
        intake.metrics().messages.add(count, name);
        return true;
    }
}

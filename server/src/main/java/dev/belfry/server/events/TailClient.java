package dev.belfry.server.events;

import com.linecorp.armeria.common.websocket.WebSocketCloseStatus;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.Event;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.server.http.Authentication;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Sockets;
import dev.belfry.server.metrics.OwnMetrics;
import dev.belfry.store.AppliedBatch;
import dev.belfry.store.QueryContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One client of the live tail. */
final class TailClient {
    /*
     *  store ──offer──► batches (bounded) ──match──► lines (bounded) ──write──► socket
     *
     * One virtual thread matches, another writes one line after the other, each when the one before has gone
     * to the socket. Where a queue is full, lines are left out and counted, and the client is told before the
     * next line. Nothing here makes the store wait.
     */
    private static final int BATCHES_MAX = 256;
    private static final int LINES_MAX = 2_000;
    private static final long LINE_BYTES_MAX = 8L << 20;
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration MATCH_TIMEOUT = Duration.ofSeconds(5);
    private static final long MATCH_MEMORY_BYTES = 64L << 20;

    private final Supplier<Engine> engine;
    private final @Nullable EventFilter filter;
    private final Sockets.Admitted admitted;
    private final Authentication authentication;
    private final OwnMetrics metrics;
    private final WebSocketWriter out;
    private final BlockingQueue<AppliedBatch> batches = new ArrayBlockingQueue<>(BATCHES_MAX);
    private final Queue<byte[]> lines = new ArrayDeque<>();
    private final AtomicLong dropped = new AtomicLong();
    private long lineBytes;
    private volatile Principal principal;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Thread matcher;
    private volatile @Nullable Thread writer;

    TailClient(
            Supplier<Engine> engine,
            @Nullable EventFilter filter,
            Sockets.Admitted admitted,
            Authentication authentication,
            OwnMetrics metrics,
            WebSocketWriter out) {
        this.engine = engine;
        this.filter = filter;
        this.admitted = admitted;
        principal = admitted.principal();
        this.authentication = authentication;
        this.metrics = metrics;
        this.out = out;
    }

    void start() {
        matcher = Thread.ofVirtual().name("tail-match").start(this::match);
        writer = Thread.ofVirtual().name("tail-write").start(this::write);
    }

    void offer(AppliedBatch batch) {
        if (filter != null && !ended.get() && !batches.offer(batch)) {
            dropped.addAndGet(batch.batch().count());
        }
    }

    /** Says goodbye to the client. */
    void end(WebSocketCloseStatus status) {
        if (ended.compareAndSet(false, true)) {
            out.close(status);
        }
        stop();
    }

    /** The connection broke; it counts as an error unless it had ended before. */
    void broken() {
        if (ended.compareAndSet(false, true)) {
            metrics.socketErrors.increment();
            out.close(WebSocketCloseStatus.PROTOCOL_ERROR);
        }
        stop();
    }

    /** The socket is closed. */
    void gone() {
        ended.set(true);
        stop();
    }

    private void stop() {
        interrupt(matcher);
        interrupt(writer);
    }

    private static void interrupt(@Nullable Thread thread) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void match() {
        EventFilter wanted = filter;
        while (wanted != null && !ended.get()) {
            AppliedBatch batch;
            try {
                batch = batches.take();
            } catch (InterruptedException _) {
                return;
            }
            try {
                match(wanted, batch);
            } catch (BelfryException _) {
                dropped.addAndGet(batch.batch().count()); // It took too long.
            }
        }
    }

    private void match(EventFilter wanted, AppliedBatch batch) {
        QueryContext context =
                new QueryContext(MATCH_TIMEOUT, MATCH_MEMORY_BYTES, Integer.MAX_VALUE, true);
        for (Event event : engine.get().events().matching(wanted, batch, context)) {
            if (principal.mayRead(event.source(), event.createdBy())) {
                put(event);
            }
        }
    }

    private void put(Event event) {
        JsonText text = new JsonText(512).object().name("type").text("event").name("data");
        EventJson.write(text, event);
        byte[] line = text.endObject().bytes();
        synchronized (lines) {
            if (lines.size() >= LINES_MAX || lineBytes + line.length > LINE_BYTES_MAX) {
                dropped.incrementAndGet();
                return;
            }
            lines.add(line);
            lineBytes += line.length;
            lines.notifyAll();
        }
    }

    private void write() {
        try {
            send(new JsonText(64).object().name("type").text("heartbeat").endObject().toString());
            long checkNanoTime = System.nanoTime() + HEARTBEAT.toNanos();
            while (!ended.get()) {
                byte[] line = next();
                if (line == null || System.nanoTime() - checkNanoTime >= 0) {
                    principal = authentication.authenticateAgain(admitted);
                    checkNanoTime = System.nanoTime() + HEARTBEAT.toNanos();
                }
                long lost = dropped.getAndSet(0);
                if (lost > 0) {
                    send("{\"type\":\"dropped\",\"count\":" + lost + "}");
                }
                if (line != null) {
                    send(new String(line, StandardCharsets.UTF_8));
                } else if (lost == 0) {
                    send("{\"type\":\"heartbeat\"}");
                }
            }
        } catch (InterruptedException _) {
            // The client left, or the server stops.
        } catch (ExecutionException _) {
            broken();
        } catch (BelfryException _) {
            end(WebSocketCloseStatus.POLICY_VIOLATION);
        }
    }

    /** The next line; null when none came for a heartbeat's time. */
    private byte @Nullable [] next() throws InterruptedException {
        long endNanoTime = System.nanoTime() + HEARTBEAT.toNanos();
        synchronized (lines) {
            while (lines.isEmpty()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(endNanoTime - System.nanoTime());
                if (millis <= 0) {
                    return null;
                }
                lines.wait(millis);
            }
            byte[] line = lines.remove();
            lineBytes -= line.length;
            return line;
        }
    }

    private void send(String line) throws InterruptedException, ExecutionException {
        if (!out.tryWrite(line)) {
            out.whenComplete().get();
            return;
        }
        metrics.socketMessages.increment();
        out.whenConsumed().get();
    }
}

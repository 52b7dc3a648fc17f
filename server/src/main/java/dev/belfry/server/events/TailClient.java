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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One client of the live tail. */
final class TailClient {
    /*
     *  store ──add──► batches (bounded, for all clients) ──match──► lines (bounded) ──write──► socket
     *
     * A few threads match, that stand back and have a batch of one client after another's; a virtual one writes a line when
     * the one before has gone to the socket. What was not matched before it made room, or finds no room among the lines, is
     * left out and counted, and the client is told before the next line. Nothing here makes the store wait.
     */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration MATCH_TIMEOUT = Duration.ofSeconds(5);
    private static final long MATCH_MEMORY_BYTES = 64L << 20;

    private final Shared shared;
    private final @Nullable EventFilter filter;
    private final Sockets.Admitted admitted;
    private final WebSocketWriter out;
    private final AtomicBoolean due = new AtomicBoolean();
    private final TailLines lines;
    private final AtomicLong dropped = new AtomicLong();
    private volatile Principal principal;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable QueryContext matching;
    private volatile long next;
    private volatile @Nullable Thread writer;

    /**
     * What all clients have in common.
     *
     * @param lineBytes of the lines that wait for all sockets
     * @param matchers threads that find out what a client sees
     */
    record Shared(
            Supplier<Engine> engine,
            Authentication authentication,
            OwnMetrics metrics,
            RecentBatches batches,
            AtomicLong lineBytes,
            Executor matchers) {}

    TailClient(
            Shared shared,
            @Nullable EventFilter filter,
            Sockets.Admitted admitted,
            WebSocketWriter out) {
        this.shared = shared;
        this.filter = filter;
        this.admitted = admitted;
        this.out = out;
        principal = admitted.principal();
        lines = new TailLines(shared.lineBytes());
        next = shared.batches().end();
    }

    void start() {
        writer = Thread.ofVirtual().name("tail-write").start(this::write);
    }

    /** There may be a batch that it has not seen. */
    void wake() {
        if (filter != null && !ended.get() && due.compareAndSet(false, true)) {
            shared.matchers().execute(this::matchOne);
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
            shared.metrics().socketErrors.increment();
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
        lines.close();
        QueryContext query = matching;
        if (query != null) {
            query.cancel();
        }
        Thread thread = writer;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /* One batch, so that others have their turn. */
    private void matchOne() {
        try {
            RecentBatches.Numbered batch = shared.batches().from(next);
            if (batch != null && filter != null && !ended.get()) {
                dropped.addAndGet(batch.first() - next);
                next = batch.end();
                match(filter, batch.batch());
            }
        } finally {
            due.set(false);
        }
        if (shared.batches().end() > next) {
            wake();
        }
    }

    private void match(EventFilter wanted, AppliedBatch batch) {
        QueryContext context =
                new QueryContext(MATCH_TIMEOUT, MATCH_MEMORY_BYTES, Integer.MAX_VALUE, true);
        matching = context;
        try {
            for (Event event : shared.engine().get().events().matching(wanted, batch, context)) {
                if (principal.mayRead(event.source(), event.createdBy())) {
                    put(event);
                }
            }
        } catch (BelfryException _) {
            dropped.addAndGet(batch.count()); // It took too long.
        } finally {
            matching = null;
        }
    }

    private void put(Event event) {
        if (!lines.isFull()) {
            JsonText text = new JsonText(512).object().name("type").text("event").name("data");
            EventJson.write(text, event);
            if (lines.add(text.endObject().bytes())) {
                return;
            }
        }
        dropped.incrementAndGet();
    }

    private void write() {
        try {
            send(new JsonText(64).object().name("type").text("heartbeat").endObject().toString());
            long checkNanoTime = System.nanoTime() + HEARTBEAT.toNanos();
            while (!ended.get()) {
                byte[] line = lines.next(HEARTBEAT);
                if (line == null || System.nanoTime() - checkNanoTime >= 0) {
                    principal = shared.authentication().authenticateAgain(admitted);
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

    private void send(String line) throws InterruptedException, ExecutionException {
        if (!out.tryWrite(line)) {
            out.whenComplete().get();
            return;
        }
        shared.metrics().socketMessages.increment();
        out.whenConsumed().get();
    }
}

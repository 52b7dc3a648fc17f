package dev.belfry.server.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Gathers a request's body into one array: bounded, and counted as in flight. */
final class BodyCollector implements Subscriber<HttpObject> {
    /*
     * All but waiting and giving back happens on the connection's event loop; looks whether it goes on as well, since
     * a thread that waits for a time wakes another one twice.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int BYTES_PER_SECOND_MIN = 1024;
    private static final int FIRST_BYTES = 4096;

    /**
     * Of what is announced, so many times what has come finds room: few steps, none for a promise
     * alone.
     */
    private static final int AHEAD = 8;

    private final long maxBytes;
    private final long announced;
    private final EventLoop eventLoop;
    private final InFlight.Share share;
    private final BodyArrays arrays;
    private final long startNanoTime = System.nanoTime();
    private final CompletableFuture<Call.Body> done = new CompletableFuture<>();
    private final AtomicBoolean givenBack = new AtomicBoolean();
    private byte[] bytes = new byte[0];
    private int size;
    private int reserved;
    private long arrived;
    private volatile boolean released;
    private @Nullable BelfryException refusal;
    private long discarded;
    private boolean paused;
    private Subscription subscription = new Nothing();

    private BodyCollector(
            long maxBytes, long announced, EventLoop eventLoop, InFlight inFlight, String owner) {
        this.maxBytes = maxBytes;
        this.announced = announced;
        this.eventLoop = eventLoop;
        this.share = inFlight.arriving(owner, this::evicted);
        this.arrays = inFlight.arrays();
    }

    /**
     * A collector of the body of {@code request}, which {@code owner} sends.
     *
     * @throws BelfryException TOO_LARGE when the head announces more than {@code maxBytes}
     */
    static BodyCollector start(
            ServiceRequestContext context,
            HttpRequest request,
            long maxBytes,
            InFlight inFlight,
            String owner) {
        long announced = request.headers().contentLength();
        if (announced > maxBytes) {
            throw tooLarge(announced, maxBytes);
        }
        EventLoop eventLoop = context.eventLoop().withoutContext();
        BodyCollector collector =
                new BodyCollector(maxBytes, announced, eventLoop, inFlight, owner);
        request.subscribe(collector, eventLoop, SubscriptionOption.WITH_POOLED_OBJECTS);
        return collector;
    }

    /** Runs {@code action} once {@link #await} does not wait any more, which may be now. */
    void whenDone(Runnable action) {
        done.whenComplete((_, _) -> action.run());
    }

    /** The body, when it is there whole; the thread waits. */
    Call.Body await() throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BelfryException known) {
                throw known;
            }
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "body: ended before its length", e);
        }
    }

    private void look() {
        BelfryException stop = stop(Duration.ofNanos(System.nanoTime() - startNanoTime));
        if (stop != null) {
            subscription.cancel();
            done.completeExceptionally(stop);
        }
    }

    /**
     * Why it is not waited for any longer: what comes a byte at a time would hold what others need.
     */
    private @Nullable BelfryException stop(Duration waited) {
        if (waited.compareTo(GRACE) <= 0) {
            return null;
        }
        if (refusal != null) {
            return refusal;
        }
        if (waited.compareTo(PATIENCE) > 0) {
            return new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "body: did not come within " + PATIENCE.toSeconds() + " s");
        }
        if (arrived < waited.toMillis() * BYTES_PER_SECOND_MIN / 1000) {
            return new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "body: "
                            + arrived
                            + " bytes in "
                            + waited.toSeconds()
                            + " s (expected: at least "
                            + BYTES_PER_SECOND_MIN
                            + " bytes a second)");
        }
        return null;
    }

    /** Gives back what was reserved; the body must not be used after. */
    void release() {
        released = true;
        share.close();
        if (done.isDone()
                && !done.isCompletedExceptionally()
                && givenBack.compareAndSet(false, true)) {
            arrays.give(done.join().bytes());
        }
    }

    private void evicted() {
        eventLoop.execute(() -> fail(InFlight.refusal()));
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        eventLoop.execute(this::beginToLook);
        given.request(1);
    }

    /* After what was read with the head, which is the whole body of most requests. */
    private void beginToLook() {
        if (!done.isDone()) {
            Future<?> looks =
                    eventLoop.scheduleWithFixedDelay(
                            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
            done.whenComplete((_, _) -> looks.cancel(false));
        }
    }

    @Override
    public void onNext(HttpObject object) {
        if (object instanceof HttpData data) {
            take(data);
        }
        if (!paused) {
            subscription.request(1);
        }
    }

    private void take(HttpData data) {
        try (data) {
            int length = data.length();
            arrived += length;
            share.arrived(arrived);
            if (refusal != null || done.isDone() || released) {
                discard(length);
                return;
            }
            if ((long) size + length > maxBytes) {
                fail(tooLarge((long) size + length, maxBytes));
                return;
            }
            if (size + length == announced) {
                share.whole();
            }
            if (reserved - size < length) {
                grow(room(size + length));
            }
            ByteBuf buffer = data.byteBuf();
            buffer.getBytes(buffer.readerIndex(), bytes, size, length);
            size += length;
        } catch (BelfryException e) {
            fail(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        if (refusal == null && !share.whole()) {
            refusal = InFlight.refusal();
        }
        BelfryException refused = refusal;
        if (refused != null) {
            done.completeExceptionally(refused);
        } else {
            done.complete(new Call.Body(bytes, size, share));
        }
    }

    /**
     * The answer waits for the rest of the body: a client that is sending does not listen. When
     * there is no room, the rest is left unread for a moment: who never waits is made to.
     */
    private void fail(BelfryException failure) {
        if (refusal != null || done.isDone()) {
            return;
        }
        if (failure.code() == ErrorCode.RATE_LIMITED) {
            paused = true;
            eventLoop.schedule(this::resume, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        refusal = failure;
        release();
        arrays.give(bytes);
        bytes = new byte[0];
        discard(0);
    }

    private void resume() {
        paused = false;
        subscription.request(Long.MAX_VALUE);
    }

    private void discard(int length) {
        discarded += length;
        BelfryException refused = refusal;
        if (discarded > Rest.BYTES_MAX && refused != null) {
            done.completeExceptionally(refused);
            subscription.cancel();
        }
    }

    /** How many bytes to have room for when {@code needed} have come. */
    private int room(int needed) {
        if (announced < needed) {
            return (int) Math.min(maxBytes, Math.max(needed, Math.max(FIRST_BYTES, reserved * 2L)));
        }
        return (int) Math.min(announced, Math.max(FIRST_BYTES, (long) AHEAD * needed));
    }

    private void grow(int needed) {
        share.reserve((long) (needed - reserved) * InFlight.COST);
        reserved = needed;
        byte[] larger = arrays.take(needed);
        System.arraycopy(bytes, 0, larger, 0, size);
        arrays.give(bytes);
        bytes = larger;
    }

    private static BelfryException tooLarge(long found, long maxBytes) {
        return new BelfryException(
                ErrorCode.TOO_LARGE,
                "body: " + found + " bytes or more (expected: at most " + maxBytes + " bytes)",
                Map.of("limit_bytes", maxBytes));
    }

    /** Before there is a subscription. */
    static final class Nothing implements Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }
}

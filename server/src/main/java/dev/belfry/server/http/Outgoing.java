package dev.belfry.server.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way to its client. As a client that reads nothing more would keep it in memory
 * for ever, its time is bounded, and its bytes with those of all others.
 */
final class Outgoing implements Sending {
    private static final int WHOLE_BYTES = 1 << 20;

    /* What the buffers of a connection hold in any case. */
    private static final int BUFFERED_BYTES = 64 << 10;

    /* As much of an answer is copied for the network at once. */
    private static final int PIECE_BYTES = 256 << 10;

    private final ServiceRequestContext context;
    private final AnswerRoom room;
    private final Duration sendMax;
    private AnswerRoom.@Nullable Held held;
    private boolean timed;
    private volatile boolean unread;

    /* 0 while nothing waits. */
    private volatile long waitsSinceNanoTime;
    private boolean over;

    /**
     * Nothing yet.
     *
     * @param sendMax how long a client may take to read a piece of a streamed answer, or a MiB of
     *     another
     */
    Outgoing(ServiceRequestContext context, AnswerRoom room, Duration sendMax) {
        this.context = context;
        this.room = room;
        this.sendMax = sendMax;
    }

    /** The client is the reason why the answer ends broken. */
    static final class UnreadException extends IOException {
        private static final long serialVersionUID = 1;

        private UnreadException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private UnreadException unread(String message, @Nullable Throwable cause) {
        unread = true;
        return new UnreadException(message, cause);
    }

    /** Whether it ended broken because of its client. */
    boolean isUnread() {
        return unread;
    }

    /**
     * Takes room for {@code bytes} of an answer to {@code owner} until it {@link #ended}; may wait.
     *
     * @throws UnreadException when there is none
     */
    void hold(String owner, int bytes) throws UnreadException {
        AnswerRoom.Held taken = take(owner, bytes);
        boolean late;
        synchronized (this) {
            held = taken;
            late = over;
        }
        if (taken != null && late) {
            taken.release();
        }
    }

    @Override
    public long stalledNanos() {
        long since = waitsSinceNanoTime;
        return since == 0 ? 0 : Math.min(System.nanoTime() - since, quietNanos());
    }

    /*
     * For how long the system has sent nothing. Its buffer holds megabytes and takes more only when a third is free, which
     * lasts seconds with a client that reads slowly.
     */
    private long quietNanos() {
        if (!(channel() instanceof EpollSocketChannel connection)) {
            return Long.MAX_VALUE;
        }
        try {
            return TimeUnit.MILLISECONDS.toNanos(connection.tcpInfo().lastDataSent());
        } catch (ChannelException closed) {
            return Long.MAX_VALUE;
        }
    }

    private @Nullable Channel channel() {
        return context.log().ensureAvailable(RequestLogProperty.SESSION).channel();
    }

    @Override
    public void giveUp() {
        closeWhenTimedOut();
        context.timeoutNow();
    }

    /** It was read, or never will be. */
    void ended() {
        AnswerRoom.Held taken;
        synchronized (this) {
            over = true;
            taken = held;
        }
        if (taken != null) {
            taken.release();
        }
    }

    /* A small one needs none. */
    private AnswerRoom.@Nullable Held take(String owner, int bytes) throws UnreadException {
        if (bytes <= AnswerRoom.SMALL_BYTES) {
            return null;
        }
        closeWhenTimedOut();
        try {
            return room.take(owner, bytes, context::timeoutNow);
        } catch (AnswerRoom.NoRoomException e) {
            throw unread(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unread("answers: the server stops", e);
        }
    }

    /* With HTTP/1 what was written for a client that does not read would wait for it, with all that is behind it. */
    private void closeWhenTimedOut() {
        if (timed || context.sessionProtocol().isMultiplex()) {
            return;
        }
        timed = true;
        Channel channel = channel();
        if (channel != null) {
            context.whenRequestTimedOut().thenRun(channel::close);
        }
    }

    /** An answer that is all there. */
    HttpResponse whole(ResponseHeadersBuilder headers, Reply reply) {
        waitsSinceNanoTime = System.nanoTime();
        int length = reply.length();
        if (length > BUFFERED_BYTES) {
            context.setRequestTimeout(
                    TimeoutMode.SET_FROM_NOW, sendMax.multipliedBy(1 + length / WHOLE_BYTES));
        }
        if (length == 0 && reply.trailers().isEmpty()) {
            // Clients of gRPC look for the status of a call in the frame that ends it.
            headers.endOfStream(true);
        }
        if (length <= PIECE_BYTES) {
            HttpData data = HttpData.wrap(reply.body(), 0, length);
            return HttpResponse.of(headers.build(), data, trailers(reply));
        }
        List<HttpObject> objects = new ArrayList<>();
        objects.add(headers.contentLength(length).build());
        for (int from = 0; from < length; from += PIECE_BYTES) {
            objects.add(HttpData.wrap(reply.body(), from, Math.min(PIECE_BYTES, length - from)));
        }
        if (!reply.trailers().isEmpty()) {
            objects.add(trailers(reply));
        }
        return HttpResponse.of(objects.toArray(HttpObject[]::new));
    }

    private static HttpHeaders trailers(Reply reply) {
        HttpHeadersBuilder trailers = HttpHeaders.builder();
        reply.trailers().forEach(trailers::add);
        return trailers.build();
    }

    /**
     * Writes a long answer as the client takes it, a piece ahead of it.
     *
     * @param sent is told of the bytes of each piece
     * @throws Exception what {@code stream} throws, UnreadException when the client left or does
     *     not read
     */
    void stream(
            HttpResponseWriter out,
            ResponseHeaders headers,
            String owner,
            Reply.Stream stream,
            LongConsumer sent)
            throws Exception {
        out.write(headers);
        AtomicReference<CompletableFuture<Void>> before = new AtomicReference<>();
        stream.writeTo(bytes -> {
            AnswerRoom.Held taken = take(owner, bytes.length);
            boolean open = out.tryWrite(HttpData.wrap(bytes));
            CompletableFuture<Void> read = out.whenConsumed();
            if (taken != null) {
                read.whenComplete((_, _) -> taken.release());
            }
            if (!open) {
                throw unread("the client has left", null);
            }
            sent.accept(bytes.length);
            awaitRead(before.getAndSet(read));
        });
        awaitRead(before.get());
        out.close();
    }

    private void awaitRead(@Nullable CompletableFuture<Void> piece)
            throws UnreadException, InterruptedException {
        if (piece == null) {
            return;
        }
        waitsSinceNanoTime = System.nanoTime();
        try {
            piece.get(sendMax.toMillis(), TimeUnit.MILLISECONDS);
            waitsSinceNanoTime = 0;
        } catch (ExecutionException e) {
            throw unread("the client has left", e);
        } catch (TimeoutException e) {
            giveUp();
            throw unread("the client does not read", e);
        }
    }
}

package dev.belfry.server.outgoing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An answer that is there in full: headers and body within one time, and within one size. */
public final class WholeAnswer {
    /*
     * HttpRequest.timeout ends with the headers: a body that comes byte by byte would hold its reader for ever. Here
     * the body is part of what is waited for, and cancelling closes the connection.
     */
    private WholeAnswer() {}

    /**
     * What {@code request} is answered.
     *
     * @param deadlineNanoTime when to give up, as {@link System#nanoTime()}
     * @param bytesMax of the body, as it comes
     * @throws HttpTimeoutException when it is not there in full by then
     * @throws IOException when it cannot be asked, its body is larger, or the thread is interrupted
     */
    public static HttpResponse<byte[]> of(
            HttpClient client, HttpRequest request, long deadlineNanoTime, long bytesMax)
            throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            answer = client.sendAsync(request, _ -> new Body(bytesMax));
        } catch (IllegalArgumentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
        try {
            return answer.get(deadlineNanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new HttpTimeoutException("no whole answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Takes a body up to a size. */
    private static final class Body implements HttpResponse.BodySubscriber<byte[]> {
        private final long bytesMax;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        Body(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> pieces) {
            for (ByteBuffer piece : pieces) {
                if (bytes.size() + (long) piece.remaining() > bytesMax) {
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    onError(
                            new IOException(
                                    "body: more than " + bytesMax + " bytes (expected: less)"));
                    return;
                }
                byte[] part = new byte[piece.remaining()];
                piece.get(part);
                bytes.writeBytes(part);
            }
        }

        @Override
        public void onError(Throwable problem) {
            whole.completeExceptionally(problem);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }
}

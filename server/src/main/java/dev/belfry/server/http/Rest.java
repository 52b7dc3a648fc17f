package dev.belfry.server.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Throws away a body that nobody wants, so that the client, once done, hears the answer. */
final class Rest implements Subscriber<HttpObject> {
    /** More than this is not waited for: the connection ends. */
    static final long BYTES_MAX = 64L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private long bytes;
    private Subscription subscription = new BodyCollector.Nothing();

    private Rest() {}

    /** Waits until the body of {@code request} has gone by, in bounds. */
    static void discard(HttpRequest request) {
        if (request.isEmpty() || request.isComplete()) {
            return;
        }
        Rest rest = new Rest();
        request.subscribe(rest, SubscriptionOption.WITH_POOLED_OBJECTS);
        try {
            rest.done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            rest.subscription.cancel();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(HttpObject object) {
        if (object instanceof HttpData data) {
            bytes += data.length();
            data.close();
            if (bytes > BYTES_MAX) {
                subscription.cancel();
                done.complete(false);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.complete(false);
    }

    @Override
    public void onComplete() {
        done.complete(true);
    }
}

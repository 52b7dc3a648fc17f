package dev.belfry.server.http;

import com.linecorp.armeria.server.Server;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Ends a web server, and waits for no more than what matters. */
public final class Ending {
    /*
     * Armeria's own future ends when the acceptor's event loop has: Netty lets that rest for two seconds first. When the
     * ports and all connections are closed, nothing can come and nothing is in work.
     */
    private static final long LOOK_NANOS = 5_000_000;

    private Ending() {}

    /** Ends {@code server}: the future is done when its ports and connections are closed. */
    public static CompletableFuture<Void> of(Server server) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletableFuture<Void> stopped = server.stop();
        Thread.ofVirtual()
                .start(() -> {
                    while (!stopped.isDone() && !isClosed(server)) {
                        LockSupport.parkNanos(LOOK_NANOS);
                    }
                    ended.complete(null);
                });
        return ended;
    }

    private static boolean isClosed(Server server) {
        return server.activePorts().isEmpty() && server.numConnections() == 0;
    }
}

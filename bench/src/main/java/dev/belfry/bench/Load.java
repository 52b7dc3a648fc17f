package dev.belfry.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** The load that every system gets: batches of 1000 events from four clients at once. */
final class Load {
    static final int BATCH = 1000;
    static final int CLIENTS = 4;
    private static final long SEED = 7;

    private Load() {}

    /** One client's way of sending. */
    interface Sender {
        void send(byte[] lines) throws Exception;
    }

    /** Makes the sender of one client. */
    interface SenderOpener {
        Sender open() throws Exception;
    }

    /** Sends {@code events} events; gives the seconds that it took. */
    static double send(long events, SenderOpener opener) throws Exception {
        long start = Instant.now().toEpochMilli() - events;
        AtomicLong next = new AtomicLong();
        long before = System.nanoTime();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(
                        clients.submit(() -> {
                            Sender sender = opener.open();
                            for (long first = next.getAndAdd(BATCH);
                                    first < events;
                                    first = next.getAndAdd(BATCH)) {
                                sender.send(lines(start, first));
                            }
                            return null;
                        }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
        return (System.nanoTime() - before) / 1e9;
    }

    /** The batch that begins with event {@code first}. */
    static byte[] lines(long startEpochMillis, long first) {
        return new JsonEvents(SEED, startEpochMillis, first).lines(BATCH);
    }
}

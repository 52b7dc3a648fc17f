package dev.belfry.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a durable answer takes: requests of 10 events at a fixed rate, latency from when each
 * was due.
 */
final class AcknowledgeBench {
    private static final int CONNECTIONS = 64;
    private static final int EVENTS = 10;

    private AcknowledgeBench() {}

    /** {@code requestsPerSecond} for {@code seconds} seconds; milliseconds a request. */
    static Distribution run(BelfryProcess belfry, int requestsPerSecond, int seconds)
            throws InterruptedException {
        int count = requestsPerSecond * seconds;
        double[] millis = new double[count];
        AtomicInteger failures = new AtomicInteger();
        Semaphore connections = new Semaphore(CONNECTIONS);
        JsonEvents events = new JsonEvents(11, Instant.now().toEpochMilli(), 0);
        byte[][] bodies = new byte[256][];
        Arrays.setAll(bodies, _ -> events.lines(EVENTS));
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                int request = i;
                long due = start + i * 1_000_000_000L / requestsPerSecond;
                LockSupport.parkNanos(due - System.nanoTime());
                clients.execute(() -> {
                    connections.acquireUninterruptibly();
                    try {
                        if (belfry.events(bodies[request & 255]).statusCode() >= 300) {
                            failures.incrementAndGet();
                        }
                    } catch (IOException | InterruptedException failure) {
                        failures.incrementAndGet();
                    } finally {
                        connections.release();
                        millis[request] = (System.nanoTime() - due) / 1e6;
                    }
                });
            }
        }
        if (failures.get() > 0) {
            System.out.println("  failed requests: " + failures.get());
        }
        return new Distribution(millis);
    }

    /** What the disk itself takes to force {@code bytes} more, one after another. */
    static Distribution forces(Path folder, int bytes, int count) throws IOException {
        Path file = folder.resolve("force.bench");
        double[] millis = new double[count];
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < count; i++) {
                channel.write(ByteBuffer.allocate(bytes), (long) i * bytes);
                long start = System.nanoTime();
                channel.force(false);
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Files.delete(file);
        return new Distribution(millis);
    }
}

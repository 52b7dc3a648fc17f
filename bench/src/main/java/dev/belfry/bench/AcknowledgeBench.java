package dev.belfry.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a durable answer takes: requests of 10 events at a fixed rate over 64 connections,
 * latency from when each was due. Beside it runs what the disk itself needs for a force.
 */
final class AcknowledgeBench {
    private static final int CONNECTIONS = 64;
    private static final int EVENTS = 10;
    private static final int FORCE_BYTES = 4096;
    private static final long FORCE_PAUSE_NANOS = 10_000_000;

    private AcknowledgeBench() {}

    /** Milliseconds a request, in the order in which they were due; milliseconds a force. */
    record Answer(double[] millis, Distribution forces) {
        Distribution acknowledged() {
            return new Distribution(millis);
        }
    }

    /** Measures alone, by windows of ten seconds. */
    static void windows(Options options, Path folder) throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), folder.resolve("d"))) {
            int seconds = (int) options.time().toSeconds();
            Answer answer = run(belfry, 1000, seconds);
            for (int from = 0; from < answer.millis().length; from += 10_000) {
                int to = Math.min(answer.millis().length, from + 10_000);
                Distribution window =
                        new Distribution(Arrays.copyOfRange(answer.millis(), from, to));
                System.out.printf("from %d s: %s%n", from / 1000, window);
            }
            System.out.println("a force of 4 KiB beside it: " + answer.forces());
        }
    }

    /** {@code requestsPerSecond} for {@code seconds} seconds. */
    static Answer run(BelfryProcess belfry, int requestsPerSecond, int seconds) throws Exception {
        double[] millis = new double[requestsPerSecond * seconds];
        AtomicInteger next = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        JsonEvents events = new JsonEvents(11, Instant.now().toEpochMilli(), 0);
        byte[][] bodies = new byte[256][];
        Arrays.setAll(bodies, _ -> events.lines(EVENTS));
        long start = System.nanoTime() + 50_000_000;
        AtomicBoolean ended = new AtomicBoolean();
        Path probed = Files.createTempDirectory("belfry-force");
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService probe = Executors.newSingleThreadExecutor()) {
            Future<Distribution> forces = probe.submit(() -> forces(probed, ended));
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                running.add(
                        clients.submit(() -> {
                            try (Wire wire = Wire.open(belfry)) {
                                for (int at = next.getAndIncrement();
                                        at < millis.length;
                                        at = next.getAndIncrement()) {
                                    long due = start + at * 1_000_000_000L / requestsPerSecond;
                                    LockSupport.parkNanos(due - System.nanoTime());
                                    if (wire.events(bodies[at & 255]) >= 300) {
                                        failures.incrementAndGet();
                                    }
                                    millis[at] = (System.nanoTime() - due) / 1e6;
                                }
                            }
                            return null;
                        }));
            }
            for (Future<?> client : running) {
                client.get();
            }
            ended.set(true);
            if (failures.get() > 0) {
                System.out.println("  failed requests: " + failures.get());
            }
            return new Answer(millis, forces.get());
        } finally {
            Programs.delete(probed);
        }
    }

    private static Distribution forces(Path folder, AtomicBoolean ended) throws IOException {
        double[] millis = new double[1 << 16];
        int count = 0;
        try (FileChannel channel =
                FileChannel.open(
                        folder.resolve("force"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            while (!ended.get() && count < millis.length) {
                channel.write(ByteBuffer.allocate(FORCE_BYTES), (long) count * FORCE_BYTES);
                long start = System.nanoTime();
                channel.force(false);
                millis[count++] = (System.nanoTime() - start) / 1e6;
                LockSupport.parkNanos(FORCE_PAUSE_NANOS);
            }
        }
        return new Distribution(Arrays.copyOf(millis, count));
    }
}

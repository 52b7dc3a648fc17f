package dev.belfry.bench;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Full load for long: does resident memory stay flat, and below 1 GiB? */
final class SoakBench {
    private static final long PART = 100_000;
    private static final int POINTS = 10;

    private SoakBench() {}

    static void run(Options options, Path folder) throws Exception {
        long nanos = options.time().toNanos();
        try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), folder.resolve("d"))) {
            long start = System.nanoTime();
            CompletableFuture<Long> sent =
                    CompletableFuture.supplyAsync(() -> load(belfry, start + nanos));
            long most = 0;
            for (int point = 1; point <= POINTS; point++) {
                long at = start + nanos / POINTS * point;
                while (System.nanoTime() < at) {
                    Thread.sleep(200);
                    most = Math.max(most, ProcessClock.residentMebibytes(belfry.handle()));
                }
                System.out.printf(
                        "after %.1f min: %d MiB resident%n",
                        (System.nanoTime() - start) / 60e9,
                        ProcessClock.residentMebibytes(belfry.handle()));
            }
            System.out.printf("%,d events sent; at most %d MiB resident%n", sent.get(), most);
            System.out.printf(
                    "stored: %,d%n",
                    belfry.get("/api/v1/monitoring/stats").at("/data/total_events").asLong());
        }
    }

    private static long load(BelfryProcess belfry, long endNanoTime) {
        long sent = 0;
        try {
            while (System.nanoTime() < endNanoTime) {
                Load.send(PART, () -> lines -> IngestBench.send(belfry, lines));
                sent += PART;
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
        return sent;
    }
}

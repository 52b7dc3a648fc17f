package dev.belfry.bench.journal;

import com.sun.management.OperatingSystemMXBean;
import dev.belfry.journal.Append;
import dev.belfry.journal.Codec;
import dev.belfry.journal.Journal;
import dev.belfry.journal.JournalConfig;
import dev.belfry.journal.JournalStatus;
import dev.belfry.journal.Stream;
import dev.belfry.journal.SyncPolicy;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.wire.EventBatchCodec;
import dev.belfry.testkit.EventGenerator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the journal alone. Arguments: a folder, and the seconds of each part (5). Prints CPU per
 * event of batches of 1,000 with each codec and sync policy; requests per force of 64 waiting
 * clients; acknowledgements of 64 connections that send 1,000 requests/s of 10 events, beside bare
 * fdatasync.
 */
public final class JournalBenchmark {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int CLIENTS = 64;
    private static final int BODIES = 16;

    private final Path folder;
    private final long partNanos;
    private int run;

    private JournalBenchmark(Path folder, long partNanos) {
        this.folder = folder;
        this.partNanos = partNanos;
    }

    /** Runs all parts. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 1) {
            System.err.println("usage: JournalBenchmark FOLDER [SECONDS]");
            return;
        }
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 5;
        JournalBenchmark benchmark =
                new JournalBenchmark(Path.of(arguments[0]), Duration.ofSeconds(seconds).toNanos());
        for (int round = 0; round < 2; round++) {
            for (Codec codec : Codec.values()) {
                benchmark.throughput(codec, SyncPolicy.ALWAYS);
                benchmark.throughput(codec, SyncPolicy.INTERVAL);
            }
        }
        benchmark.saturation();
        benchmark.openLoop();
        benchmark.bareForce();
    }

    private void throughput(Codec codec, SyncPolicy sync) throws Exception {
        JournalConfig config =
                JournalConfig.defaults().withCodec(codec).withSync(sync, Duration.ofSeconds(1));
        List<byte[]> bodies = bodies(1000);
        try (Journal journal = open(config)) {
            long cpu = SYSTEM.getProcessCpuTime();
            long begin = System.nanoTime();
            clients(4, begin + partNanos, (index, _) -> append(journal, bodies, index, 1000));
            double wall = System.nanoTime() - begin;
            double used = SYSTEM.getProcessCpuTime() - cpu;
            JournalStatus status = journal.status();
            print(
                    "batches of 1000, codec %s, sync %s: %.3f us CPU/event, %,.0f events/s, "
                            + "%.0f body B/event, %.0f written B/event",
                    codec,
                    sync,
                    used / 1e3 / status.records(),
                    status.records() / (wall / 1e9),
                    (double) status.bodyBytes() / status.records(),
                    (double) status.writtenBytes() / status.records());
        }
    }

    private void saturation() throws Exception {
        List<byte[]> bodies = bodies(10);
        try (Journal journal = open(JournalConfig.defaults())) {
            long begin = System.nanoTime();
            long cpu = SYSTEM.getProcessCpuTime();
            long[] latencies =
                    clients(
                            CLIENTS,
                            begin + partNanos,
                            (index, _) -> append(journal, bodies, index, 10));
            JournalStatus status = journal.status();
            print(
                    "%d waiting clients of 10 events: %,d requests/s, %.1f us CPU/request, requests "
                            + "per force p50 %d p10 %d, ack p50 %.2f p99 %.2f ms, "
                            + "force p50 %.2f p99 %.2f ms",
                    CLIENTS,
                    status.appends() * 1_000_000_000L / (System.nanoTime() - begin),
                    (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / status.appends(),
                    status.requestsPerForce().quantile(0.5),
                    status.requestsPerForce().quantile(0.1),
                    quantile(latencies, 0.5),
                    quantile(latencies, 0.99),
                    status.forceNanos().quantile(0.5) / 1e6,
                    status.forceNanos().quantile(0.99) / 1e6);
        }
    }

    /* Each client sends on its own schedule, and what is late counts from when it was due. */
    private void openLoop() throws Exception {
        List<byte[]> bodies = bodies(10);
        long gapNanos = CLIENTS * 1_000_000L;
        try (Journal journal = open(JournalConfig.defaults())) {
            long begin = System.nanoTime();
            long[] latencies =
                    clients(
                            CLIENTS,
                            begin + 2 * partNanos,
                            (index, client) -> {
                                long due =
                                        begin
                                                + (index / CLIENTS) * gapNanos
                                                + client * gapNanos / CLIENTS;
                                while (System.nanoTime() < due) {
                                    LockSupport.parkNanos(due - System.nanoTime());
                                }
                                append(journal, bodies, index, 10);
                                return due;
                            });
            JournalStatus status = journal.status();
            print(
                    "open loop, 1000 requests/s of 10 events: ack p50 %.2f p99 %.2f ms, force p50 "
                            + "%.2f p99 %.2f ms, requests per force p50 %d",
                    quantile(latencies, 0.5),
                    quantile(latencies, 0.99),
                    status.forceNanos().quantile(0.5) / 1e6,
                    status.forceNanos().quantile(0.99) / 1e6,
                    status.requestsPerForce().quantile(0.5));
        }
    }

    private void bareForce() throws IOException {
        byte[] body = bodies(10).getFirst();
        Path path = folder.resolve("bare");
        Disk.real().delete(path);
        List<Long> nanos = new ArrayList<>();
        try (DiskFile file = Disk.real().open(path, Disk.Mode.CREATE)) {
            long end = System.nanoTime() + partNanos;
            long position = 0;
            while (System.nanoTime() < end) {
                long due = System.nanoTime() + 1_000_000;
                file.write(ByteBuffer.wrap(body), position);
                position += body.length;
                long begin = System.nanoTime();
                file.force();
                nanos.add(System.nanoTime() - begin);
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        print(
                "bare fdatasync of %d bytes, 1000/s: p50 %.2f p99 %.2f ms",
                body.length, quantile(sorted, 0.5), quantile(sorted, 0.99));
        Disk.real().delete(path);
    }

    /** One request; returns when it was due, or 0 for when it was begun. */
    private interface Request {
        long send(int index, int client) throws Exception;
    }

    /** Sends until {@code end}; the latencies in nanoseconds, ascending. */
    private static long[] clients(int count, long end, Request request) throws Exception {
        List<Future<List<Long>>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < count; client++) {
                int number = client;
                done.add(threads.submit(() -> client(number, count, end, request)));
            }
        }
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> each : done) {
            all.addAll(each.get());
        }
        return all.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static List<Long> client(int number, int count, long end, Request request)
            throws Exception {
        List<Long> latencies = new ArrayList<>();
        for (int index = number; System.nanoTime() < end; index += count) {
            long begin = System.nanoTime();
            long due = request.send(index, number);
            latencies.add(System.nanoTime() - (due == 0 ? begin : due));
        }
        return latencies;
    }

    private static long append(Journal journal, List<byte[]> bodies, int index, int count) {
        byte[] body = bodies.get(index % BODIES);
        journal.append(
                new Append(Stream.EVENTS, 1, 1, body, body.length, count, "key:bench", null, null));
        return 0;
    }

    private static List<byte[]> bodies(int events) {
        EventGenerator generator = new EventGenerator(1);
        List<byte[]> bodies = new ArrayList<>();
        for (int index = 0; index < BODIES; index++) {
            bodies.add(EventBatchCodec.encode(generator.next(events)));
        }
        return bodies;
    }

    private Journal open(JournalConfig config) throws IOException {
        Path next = folder.resolve("run-" + run++);
        if (Files.exists(next)) {
            throw new IOException(next + ": exists (expected: an empty folder)");
        }
        return Journal.open(config, Disk.real(), next, InstantSource.system());
    }

    private static double quantile(long[] sorted, double quantile) {
        if (sorted.length == 0) {
            return 0;
        }
        int index = (int) Math.ceil(quantile * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}

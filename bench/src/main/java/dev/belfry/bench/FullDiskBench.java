package dev.belfry.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk that really fills while clients of each protocol send, and is emptied again: what each is
 * told, and whether all that was acknowledged is there.
 */
final class FullDiskBench {
    private static final List<String> PROTOCOLS = List.of("json", "otlp", "loki", "bulk");
    private static final int BATCH = 1000;
    private static final int PIECE = 1 << 20;
    private static final int FULL_SECONDS = 8;
    private static final int AFTER_SECONDS = 6;
    private static final int SYSLOG_PER_SECOND = 500;

    private final BelfryProcess belfry;
    private final Path folder;
    private final int syslogPort;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean full = new AtomicBoolean();
    private final Map<String, AtomicLong> taken = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> codes = new ConcurrentHashMap<>();

    private FullDiskBench(BelfryProcess belfry, Path folder, int syslogPort) {
        this.belfry = belfry;
        this.folder = folder;
        this.syslogPort = syslogPort;
    }

    /** Fills the file system of {@code folder}, which is to be a small one. */
    static void run(Options options, Path folder) throws Exception {
        long room = Files.getFileStore(folder).getUsableSpace();
        if (room > 4L << 30) {
            throw new IllegalArgumentException(
                    "--full "
                            + folder
                            + ": "
                            + (room >> 20)
                            + " MiB free (expected: a file system with at most 4096)");
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Map<String, String> settings =
                Map.of("BELFRY_SYSLOG_LISTENERS", "[{\"protocol\":\"tcp\",\"port\":" + port + "}]");
        try (BelfryProcess belfry =
                BelfryProcess.start(options.launcher(), folder.resolve("data"), settings)) {
            new FullDiskBench(belfry, folder, port).run();
        } finally {
            Files.deleteIfExists(folder.resolve("filler"));
        }
    }

    private void run() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (String protocol : PROTOCOLS) {
                running.add(
                        clients.submit(() -> {
                            client(protocol);
                            return null;
                        }));
            }
            running.add(
                    clients.submit(() -> {
                        syslog();
                        return null;
                    }));
            TimeUnit.SECONDS.sleep(4);
            fill();
            full.set(true);
            System.out.println("full: " + Files.getFileStore(folder).getUsableSpace() + " bytes");
            TimeUnit.SECONDS.sleep(FULL_SECONDS);
            belfry.get("/api/v1/monitoring/events?limit=10&consistency=eventual");
            System.out.println("queries are answered while it is full");
            Files.delete(folder.resolve("filler"));
            full.set(false);
            TimeUnit.SECONDS.sleep(AFTER_SECONDS);
            ended.set(true);
            for (Future<?> client : running) {
                client.get(60, TimeUnit.SECONDS);
            }
        }
        ProcessClock.awaitIdle(belfry.handle());
        long acknowledged = taken.values().stream().mapToLong(AtomicLong::get).sum();
        long stored = belfry.get("/api/v1/monitoring/stats").at("/data/total_events").asLong();
        System.out.println("answers while it was full: " + new TreeMap<>(codes));
        System.out.println("events taken: " + new TreeMap<>(taken));
        System.out.printf("%,d acknowledged or sent by syslog, %,d stored%n", acknowledged, stored);
        if (stored < acknowledged) {
            throw new IllegalStateException("lost: " + (acknowledged - stored));
        }
    }

    /* The file system is filled again and again, for what the server gives up meanwhile. */
    private void fill() throws IOException, InterruptedException {
        byte[] piece = new byte[PIECE];
        try (OutputStream filler = Files.newOutputStream(folder.resolve("filler"))) {
            int refused = 0;
            while (refused < 10) {
                try {
                    filler.write(piece);
                } catch (IOException isFull) {
                    refused++;
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            }
        }
    }

    private void count(Map<String, AtomicLong> counts, String key, long more) {
        counts.computeIfAbsent(key, _ -> new AtomicLong()).addAndGet(more);
    }

    /* Sends each batch until it is taken, as clients do that retry. */
    private void client(String protocol) throws IOException, InterruptedException {
        long start = Instant.now().toEpochMilli();
        String path = ProtocolBench.path(protocol);
        String type = ProtocolBench.type(protocol);
        try (Wire wire = Wire.open(belfry)) {
            for (long first = 0; !ended.get(); first += BATCH) {
                byte[] body = ProtocolBench.body(protocol, start, first);
                int code = wire.post(path, type, body);
                boolean good = code < 300 && !wire.answered().contains("\"errors\":true");
                while (!good) {
                    if (full.get()) {
                        count(codes, protocol + " " + code, 1);
                    }
                    TimeUnit.MILLISECONDS.sleep(200);
                    code = wire.post(path, type, body);
                    good = code < 300 && !wire.answered().contains("\"errors\":true");
                }
                count(taken, protocol, BATCH);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /* Lines as fast as they are read; a listener that stops reading stops this one. */
    private void syslog() throws IOException, InterruptedException {
        try (Socket socket = new Socket("127.0.0.1", syslogPort);
                OutputStream output = new BufferedOutputStream(socket.getOutputStream())) {
            for (int number = 0; !ended.get(); number++) {
                String line = "<14>1 - host bench - - - line " + number + "\n";
                output.write(line.getBytes(StandardCharsets.US_ASCII));
                count(taken, "syslog", 1);
                if (number % (SYSLOG_PER_SECOND / 10) == 0) {
                    output.flush();
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            }
        }
    }
}

package dev.belfry.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Syslog over one TCP connection: lines in until they are indexed, and the same lines in rsyslog,
 * which writes them to a plain file. CPU is counted until nothing goes on any more.
 */
final class SyslogBench {
    private static final int WARM_LINES = 200_000;
    private static final int BATCH = 1000;
    private static final int START_TRIES = 100;
    private static final String RSYSLOG = "rsyslog";

    private SyslogBench() {}

    private record Sent(long lines, long bytes, double seconds) {}

    /** Measures Belfry, and rsyslog if the peers have it, in turn. */
    static void run(Options options, Path folder) throws Exception {
        if (!options.peers().isEmpty() && !options.peers().equals(List.of(RSYSLOG))) {
            throw new IllegalArgumentException(
                    "--peers " + options.peers() + " (expected: rsyslog)");
        }
        double[] belfry = new double[options.repeat()];
        double[] rsyslog = new double[options.repeat()];
        for (int run = 0; run < options.repeat(); run++) {
            belfry[run] = belfry(options, folder.resolve("belfry"));
            Programs.delete(folder.resolve("belfry"));
            if (!options.peers().isEmpty()) {
                rsyslog[run] = rsyslog(options, Files.createDirectories(folder.resolve(RSYSLOG)));
                Programs.delete(folder.resolve(RSYSLOG));
            }
        }
        if (!options.peers().isEmpty()) {
            System.out.printf(
                    Locale.ROOT,
                    "medians of %d: %,.0f : %,.0f = %.2f (goal 0.7)%n",
                    options.repeat(),
                    median(belfry),
                    median(rsyslog),
                    median(belfry) / median(rsyslog));
        }
    }

    private static double belfry(Options options, Path data) throws Exception {
        int port = freePort();
        Map<String, String> settings =
                Map.of("BELFRY_SYSLOG_LISTENERS", "[{\"protocol\":\"tcp\",\"port\":" + port + "}]");
        try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), data, settings);
                Socket socket = connect(port)) {
            return measure("Belfry", belfry.handle(), socket, options, () -> stored(belfry));
        }
    }

    private static long stored(BelfryProcess belfry) throws Exception {
        return belfry.get("/api/v1/monitoring/stats").at("/data/total_events").asLong();
    }

    /* Debian's program as it comes, but with this input and this file only. */
    private static double rsyslog(Options options, Path folder) throws Exception {
        int port = freePort();
        Path file = folder.resolve("lines.log");
        Path config = folder.resolve("rsyslog.conf");
        Files.writeString(
                config,
                """
                global(workDirectory="%s")
                module(load="imtcp")
                input(type="imtcp" address="127.0.0.1" port="%d")
                action(type="omfile" file="%s")
                """
                        .formatted(folder, port, file));
        Process process =
                new ProcessBuilder(
                                "rsyslogd",
                                "-n",
                                "-f",
                                config.toString(),
                                "-i",
                                folder.resolve("pid").toString())
                        .inheritIO()
                        .start();
        try (Socket socket = connect(port)) {
            return measure(RSYSLOG, process.toHandle(), socket, options, () -> lines(file));
        } finally {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private interface Count {
        long get() throws Exception;
    }

    private static double measure(
            String name, ProcessHandle process, Socket socket, Options options, Count stored)
            throws Exception {
        SyslogLines lines =
                new SyslogLines(options.lines(), Instant.now().toEpochMilli() - options.events());
        OutputStream output = socket.getOutputStream();
        send(lines, WARM_LINES, output);
        double before = ProcessClock.awaitIdle(process);
        Sent sent = send(lines, options.events(), output);
        double cpu = ProcessClock.awaitIdle(process) - before;
        long kept = stored.get();
        if (kept < sent.lines + WARM_LINES) {
            throw new IOException(name + " has " + kept + " lines of " + (sent.lines + WARM_LINES));
        }
        System.out.printf(
                Locale.ROOT,
                "%s, %,d lines (%s) of %d bytes: %,.0f lines per CPU-second, %.1f s, %d MiB resident%n",
                name,
                sent.lines,
                options.lines(),
                sent.bytes / sent.lines,
                sent.lines / cpu,
                sent.seconds,
                ProcessClock.residentMebibytes(process));
        return sent.lines / cpu;
    }

    private static Sent send(SyslogLines lines, long count, OutputStream output)
            throws IOException {
        long start = System.nanoTime();
        long bytes = 0;
        long sent = 0;
        for (; sent < count; sent += BATCH) {
            byte[] batch = lines.next(BATCH);
            output.write(batch);
            bytes += batch.length;
        }
        return new Sent(sent, bytes, (System.nanoTime() - start) / 1e9);
    }

    private static long lines(Path file) throws IOException {
        long lines = 0;
        byte[] piece = new byte[1 << 20];
        try (InputStream input = Files.newInputStream(file)) {
            for (int read = input.read(piece); read >= 0; read = input.read(piece)) {
                for (int at = 0; at < read; at++) {
                    lines += piece[at] == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static Socket connect(int port) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (ConnectException notYet) {
                if (tries == START_TRIES) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }
}

package dev.belfry.bench;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** The exposition of all series that were sent: how long a page takes, its CPU and memory. */
final class ExpositionBench {
    private static final String PAGE = "/api/v1/monitoring/metrics/prometheus";
    private static final int ROUNDS_BEFORE = 4;

    private ExpositionBench() {}

    static void run(Options options, Path folder) throws Exception {
        int series = Math.toIntExact(options.events());
        RemoteWriteLoad load = new RemoteWriteLoad(series);
        try (MetricServer server =
                MetricServer.start("belfry", options, folder.resolve("belfry"))) {
            long now = System.currentTimeMillis();
            for (int round = ROUNDS_BEFORE; round >= 0; round--) {
                write(server, load, now - round * RemoteWriteLoad.STEP_MILLIS);
            }
            double before = ProcessClock.awaitIdle(server.handle());
            long resident =
                    ProcessClock.residentMebibytes(RemoteWriteBench.leader(server.handle()));
            long most = resident;
            double[] millis = new double[options.rounds()];
            int bytes = 0;
            for (int round = 0; round < millis.length; round++) {
                write(server, load, System.currentTimeMillis());
                before = ProcessClock.cpuSeconds(server.handle());
                long start = System.nanoTime();
                HttpResponse<byte[]> page = server.get(PAGE);
                millis[round] = (System.nanoTime() - start) / 1e6;
                double cpu = ProcessClock.cpuSeconds(server.handle()) - before;
                bytes = page.body().length;
                long lines = lines(page.body());
                most =
                        Math.max(
                                most,
                                ProcessClock.residentMebibytes(
                                        RemoteWriteBench.leader(server.handle())));
                System.out.printf(
                        Locale.ROOT,
                        "page %d: %d, %.0f ms, %.2f s of CPU, %,d lines%n",
                        round,
                        page.statusCode(),
                        millis[round],
                        cpu,
                        lines);
                if (page.statusCode() != 200 || lines < series) {
                    throw new IllegalStateException("the page is not whole");
                }
            }
            Arrays.sort(millis);
            System.out.printf(
                    Locale.ROOT,
                    "%n| series | page MiB | median ms | best ms | resident before, at most MiB |%n"
                            + "| --- | --- | --- | --- | --- |%n| %,d | %.1f | %.0f | %.0f | %d, %d |%n",
                    series,
                    bytes / 1048576.0,
                    millis[millis.length / 2],
                    millis[0],
                    resident,
                    most);
        }
    }

    private static void write(MetricServer server, RemoteWriteLoad load, long time)
            throws Exception {
        for (int body = 0; body < load.bodies(); body++) {
            server.write(load.block(body, time));
        }
    }

    private static long lines(byte[] page) {
        long lines = 0;
        for (byte each : page) {
            lines += each == '\n' ? 1 : 0;
        }
        return lines;
    }
}

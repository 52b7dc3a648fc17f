package dev.belfry.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What series cost that are there: memory of each, and how long a start after {@code kill -9}
 * takes, by the same bodies for Belfry and for peers.
 */
final class SeriesBench {
    /* Samples of each series before memory is looked at, and before the kill. */
    private static final int ROUNDS = 4;
    private static final int PARTS = 10;

    private SeriesBench() {}

    static void run(Options options, Path folder) throws Exception {
        int series = Math.toIntExact(options.events());
        List<String> names = new ArrayList<>(List.of("belfry"));
        names.addAll(options.peers());
        System.out.printf(
                Locale.ROOT,
                "%n%,d series, %d samples of each, the first tenth alone at first; resident memory"
                        + " when idle; killed right after the last acknowledgement%n%n"
                        + "| | new series/CPU-s | MiB with a tenth | MiB with all | bytes/series"
                        + " | start after kill ms | CPU-s until idle | MiB then |%n"
                        + "| --- | --- | --- | --- | --- | --- | --- | --- |%n",
                series,
                ROUNDS);
        for (String name : names) {
            Path data = folder.resolve(name);
            System.out.println(one(name, options, series, data));
            Programs.delete(data);
        }
    }

    private static String one(String name, Options options, int series, Path data)
            throws Exception {
        RemoteWriteLoad all = new RemoteWriteLoad(series);
        RemoteWriteLoad tenth = new RemoteWriteLoad(series / PARTS);
        long time = System.currentTimeMillis() - 4 * ROUNDS * RemoteWriteLoad.STEP_MILLIS;
        StringBuilder row = new StringBuilder("| " + name);
        MetricServer killed;
        try (MetricServer server = MetricServer.start(name, options, data)) {
            ProcessHandle process = server.handle();
            RemoteWriteBench.warm(server, time - 3_600_000);
            for (int index = 0; index < ROUNDS; index++) {
                time += RemoteWriteLoad.STEP_MILLIS;
                RemoteWriteBench.round(server, tenth, time);
            }
            double before = ProcessClock.awaitIdle(process);
            long few = resident(process);
            time += RemoteWriteLoad.STEP_MILLIS;
            RemoteWriteBench.round(server, all, time);
            double cpu = ProcessClock.awaitIdle(process) - before;
            for (int index = 1; index < ROUNDS; index++) {
                time += RemoteWriteLoad.STEP_MILLIS;
                RemoteWriteBench.round(server, all, time);
            }
            ProcessClock.awaitIdle(process);
            long many = resident(process);
            time += RemoteWriteLoad.STEP_MILLIS;
            RemoteWriteBench.round(server, all, time);
            server.kill();
            killed = server;
            int added = series - series / PARTS;
            row.append(
                    String.format(
                            Locale.ROOT,
                            " | %,.0f | %,d | %,d | %,.0f",
                            added / cpu,
                            few,
                            many,
                            (many - few) * 1048576.0 / added));
        }
        try (MetricServer again = MetricServer.again(name, options, data, killed)) {
            double cpu = ProcessClock.awaitIdle(again.handle());
            return row.append(
                            String.format(
                                    Locale.ROOT,
                                    " | %,.0f | %.2f | %,d |",
                                    again.startMillis(),
                                    cpu,
                                    resident(again.handle())))
                    .toString();
        }
    }

    private static long resident(ProcessHandle process) throws Exception {
        return ProcessClock.residentMebibytes(RemoteWriteBench.leader(process));
    }
}

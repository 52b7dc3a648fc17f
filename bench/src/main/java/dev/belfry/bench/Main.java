package dev.belfry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Measures the packaged program, and peers with the same load: {@code belfry bench [--events N]
 * [--peers] [--launcher PATH]}.
 */
public final class Main {
    private static final String HELP =
            """
            belfry bench [--events N] [--peers postgres,chdb] [--launcher FILE]

              --events N        events to send (2000000)
              --peers LIST      peers to measure with the same events: postgres, chdb (none)
              --launcher FILE   the Belfry to measure (./belfry)

            Figures are work per CPU-second of the server, counted until it is idle again.
            """;

    private Main() {}

    /** Runs the benchmark. */
    public static void main(String[] arguments)
            throws IOException, InterruptedException, ExecutionException {
        long events = 2_000_000;
        String peers = "";
        Path launcher = Path.of("belfry").toAbsolutePath();
        for (int i = 0; i < arguments.length; i++) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--events" -> events = Long.parseLong(value);
                case "--peers" -> peers = value;
                case "--launcher" -> launcher = Path.of(value).toAbsolutePath();
                default -> {
                    System.out.print(HELP);
                    return;
                }
            }
            i++;
        }
        Path folder = Files.createTempDirectory("belfry-bench");
        try {
            belfry(launcher, folder, events);
            for (String peer : peers.isEmpty() ? new String[0] : peers.split(",")) {
                switch (peer) {
                    case "postgres" -> PostgresPeer.run(events);
                    case "chdb" -> ChdbPeer.run(folder, events);
                    default ->
                            throw new IllegalArgumentException(
                                    "--peers: " + peer + " (expected: postgres, chdb)");
                }
            }
        } finally {
            delete(folder);
        }
    }

    private static void belfry(Path launcher, Path folder, long events)
            throws IOException, InterruptedException, ExecutionException {
        Path data = folder.resolve("data");
        Distribution forces = AcknowledgeBench.forces(folder, 4096, 500);
        System.out.println("disk: force of 4 KiB " + forces);
        try (BelfryProcess belfry = BelfryProcess.start(launcher, data)) {
            System.out.printf("start to address: %.0f ms%n", belfry.startMillis());
            AcknowledgeBench.run(belfry, 500, 2);
            Distribution acknowledged = AcknowledgeBench.run(belfry, 1000, 10);
            System.out.println("acknowledged, 1,000 requests/s of 10 events: " + acknowledged);
            IngestBench.Result in = IngestBench.run(belfry, data, events);
            System.out.printf(
                    "JSON in, %,d events: %,.0f events per CPU-second, %.1f s, %.1f bytes an event, %d MiB resident%n",
                    events,
                    in.eventsPerCpuSecond(),
                    in.wallSeconds(),
                    in.bytesPerEvent(),
                    in.residentMebibytes());
            for (Map.Entry<String, Distribution> query :
                    QueryBench.run(belfry, events, 40).entrySet()) {
                System.out.println(query.getKey() + ": " + query.getValue());
            }
            System.out.printf(
                    "resident after queries: %d MiB%n",
                    ProcessClock.residentMebibytes(belfry.handle()));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package dev.belfry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Measures the packaged program, and peers with the same load; {@link Options} has the flags. */
public final class Main {
    private static final int WARM_SECONDS = 15;
    private static final int SECONDS = 30;

    private Main() {}

    /** Runs the benchmark. */
    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
            if (options.only().equals("bench")) {
                options.peers().forEach(Peer::of);
            }
        } catch (IllegalArgumentException misuse) {
            System.out.print(Options.HELP);
            if (!List.of(arguments).contains("--help")) {
                System.err.println("belfry bench: " + misuse.getMessage());
                System.exit(2);
            }
            return;
        }
        Path folder = Files.createTempDirectory("belfry-bench");
        /* PostgreSQL runs as another user. */
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        try {
            switch (options.only()) {
                case "acknowledge" -> AcknowledgeBench.windows(options, folder);
                case "soak" -> SoakBench.run(options, folder);
                case "read" -> ReadBench.run(options, folder);
                case "kills" -> KillBench.run(options, folder);
                case "flood" -> FloodBench.run(options, folder);
                case "restart" -> RestartBench.run(options, folder);
                case "full" -> FullDiskBench.run(options, options.folder());
                case "remote-write" -> RemoteWriteBench.run(options, folder);
                case "metrics-in" -> MetricsInBench.run(options, folder);
                case "series" -> SeriesBench.run(options, folder);
                case "sample-bytes" -> SampleBytesBench.run(options, folder);
                case "scrape" -> ScrapeBench.run(options, folder);
                case "scrape-difference" -> ScrapeDifference.run(options, folder);
                case "exposition" -> ExpositionBench.run(options, folder);
                case "promql" -> PromqlBench.run(options, folder);
                case "promql-difference" -> PromqlDifference.run(options, folder);
                case "syslog" -> SyslogBench.run(options, folder);
                case "own" -> OwnBench.run(options, folder);
                case "insights" -> InsightBench.run(options, folder);
                case "search" -> SearchBench.run(options, folder);
                case "otlp", "loki", "bulk", "json" ->
                        ProtocolBench.run(
                                options.launcher(), folder, options.only(), options.events());
                default -> all(options, folder);
            }
        } finally {
            Programs.delete(folder);
        }
    }

    private static void all(Options options, Path folder) throws Exception {
        Figures belfry = new Figures("Belfry");
        for (int run = 0; run < options.repeat(); run++) {
            Path data = folder.resolve("data" + run);
            belfry(options, data, belfry);
            Programs.delete(data);
        }
        List<Figures> peers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (String name : options.peers()) {
            Figures figures = new Figures(name);
            Path own = Files.createDirectories(folder.resolve(name));
            try {
                notes.add(Peer.of(name).measure(own, options.events(), figures));
                peers.add(figures);
            } catch (IOException failure) {
                notes.add(name + " was not measured: " + failure.getMessage());
            }
            Programs.delete(own);
        }
        String report = Report.of(options, belfry, peers, notes);
        Files.createDirectories(options.report().getParent());
        Files.writeString(options.report(), report);
        System.out.println("\n" + report + "\nwritten to " + options.report());
    }

    private static void belfry(Options options, Path data, Figures figures) throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), data)) {
            IngestBench.run(belfry, options.events(), figures);
            QueryBench.overHttp(belfry, options.events(), figures);
        }
        QueryBench.bytes(data, figures);
        Path other = data.resolveSibling(data.getFileName() + "-acknowledge");
        try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), other)) {
            AcknowledgeBench.run(belfry, 1000, WARM_SECONDS);
            AcknowledgeBench.Answer answer = AcknowledgeBench.run(belfry, 1000, SECONDS);
            figures.add(Measure.ACKNOWLEDGED, answer.acknowledged().percentile(0.99));
            figures.add(Measure.FORCE, answer.forces().percentile(0.99));
        }
        Programs.delete(other);
    }
}

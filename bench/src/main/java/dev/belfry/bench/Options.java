package dev.belfry.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param events how many are sent
 * @param repeat how often Belfry is measured
 * @param peers which others are measured
 * @param report where the table is written to
 * @param launcher the Belfry to measure
 * @param only the one part to run: bench, soak, kills, flood, acknowledge, read, own, insights,
 *     restart, full, or a protocol: otlp, loki, bulk, json
 * @param time how long the load lasts, where the part asks for it
 * @param kills how often it is killed
 * @param folder which file system is filled
 * @param rounds rounds of all series, where series are written
 * @param peersFolder where peers of metrics are unpacked
 * @param hosts how many hosts of samples, {@link PromqlBench}
 * @param hours how many hours of samples
 * @param span how many hours queries reach back; 0: as many as their kind does
 * @param seed where generated queries begin
 * @param lines which lines of syslog: logs or words
 */
record Options(
        long events,
        int repeat,
        List<String> peers,
        Path report,
        Path launcher,
        String only,
        Duration time,
        int kills,
        Path folder,
        int rounds,
        Path peersFolder,
        int hosts,
        int hours,
        int span,
        long seed,
        String lines) {
    private static final List<String> FLAGS_ALONE =
            List.of(
                    "--flood",
                    "--own",
                    "--insights",
                    "--search",
                    "--restart",
                    "--scrape-difference",
                    "--promql",
                    "--promql-difference");

    static final String HELP =
            """
            belfry bench [--events N] [--repeat N] [--peers postgres,chdb,opensearch] [--report FILE]
            belfry bench --soak 10m | --kills N | --acknowledge SECONDS | --read TIME | --flood | --own
                  | --insights | --restart | --full FOLDER | --syslog N

              --events N          events to send (2000000)
              --repeat N          how often Belfry is measured; the medians are shown (1)
              --peers LIST        peers to measure with the same events, once each: postgres (Debian's
                                  package), postgres-values (rows as parameters), chdb (by npm),
                                  opensearch (by Maven) (none)
              --report FILE       where the table is written to (target/bench.md)
              --launcher FILE     the Belfry to measure (./belfry)

              --soak TIME         full load for so long (10m, 30s): resident memory by the minute
              --kills N           kill -9 under load, N times; every acknowledged event must be there
              --acknowledge TIME  durable answers at 1,000 requests/s, by windows of 10 s
              --read TIME         queries right after an answer, and without waiting, beside that load
              --flood             far more than it can take, slow and idle clients: what others see,
                                  by json, otlp, bulk and loki; for --time TIME (1m) each
              --only PROTOCOL     events in by otlp, loki, bulk or json alone
              --restart           questions about --events events, kill -9, and the next start
              --full FOLDER       fills the small file system that FOLDER is on, while clients send
              --own               own metrics on against off, durable against not
              --search            newest events and words among --events events, on the embedded
                                  engine
              --syslog N          N lines of syslog over TCP; --peers rsyslog gets them too, and
                                  writes them to a file
              --lines KIND        of which kind: logs, or words, 31 random ones a line (logs)
              --insights          Insights, patterns, comparison and completion over --events events,
                                  on the embedded engine

              --remote-write N    remote write of N series, against the peers of --peers:
                                  victoria-metrics, prometheus
              --series N          memory of each of N series, and the next start after kill -9,
                                  against the same peers
              --sample-bytes N    bytes on disk for a sample of N hosts, --hours (24) at 15 s, against
                                  the same peers
              --metrics-in N      N series by remote write, OTLP and Influx' lines, these against the
                                  peer of --peers: questdb (by Maven)
              --exposition N      pages of N series: time, CPU and memory
              --rounds N          rounds of all series, or pages (10)
              --scrape N          N targets of 1,000 samples on loopback, every 15 s, against
                                  prometheus
              --time TIME         how long that is measured (2m)
              --scrape-difference Belfry scrapes the node exporter and prometheus, prometheus scrapes
                                  Belfry: what is stored against what was said
              --promql            25 range queries, side by side with prometheus and victoria-metrics, or --peers
              --hosts N           of 74 series each (100)
              --hours N           how long, at a sample every 15 s (1)
              --span N            hours that each query reaches back (an hour, by some kinds more)
              --promql-difference 500 generated queries: the answers of Belfry and of prometheus
              --seed N            which queries (1)
              --peers-folder DIR  where those peers are unpacked, in usr/bin (target/peers/metrics)

            Rates are work per CPU-second of the server, counted until it is idle again.
            """;

    /**
     * What {@code arguments} ask for.
     *
     * @throws IllegalArgumentException when they cannot be understood; the message says why
     */
    static Options parse(String[] arguments) {
        long events = 2_000_000;
        int repeat = 1;
        List<String> peers = List.of();
        Path root = Path.of(System.getProperty("belfry.root", "")).toAbsolutePath();
        Path report = root.resolve("target/bench.md");
        Path launcher = root.resolve("belfry");
        String only = "bench";
        Duration time = Duration.ofMinutes(10);
        int kills = 200;
        Path folder = root;
        int rounds = 10;
        int hosts = 100;
        int hours = 1;
        int span = 0;
        long seed = 1;
        String lines = SyslogLines.LOGS;
        Path peersFolder = root.resolve("target/peers/metrics");
        for (int i = 0; i < arguments.length; i++) {
            String flag = arguments[i];
            if (FLAGS_ALONE.contains(flag)) {
                only = flag.substring(2);
                time = only.equals("flood") ? Duration.ofMinutes(1) : time;
                continue;
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(flag + " (expected: a flag with its value)");
            }
            String value = arguments[++i];
            switch (flag) {
                case "--events" -> events = Long.parseLong(value);
                case "--repeat" -> repeat = Integer.parseInt(value);
                case "--peers" -> peers = List.of(value.split(","));
                case "--report" -> report = Path.of(value).toAbsolutePath();
                case "--launcher" -> launcher = Path.of(value).toAbsolutePath();
                case "--soak", "--acknowledge", "--read" -> {
                    only = flag.substring(2);
                    time = time(value);
                }
                case "--only" -> {
                    if (!List.of("otlp", "loki", "bulk", "json").contains(value)) {
                        throw new IllegalArgumentException(
                                "--only " + value + " (expected: otlp, loki, bulk or json)");
                    }
                    only = value;
                }
                case "--full" -> {
                    only = "full";
                    folder = Path.of(value).toAbsolutePath();
                }
                case "--remote-write", "--metrics-in", "--series", "--exposition", "--syslog" -> {
                    only = flag.substring(2);
                    events = Long.parseLong(value);
                }
                case "--sample-bytes" -> {
                    only = "sample-bytes";
                    hosts = Integer.parseInt(value);
                    hours = 24;
                }
                case "--scrape" -> {
                    only = "scrape";
                    events = Long.parseLong(value);
                    time = Duration.ofMinutes(2);
                }
                case "--time" -> time = time(value);
                case "--hosts" -> hosts = Integer.parseInt(value);
                case "--hours" -> hours = Integer.parseInt(value);
                case "--span" -> span = Integer.parseInt(value);
                case "--seed" -> seed = Long.parseLong(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--lines" -> lines = value;
                case "--peers-folder" -> peersFolder = Path.of(value).toAbsolutePath();
                case "--kills" -> {
                    only = "kills";
                    kills = Integer.parseInt(value);
                }
                default -> throw new IllegalArgumentException(flag + " (expected: a known flag)");
            }
        }
        return new Options(
                events,
                repeat,
                peers,
                report,
                launcher,
                only,
                time,
                kills,
                folder,
                rounds,
                peersFolder,
                hosts,
                hours,
                span,
                seed,
                lines);
    }

    /** The program {@code name} of the peers of metrics. */
    String binary(String name) {
        return peersFolder.resolve("usr/bin").resolve(name).toString();
    }

    private static Duration time(String text) {
        return text.matches("\\d+")
                ? Duration.ofSeconds(Long.parseLong(text))
                : Duration.parse("PT" + text);
    }
}

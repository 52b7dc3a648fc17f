package dev.belfry.bench;

import dev.belfry.model.series.Labels;
import dev.belfry.receive.Snappy;
import dev.belfry.testkit.HostMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Bytes on disk for a sample of {@link HostMetrics}, sent by remote write as hosts would have been
 * scraped every 15 s: the same bodies for Belfry and for peers.
 */
final class SampleBytesBench {
    private static final long STEP_MILLIS = 15_000;
    private static final long HOUR_MILLIS = 3_600_000;

    /* All of them have merged what they will within two minutes. */
    private static final long SETTLED_MILLIS = 130_000;

    /* What is not in files of samples yet: a journal. */
    private static final List<String> JOURNALS = List.of("/journal/", "/wal/", "/chunks_head/");

    private SampleBytesBench() {}

    static void run(Options options, Path folder) throws Exception {
        List<String> names = new ArrayList<>(List.of("belfry"));
        names.addAll(options.peers());
        System.out.printf(
                Locale.ROOT,
                "%n%d hosts, %d hours at 15 s; settled is %d s after the last one%n%n"
                        + "| | samples | bytes/sample when sent | settled | without the journal |%n"
                        + "| --- | --- | --- | --- | --- |%n",
                options.hosts(),
                options.hours(),
                SETTLED_MILLIS / 1000);
        for (String name : names) {
            Path data = folder.resolve(name);
            System.out.println(one(name, options, data));
            Programs.delete(data);
        }
    }

    private static String one(String name, Options options, Path data) throws Exception {
        try (MetricServer server = MetricServer.start(name, options, data)) {
            ProcessClock.awaitIdle(server.handle());
            long empty = Programs.bytes(data);
            long samples = send(server, options.hosts(), options.hours());
            ProcessClock.awaitIdle(server.handle());
            double sent = Programs.bytes(data) - empty;
            Thread.sleep(SETTLED_MILLIS);
            if (name.equals("victoria-metrics")) {
                server.get("/internal/force_merge");
            }
            ProcessClock.awaitIdle(server.handle());
            double settled = Programs.bytes(data) - empty;
            double journal = journal(data);
            return String.format(
                    Locale.ROOT,
                    "| %s | %,d | %.3f | %.3f | %.3f |",
                    name,
                    samples,
                    sent / samples,
                    settled / samples,
                    (settled - journal) / samples);
        }
    }

    /* A body for each scrape of a host; how many samples there were. */
    private static long send(MetricServer server, int hosts, int hours) throws Exception {
        List<HostMetrics> metrics = new ArrayList<>();
        List<List<ProtoMessage>> series = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            metrics.add(new HostMetrics(1, host));
            series.add(metrics.get(host).labels().stream().map(SampleBytesBench::labels).toList());
        }
        double[] values = new double[series.getFirst().size()];
        long steps = hours * HOUR_MILLIS / STEP_MILLIS;
        long now = System.currentTimeMillis();
        for (long step = 0; step < steps; step++) {
            for (int host = 0; host < hosts; host++) {
                metrics.get(host).scrape(values);
                long offset = 7919L * host % STEP_MILLIS;
                long time = now - now % STEP_MILLIS - (steps - step) * STEP_MILLIS - offset;
                ProtoMessage body = new ProtoMessage();
                for (int i = 0; i < values.length; i++) {
                    ProtoMessage sample =
                            new ProtoMessage()
                                    .fixed64(1, Double.doubleToRawLongBits(values[i]))
                                    .varint(2, time);
                    body.message(1, series.get(host).get(i).with(2, sample));
                }
                byte[] bytes = body.bytes();
                server.write(Snappy.deflate(bytes, bytes.length));
            }
        }
        return steps * hosts * values.length;
    }

    private static ProtoMessage labels(Labels labels) {
        ProtoMessage message = new ProtoMessage();
        labels.forEach((name, value) ->
                message.message(1, new ProtoMessage().text(1, name).text(2, value)));
        return message;
    }

    private static long journal(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.toString();
                sum += JOURNALS.stream().anyMatch(name::contains) ? Files.size(file) : 0;
            }
            return sum;
        }
    }
}

package dev.belfry.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Events in by a protocol of others: batches of 1000 from four connections, CPU counted until
 * nothing goes on any more.
 */
final class ProtocolBench {
    private static final int BATCH = 1000;
    private static final int CLIENTS = 4;
    private static final int RESOURCES = 10;
    private static final int STREAMS = 40;
    private static final long SEED = 7;

    private ProtocolBench() {}

    /** Measures {@code protocol}: otlp, loki, bulk or json, on a Belfry of its own. */
    static void run(Path launcher, Path folder, String protocol, long events) throws Exception {
        try (BelfryProcess belfry = BelfryProcess.start(launcher, folder.resolve(protocol))) {
            send(belfry, protocol, Math.min(events, 200_000));
            double before = ProcessClock.awaitIdle(belfry.handle());
            long began = System.nanoTime();
            long bytes = send(belfry, protocol, events);
            double wall = (System.nanoTime() - began) / 1e9;
            double cpu = ProcessClock.awaitIdle(belfry.handle()) - before;
            System.out.printf(
                    "%s in, %,d events of %d bytes: %,.0f events per CPU-second, %.1f s, %d MiB resident%n",
                    protocol,
                    events,
                    bytes / events,
                    events / cpu,
                    wall,
                    ProcessClock.residentMebibytes(belfry.handle()));
        }
    }

    private static long send(BelfryProcess belfry, String protocol, long events) throws Exception {
        long start = Instant.now().toEpochMilli() - events;
        AtomicLong next = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                running.add(
                        clients.submit(() -> {
                            send(belfry, protocol, events, start, next, bytes);
                            return null;
                        }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
        return bytes.get();
    }

    private static void send(
            BelfryProcess belfry,
            String protocol,
            long events,
            long start,
            AtomicLong next,
            AtomicLong bytes)
            throws IOException, InterruptedException {
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        for (long first = next.getAndAdd(BATCH); first < events; first = next.getAndAdd(BATCH)) {
            byte[] body = body(protocol, start, first);
            bytes.addAndGet(body.length);
            HttpRequest request =
                    HttpRequest.newBuilder(belfry.address().resolve(path(protocol)))
                            .header("authorization", "Bearer " + belfry.token())
                            .header("content-type", type(protocol))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            while (answer.statusCode() == 503 || answer.statusCode() == 429) {
                TimeUnit.MILLISECONDS.sleep(200);
                answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            }
            if (answer.statusCode() >= 300) {
                throw new IOException(answer.statusCode() + ": " + answer.body());
            }
        }
    }

    /** A thousand events. */
    static byte[] body(String protocol, long startMillis, long first) {
        return switch (protocol) {
            case "otlp" -> otlp(startMillis, first);
            case "loki" -> loki(startMillis, first);
            case "bulk" -> bulk(startMillis, first);
            default -> new JsonEvents(SEED, startMillis, first).lines(BATCH);
        };
    }

    static String path(String protocol) {
        return switch (protocol) {
            case "otlp" -> "/v1/logs";
            case "loki" -> "/loki/api/v1/push";
            case "bulk" -> "/_bulk";
            default -> "/api/v1/monitoring/events";
        };
    }

    static String type(String protocol) {
        return switch (protocol) {
            case "otlp" -> "application/x-protobuf";
            case "loki" -> "application/json";
            default -> "application/x-ndjson";
        };
    }

    /** Records as a Collector sends them: three resource attributes, a scope, four attributes. */
    private static byte[] otlp(long startMillis, long first) {
        SplittableRandom random = new SplittableRandom(SEED + first);
        JsonEvents words = new JsonEvents(SEED, startMillis, first);
        ProtoMessage request = new ProtoMessage();
        long number = first;
        for (int index = 0; index < RESOURCES; index++) {
            ProtoMessage resource = new ProtoMessage();
            resource.pair(1, "service.name", "service-" + random.nextInt(40));
            resource.pair(1, "host.name", "host-" + random.nextInt(200));
            resource.pair(1, "deployment.environment.name", "production");
            ProtoMessage scopeLogs = new ProtoMessage();
            scopeLogs.message(1, new ProtoMessage().text(1, "com.example.Orders"));
            for (int record = 0; record < BATCH / RESOURCES; record++) {
                scopeLogs.message(2, record(random, words, startMillis, number++));
            }
            ProtoMessage resourceLogs =
                    new ProtoMessage().message(1, resource).message(2, scopeLogs);
            request.message(1, resourceLogs);
        }
        return request.bytes();
    }

    private static ProtoMessage record(
            SplittableRandom random, JsonEvents words, long startMillis, long number) {
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < 8; word++) {
            text.append(word == 0 ? "" : " ").append(words.word(random.nextInt(2000)));
        }
        int level = random.nextInt(6);
        String[] levels = {"DEBUG", "INFO", "INFO", "INFO", "WARN", "ERROR"};
        int[] numbers = {5, 9, 9, 9, 13, 17};
        long nanos = (startMillis + number) * 1_000_000;
        ProtoMessage record = new ProtoMessage().fixed64(1, nanos).varint(2, numbers[level]);
        record.text(3, levels[level]);
        record.message(5, new ProtoMessage().text(1, text.toString()));
        record.pair(6, "region", "region-" + random.nextInt(5));
        record.pair(6, "version", "1." + random.nextInt(9) + ".0");
        record.number(6, "duration_ms", random.nextInt(5000));
        record.pair(6, "user", "user-" + random.nextInt(100_000));
        record.data(9, id(random, 16)).data(10, id(random, 8));
        return record.fixed64(11, nanos);
    }

    private static byte[] id(SplittableRandom random, int length) {
        byte[] id = new byte[length];
        random.nextBytes(id);
        return id;
    }

    /** The JSON lines of the reference as the lines of streams. */
    private static byte[] loki(long startMillis, long first) {
        String[] lines =
                new String(
                                new JsonEvents(SEED, startMillis, first).lines(BATCH),
                                StandardCharsets.US_ASCII)
                        .split("\n");
        StringBuilder out = new StringBuilder("{\"streams\":[");
        for (int stream = 0; stream < STREAMS; stream++) {
            out.append(stream == 0 ? "" : ",").append("{\"stream\":{\"service_name\":\"service-");
            out.append(stream).append("\",\"environment\":\"production\"},\"values\":[");
            for (int line = stream; line < lines.length; line += STREAMS) {
                out.append(line == stream ? "" : ",").append("[\"");
                out.append((startMillis + first + line) * 1_000_000).append("\",\"");
                out.append(lines[line].replace("\"", "\\\"")).append("\"]");
            }
            out.append("]}");
        }
        return out.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The JSON lines of the reference as documents of Elasticsearch. */
    private static byte[] bulk(long startMillis, long first) {
        String lines =
                new String(
                        new JsonEvents(SEED, startMillis, first).lines(BATCH),
                        StandardCharsets.US_ASCII);
        return lines.lines()
                .map(line -> "{\"create\":{\"_index\":\"logs\"}}\n" + line + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
    }
}

package dev.belfry.receive;

import com.sun.management.OperatingSystemMXBean;
import dev.belfry.receive.loki.PushJson;
import dev.belfry.receive.otlp.LogsJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * CPU time of the process per event: OTLP records and Loki entries to a batch, lines of StatsD to
 * what is flushed. Run {@link #main} by hand.
 */
public final class ProtocolsBenchmark {
    private static final int EVENTS = 1_000;
    private static final int ROUNDS = 3_000;
    private static final int REPEATS = 4;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ProtocolsBenchmark() {}

    /** Prints microseconds an event. */
    public static void main(String[] arguments) {
        byte[] otlpJson = otlp().getBytes(StandardCharsets.UTF_8);
        byte[] otlp = bytes(LogsJson.read(otlpJson, otlpJson.length));
        byte[] lokiJson = loki().getBytes(StandardCharsets.UTF_8);
        byte[] loki = bytes(PushJson.read(lokiJson, lokiJson.length));
        byte[] statsd = statsd().getBytes(StandardCharsets.UTF_8);
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            measure("StatsD", statsd.length, () -> statsd(statsd));
            measure("OTLP", otlp.length, () -> otlp(otlp, false));
            measure("OTLP JSON", otlpJson.length, () -> otlp(otlpJson, true));
            measure("Loki", loki.length, () -> loki(loki, false));
            measure("Loki JSON", lokiJson.length, () -> loki(lokiJson, true));
        }
    }

    private static int otlp(byte[] body, boolean json) {
        return OtlpLogs.decode(
                        body,
                        body.length,
                        json,
                        JsonEventsConfig.DEFAULTS,
                        Decoding.NOW,
                        SourceRule.ANY)
                .batch()
                .count();
    }

    private static int loki(byte[] body, boolean json) {
        return LokiPush.decode(
                        body,
                        body.length,
                        json,
                        JsonEventsConfig.DEFAULTS,
                        Decoding.NOW,
                        SourceRule.ANY)
                .batch()
                .count();
    }

    /* Ten packets, then a flush. */
    private static int statsd(byte[] lines) {
        StatsdMetrics metrics = new StatsdMetrics(null);
        for (int packet = 0; packet < 10; packet++) {
            int from = packet * (lines.length / 10);
            metrics.add(lines, from, from + lines.length / 10);
        }
        return metrics.take().lines();
    }

    private static void measure(String name, int bytes, IntSupplier task) {
        long start = PROCESS.getProcessCpuTime();
        long sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            sum += task.getAsInt();
        }
        double micros = (PROCESS.getProcessCpuTime() - start) / 1e3 / ROUNDS / EVENTS;
        System.out.printf(
                Locale.ROOT,
                "%-9s %d bytes an event, %.3f µs CPU/event (%d)%n",
                name,
                bytes / EVENTS,
                micros,
                sum);
    }

    private static byte[] bytes(ProtoWriter out) {
        return Arrays.copyOf(out.bytes(), out.size());
    }

    private static String otlp() {
        Random random = new Random(1);
        StringBuilder json =
                new StringBuilder("{\"resourceLogs\":[{\"resource\":{\"attributes\":[");
        json.append(text("service.name", "shop")).append(',').append(text("host.name", "host-1"));
        json.append("]},\"scopeLogs\":[{\"scope\":{\"name\":\"com.example.Orders\"},");
        json.append("\"logRecords\":[");
        for (int event = 0; event < EVENTS; event++) {
            json.append(event == 0 ? "" : ",");
            json.append("{\"timeUnixNano\":\"1769248800000000000\",\"severityNumber\":9,");
            json.append("\"severityText\":\"INFO\",\"body\":{\"stringValue\":\"");
            json.append("request completed user timeout connection order payment accepted\"},");
            json.append(
                    String.format(
                            Locale.ROOT,
                            "\"traceId\":\"%016x%016x\",\"spanId\":\"%016x\",",
                            random.nextLong(),
                            random.nextLong(),
                            random.nextLong()));
            json.append("\"attributes\":[").append(text("region", "eu-west-1")).append(',');
            json.append(text("version", "1." + random.nextInt(9))).append(',');
            json.append(text("user", "user-" + random.nextInt(100_000)));
            json.append(",{\"key\":\"duration_ms\",\"value\":{\"intValue\":");
            json.append(random.nextInt(5_000)).append("}}]}");
        }
        return json.append("]}]}]}").toString();
    }

    private static String text(String key, String value) {
        return "{\"key\":\"" + key + "\",\"value\":{\"stringValue\":\"" + value + "\"}}";
    }

    private static String loki() {
        StringBuilder json = new StringBuilder("{\"streams\":[{\"stream\":{\"service_name\":");
        json.append("\"shop\",\"level\":\"info\",\"pod\":\"shop-1\"},\"values\":[");
        for (int event = 0; event < EVENTS; event++) {
            json.append(event == 0 ? "" : ",").append("[\"17692488000000").append(10_000 + event);
            json.append("\",\"request completed user timeout connection order payment accepted");
            json.append(" in ").append(event).append(" ms\"]");
        }
        return json.append("]}]}").toString();
    }

    /* Lines of 50 bytes: a counter, a timer and a gauge of 100 series each. */
    private static String statsd() {
        StringBuilder text = new StringBuilder();
        for (int event = 0; event < EVENTS; event++) {
            String line =
                    switch (event % 3) {
                        case 0 -> "shop.orders:1|c|#zone:a,host:h" + event % 100;
                        case 1 -> "shop.duration:" + event + "|ms|@0.5|#host:h" + event % 100;
                        default -> "shop.queue:" + event + "|g|#zone:a,host:h" + event % 100;
                    };
            text.append(line).append(" ".repeat(49 - line.length())).append('\n');
        }
        return text.toString();
    }
}

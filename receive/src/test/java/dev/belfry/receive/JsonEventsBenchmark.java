package dev.belfry.receive;

import com.sun.management.OperatingSystemMXBean;
import dev.belfry.model.EventBatch;
import dev.belfry.model.wire.EventBatchCodec;
import dev.belfry.model.wire.WireWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * CPU time of the process per event, compiler and collector included: JSON to a batch, what is done
 * to it, a batch to bytes and back. Run {@link #main} by hand.
 */
public final class JsonEventsBenchmark {
    private static final int EVENTS = 1_000;
    private static final int ROUNDS = 3_000;
    private static final int REPEATS = 4;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final String[] WORDS = {
        "request", "completed", "user", "timeout", "connection", "order", "payment", "accepted"
    };

    private JsonEventsBenchmark() {}

    /** Prints microseconds an event. */
    public static void main(String[] arguments) {
        byte[] array = ("[" + events(",") + "]").getBytes(StandardCharsets.UTF_8);
        byte[] lines = events("\n").getBytes(StandardCharsets.UTF_8);
        System.out.printf(Locale.ROOT, "%d bytes an event%n", lines.length / EVENTS);
        EventBatch batch = Decoding.decode(lines).batch();
        byte[] wire = EventBatchCodec.encode(batch);
        Preparation preparation = Preparation.of(PreparationConfig.DEFAULTS, (_, _) -> {});
        WireWriter writer = new WireWriter(wire.length);
        System.out.printf(Locale.ROOT, "%d bytes an event as a batch%n", wire.length / EVENTS);
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            measure("array", () -> Decoding.decode(array).batch().count());
            measure("prepare", () -> preparation.prepare(batch, SourceRule.ANY).count());
            measure("lines", () -> Decoding.decode(lines).batch().count());
            measure(
                    "encode",
                    () -> {
                        writer.clear();
                        EventBatchCodec.encode(batch, writer);
                        return writer.size();
                    });
            measure("decode", () -> EventBatchCodec.decode(wire).count());
        }
    }

    private static void measure(String name, IntSupplier task) {
        long start = PROCESS.getProcessCpuTime();
        long sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            sum += task.getAsInt();
        }
        double micros = (PROCESS.getProcessCpuTime() - start) / 1e3 / ROUNDS / EVENTS;
        System.out.printf(Locale.ROOT, "%-8s %.3f µs CPU/event (%d)%n", name, micros, sum);
    }

    private static String events(String separator) {
        Random random = new Random(1);
        StringBuilder json = new StringBuilder();
        for (int event = 0; event < EVENTS; event++) {
            StringBuilder message = new StringBuilder();
            for (int word = 0; word < 8; word++) {
                message.append(word == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
            }
            json.append(event == 0 ? "" : separator)
                    .append(
                            String.format(
                                    Locale.ROOT,
                                    "{\"event_type\":\"log\",\"source\":\"service-%d\","
                                            + "\"timestamp\":\"2026-01-24T10:00:%02d.%03dZ\","
                                            + "\"level\":\"info\",\"message\":\"%s\","
                                            + "\"trace_id\":\"%016x%016x\",\"tags\":{\"host\":"
                                            + "\"host-%d\",\"region\":\"eu-west-1\",\"environment\":"
                                            + "\"production\",\"version\":\"1.%d.0\"},\"payload\":"
                                            + "{\"duration_ms\":%d,\"request_id\":\"req-%d\"}}",
                                    random.nextInt(40),
                                    random.nextInt(60),
                                    random.nextInt(1_000),
                                    message,
                                    random.nextLong(),
                                    random.nextLong(),
                                    random.nextInt(100),
                                    random.nextInt(9),
                                    random.nextInt(5_000),
                                    random.nextInt(1_000_000)));
        }
        return json.toString();
    }
}

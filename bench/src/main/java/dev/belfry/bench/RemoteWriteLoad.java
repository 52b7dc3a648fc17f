package dev.belfry.bench;

import dev.belfry.model.series.Labels;
import dev.belfry.receive.Snappy;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The load of remote write 1.0 that every system gets: series of ten labels, 2000 samples a body, a
 * round of all series every 15 seconds of the samples' time, and some new series in place of
 * others.
 */
final class RemoteWriteLoad {
    /* A body is made once, with times and values in places that are written over for each round. */
    static final int BATCH = 2000;
    static final long STEP_MILLIS = 15_000;
    private static final double CHURN_PER_ROUND = 0.02 / 240;
    private static final int TIME_BYTES = 6;

    private final int series;
    private final Random random = new Random(7);
    private final int[] generations;
    private final double[] values;
    private final byte[][] bodies;
    private final int[][] places;

    RemoteWriteLoad(int series) {
        this.series = series;
        this.generations = new int[series];
        this.values = new double[series];
        int count = (series + BATCH - 1) / BATCH;
        this.bodies = new byte[count][];
        this.places = new int[count][];
        for (int body = 0; body < count; body++) {
            make(body);
        }
    }

    /** How many bodies a round has. */
    int bodies() {
        return bodies.length;
    }

    /** The labels of series {@code number} in its {@code generation}. */
    static Labels labels(int number, int generation) {
        int instance = number / 500;
        return Labels.of(
                "__name__",
                "app_requests_" + number % 500 / 5 + "_total",
                "cluster",
                "eu-" + instance % 3,
                "code",
                List.of("200", "201", "404", "429", "500").get(number % 5),
                "env",
                "production",
                "instance",
                "10." + instance / 250 + ".1." + instance % 250 + ":9100",
                "job",
                "shop-" + instance % 20,
                "namespace",
                "team-" + instance % 40,
                "node",
                "node-" + instance % 100 + ".internal",
                "pod",
                "shop-" + instance + "-" + Integer.toHexString(instance * 7919 + generation),
                "region",
                "eu-central-1");
    }

    private void make(int body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Integer> at = new ArrayList<>();
        int last = Math.min(series, (body + 1) * BATCH);
        for (int number = body * BATCH; number < last; number++) {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            labels(number, generations[number])
                    .forEach((name, value) -> {
                        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
                        byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
                        one.write(0x0A);
                        varint(one, nameBytes.length + valueBytes.length + 4);
                        one.write(0x0A);
                        varint(one, nameBytes.length);
                        one.writeBytes(nameBytes);
                        one.write(0x12);
                        varint(one, valueBytes.length);
                        one.writeBytes(valueBytes);
                    });
            one.write(0x12);
            one.write(9 + 1 + TIME_BYTES);
            one.write(0x09);
            int place = one.size();
            one.writeBytes(new byte[8]);
            one.write(0x10);
            one.writeBytes(new byte[TIME_BYTES]);
            out.write(0x0A);
            varint(out, one.size());
            at.add(out.size() + place);
            out.writeBytes(one.toByteArray());
        }
        bodies[body] = out.toByteArray();
        places[body] = at.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** Some series end and others begin: what happens from one round to the next. */
    void churn() {
        int ended = (int) Math.round(series * CHURN_PER_ROUND);
        /* Those that end are neighbours, as when a process is replaced. */
        int from = random.nextInt(Math.max(1, series - ended));
        for (int number = from; number < from + ended; number++) {
            generations[number]++;
        }
        for (int body = from / BATCH; ended > 0 && body <= (from + ended - 1) / BATCH; body++) {
            make(body);
        }
    }

    /** Body {@code body} at {@code timeMillis}, as a Snappy block. */
    byte[] block(int body, long timeMillis) {
        byte[] message = bodies[body].clone();
        ByteBuffer numbers = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = 0; index < places[body].length; index++) {
            int number = body * BATCH + index;
            values[number] += (number * 31 + timeMillis / STEP_MILLIS) % 17;
            int place = places[body][index];
            numbers.putDouble(place, values[number]);
            long rest = timeMillis;
            for (int digit = 0; digit < TIME_BYTES; digit++) {
                int more = digit < TIME_BYTES - 1 ? 0x80 : 0;
                message[place + 9 + digit] = (byte) (rest & 0x7F | more);
                rest >>>= 7;
            }
        }
        return Snappy.deflate(message, message.length);
    }
}

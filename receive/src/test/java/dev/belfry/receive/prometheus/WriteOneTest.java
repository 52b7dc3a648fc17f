package dev.belfry.receive.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.RemoteWrite;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A series is read the same, whatever came before it. */
final class WriteOneTest {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());
    private static final long NOW = 1_769_248_800_000L;

    private final Random random = new Random(SEED);
    private final Resolver resolver = new Resolver();
    private final RemoteWrite write = new RemoteWrite(new KnownFamilies());

    private static final class Resolver implements SeriesResolver {
        final List<Labels> series = new ArrayList<>();
        final Map<List<Long>, Integer> keys = new HashMap<>();
        int resolved;

        @Override
        public long seed() {
            return 42;
        }

        @Override
        public int find(long keyHigh, long keyLow) {
            return keys.getOrDefault(List.of(keyHigh, keyLow), NONE);
        }

        @Override
        public int resolve(long keyHigh, long keyLow, Labels labels) {
            resolved++;
            int number = series.indexOf(labels);
            if (number < 0) {
                number = series.size();
                series.add(labels);
            }
            keys.put(List.of(keyHigh, keyLow), number);
            return number;
        }

        @Override
        public Labels labels(int number) {
            return series.get(number);
        }
    }

    private DecodedSamples decode(List<byte[]> series) {
        ProtoWriter out = new ProtoWriter(1 << 10);
        for (byte[] one : series) {
            out.bytes(1, one, 0, one.length);
        }
        byte[] body = bytes(out);
        return write.decode(
                        RemoteWrite.Message.ONE,
                        body,
                        body.length,
                        SeriesIntake.of(resolver, Set.of()),
                        NOW)
                .decoded();
    }

    private static byte[] bytes(ProtoWriter out) {
        return Arrays.copyOf(out.bytes(), out.size());
    }

    private static void message(ProtoWriter out, int number, ProtoWriter message) {
        out.bytes(number, message.bytes(), 0, message.size());
    }

    private static void label(ProtoWriter out, String name, byte[] value) {
        ProtoWriter label = new ProtoWriter(64);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        label.bytes(1, bytes, 0, bytes.length);
        label.bytes(2, value, 0, value.length);
        message(out, 1, label);
    }

    private void sample(ProtoWriter out) {
        ProtoWriter sample = new ProtoWriter(64);
        if (random.nextInt(8) > 0) {
            sample.fixed64(1, Double.doubleToRawLongBits(random.nextInt(100)));
        }
        if (random.nextInt(8) > 0) {
            sample.varint(
                    2,
                    random.nextInt(8) == 0
                            ? random.nextInt(1 << random.nextInt(31))
                            : NOW + random.nextInt(9));
        }
        if (random.nextInt(16) == 0) {
            // a field of a later version; with a short time it is as long as the usual sample
            sample.varint(3, 1 << random.nextInt(31));
        }
        if (random.nextInt(16) == 0) {
            int longer = out.begin(2); // with a length of more bytes than it needs
            out.bytes(15, sample.bytes(), 0, sample.size());
            out.end(longer);
        } else {
            message(out, 2, sample);
        }
    }

    /** A series as a sender may write it: mostly labels and one sample. */
    private byte[] series() {
        ProtoWriter out = new ProtoWriter(200);
        if (random.nextInt(10) > 0) {
            label(out, "__name__", ("m" + random.nextInt(6)).getBytes(StandardCharsets.UTF_8));
        }
        if (random.nextInt(3) == 0) {
            /* The last label's value ends as a sample looks, and has its length. */
            ProtoWriter like = new ProtoWriter(40);
            sample(like);
            label(out, "z", bytes(like));
        }
        int samples = random.nextInt(4) > 0 ? 1 : random.nextInt(4);
        for (int i = 0; i < samples; i++) {
            sample(out);
        }
        if (random.nextInt(6) == 0) {
            label(out, "late", new byte[] {'a'});
            if (random.nextBoolean()) {
                sample(out);
            }
        }
        if (random.nextInt(10) == 0) {
            out.varint(9, 7);
        }
        return bytes(out);
    }

    private static List<List<Long>> samples(SampleBatch batch) {
        List<List<Long>> all = new ArrayList<>();
        for (int i = 0; i < batch.count(); i++) {
            all.add(
                    List.of(
                            (long) batch.series()[i],
                            batch.timestampsMillis()[i],
                            Double.doubleToRawLongBits(batch.values()[i])));
        }
        return all;
    }

    @Test
    void seriesTogether_areAsEachAlone() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            all.add(series());
        }
        for (int round = 0; round < 20; round++) {
            Collections.shuffle(all, random);
            DecodedSamples together = decode(all);
            List<List<Long>> alone = new ArrayList<>();
            int refused = 0;
            for (byte[] one : all) {
                DecodedSamples decoded = decode(List.of(one));
                alone.addAll(samples(decoded.batch()));
                refused += decoded.refused();
            }
            assertThat(samples(together.batch())).as("seed " + SEED).isEqualTo(alone);
            assertThat(together.refused()).as("seed " + SEED).isEqualTo(refused);
        }
    }

    @Test
    void knownSeriesOfOneSample_areNotResolvedAgain() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ProtoWriter out = new ProtoWriter(100);
            label(out, "__name__", ("m" + i).getBytes(StandardCharsets.UTF_8));
            ProtoWriter sample = new ProtoWriter(64);
            sample.fixed64(1, i);
            sample.varint(2, NOW);
            message(out, 2, sample);
            all.add(bytes(out));
        }
        List<List<Long>> first = samples(decode(all).batch());
        assertThat(resolver.resolved).isEqualTo(100);
        assertThat(samples(decode(all).batch())).isEqualTo(first);
        assertThat(resolver.resolved).isEqualTo(100);
    }

    private static byte[] series(String name, ProtoWriter sample) {
        ProtoWriter out = new ProtoWriter(100);
        label(out, "__name__", name.getBytes(StandardCharsets.UTF_8));
        message(out, 2, sample);
        return bytes(out);
    }

    @Test
    void samplesAsLongAsTheUsualOne_areReadByTheirFields() {
        ProtoWriter usual = new ProtoWriter(64);
        usual.fixed64(1, 5);
        usual.varint(2, NOW);
        ProtoWriter later = new ProtoWriter(64);
        later.fixed64(1, 6);
        later.varint(2, NOW + 1);
        ProtoWriter other = new ProtoWriter(64);
        other.fixed64(1, 7);
        other.varint(2, 1 << 14);
        other.varint(3, 1 << 7); // a field of a later version
        assertThat(other.size()).isEqualTo(usual.size());
        List<byte[]> all = new ArrayList<>();
        for (ProtoWriter sample : List.of(usual, usual, later, other, usual)) {
            all.add(series("m" + all.size(), sample));
        }
        decode(all);
        assertThat(samples(decode(all).batch()))
                .containsExactly(
                        List.of(0L, NOW, 5L),
                        List.of(1L, NOW, 5L),
                        List.of(2L, NOW + 1, 6L),
                        List.of(3L, 1L << 14, 7L),
                        List.of(4L, NOW, 5L));
    }
}

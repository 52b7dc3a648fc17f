package dev.belfry.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.series.StaleNaN;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.testkit.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FloatChunkTest {
    private final FloatChunkCodec codec = new FloatChunkCodec();

    @Test
    void chunk_anyTimesAndValues_comeBackBitForBit() {
        SplittableRandom random = Seeds.random("chunks");
        for (int round = 0; round < 4000; round++) {
            int count = 1 + random.nextInt(round % 50 == 0 ? 9000 : 700);
            long[] times = SampleShapes.times(random, count);
            double[] values = SampleShapes.values(random, count);
            check(times, values, count);
        }
    }

    private void check(long[] times, double[] values, int count) {
        WireWriter out = new WireWriter(0);
        out.u8(77);
        codec.encode(times, values, 0, count, out);
        FloatChunkCodec.Header header =
                FloatChunkCodec.Header.of(out.array(), 1, out.size() - 1);
        assertThat(header)
                .isEqualTo(new FloatChunkCodec.Header(count, times[0], times[count - 1]));
        long[] timesRead = new long[count + 3];
        double[] valuesRead = new double[count + 3];
        byte[] exact = Arrays.copyOfRange(out.array(), 1, out.size());
        assertThat(codec.decode(exact, 0, exact.length, timesRead, valuesRead, 2))
                .isEqualTo(count);
        assertThat(Arrays.copyOfRange(timesRead, 2, 2 + count)).isEqualTo(times);
        for (int i = 0; i < count; i++) {
            if (Double.doubleToRawLongBits(valuesRead[2 + i])
                    != Double.doubleToRawLongBits(values[i])) {
                throw new AssertionError(
                        "value " + i + ": " + valuesRead[2 + i] + " (expected: " + values[i] + ")");
            }
        }
    }

    @Test
    void encode_timesThatDoNotAscend_areRefused() {
        double[] values = new double[3];
        for (long[] times : new long[][] {{1, 1, 2}, {1, 3, 2}, {5, -5, 9}}) {
            assertThatThrownBy(() -> codec.encode(times, values, 0, 3, new WireWriter(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: above the one before");
        }
        long[] apart = {Long.MIN_VALUE, Long.MAX_VALUE, 0};
        assertThatThrownBy(() -> codec.encode(apart, values, 0, 2, new WireWriter(0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codec.encode(apart, values, 0, 0, new WireWriter(0)))
                .hasMessageContaining("samples: 0 (expected: 1–");
    }

    @Test
    void decode_damagedBytes_failsOrGivesAsManySamples() {
        SplittableRandom random = Seeds.random("chunks");
        long[] timesRead = new long[800];
        double[] valuesRead = new double[800];
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            int count = 1 + random.nextInt(400);
            WireWriter out = new WireWriter(0);
            codec.encode(
                    SampleShapes.times(random, count),
                    SampleShapes.values(random, count),
                    0,
                    count,
                    out);
            byte[] bytes = out.toByteArray();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            try {
                int read = codec.decode(bytes, 0, length, timesRead, valuesRead, 0);
                assertThat(read).isBetween(1, 800);
            } catch (WireFormatException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(300);
    }

    @Test
    void chunk_ofConstantAtRegularTimes_takesFewBytes() {
        int count = 5760;
        long[] times = new long[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            times[i] = 1_700_000_000_000L + 15_000L * i;
            values[i] = 0.1;
        }
        values[count - 1] = StaleNaN.VALUE;
        WireWriter out = new WireWriter(0);
        codec.encode(times, values, 0, count - 1, out);
        assertThat(out.size()).isLessThan(30);
        out.clear();
        codec.encode(times, values, 0, count, out);
        assertThat(out.size()).isLessThan(45);
    }
}

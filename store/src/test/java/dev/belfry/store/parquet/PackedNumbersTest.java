package dev.belfry.store.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The two packings of numbers, at every width. */
final class PackedNumbersTest {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());

    private final Random random = new Random(SEED);

    @Test
    void deltas_ofEveryWidthAndCount_readBack() {
        System.out.println("belfry.seed=" + SEED);
        for (int bits = 0; bits <= 64; bits++) {
            for (int count : new int[] {0, 1, 2, 31, 32, 33, 127, 128, 129, 130, 1000}) {
                long[] values = new long[count + 3];
                for (int index = 0; index < values.length; index++) {
                    values[index] = bits == 0 ? 77 : random.nextLong() >> 64 - bits;
                }
                assertDeltas(values, 3, values.length);
            }
        }
    }

    @Test
    void deltas_ofExtremes_wrapAround() {
        long[] values = new long[500];
        for (int index = 0; index < values.length; index++) {
            values[index] =
                    switch (random.nextInt(4)) {
                        case 0 -> Long.MIN_VALUE;
                        case 1 -> Long.MAX_VALUE;
                        case 2 -> 0;
                        default -> -1;
                    };
        }
        assertDeltas(values, 0, values.length);
    }

    private void assertDeltas(long[] values, int from, int to) {
        ByteSink sink = new ByteSink(1);
        DeltaLongs.encode(values, from, to, new long[128], sink);
        byte[] exact = sink.toArray();
        long[] found = new long[to - from + 1];
        ByteSource source = new ByteSource(exact, 0, exact.length);
        DeltaLongs.decode(source, found, 1, to - from);
        assertThat(Arrays.copyOfRange(found, 1, found.length))
                .isEqualTo(Arrays.copyOfRange(values, from, to));
        assertThat(source.remaining()).isZero();
    }

    @Test
    void codes_ofEveryWidth_inRunsAndAlone_readBack() {
        System.out.println("belfry.seed=" + SEED);
        for (int width = 1; width <= 31; width++) {
            for (int round = 0; round < 40; round++) {
                int[] values = new int[random.nextInt(500)];
                int at = 0;
                while (at < values.length) {
                    int value = random.nextInt() >>> 32 - width;
                    int run = random.nextBoolean() ? 1 : random.nextInt(100);
                    for (; run > 0 && at < values.length; run--) {
                        values[at++] = value;
                    }
                }
                ByteSink sink = new ByteSink(1);
                HybridRuns.encode(values, 0, values.length, width, sink);
                byte[] exact = sink.toArray();
                int[] found = new int[values.length];
                ByteSource source = new ByteSource(exact, 0, exact.length);
                HybridRuns.decode(source, width, found, 0, values.length);
                assertThat(found).isEqualTo(values);
                assertThat(source.remaining()).isZero();
            }
        }
    }
}

package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.store.block.Samples;
import dev.belfry.testkit.Seeds;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Pages that are read while they are written. */
final class PagesTest {
    private static final int PAGES = 200_000;

    /** A page with a sample at 1000, and then one at 5. */
    private static final class Writer implements Runnable {
        final Generation generation = new Generation(new PagePool(1 << 20), 0);

        @Override
        public void run() {
            for (int series = 0; series < PAGES; series++) {
                generation.add(series, 0, 1);
                generation.add(series, 1000, 2);
                generation.added(1, 0, 1000, 0);
                generation.add(series, 5, 3);
            }
        }
    }

    @Test
    void samplesOfAnySize_areReadBackFromSmallAndLargePages() {
        SplittableRandom random = Seeds.random("pages");
        Generation generation = new Generation(new PagePool(1 << 20), 0);
        int count = 20_000;
        long[][] times = new long[count][];
        double[][] values = new double[count][];
        for (int series = 0; series < count; series++) {
            int size = 1 + random.nextInt(series % 100 == 0 ? 200 : 12);
            times[series] = random.longs(size, 0, 1L << random.nextInt(1, 32)).sorted().toArray();
            values[series] = new double[size];
            for (int i = 0; i < size; i++) {
                double whole = random.nextLong(1L << random.nextInt(1, 50));
                double any = Double.longBitsToDouble(random.nextLong());
                values[series][i] = random.nextInt(3) == 0 && !Double.isNaN(any) ? any : whole;
            }
        }
        /* Round by round, so that pages of all series lie among each other. */
        for (int i = 0; i < 200; i++) {
            for (int series = 0; series < count; series++) {
                if (i < times[series].length) {
                    generation.add(series, times[series][i], values[series][i]);
                }
            }
        }
        Samples samples = new Samples();
        for (int series = 0; series < count; series++) {
            samples.clear();
            generation.read(series, 0, Long.MAX_VALUE, samples, new Generation.PageList());
            int size = samples.size();
            assertThat(Arrays.copyOf(samples.times(), size)).isEqualTo(times[series]);
            assertThat(Arrays.copyOf(samples.values(), size)).isEqualTo(values[series]);
        }
    }

    @Test
    void aLateSample_doesNotHideTheOthers() throws InterruptedException {
        Writer writer = new Writer();
        Thread thread = Thread.ofPlatform().start(writer);
        Samples samples = new Samples();
        Generation.PageList scratch = new Generation.PageList();
        long hidden = 0;
        int series = 0;
        while (series < PAGES - 1) {
            series = (int) writer.generation.samples() - 1;
            if (series >= 0) {
                samples.clear();
                writer.generation.read(series, 900, 1100, samples, scratch);
                hidden += samples.size() == 1 ? 0 : 1;
            }
        }
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        assertThat(hidden).isZero();
    }
}

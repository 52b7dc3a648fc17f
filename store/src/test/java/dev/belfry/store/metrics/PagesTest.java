package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.store.block.Samples;
import java.time.Duration;
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

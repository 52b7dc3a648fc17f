package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.testkit.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Keys against a map. */
final class KeyTableTest {
    private record Key(long high, long low) {}

    @Test
    void keys_areFoundInAnyOrder_asAMapFindsThem() {
        Random random = new Random(Seeds.seed("keys"));
        KeyTable table = new KeyTable(1 << 20);
        Map<Key, Integer> model = new HashMap<>();
        List<Key> order = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 1_000; i++) {
                Key key = new Key(random.nextLong(), random.nextLong());
                int number = model.size();
                model.put(key, number);
                order.add(key);
                table.put(key.high, key.low, number);
            }
            if (round % 5 == 4) {
                Collections.shuffle(order, random);
            }
            for (int pass = 0; pass < 2; pass++) {
                int previous = -1;
                for (Key key : order) {
                    int found = table.find(key.high, key.low, previous);
                    assertThat(found).isEqualTo(model.get(key));
                    assertThat(table.find(key.high, key.low ^ 1L << 40, previous)).isEqualTo(-1);
                    assertThat(table.find(key.high ^ 1, key.low, previous)).isEqualTo(-1);
                    previous = found;
                }
            }
        }
    }

    @Test
    void series_thatAreGone_areNotFoundInTheirOrderEither() {
        KeyTable table = new KeyTable(1 << 20);
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < 100; i++) {
                table.put(mixed(i), mixed(-i), i);
                assertThat(table.find(mixed(i), mixed(-i), i - 1)).isEqualTo(i);
            }
        }
        table.remove(number -> number % 2 == 0);
        for (int i = 0; i < 100; i++) {
            int expected = i % 2 == 0 ? -1 : i;
            assertThat(table.find(mixed(i), mixed(-i), i - 1)).isEqualTo(expected);
        }
    }

    @Test
    void table_thatIsFull_forgetsTheOlderHalf_andTakesWhatComes() {
        KeyTable table = new KeyTable(10_000);
        for (int i = 0; i < 25_000; i++) {
            table.put(mixed(i), mixed(-i), i);
            assertThat(table.find(mixed(i), mixed(-i), i - 1)).isEqualTo(i);
            assertThat(table.size()).isLessThanOrEqualTo(10_000);
        }
        for (int i = 0; i < 25_000; i++) {
            int found = table.find(mixed(i), mixed(-i));
            assertThat(found).isEqualTo(i < 25_000 - table.size() ? -1 : i);
        }
    }

    /* Two keys of the same place overwrite each other while two threads follow their orders. */
    @Test
    void orders_ofManyThreads_findNothingElse() throws Exception {
        KeyTable table = new KeyTable(1 << 20);
        int keys = 8_000;
        for (int i = 0; i < keys; i++) {
            table.put(mixed(i), mixed(-i), i);
        }
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
            int step = 2 * thread + 1;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                int previous = -1;
                                for (int i = 0; i < 200_000; i++) {
                                    int number = (int) ((long) i * step % keys);
                                    previous = table.find(mixed(number), mixed(-number), previous);
                                    if (previous != number) {
                                        wrong.incrementAndGet();
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).hasValue(0);
    }

    private static long mixed(long number) {
        long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
        return (mixed ^ mixed >>> 32) * 0xBF58476D1CE4E5B9L;
    }
}

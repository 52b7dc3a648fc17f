package dev.belfry.server.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.SampleBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class GatheredStoreTest {
    private final List<SampleBatch> stored = new CopyOnWriteArrayList<>();

    @Test
    void batches_areStoredTogether_andAllReturnWhenTheyAre() throws Exception {
        GatheredStore store = new GatheredStore(stored::add);
        List<String> problems = send(store, 20);
        assertThat(problems).isEmpty();
        assertThat(series()).containsExactlyInAnyOrderElementsOf(numbers(20));
        assertThat(stored).hasSizeLessThan(20);
    }

    @Test
    void batchThatIsRefused_isTheOnlyOne_andItsSenderKnows() throws Exception {
        GatheredStore store =
                new GatheredStore(batch -> {
                    for (int i = 0; i < batch.count(); i++) {
                        if (batch.series()[i] == 7) {
                            throw new BelfryException(ErrorCode.VALIDATION_ERROR, "seven");
                        }
                    }
                    stored.add(batch);
                });
        assertThat(send(store, 10)).containsExactly("7: seven");
        List<Integer> others = numbers(10);
        others.remove(Integer.valueOf(7));
        assertThat(series()).containsExactlyInAnyOrderElementsOf(others);
    }

    @Test
    void fullGroup_doesNotWait_andLosesNothing() throws Exception {
        GatheredStore store = new GatheredStore(stored::add);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 6; round++) {
                threads.execute(() -> store.accept(batch(1, Limits.GROUP_SAMPLES / 2)));
            }
        }
        assertThat(stored.stream().mapToInt(SampleBatch::count).sum())
                .isEqualTo(3 * Limits.GROUP_SAMPLES);
        assertThat(stored.stream().mapToInt(SampleBatch::count).max().orElse(0))
                .isEqualTo(Limits.GROUP_SAMPLES);
    }

    @Test
    void whoIsInterrupted_storesAtOnce_andStaysInterrupted() {
        GatheredStore store =
                new GatheredStore(batch -> {
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    stored.add(batch);
                });
        Thread.currentThread().interrupt();
        store.accept(batch(1, 1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(series()).containsExactly(1);
    }

    private static List<String> send(GatheredStore store, int count) throws Exception {
        List<String> problems = new CopyOnWriteArrayList<>();
        List<Future<?>> sent = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number : numbers(count)) {
                sent.add(
                        threads.submit(() -> {
                            try {
                                store.accept(batch(number, 1));
                            } catch (BelfryException e) {
                                problems.add(number + ": " + e.getMessage());
                            }
                        }));
            }
        }
        for (Future<?> each : sent) {
            each.get();
        }
        return problems;
    }

    private static SampleBatch batch(int series, int count) {
        SampleBatch.Builder builder = new SampleBatch.Builder(count);
        for (int i = 0; i < count; i++) {
            builder.add(series, 1000 + i, i);
        }
        return builder.build();
    }

    private List<Integer> series() {
        List<Integer> all = new ArrayList<>();
        for (SampleBatch batch : stored) {
            for (int i = 0; i < batch.count(); i++) {
                all.add(batch.series()[i]);
            }
        }
        return all;
    }

    private static List<Integer> numbers(int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return numbers;
    }
}

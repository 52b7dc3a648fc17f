package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.store.Owner;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import org.junit.jupiter.api.Test;

final class HistogramsTest {
    private static final long YEAR_1700_NANOS = -8_520_336_000_000_000_000L;

    @Test
    void histogram_overAllTimesThereAre_countsEveryEvent() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            long now = clock.millis() * 1_000_000;
            long[] times = {Long.MIN_VALUE + 2, now, Long.MAX_VALUE - 2, Long.MAX_VALUE - 2};
            EventBatchBuilder batch = new EventBatchBuilder(4);
            for (long time : times) {
                batch.type(EventType.LOG);
                batch.source("s");
                batch.timestampNanos(time);
                batch.commit();
            }
            EngineFixture.append(engine, batch.build());
            for (int buckets : new int[] {1, 2, 3, 120, 2000}) {
                Histogram all = histogram(engine, TimeRange.ALL, buckets);
                assertThat(all.total()).isEqualTo(4);
                assertThat(all.buckets().getFirst().total()).isPositive();
                assertThat(all.buckets().getLast().total()).isGreaterThanOrEqualTo(2);
                assertThat(all.buckets()).hasSizeLessThanOrEqualTo(Math.max(4, buckets));
                assertThat(all.buckets())
                        .extracting(Histogram.Bucket::startNanos)
                        .isSorted()
                        .doesNotHaveDuplicates();
                TimeRange since = new TimeRange(YEAR_1700_NANOS, Long.MAX_VALUE);
                assertThat(histogram(engine, since, buckets).total()).isEqualTo(3);
                TimeRange until = new TimeRange(YEAR_1700_NANOS, now + 1);
                assertThat(histogram(engine, until, buckets).total()).isEqualTo(1);
            }
        }
    }

    private static Histogram histogram(Engine engine, TimeRange range, int buckets) {
        return engine.events()
                .histogram(EventFilter.all(range, Owner.ALL), buckets, EngineFixture.context());
    }
}

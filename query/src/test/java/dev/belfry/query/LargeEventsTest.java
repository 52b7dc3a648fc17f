package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.Event;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A page of large events ends at its share of memory, and the next goes on there. */
class LargeEventsTest {
    private static final int COUNT = 300;
    private static final int MESSAGE_BYTES = 100_000;
    private static final long MEMORY_BYTES = 16L << 20;

    @Test
    void pageOfLargeEvents_isCut_andNextPagesHaveTheRest() throws Exception {
        SimulatedClock clock = new SimulatedClock();
        try (Engine engine = EngineFixture.open(new CrashDisk(), clock)) {
            Set<UUID> sent = new HashSet<>();
            for (int i = 0; i < COUNT; i++) {
                EventBatchBuilder batch = new EventBatchBuilder(1);
                batch.type(EventType.LOG);
                batch.source("large");
                batch.timestampNanos(clock.millis() * 1_000_000 + i);
                batch.message(i + "x".repeat(MESSAGE_BYTES));
                batch.commit();
                sent.addAll(EngineFixture.append(engine, batch.build()));
            }
            for (Order order : Order.values()) {
                List<UUID> found = new ArrayList<>();
                @Nullable String cursor = null;
                do {
                    EventPage page =
                            engine.events()
                                    .search(
                                            EventFilter.all(TimeRange.ALL, Owner.ALL),
                                            order,
                                            1000,
                                            0,
                                            cursor,
                                            new QueryContext(
                                                    Duration.ofSeconds(30),
                                                    MEMORY_BYTES,
                                                    10_000,
                                                    false));
                    long bytes =
                            page.events().stream()
                                    .mapToLong(event -> String.valueOf(event.message()).length())
                                    .sum();
                    assertThat(bytes).isBetween(1L, MEMORY_BYTES / 8);
                    assertThat(page.cut()).isEqualTo(page.nextCursor() != null);
                    assertThat(page.total()).isNull();
                    page.events().stream().map(Event::id).forEach(found::add);
                    cursor = page.nextCursor();
                } while (cursor != null);
                assertThat(found).hasSize(COUNT);
                assertThat(new HashSet<>(found)).isEqualTo(sent);
            }
        }
    }
}

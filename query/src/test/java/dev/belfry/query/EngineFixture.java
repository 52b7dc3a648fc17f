package dev.belfry.query;

import dev.belfry.journal.Appended;
import dev.belfry.journal.JournalConfig;
import dev.belfry.model.Event;
import dev.belfry.model.EventBatch;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.RetentionRules;
import dev.belfry.store.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Engines for tests: small journal files, seals only when asked. */
final class EngineFixture {
    static final Path FOLDER = Path.of("/data");

    private EngineFixture() {}

    static EngineConfig config(Disk disk, Path folder, InstantSource clock) {
        return new EngineConfig(
                folder,
                disk,
                clock,
                JournalConfig.defaults()
                        .withSizes(1 << 14, 1 << 20, 64 << 20)
                        .withUsableBytesMin(0),
                new EventStoreConfig(
                        RetentionRules.STANDARD,
                        new EventStoreConfig.Seal(Long.MAX_VALUE, 64 << 20, Duration.ofDays(1000)),
                        1 << 20,
                        new EventStoreConfig.Caches(8 << 20, 8 << 20),
                        2,
                        Duration.ofSeconds(20),
                        Duration.ZERO,
                        EventStoreConfig.STANDARD.sql()),
                MetricStoreConfig.STANDARD.withHeadBytes(4 << 20));
    }

    static QueryContext context() {
        return new QueryContext(Duration.ofSeconds(30), 256 << 20, 100_000, false);
    }

    static List<UUID> append(Engine engine, EventBatch batch) {
        Appended appended = engine.append(batch, "user:test", null);
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < batch.count(); i++) {
            ids.add(Engine.id(appended, i));
        }
        return ids;
    }

    /** All events by pages, newest first. */
    static List<Event> all(Engine engine) {
        return all(engine, EventFilter.all(TimeRange.ALL, Owner.ALL), 1000);
    }

    static List<Event> all(Engine engine, EventFilter filter, int limit) {
        List<Event> events = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            EventPage page =
                    engine.events().search(filter, Order.NEWEST_FIRST, limit, 0, cursor, context());
            events.addAll(page.events());
            cursor = page.nextCursor();
        } while (cursor != null);
        return events;
    }

    static Engine open(Disk disk, InstantSource clock) throws IOException {
        return Engine.open(config(disk, FOLDER, clock));
    }
}

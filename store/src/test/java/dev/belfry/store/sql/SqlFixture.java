package dev.belfry.store.sql;

import dev.belfry.journal.Append;
import dev.belfry.journal.Journal;
import dev.belfry.journal.JournalConfig;
import dev.belfry.journal.Stream;
import dev.belfry.model.EventBatch;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.wire.EventBatchCodec;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.EventStore;
import dev.belfry.store.EventStoreConfig;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.RetentionRules;
import dev.belfry.store.events.View;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** A store on the real disk with some rows sealed and some hot, and a sandbox of its own bounds. */
final class SqlFixture implements AutoCloseable {
    final EventStore store;
    final Path folder;
    private final Journal journal;
    private final SqlSandbox sandbox;
    private final EventGenerator generator = new EventGenerator(7);

    SqlFixture(Path folder, SqlBounds bounds) throws IOException {
        this.folder = folder;
        SimulatedClock clock = new SimulatedClock();
        journal =
                Journal.open(
                        JournalConfig.defaults()
                                .withSizes(1 << 20, 1 << 20, 64 << 20)
                                .withUsableBytesMin(0),
                        Disk.real(),
                        folder.resolve("journal"),
                        clock);
        EventStoreConfig config =
                new EventStoreConfig(
                        RetentionRules.STANDARD,
                        new EventStoreConfig.Seal(Long.MAX_VALUE, 64 << 20, Duration.ofDays(1000)),
                        1 << 20,
                        new EventStoreConfig.Caches(8 << 20, 8 << 20),
                        2,
                        Duration.ofSeconds(20),
                        Duration.ZERO,
                        EventStoreConfig.STANDARD.sql());
        store = EventStore.open(config, Disk.real(), folder.resolve("events"), journal, clock);
        sandbox = new SqlSandbox(Disk.real(), folder.resolve("sandbox"), bounds);
        append(100);
        store.sql("SELECT 1", SqlFixture::noSamples, context(60_000));
        store.maintainNow();
        append(100);
    }

    void append(int count) {
        EventBatch batch = generator.next(count);
        WireWriter writer = new WireWriter(1 << 16);
        EventBatchCodec.encode(batch, writer);
        journal.append(
                new Append(
                        Stream.EVENTS,
                        0,
                        EventBatchCodec.VERSION,
                        writer.array(),
                        writer.size(),
                        count,
                        "user:test",
                        null,
                        batch));
    }

    static void noSamples(
            String selector, long startMillis, long endMillis, Consumer<SeriesSamples> target) {
        // there are none
    }

    static QueryContext context(long timeoutMillis) {
        return new QueryContext(Duration.ofMillis(timeoutMillis), 64 << 20, 1000, false);
    }

    /* By the sandbox with the bounds of the test. */
    ResultTable run(String sql, QueryContext context) throws IOException {
        return run(sql, SqlFixture::noSamples, context);
    }

    ResultTable run(String sql, SampleSource samples, QueryContext context) throws IOException {
        return run(sandbox, sql, samples, context);
    }

    ResultTable run(SqlSandbox any, String sql, SampleSource samples, QueryContext context)
            throws IOException {
        try (View view = store.view()) {
            return any.run(sql, view, samples, context);
        }
    }

    @Override
    public void close() throws IOException {
        try (journal) {
            store.close();
        }
    }
}

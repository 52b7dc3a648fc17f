package dev.belfry.store;

import dev.belfry.journal.Journal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.CorruptFileException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.SoundRows;
import dev.belfry.store.events.EventTable;
import dev.belfry.store.events.View;
import dev.belfry.store.exec.Executor;
import dev.belfry.store.exec.UnreadableGroupException;
import dev.belfry.store.sql.SampleSource;
import dev.belfry.store.sql.SqlBounds;
import dev.belfry.store.sql.SqlSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps events and answers plans about them; everything acknowledged before a query is in its
 * answer. Safe for many threads.
 */
public final class EventStore implements AutoCloseable {
    /** The name under which it pins and reads the journal. */
    public static final String READER = "events";

    private final EventStoreConfig config;
    private final EventTable table;
    private final ThreadPoolExecutor workers;
    private final Executor executor;
    private final SqlSandbox sandbox;

    private EventStore(EventStoreConfig config, EventTable table, SqlSandbox sandbox) {
        this.config = config;
        this.table = table;
        this.sandbox = sandbox;
        this.workers = newWorkers(config.queryWorkers());
        this.executor = new Executor(workers, config.queryWorkers());
    }

    /* Helpers of all queries together; a query goes on by itself when they are busy. */
    private static ThreadPoolExecutor newWorkers(int count) {
        return new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(64),
                Thread.ofPlatform().daemon().name("belfry-query-", 0).factory(),
                new ThreadPoolExecutor.AbortPolicy());
    }

    /**
     * Opens the store in {@code folder} as a reader of {@code journal}; it recovers in the
     * background.
     */
    public static EventStore open(
            EventStoreConfig config, Disk disk, Path folder, Journal journal, InstantSource clock)
            throws IOException {
        SqlSandbox sandbox =
                new SqlSandbox(
                        disk,
                        folder.resolveSibling("tmp").resolve("sql"),
                        SqlBounds.of(config.sql()));
        EventTable table = EventTable.open(config, disk, folder, journal, clock);
        return new EventStore(config, table, sandbox);
    }

    /**
     * Answers {@code plan}.
     *
     * @throws BelfryException OVERLOADED when what was acknowledged before is not readable in time,
     *     QUERY_LIMIT over a bound of {@code context}, VALIDATION_ERROR for a plan that makes no
     *     sense
     */
    public ResultTable execute(Plan plan, QueryContext context) {
        TimeRange range = rangeOf(plan);
        return onSoundRows(
                context,
                view ->
                        executor.run(plan, view.groups(), view.endOffset(), context)
                                .withWarnings(view.warnings(range)));
    }

    /** Takes rows of {@link #visit}; one thread. */
    @FunctionalInterface
    public interface Visitor {
        /** Takes rows: {@code columns[c][row]}, in the order of time. */
        void take(@Nullable Object[][] columns);
    }

    /**
     * What {@link #visit} gives.
     *
     * @param visitors that together have seen every row once
     * @param statistics what it cost
     */
    public record Visited<V extends Visitor>(List<V> visitors, ResultTable.Statistics statistics) {
        public Visited {
            visitors = List.copyOf(visitors);
        }
    }

    /**
     * Gives the rows of {@code plan}, a {@link Plan.Extract} over a {@link Plan.Scan}, to visitors:
     * each row to one of them, in no order of groups. For what no {@link Plan} computes.
     *
     * @param share of the rows, 0 to 1: from all over the range, the same ones each time
     * @param visitors makes one for each thread that takes part
     * @throws BelfryException as {@link #execute}
     */
    public <V extends Visitor> Visited<V> visit(
            Plan plan, double share, QueryContext context, Supplier<V> visitors) {
        TimeRange range = rangeOf(plan);
        return onSoundRows(
                context,
                view -> {
                    List<V> made = Collections.synchronizedList(new ArrayList<>());
                    ResultTable.Statistics statistics =
                            executor.visit(
                                    plan,
                                    share,
                                    view.groups(),
                                    view.endOffset(),
                                    context,
                                    () -> {
                                        V visitor = visitors.get();
                                        made.add(visitor);
                                        return visitor::take;
                                    });
                    List<String> warnings = view.warnings(range);
                    return new Visited<>(made, statistics.withWarnings(warnings));
                });
    }

    /**
     * Counts the values of {@code fields} (columns and fields) among the rows of the scans of
     * {@code selection}, and of {@code baseline}.
     *
     * @param rowsMax rows of a side whose values are counted, about; they are from all over its
     *     range, and its size is exact all the same
     * @throws BelfryException as {@link #execute}
     */
    public Contrast contrast(
            List<Plan.Scan> selection,
            List<Plan.Scan> baseline,
            List<Plan.Named> fields,
            long rowsMax,
            QueryContext context) {
        return onSoundRows(
                context,
                view ->
                        executor.contrast(
                                selection,
                                baseline,
                                fields,
                                rowsMax,
                                view.groups(),
                                view.endOffset(),
                                context));
    }

    private interface Reading<T> {
        T of(View view) throws IOException;
    }

    /* Where damage is found that later views leave out, all is read again. */
    private <T> T onSoundRows(QueryContext context, Reading<T> reading) {
        awaitApplied(context);
        Set<RowGroup> looked = Collections.newSetFromMap(new IdentityHashMap<>());
        while (true) {
            try (View view = table.view()) {
                return reading.of(view);
            } catch (UnreadableGroupException damaged) {
                leaveOut(damaged, looked);
                context.restart();
            } catch (IOException | UncheckedIOException failure) {
                throw unreadable(failure);
            }
        }
    }

    private static BelfryException unreadable(Exception failure) {
        return new BelfryException(
                ErrorCode.INTERNAL_SERVER_ERROR, "event store: " + failure.getMessage(), failure);
    }

    private void leaveOut(UnreadableGroupException damaged, Set<RowGroup> looked) {
        RowGroup group = damaged.group();
        RowGroup stored = group instanceof SoundRows sound ? sound.damaged() : group;
        boolean corrupt = damaged.failure() instanceof CorruptFileException;
        boolean again = !looked.add(stored);
        if (!table.salvage(group, damaged.failure(), again && corrupt) && (again || !corrupt)) {
            throw unreadable(damaged);
        }
    }

    private static TimeRange rangeOf(Plan plan) {
        return switch (plan) {
            case Plan.Scan scan -> scan.range();
            case Plan.Extract(Plan input, _) -> rangeOf(input);
            case Plan.Aggregate(Plan input, _, _) -> rangeOf(input);
            case Plan.Sort(Plan input, _) -> rangeOf(input);
            case Plan.Limit(Plan input, _, _) -> rangeOf(input);
            case Plan.TopValues values -> values.input().range();
        };
    }

    /**
     * Answers SQL: one SELECT over the table {@code events}, in a sandbox.
     *
     * @param samples what its calls of {@code samples} give
     * @throws BelfryException VALIDATION_ERROR for what is not one harmless SELECT or fails in
     *     itself, QUERY_LIMIT over a bound of {@code context}, OVERLOADED as {@link #execute}
     */
    public ResultTable sql(String text, SampleSource samples, QueryContext context) {
        awaitApplied(context);
        try (View view = table.view()) {
            return sandbox.run(text, view, samples, context)
                    .withWarnings(view.warnings(TimeRange.ALL));
        } catch (IOException failure) {
            throw new BelfryException(
                    ErrorCode.INTERNAL_SERVER_ERROR,
                    "event store: " + failure.getMessage(),
                    failure);
        }
    }

    /** Answers {@code plan} over the events of one batch only. */
    public ResultTable executeOn(AppliedBatch batch, Plan plan, QueryContext context) {
        return executor.run(plan, batch.rows(), batch.endOffset(), context);
    }

    private void awaitApplied(QueryContext context) {
        if (context.eventual()) {
            return;
        }
        Duration wait = context.remaining();
        if (wait.compareTo(config.waitMax()) > 0) {
            wait = config.waitMax();
        }
        try {
            if (!table.awaitApplied(wait.toNanos())) {
                throw new BelfryException(
                        ErrorCode.OVERLOADED,
                        "event store: "
                                + table.status().lagBytes()
                                + " bytes behind after "
                                + wait.toMillis()
                                + " ms (expected: try again, or consistency=eventual)");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BelfryException(ErrorCode.QUERY_LIMIT, "query: cancelled", stopped);
        }
    }

    /**
     * A tag or payload member.
     *
     * @param space {@link FieldSpace#TAG} or {@link FieldSpace#PAYLOAD}
     * @param key its name
     */
    public record FieldName(FieldSpace space, String key) {}

    /**
     * The fields that occur in a range.
     *
     * @param names the most spread first
     * @param range the range that was looked at
     * @param cut whether that is only the newest part of the one asked for
     */
    public record Fields(List<FieldName> names, TimeRange range, boolean cut) {}

    /**
     * The fields with a column of their own in {@code range}, or in the newest part of it that has
     * about {@code rowsMax} rows.
     */
    public Fields fields(TimeRange range, long rowsMax, QueryContext context) {
        awaitApplied(context);
        try (View view = table.view()) {
            List<RowGroup> newestFirst = new ArrayList<>();
            for (RowGroup group : view.groups()) {
                if (group.maxTimestampNanos() >= range.startNanos()
                        && group.minTimestampNanos() < range.endNanos()) {
                    newestFirst.add(group);
                }
            }
            newestFirst.sort(Comparator.comparingLong(RowGroup::maxTimestampNanos).reversed());
            Map<FieldName, Integer> spread = new HashMap<>();
            long rows = 0;
            long start = range.startNanos();
            boolean cut = false;
            for (RowGroup group : newestFirst) {
                if (rows >= rowsMax) {
                    start = Math.max(start, group.maxTimestampNanos());
                    cut = true;
                    break;
                }
                rows += group.rowCount();
                for (ColumnSpec spec : group.columns()) {
                    if (spec.space() != FieldSpace.EVENT && !spec.key().equals(FieldColumn.REST)) {
                        spread.merge(new FieldName(spec.space(), spec.key()), 1, Integer::sum);
                    }
                }
            }
            List<FieldName> names = new ArrayList<>(spread.keySet());
            names.sort(
                    Comparator.comparing((FieldName name) -> -spread.getOrDefault(name, 0))
                            .thenComparing(FieldName::space)
                            .thenComparing(FieldName::key));
            return new Fields(names, new TimeRange(start, range.endNanos()), cut);
        } catch (IOException failure) {
            throw new BelfryException(
                    ErrorCode.INTERNAL_SERVER_ERROR,
                    "event store: " + failure.getMessage(),
                    failure);
        }
    }

    /** All rows readable now, for SQL; to be closed. */
    public View view() {
        return table.view();
    }

    /**
     * Calls {@code listener} with each batch once it is readable; it must be quick and must not
     * throw.
     */
    public void onApplied(Consumer<AppliedBatch> listener) {
        table.onApplied(listener);
    }

    /** Counts bytes that the journal has acknowledged for this store. */
    public void acknowledged(long bytes) {
        table.acknowledged(bytes);
    }

    /**
     * Refuses when the store is behind.
     *
     * @throws BelfryException OVERLOADED when it is
     */
    public void checkCapacity() {
        table.checkCapacity();
    }

    /**
     * Waits until everything that was durable at the start is readable; false when it is not within
     * {@code timeout}.
     */
    public boolean awaitRecovered(Duration timeout) throws InterruptedException {
        return table.awaitRecovered(timeout.toNanos());
    }

    /** Seals what is hot, merges and expires what is due, now and in the caller's thread. */
    public void maintainNow() throws IOException {
        table.maintainNow();
    }

    /** How the store is doing. */
    public StoreStatus status() {
        return table.status();
    }

    @Override
    public void close() throws IOException {
        table.close();
        workers.shutdown();
    }
}

package dev.belfry.store;

import dev.belfry.journal.Append;
import dev.belfry.journal.Idempotency;
import dev.belfry.journal.Journal;
import dev.belfry.journal.Stream;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesDeletion;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.wire.SampleBatchCodec;
import dev.belfry.model.wire.SeriesDeletionCodec;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.metrics.MetricTable;
import dev.belfry.store.metrics.SeriesReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps series and their samples and answers questions about them; everything acknowledged before a
 * question is in its answer. Safe for many threads.
 */
public final class MetricStore implements MetricReader, AutoCloseable {
    /** The name under which it pins and reads the journal. */
    public static final String READER = "metrics";

    /* What is usual in the journal; the writer grows for more. */
    private static final int SAMPLE_BYTES = 12;
    private static final int LABELS_BYTES = 256;

    private final MetricStoreConfig config;
    private final MetricTable table;
    private final SeriesReader reader;

    private MetricStore(MetricStoreConfig config, MetricTable table) {
        this.config = config;
        this.table = table;
        this.reader = new SeriesReader(table);
    }

    /**
     * Opens the store in {@code folder} as a reader of {@code journal}; it recovers in the
     * background.
     */
    public static MetricStore open(
            MetricStoreConfig config, Disk disk, Path folder, Journal journal, InstantSource clock)
            throws IOException {
        return new MetricStore(config, MetricTable.open(config, disk, folder, journal, clock));
    }

    /** Gives series their numbers, before their samples are appended. */
    public SeriesResolver resolver() {
        return table.index();
    }

    /**
     * What is to be appended to the journal for {@code batch}; once it is, {@link #acknowledged} is
     * to be called.
     *
     * @throws BelfryException OVERLOADED when the store is behind, VALIDATION_ERROR when a time is
     *     before 1970
     */
    public Append appendOf(SampleBatch batch, String principal, @Nullable Idempotency idempotency) {
        table.checkCapacity();
        checkTimes(batch);
        MetricTable.Appending appending = table.appending(batch);
        int[] defined = appending.defined();
        WireWriter writer =
                new WireWriter(64 + SAMPLE_BYTES * batch.count() + LABELS_BYTES * defined.length);
        SampleBatchCodec.encode(defined, table.index()::writeLabels, batch, writer);
        return new Append(
                Stream.METRICS,
                0,
                SampleBatchCodec.VERSION,
                writer.array(),
                writer.size(),
                batch.records(),
                principal,
                idempotency,
                appending);
    }

    private static void checkTimes(SampleBatch batch) {
        long[] times = batch.timestampsMillis();
        for (int i = 0; i < batch.count(); i++) {
            if (times[i] < 0) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR,
                        "timestamp of sample "
                                + i
                                + ": "
                                + times[i]
                                + " ms (expected: at least 0, 1970-01-01)");
            }
        }
    }

    /** Tells that {@code append}, which {@link #appendOf} made, is durable. */
    public void acknowledged(Append append) {
        table.acknowledged(append.bodyLength());
        if (append.decoded() instanceof MetricTable.Appending appending) {
            for (int series : appending.defined()) {
                table.known(series);
            }
        }
    }

    /**
     * What is to be appended to the journal in order to delete the samples from {@code startMillis}
     * to {@code endMillis}, inclusive, of the series that pass one of {@code selectors}; null when
     * there are no such series.
     */
    public @Nullable Append deletionOf(
            List<List<LabelMatcher>> selectors,
            long startMillis,
            long endMillis,
            String principal) {
        awaitApplied();
        int[] series = reader.matching(selectors);
        if (series.length == 0) {
            return null;
        }
        SeriesDeletion deletion = new SeriesDeletion(series, startMillis, endMillis);
        WireWriter writer = new WireWriter(64 + 2 * series.length);
        SeriesDeletionCodec.encode(deletion, writer);
        return new Append(
                Stream.CONTROL,
                MetricTable.DELETION,
                SeriesDeletionCodec.VERSION,
                writer.array(),
                writer.size(),
                1,
                principal,
                null,
                null);
    }

    /** Waits until all that is durable now is readable. */
    public void awaitApplied() {
        try {
            if (!table.awaitApplied(config.waitMax().toNanos())) {
                throw new BelfryException(
                        ErrorCode.OVERLOADED,
                        "metric store: not yet at the journal's end after "
                                + config.waitMax().toMillis()
                                + " ms (expected: sooner; try again in a second)");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new BelfryException(ErrorCode.OVERLOADED, "query: cancelled", stopped);
        }
    }

    /** Waits until all that was durable at the start is readable; false when not in time. */
    public boolean awaitRecovered(Duration timeout) throws InterruptedException {
        return table.awaitRecovered(timeout.toNanos());
    }

    @Override
    public Selection select(
            List<LabelMatcher> matchers, long startMillis, long endMillis, Hints hints) {
        awaitApplied();
        return reader.select(matchers, startMillis, endMillis, hints);
    }

    @Override
    public List<String> labelNames(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis, int limit) {
        awaitApplied();
        return reader.labelNames(selectors, startMillis, endMillis, limit);
    }

    @Override
    public List<String> labelValues(
            String name,
            List<List<LabelMatcher>> selectors,
            long startMillis,
            long endMillis,
            int limit) {
        awaitApplied();
        return reader.labelValues(name, selectors, startMillis, endMillis, limit);
    }

    @Override
    public List<Labels> series(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis, int limit) {
        awaitApplied();
        return reader.series(selectors, startMillis, endMillis, limit);
    }

    @Override
    public List<MetricMetadata> metadata(@Nullable String family) {
        awaitApplied();
        return table.families().list(family);
    }

    @Override
    public List<ExemplarSeries> exemplars(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis) {
        awaitApplied();
        List<ExemplarSeries> found = new ArrayList<>();
        reader.exemplars(selectors, startMillis, endMillis)
                .forEach((labels, list) -> found.add(new ExemplarSeries(labels, list)));
        return found;
    }

    /** What takes how many series; the first {@code limit} of each list. */
    public Cardinality cardinality(int limit) {
        return table.cardinality(limit);
    }

    /** Flushes what is open, merges and expires what is due, now and in the caller's thread. */
    public void maintainNow() throws IOException {
        awaitApplied();
        table.maintainNow();
    }

    /** Takes what was deleted out of all files, in the caller's thread. */
    public void carryOutDeletions() throws IOException {
        awaitApplied();
        table.carryOutDeletions();
    }

    /** Writes what is open to a file, in the caller's thread. */
    public void flushNow() throws IOException {
        awaitApplied();
        table.flushNow();
    }

    /** Begins to forget series without samples, and forgets those that were found so before. */
    public void forgetIdleNow() throws IOException {
        table.forgetIdleNow();
    }

    /** How it is doing. */
    public MetricStatus status() {
        return table.status();
    }

    @Override
    public void close() throws IOException {
        table.close();
    }
}

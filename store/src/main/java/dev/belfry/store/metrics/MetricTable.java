package dev.belfry.store.metrics;

import dev.belfry.journal.Frame;
import dev.belfry.journal.Journal;
import dev.belfry.journal.JournalReader;
import dev.belfry.journal.Stream;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SampleFrame;
import dev.belfry.model.series.SeriesDefinition;
import dev.belfry.model.series.SeriesDeletion;
import dev.belfry.model.wire.SampleBatchCodec;
import dev.belfry.model.wire.SeriesDeletionCodec;
import dev.belfry.model.wire.WireReader;
import dev.belfry.store.MetricStatus;
import dev.belfry.store.MetricStoreConfig;

import org.roaringbitmap.RoaringBitmap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The samples of the metric store: reads the journal, keeps them, and gives them back. Safe for
 * many threads.
 */
public final class MetricTable implements AutoCloseable {
    /** The kind of a frame of {@link Stream#CONTROL} that holds a deletion of series. */
    public static final int DELETION = 1;

    private static final int POLL_FRAMES = 256;
    private static final long POLL_BYTES = 4L << 20;
    private static final Duration POLL_WAIT = Duration.ofMillis(500);

    /* Lag at which receiving is refused. */
    private static final long LAG_BYTES_MAX = 64L << 20;
    private static final long LAG_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    private final Disk disk;
    private final Path folder;
    private final Journal journal;
    private final SeriesIndex index;
    private final Generation head;
    private final PagePool pool;
    private final Families families = new Families();
    private final ExemplarRing exemplars;
    private final Thread applier;
    private final AtomicLong acknowledgedBytes = new AtomicLong();
    private final AtomicLong appliedBytes = new AtomicLong();
    private final AtomicLong samplesEver = new AtomicLong();
    private final AtomicLong unapplied = new AtomicLong();
    private final long recoveredAt;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition applied = lock.newCondition();
    private final Samples scratch = new Samples();
    private final Generation.PageList pageScratch = new Generation.PageList();
    private volatile long appliedEnd;
    private volatile long behindSinceNanos;
    private volatile String failure = "";
    private volatile boolean closed;

    private MetricTable(MetricStoreConfig config, Disk disk, Path folder, Journal journal) {
        this.disk = disk;
        this.folder = folder;
        this.journal = journal;
        recoveredAt = journal.durableEnd();
        index = new SeriesIndex(config.limits(), new SecureRandom().nextLong());
        pool = new PagePool(config.headBytes());
        head = new Generation(pool, 0);
        exemplars = new ExemplarRing(config.exemplarsMax());
        applier = Thread.ofPlatform().daemon().name("belfry-metrics-apply").unstarted(this::run);
    }

    /**
     * Opens the table in {@code folder}, and begins to read from {@code journal} what is not in
     * blocks.
     */
    public static MetricTable open(
            MetricStoreConfig config, Disk disk, Path folder, Journal journal, InstantSource clock)
            throws IOException {
        disk.createFolders(folder);
        Path parent = folder.getParent();
        if (parent != null) {
            disk.forceFolder(parent);
        }
        MetricTable table = new MetricTable(config, disk, folder, journal);
        journal.pin("metrics", 0);
        table.applier.start();
        return table;
    }

    /** The series. */
    public SeriesIndex index() {
        return index;
    }

    /** What is known of families. */
    public Families families() {
        return families;
    }

    /** The newest exemplars. */
    public ExemplarRing exemplars() {
        return exemplars;
    }

    /** Whether a series may have samples from {@code start} to {@code end}; a rough answer. */
    boolean mayHave(int series, long start, long end) {
        return head.minTime() <= end && head.maxTime() >= start && head.has(series);
    }

    /**
     * Adds a series' samples from {@code start} to {@code end}, both inclusive, to {@code target}.
     */
    void read(int series, long start, long end, Samples target, Generation.PageList pages) {
        head.read(series, start, end, target, pages);
        target.settle();
    }

    /* A store has no dead letters for I/O: it backs off and tries again from where it stands. */
    private void run() {
        while (!closed) {
            try {
                applyFrom(appliedEnd);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException problem) {
                if (!closed) {
                    failure = "reading the journal: " + problem;
                    backOff();
                }
            }
        }
    }

    private void backOff() {
        try {
            Thread.sleep(BACK_OFF);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    private void applyFrom(long offset) throws InterruptedException, IOException {
        Set<Stream> streams = Set.of(Stream.METRICS, Stream.CONTROL);
        try (JournalReader reader = journal.reader("metrics", streams, offset)) {
            while (!closed) {
                for (Frame frame : reader.poll(POLL_FRAMES, POLL_BYTES, POLL_WAIT)) {
                    apply(frame, offset);
                    reached(frame.endOffset());
                }
                reached(reader.position());
                failure = "";
            }
        }
    }

    private void reached(long offset) {
        if (offset <= appliedEnd) {
            return;
        }
        lock.lock();
        try {
            appliedEnd = offset;
            applied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void apply(Frame frame, long first) throws IOException {
        if (frame.endOffset() <= first) {
            return;
        }
        try {
            if (frame.stream() == Stream.METRICS) {
                apply(
                        frame.decoded() instanceof SampleFrame decoded
                                ? decoded
                                : SampleBatchCodec.decode(frame.body(), 0, frame.bodyLength()));
            } else if (frame.kind() == DELETION) {
                apply(
                        SeriesDeletionCodec.decode(
                                new WireReader(frame.body(), 0, frame.bodyLength())));
            }
        } catch (RuntimeException damaged) {
            putAside(frame);
        }
        if (frame.baseOffset() >= recoveredAt) {
            appliedBytes.addAndGet(frame.bodyLength());
        }
    }

    private void apply(SampleFrame frame) {
        for (SeriesDefinition definition : frame.definitions()) {
            index.define(definition);
        }
        SampleBatch batch = frame.batch();
        int count = batch.count();
        int[] series = batch.series();
        long[] times = batch.timestampsMillis();
        double[] values = batch.values();
        long lowest = Long.MAX_VALUE;
        long highest = Long.MIN_VALUE;
        int highestSeries = -1;
        for (int i = 0; i < count; i++) {
            long time = times[i];
            FloatHistogram histogram = batch.histogram(i);
            if (histogram == null) {
                head.add(series[i], time, values[i]);
            } else {
                head.add(series[i], time, histogram);
            }
            lowest = Math.min(lowest, time);
            highest = Math.max(highest, time);
            highestSeries = Math.max(highestSeries, series[i]);
        }
        if (count > 0) {
            /* One whose definition is damaged has no labels, but keeps its number. */
            index.reserve(highestSeries + 1);
            head.added(count, lowest, highest);
            samplesEver.addAndGet(count);
        }
        batch.exemplars().forEach(exemplars::add);
        batch.metadata().forEach(families::add);
    }

    private void apply(SeriesDeletion deletion) {
        for (int series : deletion.series()) {
            head.delete(series, deletion.startMillis(), deletion.endMillis(), scratch, pageScratch);
        }
        exemplars.remove(deletion);
    }

    /* What cannot be decoded is kept as it is, under its first offset. */
    private void putAside(Frame frame) throws IOException {
        Path aside = folder.resolve("unapplied");
        disk.createFolders(aside);
        Path path = aside.resolve("%020d.frame".formatted(frame.baseOffset()));
        if (!disk.exists(path)) {
            try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
                file.write(ByteBuffer.wrap(frame.body(), 0, frame.bodyLength()), 0);
                file.force();
            }
            disk.forceFolder(aside);
            disk.forceFolder(folder);
        }
        unapplied.incrementAndGet();
    }

    /** The batch with the definitions that the journal does not have for certain ahead. */
    public SampleFrame frame(SampleBatch batch) {
        KnownSeries known = index.known();
        int[] series = batch.series();
        RoaringBitmap unknown = null;
        for (int i = 0; i < batch.count(); i++) {
            if (!known.contains(series[i])) {
                unknown = unknown == null ? new RoaringBitmap() : unknown;
                unknown.add(series[i]);
            }
        }
        for (SampleBatch.SeriesExemplar exemplar : batch.exemplars()) {
            if (!known.contains(exemplar.series())) {
                unknown = unknown == null ? new RoaringBitmap() : unknown;
                unknown.add(exemplar.series());
            }
        }
        if (unknown == null) {
            return new SampleFrame(List.of(), batch);
        }
        List<SeriesDefinition> definitions = new ArrayList<>(unknown.getCardinality());
        unknown.forEach((int one) -> definitions.add(new SeriesDefinition(one, index.labels(one))));
        return new SampleFrame(definitions, batch);
    }

    /** Tells that the journal defines the series. */
    public void known(int series) {
        index.known().add(series);
    }

    /** Counts bytes that were acknowledged and are to be applied. */
    public void acknowledged(long bytes) {
        acknowledgedBytes.addAndGet(bytes);
    }

    /* Either may be counted first. */
    private long lagBytes() {
        return Math.max(0, acknowledgedBytes.get() - appliedBytes.get());
    }

    /**
     * Refuses when the store is behind.
     *
     * @throws BelfryException OVERLOADED when more than 64 MiB, or for 2 s more than 8 MiB, of what
     *     was acknowledged are not readable yet
     */
    public void checkCapacity() {
        long bytes = lagBytes();
        if (bytes <= LAG_BYTES_MAX / 8) {
            behindSinceNanos = 0;
            return;
        }
        long now = System.nanoTime() | 1;
        long since = behindSinceNanos;
        if (since == 0) {
            behindSinceNanos = now;
        }
        if (bytes > LAG_BYTES_MAX || since != 0 && now - since > LAG_NANOS_MAX) {
            throw new BelfryException(
                    ErrorCode.OVERLOADED,
                    "metric store: "
                            + (bytes >> 20)
                            + " MiB behind (expected: less; try again in a second)");
        }
    }

    /**
     * Waits until everything durable now is readable; false when it is not within {@code nanos}.
     */
    public boolean awaitApplied(long nanos) throws InterruptedException {
        return awaitApplied(journal.durableEnd(), nanos);
    }

    /**
     * Waits until everything that was durable at the start is readable; false when it is not within
     * {@code nanos}.
     */
    public boolean awaitRecovered(long nanos) throws InterruptedException {
        return awaitApplied(recoveredAt, nanos);
    }

    private boolean awaitApplied(long offset, long nanos) throws InterruptedException {
        if (appliedEnd >= offset) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (appliedEnd < offset && left > 0) {
                left = applied.awaitNanos(left);
            }
            return appliedEnd >= offset;
        } finally {
            lock.unlock();
        }
    }

    /** How the store is doing. */
    public MetricStatus status() {
        return new MetricStatus(
                appliedEnd,
                index.count(),
                samplesEver.get(),
                head.samples(),
                pool.usedBytes() + head.heapBytes(),
                index.bytes(),
                index.keyCount(),
                lagBytes(),
                unapplied.get(),
                failure);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            applier.join(Duration.ofSeconds(3));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.belfry.store.metrics;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesDeletion;
import dev.belfry.store.block.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The open samples and the view of everything: who applies adds to the newest generation, who
 * flushes takes the older one away, who reads takes a view.
 */
final class Heads {
    /*
     *   applier ──► active generation ──cut──► frozen ──► blocks
     *
     * The lock is held while a batch is applied, at a cut, and when the view changes; a reader takes none. Between
     * cut and commit the frozen generation is read as before; the commit's view names its blocks instead.
     */
    private final PagePool pool;
    private final ReentrantLock lock = new ReentrantLock();
    private final Samples scratch = new Samples();
    private final Generation.PageList pageScratch = new Generation.PageList();
    private final List<Deletion> uncommitted = new ArrayList<>();
    private Generation active;
    private @Nullable Cut cut;
    private long nextDeletion;
    private boolean empty = true;
    private volatile long tailBytes;
    private volatile long samplesEver;
    private volatile View view;

    /**
     * What is to become blocks.
     *
     * @param frozen the samples
     * @param toOffset the journal's offset before which they are
     * @param deletions that came before it and are not in the manifest
     */
    record Cut(Generation frozen, long toOffset, List<Deletion> deletions) {}

    /**
     * Begins with what is in blocks.
     *
     * @param startOffset the journal's offset from which on samples are not in blocks
     */
    Heads(PagePool pool, long startOffset, List<Stored> blocks, List<Deletion> tombstones) {
        this.pool = pool;
        active = new Generation(pool, startOffset);
        for (Deletion tombstone : tombstones) {
            nextDeletion = Math.max(nextDeletion, tombstone.number() + 1);
        }
        for (Stored block : blocks) {
            nextDeletion = Math.max(nextDeletion, block.meta().deletions());
        }
        view = new View(blocks, List.of(active), tombstones);
    }

    /** A view of everything, to be released. */
    View view() {
        while (true) {
            View now = view;
            if (now.retain()) {
                return now;
            }
        }
    }

    /** Held while batches are applied. */
    ReentrantLock lock() {
        return lock;
    }

    /** Notes that {@code bytes} of the journal are only in memory; with the lock. */
    void begin(int bytes) {
        empty = false;
        tailBytes += bytes;
    }

    /** Bytes of the journal that a cut would take, which a start would read again. */
    long tailBytes() {
        return tailBytes;
    }

    /** Whether nothing of the journal is only in memory; with the lock. */
    boolean isEmpty() {
        return empty && cut == null;
    }

    /** Adds the samples of a batch; with the lock. */
    void add(SampleBatch batch, long receivedMillis) {
        Generation head = active;
        int count = batch.count();
        int[] series = batch.series();
        long[] times = batch.timestampsMillis();
        double[] values = batch.values();
        boolean numbers = batch.histograms() == null;
        long lowest = Long.MAX_VALUE;
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            long time = times[i];
            FloatHistogram histogram = numbers ? null : batch.histogram(i);
            if (histogram == null) {
                head.add(series[i], time, values[i]);
            } else {
                head.add(series[i], time, histogram);
            }
            lowest = Math.min(lowest, time);
            highest = Math.max(highest, time);
        }
        if (count > 0) {
            head.added(count, lowest, highest, receivedMillis);
            samplesEver += count;
        }
    }

    /** Takes samples away that came before; with the lock. */
    void delete(SeriesDeletion deletion) {
        for (int series : deletion.series()) {
            active.delete(
                    series, deletion.startMillis(), deletion.endMillis(), scratch, pageScratch);
        }
        if (view.blocks().isEmpty() && view.generations().size() == 1) {
            return;
        }
        Deletion tombstone = new Deletion(nextDeletion++, active.startOffset(), deletion);
        uncommitted.add(tombstone);
        List<Deletion> all = new ArrayList<>(view.tombstones());
        all.add(tombstone);
        show(view.blocks(), view.generations(), all);
    }

    private void show(
            List<Stored> blocks, List<Generation> generations, List<Deletion> tombstones) {
        View before = view;
        view = new View(blocks, generations, tombstones);
        before.release();
    }

    /** Bytes of the samples that a cut would take. */
    long activeBytes() {
        Generation head = active;
        return head.pageBytes() + head.heapBytes();
    }

    long activeSamples() {
        return active.samples();
    }

    /** How many series those are of, about. */
    int activeSeries() {
        return active.seriesCount();
    }

    /** How many samples were added since the start. */
    long samplesEver() {
        return samplesEver;
    }

    /** Bytes of all open samples. */
    long bytes() {
        View now = view();
        try {
            long bytes = 0;
            for (Generation generation : now.generations()) {
                bytes += generation.pageBytes() + generation.heapBytes();
            }
            return bytes;
        } finally {
            now.release();
        }
    }

    /** Whether a cut waits to be committed. */
    boolean isCut() {
        return view.generations().size() > 1;
    }

    /** Freezes what is open, or gives the cut that was not committed. */
    Cut cut(long appliedEnd) {
        lock.lock();
        try {
            if (cut != null) {
                return cut;
            }
            Generation frozen = active;
            Cut made = new Cut(frozen, appliedEnd, List.copyOf(uncommitted));
            active = new Generation(pool, appliedEnd);
            empty = true;
            tailBytes = 0;
            List<Generation> generations = new ArrayList<>(view.generations());
            generations.add(active);
            show(view.blocks(), generations, view.tombstones());
            cut = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** From now on the cut's samples are read from {@code blocks}. */
    void committed(Cut done, List<Stored> added) {
        lock.lock();
        try {
            List<Stored> blocks = new ArrayList<>(view.blocks());
            blocks.addAll(added);
            uncommitted.removeAll(done.deletions());
            show(blocks, List.of(active), view.tombstones());
            cut = null;
        } finally {
            lock.unlock();
        }
    }

    /** Replaces blocks; deletions in {@code done} are carried out in all of them. */
    void replaced(List<BlockMeta> gone, List<Stored> added, List<Long> done) {
        lock.lock();
        try {
            List<Stored> blocks = new ArrayList<>(view.blocks());
            blocks.removeIf(block -> gone.contains(block.meta()));
            blocks.addAll(added);
            blocks.sort(Comparator.comparingLong((Stored block) -> block.meta().toOffset()));
            List<Deletion> tombstones = new ArrayList<>(view.tombstones());
            tombstones.removeIf(each -> done.contains(each.number()));
            show(blocks, view.generations(), tombstones);
        } finally {
            lock.unlock();
        }
    }

    /** The number that the next deletion will have. */
    long nextDeletion() {
        lock.lock();
        try {
            return nextDeletion;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: the files of blocks are closed when the last reader is gone. */
    void close() {
        lock.lock();
        try {
            show(List.of(), List.of(active), List.of());
        } finally {
            lock.unlock();
        }
    }
}

package dev.belfry.store.metrics;

import dev.belfry.model.CorruptFileException;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.store.record.DamageReport;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * What becomes of files of samples: spills become blocks, blocks are merged, made coarser and
 * dropped; one commit of the manifest each. For one thread at a time.
 */
final class BlockUpkeep {
    /* Samples of a series that make a block worth while, and files to wait for them. */
    private static final int SERIES_SAMPLES = 240;
    private static final int SPILLS_MAX = 16;

    private final MetricStoreConfig config;
    private final InstantSource clock;
    private final MetricManifest manifest;
    private final SeriesIndex index;
    private final Heads heads;
    private final BlockFiles files;
    private final FlushOrder order;

    /* Files that no one reads and the manifest, once settled, does not name. */
    private final List<BlockMeta> unnamed = new ArrayList<>();

    /* Names of blocks that are damaged so that they cannot be merged. */
    private final Set<String> unmergeable = new HashSet<>();
    private final AtomicLong merges = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();

    BlockUpkeep(
            MetricStoreConfig config,
            InstantSource clock,
            MetricManifest manifest,
            SeriesIndex index,
            Heads heads,
            BlockFiles files) {
        this.config = config;
        this.clock = clock;
        this.manifest = manifest;
        this.index = index;
        this.heads = heads;
        this.files = files;
        order = new FlushOrder(index);
    }

    /**
     * Opens the blocks of the manifest, and deletes the files that it does not name.
     *
     * @param damage what cannot be opened is told here
     */
    static List<Stored> open(MetricManifest manifest, BlockFiles files, DamageReport damage)
            throws IOException {
        List<Stored> blocks = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (BlockMeta meta : manifest.blocks()) {
            named.add(meta.name());
            try {
                blocks.add(files.open(meta));
            } catch (IOException unreadable) {
                damage.add("block " + meta.name() + " cannot be opened: " + unreadable);
            }
        }
        if (manifest.damage().isEmpty()) {
            files.deleteOthers(named);
        }
        blocks.sort(Comparator.comparingLong((Stored block) -> block.meta().toOffset()));
        return blocks;
    }

    long merges() {
        return merges.get();
    }

    /** Samples that retention dropped since the start. */
    long expired() {
        return expired.get();
    }

    /**
     * After a commit that failed nobody knows what the manifest's file says: writes it anew before
     * anything else takes room, and deletes what it does not name then.
     */
    void settle() throws IOException {
        if (!manifest.isSettled()) {
            manifest.commit(manifest.change(List.of(), List.of(), List.of()));
        }
        deleteUnnamed();
    }

    private void deleteUnnamed() throws IOException {
        while (!unnamed.isEmpty()) {
            files.delete(unnamed.getFirst());
            unnamed.removeFirst();
        }
    }

    /**
     * Makes blocks of spills, and merges blocks, where there are enough of them.
     *
     * @param stopped ends it before the next merge
     */
    void mergeDue(BooleanSupplier stopped) throws IOException {
        settle();
        if (blocksAreDue()) {
            makeBlocks();
        }
        merge(MergePlan.Pace.STEADY, MergePlan.DELETIONS_MAX, stopped);
    }

    /**
     * Merges blocks where there are at least two that are not much larger than each other, and all
     * of days that are over.
     */
    void mergeAll(BooleanSupplier stopped) throws IOException {
        merge(MergePlan.Pace.IN_A_LULL, MergePlan.DELETIONS_MAX, stopped);
    }

    /** Takes what was deleted out of all files. */
    void carryOutDeletions(BooleanSupplier stopped) throws IOException {
        settle();
        if (isSpillConcerned()) {
            makeBlocks();
        }
        merge(MergePlan.Pace.DELETIONS, 0, stopped);
    }

    private boolean isSpillConcerned() {
        View view = heads.view();
        try {
            return view.blocks().stream()
                    .anyMatch(each ->
                            each instanceof Spill
                                    && view.tombstones().stream()
                                            .anyMatch(one -> one.concerns(each.meta())));
        } finally {
            view.release();
        }
    }

    private void merge(MergePlan.Pace pace, int deletionsMax, BooleanSupplier stopped)
            throws IOException {
        List<StoredBlock> chosen = choose(pace, deletionsMax);
        while (!chosen.isEmpty() && !stopped.getAsBoolean()) {
            merge(chosen);
            chosen = choose(pace, deletionsMax);
        }
    }

    private boolean blocksAreDue() {
        Spilled now = spilled();
        return now.files() >= SPILLS_MAX
                || now.files() > 0 && now.samples() >= SERIES_SAMPLES * (long) now.series();
    }

    /**
     * What is in spills.
     *
     * @param files how many there are
     * @param samples of all
     * @param series the most that one has
     */
    record Spilled(int files, long samples, int series) {}

    Spilled spilled() {
        View view = heads.view();
        try {
            long samples = 0;
            int series = 0;
            int spills = 0;
            for (Stored one : view.blocks()) {
                if (one instanceof Spill spill) {
                    spills++;
                    samples += spill.meta().samples();
                    series = Math.max(series, spill.meta().series());
                }
            }
            return new Spilled(spills, samples, series);
        } finally {
            view.release();
        }
    }

    /** Makes blocks of all spills. */
    void makeBlocks() throws IOException {
        View view = heads.view();
        try {
            List<Spill> spills = new ArrayList<>();
            for (Stored one : view.blocks()) {
                if (one instanceof Spill spill) {
                    spills.add(spill);
                }
            }
            if (!spills.isEmpty()) {
                long deletionsEnd = heads.nextDeletion();
                List<Stored> blocks =
                        files.blocksOf(
                                spills, tombstones(deletionsEnd), deletionsEnd, order, index);
                replace(metas(spills), blocks);
            }
        } finally {
            view.release();
        }
    }

    private List<StoredBlock> choose(MergePlan.Pace pace, int deletionsMax) {
        View view = heads.view();
        try {
            return MergePlan.choose(
                    view.blocks(),
                    unmergeable,
                    view.tombstones(),
                    pace,
                    deletionsMax,
                    clock.millis());
        } finally {
            view.release();
        }
    }

    private void merge(List<StoredBlock> chosen) throws IOException {
        View view = heads.view();
        try {
            long deletionsEnd = heads.nextDeletion();
            List<Deletion> tombstones = tombstones(deletionsEnd);
            StoredBlock merged = files.merge(chosen, tombstones, deletionsEnd);
            List<Stored> added = merged == null ? List.of() : List.of(merged);
            replace(metas(chosen), added);
            merges.incrementAndGet();
        } catch (CorruptFileException damaged) {
            leave(chosen, damaged);
        } finally {
            view.release();
        }
    }

    /* Blocks of which the labels cannot be read are read as they are, until retention takes them. */
    private void leave(List<StoredBlock> blocks, CorruptFileException damaged)
            throws CorruptFileException {
        boolean isFound = false;
        for (StoredBlock block : blocks) {
            if (!block.block().hasAllLabels()) {
                isFound |= unmergeable.add(block.meta().name());
            }
        }
        if (!isFound) {
            throw damaged;
        }
    }

    private List<Deletion> tombstones(long below) {
        View now = heads.view();
        try {
            return now.tombstones().stream().filter(each -> each.number() < below).toList();
        } finally {
            now.release();
        }
    }

    private static List<BlockMeta> metas(List<? extends Stored> blocks) {
        return blocks.stream().map(Stored::meta).toList();
    }

    private void replace(List<BlockMeta> gone, List<Stored> added) throws IOException {
        List<BlockMeta> left = new ArrayList<>(manifest.blocks());
        left.removeAll(gone);
        left.addAll(metas(added));
        List<Long> done = new ArrayList<>();
        if (!heads.isCut()) {
            for (Deletion tombstone : manifest.tombstones()) {
                if (left.stream().noneMatch(tombstone::concerns)) {
                    done.add(tombstone.number());
                }
            }
        }
        try {
            manifest.commit(
                    manifest.change(
                            metas(added), gone.stream().map(BlockMeta::name).toList(), done));
            heads.replaced(gone, added, done);
        } catch (IOException failure) {
            added.forEach(block -> unnamed.add(block.meta()));
            throw failure;
        } finally {
            added.forEach(Stored::close);
        }
        unnamed.addAll(gone);
        deleteUnnamed();
    }

    /** Drops blocks that are past their time, or makes steps of a tier of their samples. */
    void expire() throws IOException {
        settle();
        if (spillsArePast()) {
            makeBlocks();
        }
        List<BlockMeta> gone = new ArrayList<>();
        for (BlockMeta block : manifest.blocks()) {
            if (distance(block.newestMillis()) == Tiers.GONE) {
                gone.add(block);
            }
        }
        if (!gone.isEmpty()) {
            replace(gone, List.of());
            gone.forEach(block -> expired.addAndGet(block.samples()));
        }
        List<StoredBlock> older = new ArrayList<>();
        View view = heads.view();
        try {
            for (Stored block : view.blocks()) {
                long distance = distance(block.meta().newestMillis());
                if (distance > block.meta().tierMillis()
                        && block instanceof StoredBlock stored
                        && !unmergeable.contains(block.meta().name())
                        && view.tombstones().stream()
                                .noneMatch(each -> each.concerns(block.meta()))) {
                    older.add(stored);
                }
            }
            for (StoredBlock block : older) {
                downsample(block);
            }
        } finally {
            view.release();
        }
    }

    /* What is far ahead in a spill keeps the rest of it only until they are in blocks of their own. */
    private boolean spillsArePast() {
        View view = heads.view();
        try {
            return view.blocks().stream()
                    .anyMatch(each ->
                            each instanceof Spill
                                    && distance(each.meta().receivedMillis()) != 0
                                    && distance(each.meta().newestMillis()) == 0);
        } finally {
            view.release();
        }
    }

    private void downsample(StoredBlock block) throws IOException {
        try {
            StoredBlock steps = files.downsample(block, distance(block.meta().newestMillis()));
            replace(List.of(block.meta()), steps == null ? List.of() : List.of(steps));
        } catch (CorruptFileException damaged) {
            leave(List.of(block), damaged);
        }
    }

    private long distance(long newestMillis) {
        return Tiers.distance(config, clock.millis() - newestMillis);
    }
}

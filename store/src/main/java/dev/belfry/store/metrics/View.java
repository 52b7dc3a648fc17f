package dev.belfry.store.metrics;

import dev.belfry.store.block.BlockReader;
import dev.belfry.store.block.Samples;
import dev.belfry.store.block.StepMerge;
import dev.belfry.store.block.TierSamples;
import dev.belfry.store.block.TierSteps;
import dev.belfry.store.block.Windows;
import dev.belfry.store.record.UseCount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is readable at a moment: blocks and open samples. Immutable but for the number of its users;
 * what it names is there until it was released as often as it was retained.
 */
final class View {
    private final List<Stored> blocks;
    private final List<Stored> inTime;
    private final List<Generation> generations;
    private final List<Deletion> tombstones;
    private final UseCount users = new UseCount();

    /**
     * Takes a share in all of it.
     *
     * @param blocks by the offset before which their samples are, ascending
     * @param generations the oldest first; the last one grows
     * @param tombstones deletions that are not carried out in all blocks
     */
    View(List<Stored> blocks, List<Generation> generations, List<Deletion> tombstones) {
        this.blocks = List.copyOf(blocks);
        this.inTime = inTime(blocks);
        this.generations = List.copyOf(generations);
        this.tombstones = List.copyOf(tombstones);
        for (Stored block : blocks) {
            if (!block.acquire()) {
                throw new IllegalStateException("BUG: " + block.meta().name() + " is closed");
            }
        }
        generations.forEach(Generation::retain);
    }

    /*
     * Samples come out ascending, and need not be sorted, when blocks are read in the order of time. Of two samples at one
     * time the later one wins: blocks whose times overlap keep their order.
     */
    private static List<Stored> inTime(List<Stored> blocks) {
        Stored[] sorted = blocks.toArray(new Stored[0]);
        for (int i = 1; i < sorted.length; i++) {
            Stored moved = sorted[i];
            int at = i;
            while (at > 0 && moved.meta().maxMillis() < sorted[at - 1].meta().minMillis()) {
                sorted[at] = sorted[at - 1];
                at--;
            }
            sorted[at] = moved;
        }
        return List.of(sorted);
    }

    List<Stored> blocks() {
        return blocks;
    }

    List<Generation> generations() {
        return generations;
    }

    List<Deletion> tombstones() {
        return tombstones;
    }

    /** False when all its users are gone. */
    boolean retain() {
        return users.acquire();
    }

    void release() {
        if (users.release()) {
            blocks.forEach(Stored::close);
            generations.forEach(Generation::release);
        }
    }

    /** Whether a series may have samples from {@code start} to {@code end}; a rough answer. */
    boolean mayHave(int series, long start, long end) {
        for (Generation generation : generations) {
            if (generation.minTime() <= end
                    && generation.maxTime() >= start
                    && generation.has(series)) {
                return true;
            }
        }
        for (Stored block : blocks) {
            if (block.mayHave(series, start, end) && !hides(block.meta(), series)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a series that {@link #mayHave} samples from {@code start} to {@code end} has some;
     * what is only partly of that time is read, of files as often as {@code scratch} allows. Steps
     * of a tier are not looked at more closely.
     *
     * @param target is cleared
     */
    boolean has(int series, long start, long end, Samples target, Scratch scratch) {
        for (int i = generations.size() - 1; i >= 0; i--) {
            Generation generation = generations.get(i);
            boolean whole = generation.minTime() >= start && generation.maxTime() <= end;
            if (whole && tombstones.isEmpty() && generation.has(series)) {
                return true;
            }
            target.clear();
            read(i, series, start, end, target, scratch);
            if (target.size() > 0) {
                return true;
            }
        }
        for (Stored block : blocks.reversed()) {
            BlockMeta meta = block.meta();
            if (!block.mayHave(series, start, end) || hides(meta, series)) {
                continue;
            }
            boolean whole = meta.minMillis() >= start && meta.maxMillis() <= end;
            boolean certain = whole && hiding(series, meta.toOffset()).isEmpty();
            if (certain || meta.tierMillis() > 0 || scratch.closeLooks == 0) {
                return true;
            }
            scratch.closeLooks--;
            target.clear();
            read(block, series, start, end, target, scratch);
            if (target.size() > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean hides(BlockMeta block, int series) {
        for (Deletion tombstone : tombstones) {
            if (tombstone.concerns(series, block.toOffset())
                    && tombstone.deletion().startMillis() <= block.minMillis()
                    && tombstone.deletion().endMillis() >= block.maxMillis()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds a series' samples from {@code start} to {@code end}, both inclusive, to {@code target},
     * ascending.
     *
     * @param function what will be made of them, and {@code rangeMillis} of how long a range (0 for
     *     an instant): of samples that are kept as steps of a tier, it gets those that suit it
     */
    void read(
            int series,
            long start,
            long end,
            String function,
            long rangeMillis,
            Samples target,
            Scratch scratch) {
        readSteps(series, start, end, function, rangeMillis, target, scratch);
        for (Stored block : inTime) {
            if (block.meta().tierMillis() == 0 && block.meta().overlaps(start, end)) {
                read(block, series, start, end, target, scratch);
            }
        }
        for (int i = 0; i < generations.size(); i++) {
            read(i, series, start, end, target, scratch);
        }
        target.settle();
    }

    private void read(
            int number, int series, long start, long end, Samples target, Scratch scratch) {
        Generation generation = generations.get(number);
        if (generation.minTime() > end || generation.maxTime() < start) {
            return;
        }
        boolean later = number + 1 < generations.size();
        List<Deletion> hiding =
                later ? hiding(series, generations.get(number + 1).startOffset()) : List.of();
        if (hiding.isEmpty()) {
            generation.read(series, start, end, target, scratch.pages);
        } else {
            scratch.run.clear();
            generation.read(series, start, end, scratch.run, scratch.pages);
            drop(hiding, scratch.run);
            target.addAll(scratch.run);
        }
    }

    private void readSteps(
            int series,
            long start,
            long end,
            String function,
            long rangeMillis,
            Samples target,
            Scratch scratch) {
        StepMerge merge = null;
        for (Stored each : blocks) {
            if (each.meta().tierMillis() > 0
                    && each instanceof StoredBlock block
                    && block.mayHave(series, start, end)) {
                TierSteps steps = new TierSteps();
                scratch.run.clear();
                block.readSteps(series, start, end, steps, scratch.run, scratch);
                List<Deletion> hiding = hiding(series, each.meta().toOffset());
                drop(hiding, scratch.run);
                target.addAll(scratch.run);
                merge = merge == null ? new StepMerge() : merge;
                merge.add(steps, hiding.stream().map(Deletion::tombstone).toList());
            }
        }
        if (merge != null) {
            TierSamples made = scratch.made();
            made.make(merge.merged(), function, rangeMillis);
            for (int i = 0; i < made.size(); i++) {
                if (made.times()[i] >= start && made.times()[i] <= end) {
                    target.add(made.times()[i], made.values()[i]);
                }
            }
        }
    }

    private void read(
            Stored block, int series, long start, long end, Samples target, Scratch scratch) {
        List<Deletion> hiding = hiding(series, block.meta().toOffset());
        if (hiding.isEmpty()) {
            block.read(series, start, end, target, scratch);
        } else {
            scratch.run.clear();
            block.read(series, start, end, scratch.run, scratch);
            drop(hiding, scratch.run);
            target.addAll(scratch.run);
        }
    }

    private List<Deletion> hiding(int series, long toOffset) {
        if (tombstones.isEmpty()) {
            return tombstones;
        }
        List<Deletion> found = new ArrayList<>(0);
        for (Deletion tombstone : tombstones) {
            if (tombstone.concerns(series, toOffset)) {
                found.add(tombstone);
            }
        }
        return found;
    }

    private static void drop(List<Deletion> hiding, Samples run) {
        for (Deletion tombstone : hiding) {
            run.drop(tombstone.deletion().startMillis(), tombstone.deletion().endMillis());
        }
    }

    /** What a reader works with; for one thread. */
    static final class Scratch {
        final Generation.PageList pages = new Generation.PageList();
        final Samples run = new Samples();

        /* How often a file may be read to see whether it has samples. */
        int closeLooks;

        /* Of blocks, samples outside of these may be left out; null when all are wanted. */
        @Nullable Windows windows;
        private @Nullable BlockReader blocks;
        private @Nullable TierSamples made;

        /* Both keep large arrays, and most queries read none: made by the first block, the first tier. */
        BlockReader blocks() {
            if (blocks == null) {
                blocks = new BlockReader();
            }
            return blocks;
        }

        TierSamples made() {
            if (made == null) {
                made = new TierSamples();
            }
            return made;
        }
    }
}

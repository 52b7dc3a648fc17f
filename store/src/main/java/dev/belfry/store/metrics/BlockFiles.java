package dev.belfry.store.metrics;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.block.Block;
import dev.belfry.store.block.BlockInfo;
import dev.belfry.store.block.BlockMerger;
import dev.belfry.store.block.BlockWriter;
import dev.belfry.store.block.Downsampler;
import dev.belfry.store.block.Samples;
import dev.belfry.store.block.SeriesOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** Writes, merges, opens and deletes the files of blocks. For one thread. */
final class BlockFiles {
    static final long DAY_MILLIS = 86_400_000;
    private static final String BLOCK = ".block";
    private static final String SPILL = ".spill";

    /* Days that a walk over all samples writes: a writer of each takes about 0.6 MB. */
    private static final int DAYS_MAX = 32;

    /*
     * Walks; what is of further days than they write shares one block. So does what is far ahead, which would keep
     * the others: senders that take seconds for nanoseconds send a day each time.
     */
    private static final int PASSES_MAX = 16;
    private static final long OTHERS = Long.MIN_VALUE;
    private static final long FUTURE = Long.MAX_VALUE;

    private final Disk disk;
    private final Path folder;
    private final Consumer<CorruptFileException> damage;
    private long next;

    BlockFiles(Disk disk, Path folder, Consumer<CorruptFileException> damage) throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.damage = damage;
        for (Path path : disk.list(folder)) {
            next = Math.max(next, number(path) + 1);
        }
    }

    /* The number in a block's name, also one that is not whole; -1 for other files. */
    private static long number(Path path) {
        String file = path.getFileName().toString();
        int dot = file.indexOf('.');
        if (dot != 12 || !file.startsWith(BLOCK, dot) && !file.startsWith(SPILL, dot)) {
            return -1;
        }
        for (int i = 0; i < dot; i++) {
            if (file.charAt(i) < '0' || file.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(file.substring(0, dot));
    }

    private Path path(String name) {
        return folder.resolve(name + BLOCK);
    }

    private Path path(BlockMeta meta) {
        return meta.isSpill() ? folder.resolve(meta.name() + SPILL) : path(meta.name());
    }

    private String newName() {
        return name(next++);
    }

    private static String name(long number) {
        return "%012d".formatted(number);
    }

    Stored open(BlockMeta meta) throws IOException {
        return meta.isSpill()
                ? Spill.open(disk, path(meta), meta, damage)
                : new StoredBlock(meta, Block.open(disk, path(meta), damage));
    }

    void delete(BlockMeta meta) throws IOException {
        disk.delete(path(meta));
    }

    /** Deletes the blocks that are not in {@code named}: a crash came before their commit. */
    void deleteOthers(Set<String> named) throws IOException {
        for (Path path : disk.list(folder)) {
            String file = path.getFileName().toString();
            boolean whole = file.endsWith(BLOCK) || file.endsWith(SPILL);
            if (number(path) >= 0 && !(whole && named.contains(file.substring(0, 12)))) {
                disk.delete(path);
            }
        }
    }

    /**
     * Writes what {@code generation} holds as it is.
     *
     * @param toOffset the journal's offset before which all its samples are
     */
    Spill spill(Generation generation, long toOffset) throws IOException {
        String name = newName();
        Path path = folder.resolve(name + SPILL);
        Spill.Written written = Spill.write(disk, path, generation);
        BlockMeta meta =
                new BlockMeta(
                        name,
                        true,
                        generation.minTime(),
                        generation.maxTime(),
                        generation.startOffset(),
                        toOffset,
                        0,
                        written.series(),
                        generation.samples(),
                        written.bytes(),
                        generation.receivedMillis(),
                        0);
        try {
            return Spill.open(disk, path, meta, damage);
        } catch (IOException failure) {
            discard(path, failure);
            throw failure;
        }
    }

    /* What was not finished takes room that the next try needs. */
    private void discard(Path path, Exception failure) {
        try {
            disk.delete(path);
        } catch (IOException also) {
            failure.addSuppressed(also);
        }
    }

    /**
     * Makes blocks of spills that follow each other, one a day. When it fails, no file is left.
     *
     * @param tombstones deletions, which are carried out
     */
    List<Stored> blocksOf(
            List<Spill> spills,
            List<Deletion> tombstones,
            long deletionsEnd,
            FlushOrder order,
            SeriesIndex index)
            throws IOException {
        RoaringBitmap series = new RoaringBitmap();
        long received = Long.MIN_VALUE;
        for (Spill spill : spills) {
            spill.series(series::add);
            received = Math.max(received, spill.meta().receivedMillis());
        }
        RoaringBitmap all = index.allSeries();
        series.and(all);
        order.update(series, all);
        View view = new View(List.copyOf(spills), List.of(), tombstones);
        List<Stored> written = new ArrayList<>();
        Set<Long> done = new HashSet<>();
        long firstName = next;
        try {
            boolean more = true;
            for (int pass = 1; more; pass++) {
                Pass one = new Pass(done, received, pass == PASSES_MAX);
                try {
                    one.write(view, series, order, index);
                    for (Target target : one.targets.values()) {
                        BlockInfo info =
                                target.writer.finish(
                                        spills.getFirst().meta().fromOffset(),
                                        spills.getLast().meta().toOffset(),
                                        0);
                        written.add(opened(target.name, info, received, deletionsEnd));
                    }
                } finally {
                    one.close();
                }
                done.addAll(one.targets.keySet());
                more = one.more;
            }
            return written;
        } catch (IOException | RuntimeException failure) {
            written.forEach(Stored::close);
            for (long name = firstName; name < next; name++) {
                discard(path(name(name)), failure);
            }
            throw failure;
        } finally {
            view.release();
        }
    }

    /* A block that is written, and the series whose labels it was last told. */
    private static final class Target {
        final String name;
        final BlockWriter writer;
        int labelled = -1;

        Target(String name, BlockWriter writer) {
            this.name = name;
            this.writer = writer;
        }
    }

    /* One walk over all samples; it writes a bounded number of days. */
    private final class Pass {
        final Map<Long, Target> targets = new LinkedHashMap<>();
        private final Set<Long> done;
        private final long receivedMillis;
        private final boolean last;
        boolean more;

        Pass(Set<Long> done, long receivedMillis, boolean last) {
            this.done = done;
            this.receivedMillis = receivedMillis;
            this.last = last;
        }

        void write(View view, RoaringBitmap series, FlushOrder order, SeriesIndex index)
                throws IOException {
            Samples samples = new Samples();
            View.Scratch scratch = new View.Scratch();
            for (int place = 0; place < order.size(); place++) {
                int one = order.series(place);
                if (series.contains(one)) {
                    samples.clear();
                    view.read(one, Long.MIN_VALUE, Long.MAX_VALUE, "", 0, samples, scratch);
                    add(order.get(place), samples, index);
                }
            }
        }

        private void add(SeriesOrder order, Samples samples, SeriesIndex index) throws IOException {
            long[] times = samples.times();
            int from = 0;
            while (from < samples.size()) {
                long day = day(times[from]);
                int to = from + 1;
                while (to < samples.size() && day(times[to]) == day) {
                    to++;
                }
                Target target = target(day);
                if (target != null) {
                    if (target.labelled != order.id()) {
                        target.labelled = order.id();
                        target.writer.series(order, index.labels(order.id()));
                    }
                    target.writer.add(
                            order, times, samples.values(), samples.histograms(), from, to);
                }
                from = to;
            }
        }

        private long day(long timeMillis) {
            return BlockMeta.isFuture(timeMillis, receivedMillis)
                    ? FUTURE
                    : Math.floorDiv(timeMillis, DAY_MILLIS);
        }

        private @Nullable Target target(long day) throws IOException {
            if (done.contains(day)) {
                return null;
            }
            Target known = targets.get(day);
            if (known != null) {
                return known;
            }
            long key = day;
            if (day != FUTURE && targets.size() >= DAYS_MAX) {
                if (!last) {
                    more = true;
                    return null;
                }
                key = OTHERS;
                known = targets.get(OTHERS);
            }
            if (known == null) {
                String name = newName();
                known = new Target(name, BlockWriter.create(disk, path(name)));
                targets.put(key, known);
            }
            return known;
        }

        void close() throws IOException {
            for (Target target : targets.values()) {
                target.writer.close();
            }
        }
    }

    private StoredBlock opened(String name, BlockInfo info, long receivedMillis, long deletions)
            throws IOException {
        Block block = Block.open(disk, path(name), damage);
        BlockMeta meta =
                new BlockMeta(
                        name,
                        false,
                        info.minMillis(),
                        info.maxMillis(),
                        info.fromOffset(),
                        info.toOffset(),
                        info.tierMillis(),
                        info.series(),
                        info.samples(),
                        block.sizeBytes(),
                        receivedMillis,
                        deletions);
        return new StoredBlock(meta, block);
    }

    /**
     * Makes one block of several, which are held open by the caller. When it fails, no file is
     * left.
     *
     * @param deletionsEnd the number after those of all {@code tombstones}
     * @return null when nothing is left
     */
    @Nullable StoredBlock merge(
            List<StoredBlock> inputs, List<Deletion> tombstones, long deletionsEnd)
            throws IOException {
        String name = newName();
        long received = Long.MIN_VALUE;
        for (StoredBlock input : inputs) {
            received = Math.max(received, input.meta().receivedMillis());
        }
        try {
            BlockInfo info =
                    BlockMerger.merge(
                            disk,
                            inputs.stream().map(StoredBlock::block).toList(),
                            tombstones.stream().map(Deletion::tombstone).toList(),
                            path(name));
            return info == null ? null : opened(name, info, received, deletionsEnd);
        } catch (IOException | RuntimeException failure) {
            discard(path(name), failure);
            throw failure;
        }
    }

    /**
     * Makes steps of {@code tierMillis} of a block, which is held open by the caller. When it
     * fails, no file is left.
     *
     * @return null when nothing is left
     */
    @Nullable StoredBlock downsample(StoredBlock input, long tierMillis) throws IOException {
        String name = newName();
        BlockMeta meta = input.meta();
        try {
            BlockInfo info = Downsampler.downsample(disk, input.block(), tierMillis, path(name));
            return info == null
                    ? null
                    : opened(name, info, meta.receivedMillis(), meta.deletions());
        } catch (IOException | RuntimeException failure) {
            discard(path(name), failure);
            throw failure;
        }
    }
}

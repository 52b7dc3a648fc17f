package dev.belfry.store.block;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one block of several: for a series and time, the sample of the block with the highest
 * offset wins, and what a {@link Tombstone} deletes is left out. Keeps one group of series in
 * memory. For one thread, once.
 */
public final class BlockMerger {
    /*
     * Chunks that are long, do not meet others in time and lose nothing are copied byte for byte.
     * Short ones are read and joined: a day of 2-hour chunks takes half as much in one.
     */
    private static final int COPIED_SAMPLES_MIN = 2048;
    private static final int GROUP_SERIES_MAX = 1024;
    private static final long DAY_MILLIS = 86_400_000;

    private final List<Block> blocks;
    private final List<List<Tombstone>> tombstones = new ArrayList<>();
    private final BlockWriter writer;
    private final boolean tier;
    /* One for each block, so that a chunk's columns are decoded one after the other. */
    private final List<BlockReader> readers = new ArrayList<>();
    private final List<LabelCursor> cursors = new ArrayList<>();
    private final Samples samples = new Samples();
    private final Samples run = new Samples();

    /* By block and its column of times: the new one, plus 1. */
    private final int[][] timesMade;

    /* The series of the group at hand, and the chunks that they have. */
    private final List<LabelCursor.Series> group = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();

    private record Piece(
            int block,
            int series,
            int times,
            long place,
            int column,
            long min,
            long max,
            int count) {}

    private BlockMerger(List<Block> inputs, List<Tombstone> deletions, BlockWriter writer) {
        blocks = new ArrayList<>(inputs);
        blocks.sort(Comparator.comparingLong(block -> block.info().toOffset()));
        for (Block block : blocks) {
            tombstones.add(deletions.stream().filter(each -> each.concerns(block.info())).toList());
            cursors.add(new LabelCursor(block, new BlockReader()));
            readers.add(new BlockReader());
        }
        timesMade = new int[blocks.size()][];
        for (int i = 0; i < timesMade.length; i++) {
            timesMade[i] = new int[blocks.get(i).directory().timesColumns()];
        }
        this.writer = writer;
        tier = inputs.getFirst().info().tierMillis() > 0;
    }

    /**
     * Merges {@code inputs}, which the caller has acquired, into a block at {@code path}. They are
     * of one tier. What is damaged in them is reported to their listeners and left out.
     *
     * @return what the block says of itself; null when nothing was left, and no file is there
     * @throws CorruptFileException when the labels of a block cannot be read: it is to stay as it
     *     is
     */
    public static @Nullable BlockInfo merge(
            Disk disk, List<Block> inputs, List<Tombstone> deletions, Path path)
            throws IOException {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (Block input : inputs) {
            from = Math.min(from, input.info().fromOffset());
            to = Math.max(to, input.info().toOffset());
        }
        try (BlockWriter writer = BlockWriter.create(disk, path)) {
            new BlockMerger(inputs, deletions, writer).run();
            if (writer.chunks() == 0) {
                return null;
            }
            return writer.finish(from, to, inputs.getFirst().info().tierMillis());
        }
    }

    private void run() throws IOException {
        for (LabelCursor.Series next = next(); next != null; next = next()) {
            boolean joins =
                    !group.isEmpty()
                            && group.getFirst().order().group() == next.order().group()
                            && group.size() < GROUP_SERIES_MAX;
            if (!joins) {
                endGroup();
            }
            group.add(next);
        }
        endGroup();
    }

    /* The lowest series of all cursors, which move beyond it. */
    private LabelCursor.@Nullable Series next() throws CorruptFileException {
        LabelCursor.Series lowest = null;
        for (LabelCursor cursor : cursors) {
            if (cursor.has()
                    && (lowest == null || cursor.current().order().compareTo(lowest.order()) < 0)) {
                lowest = cursor.current();
            }
        }
        if (lowest != null) {
            for (LabelCursor cursor : cursors) {
                if (cursor.has() && cursor.current().order().equals(lowest.order())) {
                    cursor.advance();
                }
            }
        }
        return lowest;
    }

    private void endGroup() throws IOException {
        findPieces();
        if (!pieces.isEmpty()) {
            if (copyable()) {
                copy();
            } else {
                join();
            }
        }
        group.clear();
    }

    private void findPieces() {
        pieces.clear();
        for (int b = 0; b < blocks.size(); b++) {
            BlockDirectory directory = blocks.get(b).directory();
            for (int s = 0; s < group.size(); s++) {
                int series = group.get(s).order().id();
                int entries = directory.info().chunks();
                for (int entry = directory.find(series); entry < entries; entry++) {
                    if (directory.series(entry) != series) {
                        break;
                    }
                    int times = directory.times(entry);
                    if (directory.soundTimes(times)) {
                        pieces.add(
                                new Piece(
                                        b,
                                        s,
                                        times,
                                        directory.place(entry),
                                        directory.column(entry),
                                        directory.timesMin(times),
                                        directory.timesMax(times),
                                        directory.timesCount(times)));
                    }
                }
            }
        }
    }

    /* Whether the chunks of the group can stay as they are. */
    private boolean copyable() {
        long count = 0;
        int firstBlock = pieces.getFirst().block();
        boolean oneBlock = true;
        pieces.sort(Comparator.comparingInt(Piece::series).thenComparingLong(Piece::min));
        Piece before = null;
        for (Piece piece : pieces) {
            count += piece.count();
            oneBlock &= piece.block() == firstBlock;
            if (before != null && before.series() == piece.series() && piece.min() <= before.max()
                    || deletes(piece)) {
                return false;
            }
            before = piece;
        }
        return oneBlock || count >= (long) COPIED_SAMPLES_MIN * pieces.size();
    }

    private boolean deletes(Piece piece) {
        for (Tombstone tombstone : tombstones.get(piece.block())) {
            if (tombstone.startMillis() <= piece.max()
                    && tombstone.endMillis() >= piece.min()
                    && tombstone.series().test(group.get(piece.series()).order().id())) {
                return true;
            }
        }
        return false;
    }

    private void copy() throws IOException {
        tell(0, group.size());
        pieces.sort(
                Comparator.comparingLong(Piece::min)
                        .thenComparingInt(Piece::block)
                        .thenComparingLong(Piece::place)
                        .thenComparingInt(Piece::column));
        Piece before = null;
        long copied = -1;
        int times = 0;
        for (Piece piece : pieces) {
            boolean same =
                    before != null
                            && before.block() == piece.block()
                            && before.place() == piece.place();
            if (!same) {
                Block block = blocks.get(piece.block());
                BlockReader reader = readers.get(piece.block());
                times = times(piece);
                int length = times < 0 ? -1 : reader.load(block, piece.place());
                copied = length < 0 ? -1 : writer.copy(reader.bytes(), length);
            }
            if (copied >= 0) {
                int series = group.get(piece.series()).order().id();
                writer.copied(series, times, copied, piece.column());
            }
            before = piece;
        }
    }

    private void tell(int from, int to) throws IOException {
        for (int s = from; s < to; s++) {
            writer.series(group.get(s).order(), group.get(s).labels());
        }
    }

    /* The new block's column of a piece's times; -1 when they are damaged. */
    private int times(Piece piece) throws IOException {
        int[] made = timesMade[piece.block()];
        BlockReader reader = readers.get(piece.block());
        if (made[piece.times()] == 0) {
            if (!reader.loadTimes(blocks.get(piece.block()), piece.times())) {
                return -1;
            }
            made[piece.times()] = 1 + writer.times(reader.times(), 0, piece.count());
        }
        return made[piece.times()] - 1;
    }

    private void join() throws IOException {
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        long[] counts = new long[group.size()];
        long most = 0;
        for (Piece piece : pieces) {
            min = Math.min(min, piece.min());
            max = Math.max(max, piece.max());
            counts[piece.series()] += piece.count();
            most = Math.max(most, counts[piece.series()]);
        }
        boolean[] told = new boolean[group.size()];
        Windows windows = new Windows(min, max, most);
        for (long start = min; start <= max && start >= min; ) {
            long end = windows.end(start);
            for (int s = 0; s < group.size(); s++) {
                told[s] |= tier ? joinSteps(s, start, end) : joinSamples(s, start, end);
            }
            start = end + 1;
        }
        for (int s = 0; s < told.length; s++) {
            if (told[s]) {
                tell(s, s + 1);
            }
        }
    }

    /*
     * Where the chunks of a group end: all its series at the same times, so that they share columns
     * of times and stand beside each other.
     */
    private record Windows(long min, long max, long most) {
        long end(long start) {
            double span = (double) max - min + 1;
            double chunks = Math.ceil(most / (double) Limits.CHUNK_SAMPLES);
            if (chunks <= 1) {
                return max;
            }
            long length = Math.max(1, (long) (span / chunks));
            if (length >= DAY_MILLIS) {
                length -= length % DAY_MILLIS;
            }
            long end = Math.floorDiv(start, length) * length + length - 1;
            return end < start || end > max ? max : end;
        }
    }

    private boolean joinSamples(int s, long start, long end) throws IOException {
        collect(group.get(s).order().id(), start, end);
        return addSamples(s);
    }

    private boolean addSamples(int s) throws IOException {
        samples.settle();
        if (samples.size() > 0) {
            writer.add(
                    group.get(s).order(),
                    samples.times(),
                    samples.values(),
                    samples.histograms(),
                    0,
                    samples.size());
        }
        return samples.size() > 0;
    }

    private boolean joinSteps(int s, long start, long end) throws IOException {
        SeriesOrder order = group.get(s).order();
        samples.clear();
        StepMerge merge = new StepMerge();
        for (int b = 0; b < blocks.size(); b++) {
            List<Tombstone> deletions = deletions(b, order.id());
            TierSteps steps = new TierSteps();
            Samples target = target(deletions);
            readers.get(b).readSteps(blocks.get(b), order.id(), start, end, steps, target);
            addRun(deletions);
            merge.add(steps, deletions);
        }
        TierSteps merged = merge.merged();
        writer.addSteps(order, merged);
        return addSamples(s) || merged.size() > 0;
    }

    private List<Tombstone> deletions(int block, int series) {
        List<Tombstone> all = tombstones.get(block);
        return all.isEmpty()
                ? all
                : all.stream().filter(each -> each.series().test(series)).toList();
    }

    private void collect(int series, long start, long end) {
        samples.clear();
        for (int b = 0; b < blocks.size(); b++) {
            Block block = blocks.get(b);
            if (block.overlaps(start, end)) {
                List<Tombstone> deletions = deletions(b, series);
                readers.get(b).read(block, series, start, end, target(deletions));
                addRun(deletions);
            }
        }
    }

    /* Where samples go that are read: aside first when some of them are deleted. */
    private Samples target(List<Tombstone> deletions) {
        run.clear();
        return deletions.isEmpty() ? samples : run;
    }

    private void addRun(List<Tombstone> deletions) {
        deletions.forEach(each -> run.drop(each.startMillis(), each.endMillis()));
        samples.addAll(run);
    }
}

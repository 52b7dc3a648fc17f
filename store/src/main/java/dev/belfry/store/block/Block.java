package dev.belfry.store.block;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.series.Labels;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.store.record.UseCount;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * An open block: a mapped file of samples with a directory of its series. Safe for many threads; it
 * stays mapped until it was closed as often as it was opened and acquired.
 */
public final class Block implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final MemorySegment file;
    private final BlockDirectory directory;
    private final Consumer<CorruptFileException> damage;
    private final UseCount users = new UseCount();

    private Block(
            Path path,
            Arena arena,
            MemorySegment file,
            BlockDirectory directory,
            Consumer<CorruptFileException> damage) {
        this.path = path;
        this.arena = arena;
        this.file = file;
        this.directory = directory;
        this.damage = damage;
    }

    /**
     * Opens the block at {@code path}. What a later read finds damaged is left out of its answer
     * and told to {@code damage}, perhaps more than once.
     *
     * @throws CorruptFileException when the directory cannot be read, or is of another version
     */
    public static Block open(Disk disk, Path path, Consumer<CorruptFileException> damage)
            throws IOException {
        Arena arena = Arena.ofShared();
        try (DiskFile opened = disk.open(path, Disk.Mode.READ)) {
            MemorySegment file = opened.map(arena);
            BlockDirectory directory = BlockDirectory.read(path, file, damage);
            return new Block(path, arena, file, directory, damage);
        } catch (IOException | RuntimeException failure) {
            arena.close();
            throw failure;
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** The size of its file. */
    public long sizeBytes() {
        return file.byteSize();
    }

    /** What it says of itself. */
    public BlockInfo info() {
        return directory.info();
    }

    /** Whether it may have samples from {@code startMillis} to {@code endMillis}, inclusive. */
    public boolean overlaps(long startMillis, long endMillis) {
        return info().minMillis() <= endMillis && info().maxMillis() >= startMillis;
    }

    /** Whether it has samples of {@code series}. The caller has acquired it, as for all below. */
    public boolean has(int series) {
        int entry = directory.find(series);
        return entry < info().chunks() && directory.series(entry) == series;
    }

    /** Gives the numbers of all series to {@code sink}, ascending, maybe several times. */
    public void series(IntConsumer sink) {
        for (int entry = 0; entry < info().chunks(); entry++) {
            int series = directory.series(entry);
            if (series >= 0) {
                sink.accept(series);
            }
        }
    }

    /** Whether it is open and now in use once more; {@link #close} ends that. */
    public boolean acquire() {
        return users.acquire();
    }

    @Override
    public void close() {
        if (users.release()) {
            arena.close();
        }
    }

    /** Gives all series with their labels to {@code sink}, in the order in which they stand. */
    public void labels(LabelSink sink) {
        BlockReader reader = new BlockReader();
        for (int page = 0; page < directory.labelPages(); page++) {
            labels(page, reader, sink);
        }
    }

    /** Whether the labels of all its series can be read; what cannot is reported. */
    public boolean hasAllLabels() {
        BlockReader reader = new BlockReader();
        boolean all = true;
        for (int page = 0; page < directory.labelPages(); page++) {
            all &= labels(page, reader, (series, labels) -> {});
        }
        return all;
    }

    /** Gives the series of a page; false when it is damaged, which is reported. */
    boolean labels(int page, BlockReader reader, LabelSink sink) {
        long place = directory.labelPlace(page);
        int length = reader.load(this, place);
        if (length < 0) {
            return false;
        }
        try {
            LabelPages.read(reader.bytes(), length, sink);
            return true;
        } catch (WireFormatException broken) {
            damaged(place, String.valueOf(broken.getMessage()), "labels");
            return false;
        }
    }

    /** Takes series with their labels. */
    public interface LabelSink {
        /** Takes a series' number and labels. */
        void take(int series, Labels labels);
    }

    BlockDirectory directory() {
        return directory;
    }

    MemorySegment file() {
        return file;
    }

    void damaged(long place, String found, String expected) {
        damage.accept(new CorruptFileException(path, place, found, expected));
    }
}

package dev.belfry.store.metrics;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.wire.HistogramCodec;
import dev.belfry.model.wire.WireReader;
import dev.belfry.store.block.Samples;
import dev.belfry.store.record.UseCount;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a generation as a file: written as they are, so that the journal before them can go,
 * until there are enough samples of each series for a block. Safe for many threads.
 */
final class Spill implements Stored, HistogramSource {
    /*
     * "BELFRYP1" | pages, each cut to what is used and filled up to 8 bytes, by series | histograms, in parts
     * | directory: by series i32 number, i32 place of its first page / 8; by part i64 place, i32 length, i32 0;
     *   CRC32C of each 64 KiB before
     * | tail: i64 place of the directory, i32 series, i32 parts, i32 CRC32C of the directory, i32 CRC32C of the tail
     * little endian
     */
    private static final byte[] MAGIC = {'B', 'E', 'L', 'F', 'R', 'Y', 'P', '1'};
    static final int STRIPE_BYTES = 1 << 16;
    private static final int TAIL_BYTES = 24;
    private static final int SERIES_BYTES = 8;
    private static final int PART_BYTES = 16;

    /* What is known of a stripe: it is looked at when somebody first reads in it. */
    private static final int UNKNOWN = 0;
    private static final int SOUND = 1;
    private static final int DAMAGED = 2;

    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final BlockMeta meta;
    private final Arena arena;
    private final MemorySegment file;
    private final Consumer<CorruptFileException> damage;
    private final UseCount users = new UseCount();
    private final long directory;
    private final int seriesCount;
    private final long parts;
    private final int partCount;
    private final long pagesEnd;
    private final AtomicIntegerArray stripes;

    private Spill(
            Path path,
            BlockMeta meta,
            Arena arena,
            MemorySegment file,
            Consumer<CorruptFileException> damage)
            throws IOException {
        this.path = path;
        this.meta = meta;
        this.arena = arena;
        this.file = file;
        this.damage = damage;
        long tail = file.byteSize() - TAIL_BYTES;
        if (tail < MAGIC.length
                || crc(file, tail, TAIL_BYTES - 4) != file.get(INT, tail + TAIL_BYTES - 4)) {
            throw wrong(Math.max(0, tail), "another tail", "a whole file");
        }
        directory = file.get(LONG, tail);
        seriesCount = file.get(INT, tail + 8);
        partCount = file.get(INT, tail + 12);
        if (crc(file, directory, tail - directory) != file.get(INT, tail + 16)) {
            throw wrong(directory, "another directory", "its checksum");
        }
        parts = directory + (long) seriesCount * SERIES_BYTES;
        pagesEnd = partCount == 0 ? directory : file.get(LONG, parts);
        stripes = new AtomicIntegerArray((int) Math.ceilDiv(directory, (long) STRIPE_BYTES));
    }

    private CorruptFileException wrong(long at, String found, String expected) {
        return new CorruptFileException(path, at, found, expected);
    }

    private static int crc(MemorySegment file, long from, long length) {
        CRC32C crc = new CRC32C();
        crc.update(file.asSlice(from, length).asByteBuffer());
        return (int) crc.getValue();
    }

    /**
     * What was written.
     *
     * @param series how many series
     * @param bytes the file's size
     */
    record Written(int series, long bytes) {}

    /** Opens the file at {@code path}; what is damaged in it is told and left out. */
    static Spill open(Disk disk, Path path, BlockMeta meta, Consumer<CorruptFileException> damage)
            throws IOException {
        Arena arena = Arena.ofShared();
        try (DiskFile opened = disk.open(path, Disk.Mode.READ)) {
            return new Spill(path, meta, arena, opened.map(arena), damage);
        } catch (IOException failure) {
            arena.close();
            throw failure;
        } catch (RuntimeException broken) {
            arena.close();
            throw new CorruptFileException(path, 0, broken.toString(), "a whole file");
        }
    }

    /** Writes the pages of a generation durably. When it fails, no file is left. */
    static Written write(Disk disk, Path path, Generation generation) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temporary);
        try {
            Written written;
            try (DiskFile target = disk.open(temporary, Disk.Mode.CREATE)) {
                int series = new SpillWriter(target, MAGIC).write(generation);
                target.force();
                written = new Written(series, target.size());
            }
            disk.rename(temporary, path);
            Path folder = path.getParent();
            if (folder != null) {
                disk.forceFolder(folder);
            }
            return written;
        } catch (IOException | RuntimeException failure) {
            disk.delete(temporary);
            disk.delete(path);
            throw failure;
        }
    }

    @Override
    public BlockMeta meta() {
        return meta;
    }

    /* The place of a series in the directory; the count of series when it is not there. */
    private int find(int series) {
        int low = 0;
        int high = seriesCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (number(middle) < series) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < seriesCount && number(low) == series ? low : seriesCount;
    }

    private int number(int place) {
        return file.get(INT, directory + (long) place * SERIES_BYTES);
    }

    private long start(int place) {
        return place == seriesCount
                ? pagesEnd
                : 8 * (file.get(INT, directory + (long) place * SERIES_BYTES + 4) & 0xFFFF_FFFFL);
    }

    @Override
    public boolean mayHave(int series, long start, long end) {
        return meta.overlaps(start, end) && find(series) < seriesCount;
    }

    /** Gives the numbers of all series to {@code sink}, ascending. */
    void series(IntConsumer sink) {
        for (int place = 0; place < seriesCount; place++) {
            sink.accept(number(place));
        }
    }

    @Override
    public void read(int series, long start, long end, Samples target, View.Scratch scratch) {
        int place = find(series);
        if (place == seriesCount) {
            return;
        }
        long at = start(place);
        long to = start(place + 1);
        if (isDamaged(at, to)) {
            return;
        }
        while (at < to) {
            at += Pages.read(file, at, start, end, target, this, scratch.pages.bytes);
        }
    }

    private boolean isDamaged(long from, long to) {
        boolean found = false;
        for (int stripe = (int) (from / STRIPE_BYTES);
                (long) stripe * STRIPE_BYTES < to;
                stripe++) {
            int state = stripes.get(stripe);
            found |= (state == UNKNOWN ? check(stripe) : state) == DAMAGED;
        }
        return found;
    }

    private int check(int stripe) {
        long from = (long) stripe * STRIPE_BYTES;
        int crc = crc(file, from, Math.min(STRIPE_BYTES, directory - from));
        long sums = parts + (long) partCount * PART_BYTES;
        int state = crc == file.get(INT, sums + 4L * stripe) ? SOUND : DAMAGED;
        if (stripes.compareAndSet(stripe, UNKNOWN, state) && state == DAMAGED) {
            damage.accept(wrong(from, "64 KiB with another checksum", "as written"));
        }
        return state;
    }

    @Override
    public @Nullable FloatHistogram histogram(long place) {
        long part = parts + (place >>> 32) * PART_BYTES;
        long at = file.get(LONG, part) + (int) place;
        if (isDamaged(at, at + 4)) {
            return null;
        }
        int length = file.get(INT, at);
        if (isDamaged(at + 4, at + 4 + length)) {
            return null;
        }
        byte[] bytes = file.asSlice(at + 4, length).toArray(ValueLayout.JAVA_BYTE);
        return HistogramCodec.decode(new WireReader(bytes, 0, length));
    }

    @Override
    public boolean acquire() {
        return users.acquire();
    }

    @Override
    public void close() {
        if (users.release()) {
            arena.close();
        }
    }

    /** Writes the file from front to back. */
    private static final class SpillWriter {
        private final DiskFile target;
        private final ByteBuffer buffer =
                ByteBuffer.allocate(16 * STRIPE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private ByteBuffer directory = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        private ByteBuffer sums = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
        private long written;

        SpillWriter(DiskFile target, byte[] magic) {
            this.target = target;
            buffer.put(magic);
        }

        int write(Generation generation) throws IOException {
            int count = 0;
            int end = generation.end();
            Generation.PageList pages = new Generation.PageList();
            for (int series = 0; series < end; series++) {
                if (generation.pages(series, pages)) {
                    write(series, generation, pages);
                    count++;
                }
            }
            ByteBuffer parts = ByteBuffer.allocate(PART_BYTES * generation.logParts());
            parts.order(ByteOrder.LITTLE_ENDIAN);
            for (int part = 0; part < generation.logParts(); part++) {
                byte[] bytes = generation.logPart(part);
                int length = generation.logLength(part);
                parts.putLong(position()).putInt(length).putInt(0);
                put(bytes, length);
            }
            finish(parts.flip(), count);
            return count;
        }

        /* Apart from the loop over all series, which runs once: so it is compiled as what is called often. */
        private void write(int series, Generation generation, Generation.PageList pages)
                throws IOException {
            directory = room(directory, SERIES_BYTES);
            directory.putInt(series).putInt((int) (position() / 8));
            for (int i = pages.size() - 1; i >= 0; i--) {
                ensure(Pages.PAGE_BYTES);
                generation.copyPage(pages.get(i), buffer);
            }
        }

        private long position() {
            return written + buffer.position();
        }

        private static ByteBuffer room(ByteBuffer full, int more) {
            if (full.remaining() >= more) {
                return full;
            }
            ByteBuffer larger =
                    ByteBuffer.allocate(2 * full.capacity() + more).order(ByteOrder.LITTLE_ENDIAN);
            return larger.put(full.flip());
        }

        /* Whole stripes go out with their sums. */
        private void ensure(int more) throws IOException {
            if (buffer.remaining() < more) {
                drain(buffer.position() / STRIPE_BYTES * STRIPE_BYTES);
            }
        }

        private void drain(int length) throws IOException {
            for (int from = 0; from < length; from += STRIPE_BYTES) {
                CRC32C crc = new CRC32C();
                crc.update(buffer.array(), from, Math.min(STRIPE_BYTES, length - from));
                sums = room(sums, 4);
                sums.putInt((int) crc.getValue());
            }
            int end = buffer.position();
            buffer.position(0).limit(length);
            target.write(buffer, written);
            written += length;
            buffer.limit(end).position(length);
            buffer.compact();
        }

        private void put(byte[] bytes, int length) throws IOException {
            int at = 0;
            while (at < length) {
                ensure(1);
                int some = Math.min(length - at, buffer.remaining());
                buffer.put(bytes, at, some);
                at += some;
            }
        }

        private void finish(ByteBuffer parts, int count) throws IOException {
            drain(buffer.position());
            long place = written;
            ByteBuffer all =
                    ByteBuffer.allocate(
                                    directory.position()
                                            + parts.remaining()
                                            + sums.position()
                                            + TAIL_BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
            int partCount = parts.remaining() / PART_BYTES;
            all.put(directory.flip()).put(parts).put(sums.flip());
            CRC32C crc = new CRC32C();
            crc.update(all.array(), 0, all.position());
            int tail = all.position();
            all.putLong(place).putInt(count).putInt(partCount).putInt((int) crc.getValue());
            crc.reset();
            crc.update(all.array(), tail, TAIL_BYTES - 4);
            all.putInt((int) crc.getValue());
            target.write(all.flip(), written);
        }
    }
}

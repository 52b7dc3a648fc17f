package dev.belfry.store.block;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The directory of an open block. What it tells of a page is checked when the page is first read.
 */
final class BlockDirectory {
    private static final String KNOWN =
            "version " + BlockFormat.VERSION_MIN + " to " + BlockFormat.VERSION;

    private static final byte UNREAD = 0;
    private static final byte SOUND = 1;
    private static final byte DAMAGED = 2;

    /* Where a second copy of the directory is looked for when the first is damaged. */
    private static final long SEARCHED_BYTES = 64 << 20;

    private final Path path;
    private final MemorySegment file;
    private final Consumer<CorruptFileException> damage;
    private final BlockInfo info;
    private final long entriesPlace;
    private final long timesPlace;
    private final int timesCount;
    private final int[] firstSeries;
    private final int[] entryCrcs;
    private final int[] timesCrcs;
    private final long[] labelPlaces;

    /* By page; two threads that read one at once both check it. */
    private final byte[] entryPages;
    private final byte[] timesPages;

    private BlockDirectory(
            Path path, MemorySegment file, Consumer<CorruptFileException> damage, WireReader in) {
        this.path = path;
        this.file = file;
        this.damage = damage;
        long[] longs = in.longs(8);
        int[] ints = in.ints(4);
        info =
                new BlockInfo(
                        longs[0], longs[1], longs[2], longs[3], longs[4], ints[0], ints[1],
                        longs[5]);
        entriesPlace = longs[6];
        timesPlace = longs[7];
        timesCount = ints[2];
        checkPlaces(in, ints[3]);
        firstSeries = new int[pages(info.chunks(), Limits.ENTRIES_PER_PAGE)];
        entryCrcs = new int[firstSeries.length];
        for (int page = 0; page < firstSeries.length; page++) {
            firstSeries[page] = in.i32();
            entryCrcs[page] = in.i32();
        }
        timesCrcs = in.ints(pages(timesCount, Limits.TIMES_PER_PAGE));
        labelPlaces = in.longs(ints[3]);
        entryPages = new byte[entryCrcs.length];
        timesPages = new byte[timesCrcs.length];
    }

    private void checkPlaces(WireReader in, int labelPages) {
        long entriesEnd = entriesPlace + (long) info.chunks() * BlockFormat.ENTRY_BYTES;
        long timesEnd = timesPlace + (long) timesCount * BlockFormat.TIMES_BYTES;
        boolean right =
                info.chunks() >= 0
                        && timesCount >= 0
                        && labelPages >= 0
                        && entriesPlace >= BlockFormat.HEADER_BYTES
                        && entriesEnd == timesPlace
                        && timesEnd <= file.byteSize();
        if (!right) {
            throw in.wrong("a directory of places outside the file", "places inside it");
        }
    }

    private static int pages(int count, int perPage) {
        return (count + perPage - 1) / perPage;
    }

    /** Reads it from the end of the file, or from its copy before that. */
    static BlockDirectory read(Path path, MemorySegment file, Consumer<CorruptFileException> damage)
            throws IOException {
        long size = file.byteSize();
        CorruptFileException first = header(path, file);
        if (size < BlockFormat.HEADER_BYTES + 2 * BlockFormat.TAIL_BYTES) {
            throw first != null
                    ? first
                    : new CorruptFileException(path, size, "the end", "a directory");
        }
        long lowest = Math.max(BlockFormat.HEADER_BYTES, size - SEARCHED_BYTES);
        for (long tail = size - BlockFormat.TAIL_BYTES; tail >= lowest; tail--) {
            if (file.get(BlockFormat.LONG, tail + 24) != BlockFormat.MAGIC) {
                continue;
            }
            try {
                BlockDirectory found = readAt(path, file, damage, tail);
                if (first == null && tail == size - BlockFormat.TAIL_BYTES) {
                    return found;
                }
                damage.accept(first != null ? first : absent(path, size));
                return found;
            } catch (CorruptFileException failure) {
                first = first == null ? failure : first;
            }
        }
        throw first != null ? first : absent(path, size);
    }

    private static CorruptFileException absent(Path path, long size) {
        return new CorruptFileException(path, size, "no directory", "one at the end");
    }

    /* What is wrong with the first bytes: a directory of this version may be there all the same. */
    private static @Nullable CorruptFileException header(Path path, MemorySegment file) {
        if (file.byteSize() < BlockFormat.HEADER_BYTES) {
            return new CorruptFileException(path, 0, file.byteSize() + " bytes", "a block");
        }
        if (file.get(BlockFormat.LONG, 0) != BlockFormat.MAGIC) {
            return new CorruptFileException(path, 0, "other bytes", "BELFRYB1");
        }
        int version = file.get(BlockFormat.INT, 8);
        return known(version)
                ? null
                : new CorruptFileException(path, 8, "version " + version, KNOWN);
    }

    private static boolean known(int version) {
        return version >= BlockFormat.VERSION_MIN && version <= BlockFormat.VERSION;
    }

    private static BlockDirectory readAt(
            Path path, MemorySegment file, Consumer<CorruptFileException> damage, long tail)
            throws CorruptFileException {
        long place = file.get(BlockFormat.LONG, tail);
        int length = file.get(BlockFormat.INT, tail + 8);
        int version = file.get(BlockFormat.INT, tail + 16);
        if (file.get(BlockFormat.INT, tail + 20) != BlockFormat.crc(file.asSlice(tail, 20))) {
            throw new CorruptFileException(path, tail, "another checksum", "the tail's");
        }
        if (!known(version)) {
            throw new CorruptFileException(path, tail, "version " + version, KNOWN);
        }
        if (length < 0 || place < 0 || place + length != tail) {
            throw new CorruptFileException(path, tail, "place " + place, "before the tail");
        }
        MemorySegment bytes = file.asSlice(place, length);
        if (file.get(BlockFormat.INT, tail + 12) != BlockFormat.crc(bytes)) {
            throw new CorruptFileException(path, place, "another checksum", "the directory's");
        }
        byte[] copy = bytes.toArray(ValueLayout.JAVA_BYTE);
        try {
            return new BlockDirectory(path, file, damage, new WireReader(copy, 0, length));
        } catch (WireFormatException broken) {
            throw new CorruptFileException(
                    path, place, String.valueOf(broken.getMessage()), "a directory");
        }
    }

    BlockInfo info() {
        return info;
    }

    int timesColumns() {
        return timesCount;
    }

    int labelPages() {
        return labelPlaces.length;
    }

    long labelPlace(int page) {
        return labelPlaces[page];
    }

    /** The first entry of {@code series} or of one after it; the number of entries when none is. */
    int find(int wanted) {
        int page = pageOf(wanted);
        int low = page * Limits.ENTRIES_PER_PAGE;
        int high = Math.min(info.chunks(), low + Limits.ENTRIES_PER_PAGE);
        if (page < 0) {
            return 0;
        }
        if (!soundEntries(page)) {
            return high;
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (seriesAt(middle) < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /* The last page that begins below the series: its first entry is there, or at the next page. */
    private int pageOf(int wanted) {
        int low = 0;
        int high = firstSeries.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (firstSeries[middle] < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The series of an entry, -1 when its page is damaged. */
    int series(int entry) {
        return soundEntries(entry / Limits.ENTRIES_PER_PAGE) ? seriesAt(entry) : -1;
    }

    private int seriesAt(int entry) {
        return file.get(BlockFormat.INT, entriesPlace + (long) entry * BlockFormat.ENTRY_BYTES);
    }

    /** The column of times of an entry; its page is sound. */
    int times(int entry) {
        return file.get(BlockFormat.INT, entriesPlace + (long) entry * BlockFormat.ENTRY_BYTES + 4);
    }

    /** The place of an entry's chunk; its page is sound. */
    long place(int entry) {
        return placeAndColumn(entry) >>> Byte.SIZE;
    }

    /** The column of an entry in its chunk; its page is sound. */
    int column(int entry) {
        return (int) placeAndColumn(entry) & 0xFF;
    }

    private long placeAndColumn(int entry) {
        return file.get(
                BlockFormat.LONG, entriesPlace + (long) entry * BlockFormat.ENTRY_BYTES + 8);
    }

    /** Whether what the table says of a column of times can be read. */
    boolean soundTimes(int column) {
        if (column < 0 || column >= timesCount) {
            return false;
        }
        int page = column / Limits.TIMES_PER_PAGE;
        if (timesPages[page] == UNREAD) {
            int from = page * Limits.TIMES_PER_PAGE;
            int count = Math.min(Limits.TIMES_PER_PAGE, timesCount - from);
            timesPages[page] =
                    check(
                            timesPlace + (long) from * BlockFormat.TIMES_BYTES,
                            count * BlockFormat.TIMES_BYTES,
                            timesCrcs[page]);
        }
        return timesPages[page] == SOUND;
    }

    long timesMin(int column) {
        return file.get(BlockFormat.LONG, timesPlace + (long) column * BlockFormat.TIMES_BYTES);
    }

    long timesMax(int column) {
        return file.get(BlockFormat.LONG, timesPlace + (long) column * BlockFormat.TIMES_BYTES + 8);
    }

    long timesCell(int column) {
        return file.get(
                BlockFormat.LONG, timesPlace + (long) column * BlockFormat.TIMES_BYTES + 16);
    }

    int timesCount(int column) {
        return file.get(BlockFormat.INT, timesPlace + (long) column * BlockFormat.TIMES_BYTES + 24);
    }

    private boolean soundEntries(int page) {
        if (entryPages[page] == UNREAD) {
            int from = page * Limits.ENTRIES_PER_PAGE;
            int count = Math.min(Limits.ENTRIES_PER_PAGE, info.chunks() - from);
            entryPages[page] =
                    check(
                            entriesPlace + (long) from * BlockFormat.ENTRY_BYTES,
                            count * BlockFormat.ENTRY_BYTES,
                            entryCrcs[page]);
        }
        return entryPages[page] == SOUND;
    }

    private byte check(long place, int length, int crc) {
        if (BlockFormat.crc(file.asSlice(place, length)) == crc) {
            return SOUND;
        }
        damage.accept(
                new CorruptFileException(
                        path, place, "another checksum", "a page of the directory"));
        return DAMAGED;
    }
}

package dev.belfry.store.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Compresses the pages of one column chunk after another; for one thread. */
final class PageWriter implements AutoCloseable {
    /** Below this a page is not worth a frame of zstd. */
    private static final int COMPRESS_MIN = 64;

    /*
     * The fastest level finds as much as level 3 when it knows more places; the higher one is for lines of logs: what
     * they have in common is longer than five bytes, and matches are found by half as many tries for it, in a table that
     * stays in the processor's cache (RATIONALE.md).
     */
    private static final int LEVEL = 1;
    private static final int MATCH_MIN = 5;
    private static final int HASH_LOG = 15;
    private static final int HIGH_LEVEL = 8;
    private static final int HIGH_MATCH_MIN = 6;
    private static final int HIGH_SEARCH_LOG = 3;
    private static final int HIGH_HASH_LOG = 17;

    private final ZstdCompressCtx usual = new ZstdCompressCtx();
    private final ZstdCompressCtx higher = new ZstdCompressCtx();
    private ZstdCompressCtx compressor = usual;
    private final CRC32 crc = new CRC32();
    private final ByteSink pages = new ByteSink(1 << 20);
    private final ByteSink front = new ByteSink(1 << 16);
    private final ByteSink stored = new ByteSink(1 << 20);
    private int[] ends = new int[16];
    private int[] firstRows = new int[16];
    private int[] ones = new int[Limits.PAGE_ROWS];
    private Column column = new Column(ColumnSpec.OFFSET, new Vector.Longs(new long[0], null, 0));
    private int pageCount;
    private int nullCount;
    private long plainSize;
    private boolean anyCompressed;
    private boolean hasRange;
    private long min;
    private long max;
    private byte[] valueCounts = ValueCounts.NONE;

    PageWriter() {
        usual.setLevel(LEVEL).setContentSize(true).setChecksum(false);
        usual.setMinMatch(MATCH_MIN);
        usual.setHashLog(HASH_LOG);
        higher.setLevel(HIGH_LEVEL).setContentSize(true).setChecksum(false);
        higher.setMinMatch(HIGH_MATCH_MIN);
        higher.setSearchLog(HIGH_SEARCH_LOG);
        higher.setHashLog(HIGH_HASH_LOG);
    }

    /** Begins the chunk of {@code next}. */
    void start(Column next) {
        column = next;
        hasRange = false;
        min = 0;
        max = 0;
        compressor = usual;
        restart();
    }

    /** Compresses the pages that follow in this chunk at the higher level, or the usual one. */
    void high(boolean high) {
        compressor = high ? higher : usual;
    }

    /** The bytes that {@code values} would have at either level. */
    int trial(ByteSink values, boolean high) {
        stored.clear();
        int bound = (int) Zstd.compressBound(values.size());
        return (high ? higher : usual)
                .compressByteArray(
                        stored.reserve(bound), 0, bound, values.data(), 0, values.size());
    }

    /** Begins the chunk once more, to be encoded in another way. */
    void restart() {
        pages.clear();
        front.clear();
        pageCount = 0;
        nullCount = 0;
        plainSize = 0;
        valueCounts = ValueCounts.NONE;
        anyCompressed = false;
    }

    /** Notes the least and the greatest value. */
    void range(long least, long most) {
        hasRange = true;
        min = least;
        max = most;
    }

    /** Adds the page of rows {@code from .. to}, {@code present} of which have a value. */
    void page(int from, int to, int present, ByteSink values, int encoding) {
        stored.clear();
        int count = to - from;
        levels(from, to, present);
        int levelSize = stored.size();
        boolean compressed = compress(values, false);
        header(
                        Parquet.DATA_PAGE_V2,
                        levelSize + values.size(),
                        count,
                        count - present,
                        encoding,
                        levelSize,
                        compressed)
                .write(pages);
        plainSize += levelSize + values.size();
        pages.put(stored.data(), 0, stored.size());
        if (pageCount == ends.length) {
            ends = Arrays.copyOf(ends, pageCount * 2);
            firstRows = Arrays.copyOf(firstRows, pageCount * 2);
        }
        firstRows[pageCount] = from;
        ends[pageCount++] = pages.size();
        nullCount += count - present;
        anyCompressed |= compressed;
    }

    private void levels(int from, int to, int present) {
        int count = to - from;
        if (present == count || present == 0) {
            HybridRuns.putRun(present == 0 ? 0 : 1, count, 1, stored);
            return;
        }
        present(column.values(), from, to, ones);
        HybridRuns.encode(ones, 0, count, 1, stored);
    }

    /* A loop for each kind: one for all would look for the kind in each row. */
    private static void present(Vector vector, int from, int to, int[] target) {
        switch (vector) {
            case Vector.Longs longs -> present(longs.nulls(), from, to, target);
            case Vector.Binary binary -> present(binary.nulls(), from, to, target);
            case Vector.Codes codes -> {
                for (int row = from; row < to; row++) {
                    target[row - from] = 1 + (codes.codes()[row] >> 31);
                }
            }
            case Vector.Text(BytesColumn values) -> {
                for (int row = from; row < to; row++) {
                    target[row - from] = values.isNull(row) ? 0 : 1;
                }
            }
        }
    }

    private static void present(long @Nullable [] nulls, int from, int to, int[] target) {
        for (int row = from; row < to; row++) {
            target[row - from] = nulls == null ? 1 : (int) (~nulls[row >>> 6] >>> row) & 1;
        }
    }

    /** Notes how many rows have each of the {@code size} entries of the dictionary. */
    void counts(int[] counts, int size) {
        if (size <= Limits.COUNTED_VALUES_MAX) {
            valueCounts = ValueCounts.of(counts, size);
        }
    }

    /** Sets the dictionary, after all pages. */
    void dictionary(ByteSink entries, int count) {
        stored.clear();
        // A dictionary page has no flag of its own: it follows the codec of the chunk.
        anyCompressed = compress(entries, anyCompressed);
        header(Parquet.DICTIONARY_PAGE, entries.size(), count, 0, Parquet.PLAIN, 0, true)
                .write(front);
        front.put(stored.data(), 0, stored.size());
        plainSize += entries.size();
    }

    /* Adds the values to stored, compressed when that pays or must be; whether they are. */
    private boolean compress(ByteSink values, boolean always) {
        int from = stored.size();
        if (always || values.size() >= COMPRESS_MIN) {
            int bound = (int) Zstd.compressBound(values.size());
            byte[] target = stored.reserve(bound);
            int size =
                    compressor.compressByteArray(
                            target, from, bound, values.data(), 0, values.size());
            if (always || size < values.size() - (values.size() >>> 4)) {
                stored.advance(size);
                return true;
            }
        }
        stored.put(values.data(), 0, values.size());
        return false;
    }

    private PageHeader header(
            int type,
            int plain,
            int count,
            int nulls,
            int encoding,
            int levelSize,
            boolean compressed) {
        crc.reset();
        crc.update(stored.data(), 0, stored.size());
        return new PageHeader(
                type,
                plain,
                stored.size(),
                (int) crc.getValue(),
                count,
                nulls,
                encoding,
                levelSize,
                compressed);
    }

    /** The chunk, as it will stand in a file. */
    ChunkReader finish(int encoding, PageCache cache) {
        int dictionarySize = front.size();
        byte[] bytes = new byte[dictionarySize + pages.size()];
        System.arraycopy(front.data(), 0, bytes, 0, dictionarySize);
        System.arraycopy(pages.data(), 0, bytes, dictionarySize, pages.size());
        int[] places = new int[pageCount];
        for (int page = 0; page < pageCount; page++) {
            places[page] = ends[page] + dictionarySize;
        }
        ChunkInfo info =
                new ChunkInfo(
                        column.spec(),
                        encoding,
                        anyCompressed ? Parquet.ZSTD : Parquet.UNCOMPRESSED,
                        column.values().count(),
                        nullCount,
                        hasRange,
                        min,
                        max,
                        plainSize + 64L * (pageCount + 1),
                        dictionarySize,
                        places,
                        Arrays.copyOf(firstRows, pageCount),
                        valueCounts);
        return new ChunkReader(info, new ChunkBytes.Memory(bytes), cache);
    }

    /** The one page of a chunk of {@code rowCount} rows without a value. */
    static byte[] nullPage(int rowCount) {
        ByteSink levels = new ByteSink(16);
        HybridRuns.putRun(0, rowCount, 1, levels);
        CRC32 crc = new CRC32();
        crc.update(levels.data(), 0, levels.size());
        ByteSink page = new ByteSink(64);
        new PageHeader(
                        Parquet.DATA_PAGE_V2,
                        levels.size(),
                        levels.size(),
                        (int) crc.getValue(),
                        rowCount,
                        rowCount,
                        Parquet.PLAIN,
                        levels.size(),
                        false)
                .write(page);
        page.put(levels.data(), 0, levels.size());
        return page.toArray();
    }

    /** A chunk that {@link #nullPage} is all of. */
    static ChunkInfo nullChunk(ColumnSpec spec, int rowCount, int size) {
        return new ChunkInfo(
                spec,
                Parquet.PLAIN,
                Parquet.UNCOMPRESSED,
                rowCount,
                rowCount,
                false,
                0,
                0,
                size,
                0,
                new int[] {size},
                new int[] {0},
                ValueCounts.NONE);
    }

    @Override
    public void close() {
        usual.close();
        higher.close();
    }
}

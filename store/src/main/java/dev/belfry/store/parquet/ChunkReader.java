package dev.belfry.store.parquet;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.FoundTexts;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.Phrase;
import dev.belfry.store.parquet.ByteSource.Damage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column chunk that can be read, wherever its bytes are; safe for many threads. */
final class ChunkReader {
    /** The page number under which the cache keeps the dictionary. */
    private static final int DICTIONARY = -1;

    private final ChunkInfo info;
    private final ChunkBytes bytes;
    private final PageCache cache;

    ChunkReader(ChunkInfo info, ChunkBytes bytes, PageCache cache) {
        this.info = info;
        this.bytes = bytes;
        this.cache = cache;
    }

    ChunkInfo info() {
        return info;
    }

    ChunkBytes bytes() {
        return bytes;
    }

    /** All rows. */
    Vector read(ReadCost cost) throws IOException {
        if (!info.spec().form().isText() || info.dictionarySize() > 0) {
            return decode(cost);
        }
        Vector kept = kept();
        if (kept != null) {
            return kept;
        }
        Vector decoded = decode(cost);
        if (decoded instanceof Vector.Text(BytesColumn values)) {
            offer(values);
        }
        return decoded;
    }

    /* Put together from the pages that the cache has, if it has all. */
    private @Nullable Vector kept() {
        List<Vector.Text> pages = new ArrayList<>(info.pageCount());
        for (int page = 0; page < info.pageCount(); page++) {
            if (!(cache.get(this, page) instanceof Vector.Text text)) {
                return null;
            }
            pages.add(text);
        }
        return TextPages.join(pages, info.rowCount());
    }

    private void offer(BytesColumn values) {
        for (int page = 0; page < info.pageCount(); page++) {
            int from = info.firstRows()[page];
            int to = info.endRow(page);
            long size = values.end(to - 1) - values.start(from) + 4L * (to - from);
            cache.offer(this, page, size, () -> TextPages.slice(values, from, to));
        }
    }

    private Vector decode(ReadCost cost) throws IOException {
        Workspace workspace = cache.borrow();
        int[] base = new int[1];
        try {
            Vector dictionary = null;
            int from = 0;
            if (info.dictionarySize() > 0) {
                dictionary = cache.get(this, DICTIONARY);
                from = dictionary == null ? 0 : info.dictionarySize();
            }
            bytes.load(from, info.sizeBytes() - from, workspace, cost);
            base[0] = workspace.source().at() - from;
            if (info.dictionarySize() > 0 && dictionary == null) {
                dictionary = readDictionary(workspace);
            }
            Target target = Target.of(info, dictionary, info.rowCount(), plainSizeHint());
            for (int page = 0; page < info.pageCount(); page++) {
                readPage(page, target, workspace, base[0]);
            }
            return target.build();
        } catch (Damage damage) {
            throw bytes.corrupt(damage.at() - base[0], damage.found());
        } finally {
            cache.giveBack(workspace);
        }
    }

    /**
     * The rows {@code from .. to} from the pages that they are in, which the cache keeps as it
     * keeps those of {@link #read(ReadCost)}.
     */
    Vector read(int from, int to, ReadCost cost) throws IOException {
        Vector dictionary = info.dictionarySize() > 0 ? dictionary(cost) : null;
        Target target = null;
        int row = from;
        for (int page = 0; row < to; page++) {
            int end = Math.min(to, info.endRow(page));
            if (row >= end) {
                continue;
            }
            Vector vector = cache.get(this, page);
            if (vector == null) {
                vector = decode(page, dictionary, cost);
                long size = Vectors.sizeBytes(vector);
                Vector decoded = vector;
                cache.offer(this, page, size, () -> decoded);
            }
            int first = info.firstRows()[page];
            if (row == from && end == to && row == first && end == info.endRow(page)) {
                return vector;
            }
            if (target == null) {
                target = Target.of(info, dictionary, to - from, 256);
            }
            int[] rows = new int[end - row];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row + i;
            }
            target.gather(vector, rows, 0, rows.length, first);
            row = end;
        }
        return target == null ? Vectors.allNull(info.spec().form(), 0) : target.build();
    }

    /** Some rows, ascending, from the pages that they are in. */
    Vector read(int[] rows, ReadCost cost) throws IOException {
        Vector dictionary = info.dictionarySize() > 0 ? dictionary(cost) : null;
        Target target = Target.of(info, dictionary, rows.length, 256);
        int index = 0;
        int page = 0;
        while (index < rows.length) {
            while (rows[index] >= info.endRow(page)) {
                page++;
            }
            int end = index + 1;
            while (end < rows.length && rows[end] < info.endRow(page)) {
                end++;
            }
            gather(page, dictionary, rows, index, end, target, cost);
            index = end;
        }
        return target.build();
    }

    private void gather(
            int page,
            @Nullable Vector dictionary,
            int[] rows,
            int from,
            int to,
            Target target,
            ReadCost cost)
            throws IOException {
        Vector vector = cache.get(this, page);
        if (vector == null && to - from <= Limits.FEW_ROWS) {
            gatherFew(page, dictionary, rows, from, to, target, cost);
            return;
        }
        if (vector == null) {
            vector = decode(page, dictionary, cost);
            cache.put(this, page, vector);
        }
        target.gather(vector, rows, from, to, info.firstRows()[page]);
    }

    /*
     * Rows far apart, each of a page of its own: only what they have is taken out of it, since a hundred whole pages
     * would be 50 MB of garbage. A page that is wanted again, and that the cache has room for, is decoded, into
     * arrays that are used again, and kept.
     */
    private void gatherFew(
            int page,
            @Nullable Vector dictionary,
            int[] rows,
            int from,
            int to,
            Target target,
            ReadCost cost)
            throws IOException {
        Workspace workspace = cache.borrow();
        int base = 0;
        try {
            int start = info.pageStart(page);
            int firstRow = info.firstRows()[page];
            bytes.load(start, info.pageEnds()[page] - start, workspace, cost);
            base = workspace.source().at() - start;
            long size = info.plainSize() / info.pageCount();
            if (cache.isWantedAgain(this, page) && cache.isOpenFor(this, page, size)) {
                int count = info.endRow(page) - firstRow;
                Target lent = Target.lent(info, dictionary, count, workspace);
                readPage(page, lent, workspace, base);
                Vector vector = lent.build();
                target.gather(vector, rows, from, to, firstRow);
                cache.offer(this, page, Vectors.usedBytes(vector), () -> Vectors.used(vector));
            } else {
                pick(page, Arrays.copyOfRange(rows, from, to), target, workspace, base);
            }
        } catch (Damage damage) {
            throw bytes.corrupt(damage.at() - base, damage.found());
        } finally {
            cache.giveBack(workspace);
        }
    }

    private void pick(int page, int[] places, Target target, Workspace workspace, int base) {
        ByteSource source = workspace.source();
        PageHeader header = header(page, source, base);
        int levels = source.at();
        ByteSource values = workspace.open(header, info.codec());
        source.reset(source.data(), levels, levels + header.levelSize());
        int count = header.valueCount();
        int firstRow = info.firstRows()[page];
        int[] ones = null;
        if (header.nullCount() > 0) {
            ones = workspace.ints(count);
            HybridRuns.decode(source, 1, ones, 0, count);
            int present = Arrays.stream(ones, 0, count).sum();
            boolean fits = present == count - header.nullCount();
            ByteSource.check(fits, () -> present + " values", levels);
        }
        int row = 0;
        int before = 0;
        for (int index = 0; index < places.length; index++) {
            int wanted = places[index] - firstRow;
            for (; ones != null && row < wanted; row++) {
                before += ones[row];
            }
            places[index] = ones == null ? wanted : ones[wanted] == 0 ? -1 : before;
        }
        try {
            target.pick(values, count - header.nullCount(), places, workspace);
        } catch (Damage damage) {
            // Places in decompressed values mean nothing in the file.
            throw new Damage(levels, damage.found());
        }
    }

    /**
     * Those of the rows {@code from .. to} whose text has {@code phrase}; null where that is not
     * found faster than by reading them.
     */
    @Nullable FoundTexts find(int from, int to, Phrase phrase, ReadCost cost) throws IOException {
        if (info.dictionarySize() > 0 || !phrase.isScanned()) {
            return null;
        }
        PhraseScan scan = new PhraseScan(phrase, from, to);
        for (int page = 0; page < info.pageCount(); page++) {
            if (info.endRow(page) > from && info.firstRows()[page] < to) {
                if (cache.get(this, page) instanceof Vector.Text(BytesColumn values)) {
                    scan.decoded(values, info.firstRows()[page]);
                } else {
                    find(page, scan, cost);
                }
            }
        }
        return scan.found();
    }

    /* A page that is looked through again is kept as one of a scan is, where there is room. */
    private void find(int page, PhraseScan scan, ReadCost cost) throws IOException {
        Workspace workspace = cache.borrow();
        int base = 0;
        try {
            int start = info.pageStart(page);
            int firstRow = info.firstRows()[page];
            bytes.load(start, info.pageEnds()[page] - start, workspace, cost);
            base = workspace.source().at() - start;
            ByteSource source = workspace.source();
            PageHeader header = header(page, source, base);
            int levels = source.at();
            ByteSource values = workspace.open(header, info.codec());
            source.reset(source.data(), levels, levels + header.levelSize());
            boolean isKept =
                    cache.isWantedAgain(this, page)
                            && cache.isOpenFor(this, page, header.plainSize());
            if (!isKept && info.encoding() == Parquet.DELTA_LENGTH_BYTE_ARRAY) {
                scan.plain(header, source, values, firstRow, workspace);
            } else if (isKept
                    || info.encoding() != Parquet.DELTA_BYTE_ARRAY
                    || scan.maySuffixesHave(header, values, workspace)) {
                Target lent = Target.lent(info, null, header.valueCount(), workspace);
                lent.add(header, source, values, workspace);
                if (lent.build() instanceof Vector.Text text) {
                    scan.decoded(text.values(), firstRow);
                    if (isKept) {
                        cache.offer(this, page, Vectors.usedBytes(text), () -> Vectors.used(text));
                    }
                }
            }
        } catch (Damage damage) {
            throw bytes.corrupt(damage.at() - base, damage.found());
        } finally {
            cache.giveBack(workspace);
        }
    }

    private Vector decode(int page, @Nullable Vector dictionary, ReadCost cost) throws IOException {
        Workspace workspace = cache.borrow();
        int base = 0;
        try {
            int from = info.pageStart(page);
            bytes.load(from, info.pageEnds()[page] - from, workspace, cost);
            base = workspace.source().at() - from;
            int rows = info.endRow(page) - info.firstRows()[page];
            Target target = Target.of(info, dictionary, rows, 0);
            readPage(page, target, workspace, base);
            return target.build();
        } catch (Damage damage) {
            throw bytes.corrupt(damage.at() - base, damage.found());
        } finally {
            cache.giveBack(workspace);
        }
    }

    /*
     * Where the stored pages say how much text there is, but not beyond what zstd makes of log
     * text.
     */
    private long plainSizeHint() {
        return Math.min(info.plainSize(), info.sizeBytes() * 64L + 1024);
    }

    /* Reads a page at its place in what is loaded; base is where the chunk begins. */
    private void readPage(int page, Target target, Workspace workspace, int base) {
        ByteSource source = workspace.source();
        PageHeader header = header(page, source, base);
        int levels = source.at();
        ByteSource values = workspace.open(header, info.codec());
        source.reset(source.data(), levels, levels + header.levelSize());
        try {
            target.add(header, source, values, workspace);
        } catch (Damage damage) {
            // Places in decompressed values mean nothing in the file.
            throw new Damage(levels, damage.found());
        }
    }

    private PageHeader header(int page, ByteSource source, int base) {
        source.reset(source.data(), base + info.pageStart(page), base + info.pageEnds()[page]);
        PageHeader header = PageHeader.read(source);
        int rows = info.endRow(page) - info.firstRows()[page];
        boolean sound =
                header.type() == Parquet.DATA_PAGE_V2
                        && header.valueCount() == rows
                        && header.encoding() == info.encoding();
        ByteSource.check(sound, () -> header.toString(), source.at());
        return header;
    }

    /**
     * Reads every page from where it stands, and clears the bits of {@code sound} of rows whose
     * page cannot be read; all where the dictionary cannot.
     */
    void check(BitSet sound) {
        Workspace workspace = cache.borrow();
        try {
            Vector dictionary = null;
            if (info.dictionarySize() > 0) {
                bytes.load(0, info.dictionarySize(), workspace, new ReadCost());
                dictionary = readDictionary(workspace);
            }
            for (int page = 0; page < info.pageCount(); page++) {
                if (!isSound(page, dictionary, workspace)) {
                    sound.clear(info.firstRows()[page], info.endRow(page));
                }
            }
        } catch (IOException | Damage damaged) {
            sound.clear();
        } finally {
            cache.giveBack(workspace);
        }
    }

    private boolean isSound(int page, @Nullable Vector dictionary, Workspace workspace) {
        try {
            int from = info.pageStart(page);
            bytes.load(from, info.pageEnds()[page] - from, workspace, new ReadCost());
            int rows = info.endRow(page) - info.firstRows()[page];
            readPage(
                    page,
                    Target.of(info, dictionary, rows, 0),
                    workspace,
                    workspace.source().at() - from);
            return true;
        } catch (IOException | Damage damaged) {
            return false;
        }
    }

    /** The distinct texts of a chunk that has a dictionary of them, else null. */
    @Nullable BytesColumn texts(ReadCost cost) throws IOException {
        return info.dictionarySize() > 0
                        && dictionary(cost) instanceof Vector.Text(BytesColumn values)
                ? values
                : null;
    }

    /** How many rows have each of {@link #texts}; null where that is not known without reading. */
    int @Nullable [] valueCounts(ReadCost cost) throws IOException {
        if (info.valueCounts().length == 0) {
            return null;
        }
        BytesColumn texts = texts(cost);
        return texts == null ? null : ValueCounts.read(info.valueCounts(), texts.count());
    }

    private Vector dictionary(ReadCost cost) throws IOException {
        Vector kept = cache.get(this, DICTIONARY);
        if (kept != null) {
            return kept;
        }
        Workspace workspace = cache.borrow();
        int base = 0;
        try {
            bytes.load(0, info.dictionarySize(), workspace, cost);
            base = workspace.source().at();
            return readDictionary(workspace);
        } catch (Damage damage) {
            throw bytes.corrupt(damage.at() - base, damage.found());
        } finally {
            cache.giveBack(workspace);
        }
    }

    private Vector readDictionary(Workspace workspace) {
        ByteSource source = workspace.source();
        int from = source.at();
        PageHeader header = PageHeader.read(source);
        ByteSource.check(
                header.type() == Parquet.DICTIONARY_PAGE && header.encoding() == Parquet.PLAIN,
                () -> header.toString(),
                from);
        ByteSource values = workspace.open(header, info.codec());
        int least = info.spec().form().isText() ? 4 : 8;
        ByteSource.check(
                (long) header.valueCount() * least <= values.remaining(),
                () -> header.valueCount() + " entries",
                from);
        Vector dictionary;
        try {
            dictionary =
                    info.spec().form().isText()
                            ? new Vector.Text(texts(values, header.valueCount()))
                            : new Vector.Longs(
                                    longs(values, header.valueCount()), null, header.valueCount());
        } catch (Damage damage) {
            throw new Damage(from, damage.found());
        }
        cache.put(this, DICTIONARY, dictionary);
        return dictionary;
    }

    private static BytesColumn texts(ByteSource source, int count) {
        byte[] data = new byte[source.remaining() - count * 4];
        int[] ends = new int[count];
        int size = 0;
        for (int index = 0; index < count; index++) {
            int length = source.getInt();
            int from = source.skip(length);
            ByteSource.check(length <= data.length - size, () -> "length " + length, from);
            System.arraycopy(source.data(), from, data, size, length);
            size += length;
            ends[index] = size;
        }
        return BytesColumn.of(
                size == data.length ? data : Arrays.copyOf(data, size), ends, null, count);
    }

    private static long[] longs(ByteSource source, int count) {
        long[] values = new long[count];
        for (int index = 0; index < count; index++) {
            values[index] = source.getLong();
        }
        return values;
    }
}

package dev.belfry.store.parquet;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where the decoded pages of a chunk go, in the order of rows; for one thread. */
abstract sealed class Target {
    /*
     * Values stand densely in a page and rows without a value only in its levels. They are decoded
     * to the front of the page's rows and then moved apart from the last on, so that no second
     * array is needed.
     */
    final int rowCount;
    int at;
    private long @Nullable [] nulls;

    private Target(int rowCount) {
        this.rowCount = rowCount;
    }

    /** A target for {@code rowCount} rows of a chunk whose dictionary, if any, is given. */
    static Target of(ChunkInfo info, @Nullable Vector dictionary, int rowCount, long sizeHint) {
        Form form = info.spec().form();
        if (form.isText()) {
            if (dictionary instanceof Vector.Text(BytesColumn values)) {
                return new CodeTarget(values, new int[rowCount], rowCount);
            }
            byte[] data = new byte[(int) Math.min(sizeHint, Limits.PAGE_BYTES_MAX)];
            return new TextTarget(info.encoding(), data, new int[rowCount], rowCount, null);
        }
        return form.isLong()
                ? new LongTarget(info, dictionary, new long[rowCount], rowCount)
                : new BinaryTarget(
                        form.width(),
                        new byte[Math.multiplyExact(rowCount, form.width())],
                        rowCount);
    }

    /**
     * The same for one page, whose values stand in arrays of {@code workspace}: what is built is
     * good until that is used again.
     */
    static Target lent(
            ChunkInfo info, @Nullable Vector dictionary, int rowCount, Workspace workspace) {
        Form form = info.spec().form();
        if (form.isText()) {
            int[] ints = workspace.pageInts(rowCount);
            return dictionary instanceof Vector.Text(BytesColumn values)
                    ? new CodeTarget(values, ints, rowCount)
                    : new TextTarget(
                            info.encoding(), workspace.texts(0, 0), ints, rowCount, workspace);
        }
        if (form.isLong()) {
            return new LongTarget(info, dictionary, workspace.pageLongs(rowCount), rowCount);
        }
        int size = Math.multiplyExact(rowCount, form.width());
        return new BinaryTarget(form.width(), workspace.texts(size, 0), rowCount);
    }

    /** Decodes a page: levels at {@code levels}, then {@code values}. */
    final void add(PageHeader header, ByteSource levels, ByteSource values, Workspace workspace) {
        int count = header.valueCount();
        int nullCount = header.nullCount();
        ByteSource.check(count <= rowCount - at, () -> "a page of " + count + " rows", values.at());
        if (nullCount == 0) {
            decode(values, count, workspace);
            at += count;
            return;
        }
        int[] ones = workspace.ints(count);
        HybridRuns.decode(levels, 1, ones, 0, count);
        int present = 0;
        for (int row = 0; row < count; row++) {
            present += ones[row];
        }
        int found = present;
        ByteSource.check(found == count - nullCount, () -> found + " values", levels.at());
        decode(values, present, workspace);
        spread(ones, count, present);
        long[] mask = nulls();
        for (int row = 0; row < count; row++) {
            mask[at + row >>> 6] |= (1L - ones[row]) << at + row;
        }
        at += count;
    }

    /**
     * Adds rows of a page of {@code present} values.
     *
     * @param places of each row's value among them, ascending; -1 for none
     */
    abstract void pick(ByteSource values, int present, int[] places, Workspace workspace);

    private long[] nulls() {
        if (nulls == null) {
            nulls = new long[(rowCount + 63) >>> 6];
        }
        return nulls;
    }

    final void addNull() {
        nulls()[at >>> 6] |= 1L << at;
    }

    final long @Nullable [] nullMask() {
        return nulls;
    }

    /** Decodes {@code count} values to row {@link #at} and those that follow. */
    abstract void decode(ByteSource values, int count, Workspace workspace);

    /** Moves {@code present} values to the rows of {@code count} where {@code ones} is 1. */
    abstract void spread(int[] ones, int count, int present);

    /** Copies rows {@code rows[from .. to)} of a decoded page whose first row is given. */
    abstract void gather(Vector page, int[] rows, int from, int to, int firstRow);

    /** The vector; the target must not be used after. */
    abstract Vector build();

    private static final class LongTarget extends Target {
        private final long[] values;
        private final ChunkInfo info;
        private final long @Nullable [] dictionary;
        private final int dictionaryCount;

        LongTarget(ChunkInfo info, @Nullable Vector dictionary, long[] values, int rowCount) {
            super(rowCount);
            this.info = info;
            this.values = values;
            this.dictionary = dictionary instanceof Vector.Longs longs ? longs.values() : null;
            this.dictionaryCount = dictionary == null ? 0 : dictionary.count();
        }

        @Override
        void decode(ByteSource source, int count, Workspace workspace) {
            if (info.encoding() == Parquet.PLAIN) {
                int from = source.skip((count + 7) >>> 3);
                for (int index = 0; index < count; index++) {
                    values[at + index] = source.data()[from + (index >>> 3)] >>> (index & 7) & 1;
                }
            } else if (dictionary == null) {
                DeltaLongs.decode(source, values, at, count);
            } else {
                int[] codes = workspace.codes(count);
                decodeCodes(source, codes, 0, count, dictionaryCount);
                for (int index = 0; index < count; index++) {
                    values[at + index] = dictionary[codes[index]];
                }
            }
        }

        @Override
        void pick(ByteSource source, int present, int[] places, Workspace workspace) {
            int[] codes = workspace.codes(places.length);
            long[] all = workspace.longs(present);
            int last = -1;
            for (int place : places) {
                last = Math.max(last, place);
            }
            if (info.encoding() == Parquet.PLAIN) {
                int from = source.skip((present + 7) >>> 3);
                for (int index = 0; index < present; index++) {
                    all[index] = source.data()[from + (index >>> 3)] >>> (index & 7) & 1;
                }
            } else if (dictionary == null) {
                DeltaLongs.decode(source, all, 0, present, last + 1);
            } else {
                pickCodes(source, present, places, codes, 0, dictionaryCount);
            }
            for (int index = 0; index < places.length; index++) {
                if (places[index] < 0) {
                    addNull();
                    values[at++] = 0;
                } else {
                    values[at++] =
                            dictionary == null ? all[places[index]] : dictionary[codes[index]];
                }
            }
        }

        @Override
        void spread(int[] ones, int count, int present) {
            int from = at + present;
            for (int row = count - 1; row >= 0; row--) {
                values[at + row] = ones[row] == 0 ? 0 : values[--from];
            }
        }

        @Override
        void gather(Vector page, int[] rows, int from, int to, int firstRow) {
            long[] source = ((Vector.Longs) page).values();
            for (int index = from; index < to; index++) {
                if (page.isNull(rows[index] - firstRow)) {
                    addNull();
                }
                values[at++] = source[rows[index] - firstRow];
            }
        }

        @Override
        Vector build() {
            return new Vector.Longs(values, nullMask(), rowCount);
        }
    }

    private static final class CodeTarget extends Target {
        private final int[] codes;
        private final BytesColumn dictionary;

        CodeTarget(BytesColumn dictionary, int[] codes, int rowCount) {
            super(rowCount);
            this.dictionary = dictionary;
            this.codes = codes;
        }

        @Override
        void decode(ByteSource values, int count, Workspace workspace) {
            decodeCodes(values, codes, at, count, dictionary.count());
        }

        @Override
        void pick(ByteSource values, int present, int[] places, Workspace workspace) {
            pickCodes(values, present, places, codes, at, dictionary.count());
            at += places.length;
        }

        @Override
        void spread(int[] ones, int count, int present) {
            int from = at + present;
            for (int row = count - 1; row >= 0; row--) {
                codes[at + row] = ones[row] == 0 ? -1 : codes[--from];
            }
        }

        @Override
        void gather(Vector page, int[] rows, int from, int to, int firstRow) {
            int[] source = ((Vector.Codes) page).codes();
            for (int index = from; index < to; index++) {
                codes[at++] = source[rows[index] - firstRow];
            }
        }

        @Override
        Vector build() {
            return new Vector.Codes(codes, dictionary, rowCount);
        }
    }

    private static final class TextTarget extends Target {
        private final int encoding;
        private final @Nullable Workspace lender;
        private byte[] data;
        private final int[] ends;
        private int size;

        TextTarget(
                int encoding, byte[] data, int[] ends, int rowCount, @Nullable Workspace lender) {
            super(rowCount);
            this.encoding = encoding;
            this.data = data;
            this.ends = ends;
            this.lender = lender;
        }

        @Override
        void decode(ByteSource source, int count, Workspace workspace) {
            if (encoding == Parquet.DELTA_BYTE_ARRAY) {
                decodeSuffixes(source, count, workspace);
                return;
            }
            long[] lengths = workspace.longs(count);
            DeltaLongs.decode(source, lengths, 0, count);
            int from = source.at();
            int room = source.remaining();
            long end = 0;
            boolean sound = true;
            for (int index = 0; index < count; index++) {
                sound &= lengths[index] >= 0 & lengths[index] <= room;
                end += lengths[index];
                ends[at + index] = size + (int) end;
            }
            long all = end;
            ByteSource.check(sound && all <= room, () -> "texts of " + all + " bytes", from);
            copy(source.data(), from, (int) end);
        }

        /* Each value begins with some bytes of the one before. */
        private void decodeSuffixes(ByteSource source, int count, Workspace workspace) {
            long[] lengths = workspace.longs(count);
            int[] prefixes = workspace.codes(count);
            DeltaLongs.decode(source, lengths, 0, count);
            for (int index = 0; index < count; index++) {
                prefixes[index] = source.inRange(lengths[index], Limits.PAGE_BYTES_MAX);
            }
            DeltaLongs.decode(source, lengths, 0, count);
            long all = 0;
            long before = 0;
            for (int index = 0; index < count; index++) {
                int prefix = prefixes[index];
                long length = prefix + source.inRange(lengths[index], source.remaining());
                all += length;
                boolean sound = prefix <= before && all <= Limits.PAGE_BYTES_MAX;
                ByteSource.check(sound, () -> "a prefix of " + prefix + " bytes", source.at());
                before = length;
            }
            reserve((int) all);
            int start = size;
            for (int index = 0; index < count; index++) {
                int prefix = prefixes[index];
                int suffix = (int) lengths[index];
                System.arraycopy(data, start, data, size, prefix);
                System.arraycopy(source.data(), source.skip(suffix), data, size + prefix, suffix);
                start = size;
                size += prefix + suffix;
                ends[at + index] = size;
            }
        }

        @Override
        void pick(ByteSource source, int present, int[] places, Workspace workspace) {
            int[] prefixes = null;
            long[] lengths = workspace.longs(present);
            boolean isAlike = true;
            if (encoding == Parquet.DELTA_BYTE_ARRAY) {
                prefixes = workspace.codes(present);
                DeltaLongs.decode(source, lengths, 0, present);
                for (int index = 0; index < present; index++) {
                    prefixes[index] = source.inRange(lengths[index], Limits.PAGE_BYTES_MAX);
                    isAlike &= index < 2 || prefixes[index] == prefixes[1];
                }
            }
            DeltaLongs.decode(source, lengths, 0, present);
            byte[] value = workspace.texts(256, 0);
            int index = 0;
            long before = 0;
            for (int place : places) {
                if (place < 0) {
                    addNull();
                    ends[at++] = size;
                    continue;
                }
                /* Each value begins with some bytes of the one before, nearly always the same ones. */
                for (; index <= place; index++) {
                    int prefix = prefixes == null ? 0 : prefixes[index];
                    int suffix = source.inRange(lengths[index], source.remaining());
                    int from = source.skip(suffix);
                    boolean sound = prefix <= before;
                    ByteSource.check(sound, () -> "a prefix of " + prefix + " bytes", from);
                    before = (long) prefix + suffix;
                    if (index == place || prefixes != null && (index == 0 || !isAlike)) {
                        value = workspace.texts(prefix + suffix, prefix);
                        System.arraycopy(source.data(), from, value, prefix, suffix);
                    }
                }
                copy(value, 0, (int) before);
                ends[at++] = size;
            }
        }

        private void reserve(int length) {
            if (data.length - size < length) {
                long wanted = Math.max((long) size + length, Math.min(data.length * 2L, 1L << 30));
                int room = Math.toIntExact(wanted);
                data = lender == null ? Arrays.copyOf(data, room) : lender.texts(room, size);
            }
        }

        private void copy(byte[] source, int from, int length) {
            reserve(length);
            System.arraycopy(source, from, data, size, length);
            size += length;
        }

        @Override
        void spread(int[] ones, int count, int present) {
            int from = at + present;
            int before = at == 0 ? 0 : ends[at - 1];
            for (int row = count - 1; row >= 0; row--) {
                ends[at + row] = from == at ? before : ends[from - 1];
                from -= ones[row];
            }
        }

        @Override
        void gather(Vector page, int[] rows, int from, int to, int firstRow) {
            BytesColumn source = ((Vector.Text) page).values();
            for (int index = from; index < to; index++) {
                int row = rows[index] - firstRow;
                if (source.isNull(row)) {
                    addNull();
                }
                copy(source.data(), source.start(row), source.length(row));
                ends[at++] = size;
            }
        }

        @Override
        Vector build() {
            return new Vector.Text(BytesColumn.of(data, ends, nullMask(), rowCount));
        }
    }

    private static final class BinaryTarget extends Target {
        private final byte[] data;
        private final int width;

        BinaryTarget(int width, byte[] data, int rowCount) {
            super(rowCount);
            this.width = width;
            this.data = data;
        }

        @Override
        void decode(ByteSource values, int count, Workspace workspace) {
            int from = values.skip((long) count * width);
            System.arraycopy(values.data(), from, data, at * width, count * width);
        }

        @Override
        void pick(ByteSource values, int present, int[] places, Workspace workspace) {
            int from = values.skip((long) present * width);
            for (int place : places) {
                if (place < 0) {
                    addNull();
                } else {
                    int start = from + place * width;
                    System.arraycopy(values.data(), start, data, at * width, width);
                }
                at++;
            }
        }

        @Override
        void spread(int[] ones, int count, int present) {
            int from = at + present;
            for (int row = count - 1; row >= 0; row--) {
                int to = (at + row) * width;
                if (ones[row] == 0) {
                    Arrays.fill(data, to, to + width, (byte) 0);
                } else {
                    System.arraycopy(data, --from * width, data, to, width);
                }
            }
        }

        @Override
        void gather(Vector page, int[] rows, int from, int to, int firstRow) {
            byte[] source = ((Vector.Binary) page).data();
            for (int index = from; index < to; index++) {
                int row = rows[index] - firstRow;
                if (page.isNull(row)) {
                    addNull();
                }
                System.arraycopy(source, row * width, data, at++ * width, width);
            }
        }

        @Override
        Vector build() {
            return new Vector.Binary(data, width, nullMask(), rowCount);
        }
    }

    private static void pickCodes(
            ByteSource values, int present, int[] places, int[] codes, int to, int codeCount) {
        if (present == 0) {
            Arrays.fill(codes, to, to + places.length, -1);
            return;
        }
        int width = values.get();
        ByteSource.check(width <= 31, () -> "codes of " + width + " bits", values.at());
        HybridRuns.pick(values, width, present, places, codes, to);
        for (int index = 0; index < places.length; index++) {
            int code = codes[to + index];
            ByteSource.check(
                    code < codeCount, () -> "code " + code + " of " + codeCount, values.at());
        }
    }

    /** Reads codes and refuses those that are not below {@code codeCount}. */
    private static void decodeCodes(
            ByteSource values, int[] codes, int to, int count, int codeCount) {
        if (count == 0) {
            return;
        }
        int width = values.get();
        ByteSource.check(width <= 31, () -> "codes of " + width + " bits", values.at());
        HybridRuns.decode(values, width, codes, to, count);
        int most = 0;
        for (int index = to; index < to + count; index++) {
            most = Math.max(most, codes[index]);
        }
        int last = most;
        ByteSource.check(last < codeCount, () -> "code " + last + " of " + codeCount, values.at());
    }
}

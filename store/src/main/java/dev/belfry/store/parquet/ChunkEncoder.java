package dev.belfry.store.parquet;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import java.util.Arrays;

/** Encodes the column chunks of row groups; for one thread. */
final class ChunkEncoder implements AutoCloseable {
    private final PageWriter pages = new PageWriter();
    private final Effort effort = new Effort();
    private final ByteSink body = new ByteSink(1 << 20);
    private final ByteSink dictionary = new ByteSink(1 << 16);
    private final long[] differences = new long[128];
    private final LongDictionary distinct = new LongDictionary(Limits.LONG_DICTIONARY_MAX);
    private long[] longs = new long[Limits.PAGE_ROWS];
    private int[] codes = new int[Limits.PAGE_ROWS];
    private int[] renumbered = new int[256];
    private int[] counts = new int[256];

    ChunkReader encode(Column column, PageCache cache) {
        pages.start(column);
        ColumnSpec spec = column.spec();
        ChunkReader chunk =
                switch (column.values()) {
                    case Vector.Longs values ->
                            spec.form() == Form.BOOLEAN
                                    ? booleans(values, cache)
                                    : longs(values, cache);
                    case Vector.Codes values -> codes(spec, values, cache);
                    case Vector.Text(BytesColumn values) -> text(spec, values, cache);
                    case Vector.Binary values -> binary(values, cache);
                };
        return chunk;
    }

    private ChunkReader booleans(Vector.Longs vector, PageCache cache) {
        for (int from = 0; from < vector.count(); from += Limits.PAGE_ROWS) {
            int to = Math.min(vector.count(), from + Limits.PAGE_ROWS);
            int present = dense(vector, from, to);
            body.clear();
            byte[] target = body.reserve(present / 8 + 1);
            Arrays.fill(target, 0, present / 8 + 1, (byte) 0);
            for (int index = 0; index < present; index++) {
                target[index >>> 3] |= (byte) ((longs[index] & 1) << (index & 7));
            }
            body.advance((present + 7) >>> 3);
            pages.page(from, to, present, body, Parquet.PLAIN);
        }
        return pages.finish(Parquet.PLAIN, cache);
    }

    private ChunkReader longs(Vector.Longs vector, PageCache cache) {
        range(vector);
        boolean few = collectDistinct(vector);
        for (int from = 0; from < vector.count(); from += Limits.PAGE_ROWS) {
            int to = Math.min(vector.count(), from + Limits.PAGE_ROWS);
            int present = dense(vector, from, to);
            body.clear();
            DeltaLongs.encode(longs, 0, present, differences, body);
            pages.page(from, to, present, body, Parquet.DELTA_BINARY_PACKED);
        }
        if (!few) {
            return pages.finish(Parquet.DELTA_BINARY_PACKED, cache);
        }
        ChunkReader deltas = pages.finish(Parquet.DELTA_BINARY_PACKED, cache);
        pages.restart();
        ChunkReader coded = longCodes(vector, cache);
        return coded.info().sizeBytes() < deltas.info().sizeBytes() ? coded : deltas;
    }

    private void range(Vector.Longs vector) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (int row = 0; row < vector.count(); row++) {
            if (!vector.isNull(row)) {
                least = Math.min(least, vector.values()[row]);
                most = Math.max(most, vector.values()[row]);
            }
        }
        if (least <= most) {
            pages.range(least, most);
        }
    }

    private boolean collectDistinct(Vector.Longs vector) {
        distinct.clear();
        int most = Math.min(Limits.LONG_DICTIONARY_MAX, vector.count() / 4);
        for (int row = 0; row < vector.count(); row++) {
            if (!vector.isNull(row)
                    && distinct.code(vector.values()[row]) < 0
                    && distinct.add(vector.values()[row]) >= most) {
                return false;
            }
        }
        return distinct.count() > 0;
    }

    private ChunkReader longCodes(Vector.Longs vector, PageCache cache) {
        dictionary.clear();
        for (int code = 0; code < distinct.count(); code++) {
            dictionary.putLong(distinct.value(code));
        }
        int width = HybridRuns.width(distinct.count());
        for (int from = 0; from < vector.count(); from += Limits.PAGE_ROWS) {
            int to = Math.min(vector.count(), from + Limits.PAGE_ROWS);
            int present = dense(vector, from, to);
            for (int index = 0; index < present; index++) {
                codes[index] = distinct.code(longs[index]);
            }
            codePage(from, to, present, width);
        }
        pages.dictionary(dictionary, distinct.count());
        return pages.finish(Parquet.RLE_DICTIONARY, cache);
    }

    private void codePage(int from, int to, int present, int width) {
        body.clear();
        body.put(width);
        HybridRuns.encode(codes, 0, present, width, body);
        pages.page(from, to, present, body, Parquet.RLE_DICTIONARY);
    }

    /* Values of rows that have one, one after another, in longs; how many. */
    private int dense(Vector.Longs vector, int from, int to) {
        if (vector.nulls() == null) {
            System.arraycopy(vector.values(), from, longs, 0, to - from);
            return to - from;
        }
        int present = 0;
        for (int row = from; row < to; row++) {
            longs[present] = vector.values()[row];
            present += vector.isNull(row) ? 0 : 1;
        }
        return present;
    }

    private ChunkReader codes(ColumnSpec spec, Vector.Codes vector, PageCache cache) {
        int entries = vector.dictionary().count();
        if (renumbered.length < entries) {
            renumbered = new int[entries];
            counts = new int[entries];
        }
        Arrays.fill(renumbered, 0, entries, -1);
        dictionary.clear();
        int used = 0;
        int present = 0;
        for (int row = 0; row < vector.count(); row++) {
            int code = vector.codes()[row];
            if (code >= 0) {
                present++;
                if (renumbered[code] < 0) {
                    counts[used] = 0;
                    renumbered[code] = used++;
                    putText(vector.dictionary(), code);
                }
                counts[renumbered[code]]++;
            }
        }
        if (used > present / 2 && present > 1) {
            return text(spec, expand(vector), cache);
        }
        int width = HybridRuns.width(used);
        for (int from = 0; from < vector.count(); from += Limits.PAGE_ROWS) {
            int to = Math.min(vector.count(), from + Limits.PAGE_ROWS);
            int count = 0;
            for (int row = from; row < to; row++) {
                int code = vector.codes()[row];
                if (code >= 0) {
                    codes[count++] = renumbered[code];
                }
            }
            codePage(from, to, count, width);
        }
        pages.dictionary(dictionary, used);
        pages.counts(counts, used);
        return pages.finish(Parquet.RLE_DICTIONARY, cache);
    }

    private void putText(BytesColumn values, int index) {
        int length = values.length(index);
        dictionary.putInt(length);
        dictionary.put(values.data(), values.start(index), length);
    }

    private static BytesColumn expand(Vector.Codes vector) {
        BytesColumn.Builder builder = new BytesColumn.Builder(vector.count());
        BytesColumn entries = vector.dictionary();
        for (int row = 0; row < vector.count(); row++) {
            int code = vector.codes()[row];
            if (code < 0) {
                builder.addNull();
            } else {
                builder.add(entries.data(), entries.start(code), entries.length(code));
            }
        }
        return builder.build();
    }

    private ChunkReader text(ColumnSpec spec, BytesColumn values, PageCache cache) {
        int prefix = commonPrefix(values);
        boolean hasPrefix = prefix >= Limits.PREFIX_MIN;
        int encoding = hasPrefix ? Parquet.DELTA_BYTE_ARRAY : Parquet.DELTA_LENGTH_BYTE_ARRAY;
        int from = 0;
        while (from < values.count()) {
            int to = pageEnd(values, from);
            body.clear();
            int present = hasPrefix ? suffixes(values, from, to, prefix) : texts(values, from, to);
            if (from == 0 && body.size() >= Effort.TRIAL_BYTES_MIN) {
                pages.high(effort.isHigh(spec, high -> pages.trial(body, high)));
            }
            pages.page(from, to, present, body, encoding);
            from = to;
        }
        return pages.finish(encoding, cache);
    }

    private int texts(BytesColumn values, int from, int to) {
        int present = 0;
        for (int row = from; row < to; row++) {
            longs[present] = values.length(row);
            present += values.isNull(row) ? 0 : 1;
        }
        DeltaLongs.encode(longs, 0, present, differences, body);
        int start = values.start(from);
        body.put(values.data(), start, values.end(to - 1) - start);
        return present;
    }

    /* The first value is whole; the others are what follows the prefix, so that digits of ids stand alone. */
    private int suffixes(BytesColumn values, int from, int to, int prefix) {
        int present = 0;
        for (int row = from; row < to; row++) {
            longs[present] = present == 0 ? 0 : prefix;
            present += values.isNull(row) ? 0 : 1;
        }
        DeltaLongs.encode(longs, 0, present, differences, body);
        int count = 0;
        for (int row = from; row < to; row++) {
            longs[count] = values.length(row) - (count == 0 ? 0 : prefix);
            count += values.isNull(row) ? 0 : 1;
        }
        DeltaLongs.encode(longs, 0, present, differences, body);
        boolean isFirst = true;
        for (int row = from; row < to; row++) {
            if (!values.isNull(row)) {
                int skipped = isFirst ? 0 : prefix;
                body.put(values.data(), values.start(row) + skipped, values.length(row) - skipped);
                isFirst = false;
            }
        }
        return present;
    }

    /* How many bytes all values begin with. */
    private static int commonPrefix(BytesColumn values) {
        int first = 0;
        while (first < values.count() && values.isNull(first)) {
            first++;
        }
        int length = first < values.count() ? values.length(first) : 0;
        byte[] data = values.data();
        for (int row = first + 1; row < values.count() && length > 0; row++) {
            if (!values.isNull(row)) {
                int most = Math.min(length, values.length(row));
                int start = values.start(row);
                int from = values.start(first);
                int differs = Arrays.mismatch(data, from, from + most, data, start, start + most);
                length = differs < 0 ? most : differs;
            }
        }
        return length;
    }

    private static int pageEnd(BytesColumn values, int from) {
        int to = Math.min(values.count(), from + Limits.PAGE_ROWS);
        int start = values.start(from);
        while (to > from + 1 && values.end(to - 1) - start > Limits.PAGE_BYTES) {
            to = from + (to - from) / 2;
        }
        return to;
    }

    private ChunkReader binary(Vector.Binary vector, PageCache cache) {
        int width = vector.width();
        for (int from = 0; from < vector.count(); from += Limits.PAGE_ROWS) {
            int to = Math.min(vector.count(), from + Limits.PAGE_ROWS);
            body.clear();
            if (vector.nulls() == null) {
                body.put(vector.data(), from * width, (to - from) * width);
            } else {
                for (int row = from; row < to; row++) {
                    if (!vector.isNull(row)) {
                        body.put(vector.data(), row * width, width);
                    }
                }
            }
            pages.page(from, to, body.size() / width, body, Parquet.PLAIN);
        }
        return pages.finish(Parquet.PLAIN, cache);
    }

    @Override
    public void close() {
        pages.close();
    }
}

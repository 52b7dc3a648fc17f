package dev.belfry.store.parquet;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.column.FoundTexts;
import dev.belfry.store.filter.Phrase;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the rows of a range that have a phrase, page by page; for one thread. */
final class PhraseScan {
    /*
     * All texts of a page are looked through as one, before it is known where each of them begins: most pages lack
     * the phrase, and of the others few texts are wanted. Only these are copied.
     */
    private final Phrase phrase;
    private final int from;
    private final int to;
    private int[] rows = new int[16];
    private int count;
    private BytesColumn.@Nullable Builder texts = new BytesColumn.Builder(4);

    /** A scan of the rows {@code from} (inclusive) to {@code to} (exclusive). */
    PhraseScan(Phrase phrase, int from, int to) {
        this.phrase = phrase;
        this.from = from;
        this.to = to;
    }

    /** What was found. */
    FoundTexts found() {
        return new FoundTexts(
                rows.length == count ? rows : Arrays.copyOf(rows, count),
                texts == null ? null : texts.build());
    }

    /** Looks at a page whose first row is given. */
    void decoded(BytesColumn values, int firstRow) {
        int first = Math.max(from - firstRow, 0);
        int end = Math.min(to - firstRow, values.count());
        byte[] data = values.data();
        int at = phrase.next(data, values.start(first), values.end(end - 1));
        int row = first;
        while (at >= 0) {
            while (values.end(row) <= at) {
                row++;
            }
            at = next(data, values.start(row), values.end(row), at, firstRow + row);
            at = phrase.next(data, at, values.end(end - 1));
        }
    }

    /**
     * Looks at a page as it is stored.
     *
     * @param levels its levels, to be read
     * @param source lengths of its texts, then these
     */
    void plain(
            PageHeader header,
            ByteSource levels,
            ByteSource source,
            int firstRow,
            Workspace workspace) {
        byte[] data = source.data();
        if (phrase.next(data, source.at(), source.end()) < 0) {
            return;
        }
        int present = header.valueCount() - header.nullCount();
        int[] ones = null;
        if (header.nullCount() > 0) {
            ones = workspace.ints(header.valueCount());
            HybridRuns.decode(levels, 1, ones, 0, header.valueCount());
            int found = Arrays.stream(ones, 0, header.valueCount()).sum();
            ByteSource.check(found == present, () -> found + " values", levels.at());
        }
        long[] lengths = workspace.longs(present);
        DeltaLongs.decode(source, lengths, 0, present);
        int start = source.at();
        long end = start;
        for (int index = 0; index < present; index++) {
            end += source.inRange(lengths[index], source.remaining());
        }
        long all = end - start;
        ByteSource.check(all <= source.remaining(), () -> "texts of " + all + " bytes", start);
        int index = -1;
        int row = firstRow - 1;
        int textEnd = start;
        int textStart = start;
        int at = phrase.next(data, start, (int) end);
        while (at >= 0) {
            while (textEnd <= at) {
                index++;
                row++;
                while (ones != null && ones[row - firstRow] == 0) {
                    row++;
                }
                textStart = textEnd;
                textEnd += (int) lengths[index];
            }
            at = next(data, textStart, textEnd, at, row);
            at = phrase.next(data, at, (int) end);
        }
    }

    /* Asks the text that has a place where the phrase may begin; from where to look on. */
    private int next(byte[] data, int start, int end, int at, int row) {
        if (!phrase.matches(data, start, end)) {
            return at + 1;
        }
        if (row >= from && row < to) {
            add(data, start, end, row);
        }
        return end;
    }

    private void add(byte[] data, int start, int end, int row) {
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, count * 2);
        }
        rows[count++] = row;
        if (texts != null) {
            texts.add(data, start, end - start);
            texts = texts.sizeBytes() > Limits.FOUND_TEXT_BYTES ? null : texts;
        }
    }

    /**
     * Whether a page of texts that all begin alike, but for that stored without the beginning, may
     * have the phrase; false is certain. The source is where it was then.
     */
    boolean maySuffixesHave(PageHeader header, ByteSource source, Workspace workspace) {
        int values = source.at();
        int present = header.valueCount() - header.nullCount();
        if (present == 0) {
            return false;
        }
        long[] prefixes = workspace.longs(present);
        DeltaLongs.decode(source, prefixes, 0, present);
        long prefix = present > 1 ? prefixes[1] : 0;
        boolean isSame = prefixes[0] == 0;
        for (int index = 1; index < present; index++) {
            isSame &= prefixes[index] == prefix;
        }
        DeltaLongs.decode(source, prefixes, 0, present);
        byte[] data = source.data();
        int from = source.at();
        boolean may =
                !isSame
                        || prefix < 0
                        || prefix > source.remaining()
                        || phrase.mayBeginIn(data, from, from + (int) prefix)
                        || phrase.next(data, from, source.end()) >= 0;
        source.reset(data, values, source.end());
        return may;
    }
}

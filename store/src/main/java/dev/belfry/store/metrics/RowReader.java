package dev.belfry.store.metrics;

import dev.belfry.model.series.LabelBytes;
import dev.belfry.model.wire.SampleBatchCodec;
import dev.belfry.model.wire.WireReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of labels as the journal and requests have them, without making texts of them: mostly
 * they are those of the series before, but for one or two. For who writes to the index.
 */
final class RowReader {
    private final Pairs pairs;
    private int[] before = {};

    /* The row that was looked for last: its names, null where there is none, and hashes of what is not known. */
    private Pairs.@Nullable Name[] names = new Pairs.@Nullable Name[32];
    private int[] hashes = new int[32];
    private int[] row = {};
    private boolean known;

    RowReader(Pairs pairs) {
        this.pairs = pairs;
    }

    /**
     * The row of labels that {@link SampleBatchCodec} wrote, whose pairs get numbers.
     *
     * @throws dev.belfry.model.wire.WireFormatException when the bytes are damaged
     */
    int[] read(WireReader in) {
        int[] row = new int[in.count("labels", in.remaining() / 2)];
        byte[] bytes = in.array();
        String last = "";
        for (int i = 0; i < row.length; i++) {
            int nameLength = in.count("text length", in.remaining());
            int nameAt = in.skip(nameLength);
            int length = in.count("text length", in.remaining());
            int at = in.skip(length);
            Pairs.Name known = i < before.length ? pairs.nameOf(before[i]) : null;
            Pairs.Name name =
                    known != null && known.is(bytes, nameAt, nameLength)
                            ? known
                            : pairs.nameFor(
                                    new String(bytes, nameAt, nameLength, StandardCharsets.UTF_8));
            if (length == 0 || i > 0 && name.text.compareTo(last) <= 0) {
                throw in.wrong("label " + name.text, "names that ascend, values not empty");
            }
            row[i] =
                    name == known && pairs.holds(before[i], bytes, at, length)
                            ? before[i]
                            : pairs.intern(name, bytes, at, length);
            last = name.text;
        }
        before = row;
        return row;
    }

    /** The row of labels; where a pair has no number stands -1, and {@link #isKnown} is false. */
    int[] find(LabelBytes labels) {
        int size = labels.size();
        byte[] bytes = labels.array();
        if (size > names.length) {
            names = new Pairs.@Nullable Name[size];
            hashes = new int[size];
        }
        known = true;
        row = new int[size];
        for (int i = 0; i < size; i++) {
            Pairs.Name name = i < before.length ? pairs.nameOf(before[i]) : null;
            boolean same = name != null && name.is(bytes, labels.nameAt(i), labels.nameLength(i));
            int at = labels.valueAt(i);
            int length = labels.valueLength(i);
            if (same && pairs.holds(before[i], bytes, at, length)) {
                row[i] = before[i];
                continue;
            }
            name = same ? name : pairs.name(text(labels, i));
            names[i] = name;
            row[i] = -1;
            if (name != null) {
                hashes[i] = Pairs.hash(name.number, bytes, at, length);
                row[i] = pairs.find(name, bytes, at, length, hashes[i]);
            }
            known &= row[i] >= 0;
        }
        before = known ? row : before;
        return row;
    }

    /** Whether all pairs of the row that {@link #find} gave last have numbers. */
    boolean isKnown() {
        return known;
    }

    /** The row that {@link #find} gave last, of the same labels, with numbers for all its pairs. */
    int[] intern(LabelBytes labels) {
        for (int i = 0; i < row.length; i++) {
            if (row[i] >= 0) {
                continue;
            }
            int at = labels.valueAt(i);
            int length = labels.valueLength(i);
            Pairs.Name name = names[i];
            row[i] =
                    name == null
                            ? pairs.intern(
                                    pairs.nameFor(text(labels, i)), labels.array(), at, length)
                            : pairs.add(name, labels.array(), at, length, hashes[i]);
        }
        before = row;
        return row;
    }

    private static String text(LabelBytes labels, int index) {
        return new String(
                labels.array(),
                labels.nameAt(index),
                labels.nameLength(index),
                StandardCharsets.US_ASCII);
    }
}

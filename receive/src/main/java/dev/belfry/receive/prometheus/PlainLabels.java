package dev.belfry.receive.prometheus;

import dev.belfry.model.series.LabelBytes;
import dev.belfry.receive.SeriesIntake;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Labels of remote write 1.0 as nearly every sender writes them: sorted, ASCII, name before value,
 * none empty. Others are read with more care, and more time. For one thread.
 */
final class PlainLabels {
    /*
     * label = 0A length, 0A length name, 12 length value
     */
    private static final byte LABEL = 0x0A;
    private static final byte NAME = 0x0A;
    private static final byte VALUE = 0x12;
    private static final byte[] METRIC = "__name__".getBytes(StandardCharsets.US_ASCII);
    private static final long UPPER_BITS = 0x8080808080808080L;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final LabelBytes labels = new LabelBytes();
    private byte[] bytes = {};
    private int at;

    /** What was read last. */
    LabelBytes labels() {
        return labels;
    }

    /**
     * Reads the label messages that {@code array[from .. to)} consists of.
     *
     * @return false when they are not plain, or over a limit
     */
    boolean read(byte[] array, int from, int to) {
        bytes = array;
        labels.begin(array);
        at = from;
        int chars = 0;
        int nameBefore = 0;
        int lengthBefore = 0;
        while (at < to) {
            int outer = part(LABEL, to);
            int name = part(NAME, outer);
            int nameAt = at;
            at = name;
            int value = part(VALUE, outer);
            int valueAt = at;
            at = value;
            if (value < 0
                    || value != outer
                    || labels.size() == SeriesIntake.LABELS_MAX
                    || name - nameAt > SeriesIntake.NAME_CHARS_MAX
                    || value - valueAt > SeriesIntake.VALUE_CHARS_MAX
                    || !isAscii(nameAt, name)
                    || !isAscii(valueAt, value)
                    || Arrays.compare(
                                    array,
                                    nameBefore,
                                    nameBefore + lengthBefore,
                                    array,
                                    nameAt,
                                    name)
                            >= 0) {
                return false;
            }
            nameBefore = nameAt;
            lengthBefore = name - nameAt;
            chars += lengthBefore + value - valueAt;
            labels.add(nameAt, lengthBefore, valueAt, value - valueAt);
        }
        return chars <= SeriesIntake.CHARS_MAX && labels.find(METRIC) >= 0;
    }

    /* Passes the tag and length of a part that is not empty, and gives its end; -1 when there is no such one. */
    private int part(byte tag, int end) {
        if (at < 0 || at + 2 > end || bytes[at] != tag) {
            return -1;
        }
        int length = bytes[at + 1];
        at += 2;
        if (length < 0) {
            if (at >= end || bytes[at] < 0) {
                return -1;
            }
            length = length & 0x7F | bytes[at++] << 7;
        }
        return length == 0 || length > end - at ? -1 : at + length;
    }

    private boolean isAscii(int from, int to) {
        int here = from;
        long seen = 0;
        for (; here + 8 <= to; here += 8) {
            seen |= (long) LONGS.get(bytes, here);
        }
        for (; here < to; here++) {
            seen |= bytes[here];
        }
        return (seen & UPPER_BITS) == 0;
    }
}

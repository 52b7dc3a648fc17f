package dev.belfry.model.wire;

import dev.belfry.model.BytesColumn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** {@link BytesColumn} as bytes: its lengths as narrow as the longest allows, then its data. */
final class BytesColumnCodec {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int ALL_NULL = 0;
    private static final int WIDTH = 7;
    private static final int WITH_NULLS = 8;

    private BytesColumnCodec() {}

    static int dataSize(BytesColumn column) {
        return column.count() == 0 ? 0 : column.end(column.count() - 1);
    }

    static void write(BytesColumn column, WireWriter writer) {
        int count = column.count();
        int nulls = nullCount(column);
        if (nulls == count) {
            writer.u8(ALL_NULL);
            return;
        }
        int width = width(column);
        writer.u8(nulls == 0 ? width : width | WITH_NULLS);
        if (nulls > 0) {
            writeNulls(column, writer);
        }
        writeLengths(column, width, writer);
        int size = dataSize(column);
        writer.varint(size);
        writer.bytes(column.data(), 0, size);
    }

    private static int nullCount(BytesColumn column) {
        if (!column.mayHaveNulls()) {
            return 0;
        }
        int nulls = 0;
        for (int index = 0; index < column.count(); index++) {
            nulls += column.isNull(index) ? 1 : 0;
        }
        return nulls;
    }

    private static int width(BytesColumn column) {
        int start = 0;
        int all = 0;
        for (int index = 0; index < column.count(); index++) {
            int end = column.end(index);
            all |= end - start;
            start = end;
        }
        if (all <= 0xFF) {
            return 1;
        }
        return all <= 0xFFFF ? 2 : 4;
    }

    private static void writeNulls(BytesColumn column, WireWriter writer) {
        int at = writer.take((column.count() + 7) >>> 3);
        byte[] target = writer.array();
        for (int index = 0; index < column.count(); index += 8) {
            int bits = 0;
            int some = Math.min(8, column.count() - index);
            for (int bit = 0; bit < some; bit++) {
                bits |= column.isNull(index + bit) ? 1 << bit : 0;
            }
            target[at++] = (byte) bits;
        }
    }

    private static void writeLengths(BytesColumn column, int width, WireWriter writer) {
        int count = column.count();
        int at = writer.take(Math.multiplyExact(count, width));
        byte[] target = writer.array();
        int start = 0;
        for (int index = 0; index < count; index++) {
            int end = column.end(index);
            int length = end - start;
            if (width == 1) {
                target[at] = (byte) length;
            } else if (width == 2) {
                SHORTS.set(target, at, (short) length);
            } else {
                INTS.set(target, at, length);
            }
            at += width;
            start = end;
        }
    }

    /** Reads a column of {@code count} values; nulls are damage unless {@code nullable}. */
    static BytesColumn read(int count, boolean nullable, WireReader reader) {
        int mode = reader.u8();
        if (mode == ALL_NULL) {
            return allNull(count, nullable, reader);
        }
        int width = mode & WIDTH;
        boolean withNulls = (mode & WITH_NULLS) != 0;
        boolean known = mode < 16 && (width == 1 || width == 2 || width == 4);
        if (!known || withNulls && !nullable) {
            throw reader.wrong("column mode " + mode, "a width of 1, 2 or 4, nulls if allowed");
        }
        long[] nulls = withNulls ? readNulls(count, reader) : null;
        int lengthsAt = reader.skip((long) count * width);
        int[] ends = new int[count];
        long total = prefixSums(reader.array(), lengthsAt, width, ends);
        long size = reader.varint();
        if (total != size) {
            throw reader.wrong("lengths that add up to " + total, "" + size);
        }
        if (size > reader.remaining()) {
            throw reader.wrong("values of " + size + " bytes", "at most " + reader.remaining());
        }
        byte[] data = reader.bytes((int) size);
        return BytesColumn.of(data, ends, nulls, count);
    }

    private static BytesColumn allNull(int count, boolean nullable, WireReader reader) {
        if (count > 0 && !nullable) {
            throw reader.wrong("a column of nulls", "values");
        }
        long[] nulls = new long[(count + 63) >>> 6];
        for (int index = 0; index < count; index++) {
            nulls[index >>> 6] |= 1L << index;
        }
        return BytesColumn.of(new byte[0], new int[count], count == 0 ? null : nulls, count);
    }

    private static long[] readNulls(int count, WireReader reader) {
        int at = reader.skip((count + 7L) >>> 3);
        byte[] source = reader.array();
        long[] nulls = new long[(count + 63) >>> 6];
        for (int index = 0; index < count; index += 8) {
            int room = Math.min(8, count - index);
            nulls[index >>> 6] |= (source[at++] & (1L << room) - 1) << index;
        }
        return nulls;
    }

    /* The sum as a long: damaged lengths may add up to more than an int; then ends is of no use. */
    private static long prefixSums(byte[] source, int from, int width, int[] ends) {
        long end = 0;
        int at = from;
        for (int index = 0; index < ends.length; index++) {
            end +=
                    switch (width) {
                        case 1 -> source[at] & 0xFF;
                        case 2 -> (short) SHORTS.get(source, at) & 0xFFFF;
                        default -> (int) INTS.get(source, at) & 0xFFFF_FFFFL;
                    };
            ends[index] = (int) end;
            at += width;
        }
        return end;
    }
}

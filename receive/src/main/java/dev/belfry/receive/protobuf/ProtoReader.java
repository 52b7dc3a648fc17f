package dev.belfry.receive.protobuf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Moves over Protocol Buffers in a byte array; allocates nothing. For one thread.
 *
 * <p>A tag is {@code field number << 3 | wire type} as it stands in the bytes, so that a caller
 * switches over both at once, and what has another wire type than expected is skipped like what is
 * unknown.
 */
public final class ProtoReader {
    /*
     * https://protobuf.dev/programming-guides/encoding. Messages are entered by narrowing the end, so that no
     * length can lead out of the message that it stands in. Groups nest without a stack: unknown ones are
     * skipped by counting, as deep as the bytes go.
     */
    /** The wire type of varints. */
    public static final int VARINT = 0;

    /** The wire type of eight bytes. */
    public static final int FIXED64 = 1;

    /** The wire type of texts, bytes and messages. */
    public static final int LENGTH = 2;

    /** The wire type of four bytes. */
    public static final int FIXED32 = 5;

    private static final int GROUP = 3;
    private static final int GROUP_END = 4;
    private static final int VARINT_BYTES_MAX = 10;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** The bytes; never written to. */
    public final byte[] bytes;

    /** Where the next byte is read. */
    public int at;

    /** Where the message ends that is being read. */
    public int end;

    /** A reader of the message {@code bytes[from .. end)}. */
    public ProtoReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** The tag of a field, {@code number << 3 | wireType}. */
    public static int tag(int number, int wireType) {
        return number << 3 | wireType;
    }

    /** Whether the message has another field. */
    public boolean more() {
        return at < end;
    }

    /** Passes a tag. */
    public int tag() {
        int first = bytes[at];
        if (first >= 8) {
            at++;
            return first;
        }
        int start = at;
        long tag = varint();
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            throw new ProtoException(start, "a field number from 1 to 536870911");
        }
        return (int) tag;
    }

    /** Passes a varint of at most 64 bits. */
    public long varint() {
        int position = at;
        int last = Math.min(end, position + VARINT_BYTES_MAX);
        long value = 0;
        int shift = 0;
        while (position < last) {
            byte next = bytes[position++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                at = position;
                return value;
            }
            shift += 7;
        }
        throw new ProtoException(at, "a varint of at most 10 bytes within its message");
    }

    /** Passes eight bytes. */
    public long fixed64() {
        require(8);
        long value = (long) LONGS.get(bytes, at);
        at += 8;
        return value;
    }

    /** Passes four bytes. */
    public int fixed32() {
        require(4);
        int value = (int) INTS.get(bytes, at);
        at += 4;
        return value;
    }

    /** Passes the length of a text, of bytes or of a message, which are all there behind it. */
    public int length() {
        int start = at;
        if (start < end && bytes[start] >= 0) {
            at = start + 1;
            int length = bytes[start];
            if (length <= end - at) {
                return length;
            }
        } else {
            long length = varint();
            if (length >= 0 && length <= end - at) {
                return (int) length;
            }
        }
        throw new ProtoException(start, "a length within its message");
    }

    /**
     * Passes a length and narrows the end to that message.
     *
     * @return the end of the message around it, for {@link #leave}
     */
    public int enter() {
        int length = length();
        int outer = end;
        end = at + length;
        return outer;
    }

    /** Goes behind the message that was entered. */
    public void leave(int outerEnd) {
        at = end;
        end = outerEnd;
    }

    /** Passes the value of a field that is not wanted. */
    public void skip(int tag) {
        int wireType = tag & 7;
        if (wireType != GROUP) {
            skipValue(wireType);
            return;
        }
        int depth = 1;
        while (depth > 0) {
            if (!more()) {
                throw new ProtoException(at, "the end of a group");
            }
            int inner = tag() & 7;
            if (inner == GROUP) {
                depth++;
            } else if (inner == GROUP_END) {
                depth--;
            } else {
                skipValue(inner);
            }
        }
    }

    private void skipValue(int wireType) {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> {
                require(8);
                at += 8;
            }
            case LENGTH -> {
                int length = length();
                at += length;
            }
            case FIXED32 -> {
                require(4);
                at += 4;
            }
            default -> throw new ProtoException(at, "a wire type of 0, 1, 2, 3 or 5");
        }
    }

    private void require(int count) {
        if (end - at < count) {
            throw new ProtoException(at, count + " bytes within their message");
        }
    }
}

package dev.belfry.store.parquet;

import java.nio.charset.StandardCharsets;

/** Reads what {@link ThriftWriter} describes; unknown fields are skipped, damage is refused. */
final class ThriftReader {
    private static final int DEPTH_MAX = 32;

    private final ByteSource source;
    private final int[] lastIds = new int[DEPTH_MAX];
    private int depth;
    private int type;

    ThriftReader(ByteSource source) {
        this.source = source;
    }

    ByteSource source() {
        return source;
    }

    /** Enters the structure that comes next. */
    void begin() {
        if (++depth >= DEPTH_MAX) {
            throw source.damage("structures in structures more than " + DEPTH_MAX);
        }
        lastIds[depth] = 0;
    }

    /** Enters the structure that is the value of the field read last. */
    void beginField() {
        expect(ThriftWriter.STRUCT);
        begin();
    }

    /** The id of the next field, 0 at the end of the structure, which is left then. */
    int next() {
        int head = source.get();
        if (head == 0) {
            depth--;
            return 0;
        }
        type = head & 0x0F;
        int difference = head >>> 4;
        long id = difference == 0 ? source.getZigZag() : lastIds[depth] + difference;
        lastIds[depth] = source.inRange(id, Short.MAX_VALUE);
        return lastIds[depth] == 0 ? refuse("field 0") : lastIds[depth];
    }

    int i32() {
        long value = integer();
        if (value != (int) value) {
            throw source.damage("number " + value + " as i32");
        }
        return (int) value;
    }

    long i64() {
        return integer();
    }

    private long integer() {
        if (type < ThriftWriter.I16 || type > ThriftWriter.I64) {
            throw source.damage("field of type " + type + " as a number");
        }
        return source.getZigZag();
    }

    boolean bool() {
        if (type != ThriftWriter.TRUE && type != ThriftWriter.FALSE) {
            throw source.damage("field of type " + type + " as a boolean");
        }
        return type == ThriftWriter.TRUE;
    }

    byte[] bytes() {
        expect(ThriftWriter.BINARY);
        int length = source.getCount(source.remaining());
        int from = source.skip(length);
        return java.util.Arrays.copyOfRange(source.data(), from, from + length);
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Enters a list of {@code elementType} and gives its size. */
    int list(int elementType) {
        expect(ThriftWriter.LIST);
        int head = source.get();
        int count = head >>> 4;
        if (count == 15) {
            // An element has one byte at least.
            count = source.getCount(source.remaining());
        }
        int found = head & 0x0F;
        if (found != elementType && count > 0) {
            throw source.damage("list of type " + found + " for " + elementType);
        }
        type = elementType;
        return count;
    }

    /** Skips the value of the field read last. */
    void skip() {
        skip(type, 0);
    }

    private void skip(int skipped, int nesting) {
        if (nesting >= DEPTH_MAX) {
            throw source.damage("structures in structures more than " + DEPTH_MAX);
        }
        switch (skipped) {
            case ThriftWriter.TRUE, ThriftWriter.FALSE -> {}
            case ThriftWriter.BYTE -> source.skip(1);
            case ThriftWriter.I16, ThriftWriter.I32, ThriftWriter.I64 -> source.getVarint();
            case ThriftWriter.DOUBLE -> source.skip(8);
            case ThriftWriter.BINARY -> source.skip(source.getVarint());
            case ThriftWriter.LIST, ThriftWriter.SET -> skipList(nesting);
            case ThriftWriter.MAP -> skipMap(nesting);
            case ThriftWriter.STRUCT -> skipStruct(nesting);
            default -> throw source.damage("field of type " + skipped);
        }
    }

    private void skipList(int nesting) {
        int head = source.get();
        int count = head >>> 4 == 15 ? source.getCount(source.remaining()) : head >>> 4;
        for (int index = 0; index < count; index++) {
            skipElement(head & 0x0F, nesting);
        }
    }

    private void skipMap(int nesting) {
        int count = source.getCount(source.remaining());
        int types = count == 0 ? 0 : source.get();
        for (int index = 0; index < count; index++) {
            skipElement(types >>> 4, nesting);
            skipElement(types & 0x0F, nesting);
        }
    }

    /* Booleans in collections have a byte each, unlike those in fields. */
    private void skipElement(int element, int nesting) {
        if (element == ThriftWriter.TRUE || element == ThriftWriter.FALSE) {
            source.skip(1);
        } else {
            skip(element, nesting + 1);
        }
    }

    private void skipStruct(int nesting) {
        while (true) {
            int head = source.get();
            if (head == 0) {
                return;
            }
            if (head >>> 4 == 0) {
                source.getVarint();
            }
            skip(head & 0x0F, nesting + 1);
        }
    }

    private void expect(int expected) {
        if (type != expected) {
            throw source.damage("field of type " + type + " for " + expected);
        }
    }

    private int refuse(String what) {
        throw source.damage(what);
    }
}

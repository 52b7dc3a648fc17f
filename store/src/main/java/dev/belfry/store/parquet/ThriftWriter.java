package dev.belfry.store.parquet;

import java.nio.charset.StandardCharsets;

/** Thrift's compact protocol, as far as Parquet's structures need it. */
final class ThriftWriter {
    /*
     * A field is (id - last id) << 4 | type when the difference is 1..15, else type and the id as
     * zigzag; booleans are types 1 and 2 without a value; a struct ends with 0. A list is size << 4
     * | type, or 0xF0 | type and the size. Numbers are zigzag varints, byte strings have their
     * length before them. (Apache Thrift, doc/specs/thrift-compact-protocol.md)
     */
    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int BYTE = 3;
    static final int I16 = 4;
    static final int I32 = 5;
    static final int I64 = 6;
    static final int DOUBLE = 7;
    static final int BINARY = 8;
    static final int LIST = 9;
    static final int SET = 10;
    static final int MAP = 11;
    static final int STRUCT = 12;

    private static final int DEPTH_MAX = 16;

    private final ByteSink sink;
    private final int[] lastIds = new int[DEPTH_MAX];
    private int depth;

    ThriftWriter(ByteSink sink) {
        this.sink = sink;
    }

    /** Begins a structure that is the root or an element of a list. */
    ThriftWriter begin() {
        lastIds[++depth] = 0;
        return this;
    }

    /** Begins a structure that is field {@code id}. */
    ThriftWriter begin(int id) {
        field(id, STRUCT);
        return begin();
    }

    ThriftWriter end() {
        sink.put(0);
        depth--;
        return this;
    }

    /** An empty structure as field {@code id}. */
    ThriftWriter empty(int id) {
        return begin(id).end();
    }

    ThriftWriter i32(int id, int value) {
        field(id, I32);
        sink.putZigZag(value);
        return this;
    }

    ThriftWriter i16(int id, int value) {
        field(id, I16);
        sink.putZigZag(value);
        return this;
    }

    ThriftWriter i64(int id, long value) {
        field(id, I64);
        sink.putZigZag(value);
        return this;
    }

    ThriftWriter bool(int id, boolean value) {
        field(id, value ? TRUE : FALSE);
        return this;
    }

    ThriftWriter text(int id, String value) {
        field(id, BINARY);
        return text(value);
    }

    ThriftWriter bytes(int id, byte[] value) {
        field(id, BINARY);
        sink.putVarint(value.length);
        sink.put(value, 0, value.length);
        return this;
    }

    /** Begins a list; its elements follow with {@link #text}, {@link #i32}, {@link #begin()}. */
    ThriftWriter list(int id, int elementType, int count) {
        field(id, LIST);
        if (count < 15) {
            sink.put(count << 4 | elementType);
        } else {
            sink.put(0xF0 | elementType);
            sink.putVarint(count);
        }
        return this;
    }

    /** A text as an element of a list. */
    ThriftWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        sink.putVarint(bytes.length);
        sink.put(bytes, 0, bytes.length);
        return this;
    }

    /** A number as an element of a list. */
    ThriftWriter i32(int value) {
        sink.putZigZag(value);
        return this;
    }

    private void field(int id, int type) {
        int difference = id - lastIds[depth];
        if (difference > 0 && difference < 16) {
            sink.put(difference << 4 | type);
        } else {
            sink.put(type);
            sink.putZigZag(id);
        }
        lastIds[depth] = id;
    }
}

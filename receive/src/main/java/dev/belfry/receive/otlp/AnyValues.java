package dev.belfry.receive.otlp;

import dev.belfry.model.ValueKind;
import dev.belfry.receive.columns.JsonBytes;
import dev.belfry.receive.columns.Utf8;
import dev.belfry.receive.protobuf.ProtoReader;

/** Reads an {@code AnyValue} as what a column takes; for one thread. */
final class AnyValues {
    /*
     * AnyValue { string 1 | bool 2 | int64 3 | double 4 | ArrayValue 5 | KeyValueList 6 | bytes 7 }; of several
     * the last counts. Both containers are { repeated … 1 }. Bytes become base 64, as in OTLP's JSON; numbers that
     * JSON does not have become their names.
     */
    static final int STRING = 1 << 3 | ProtoReader.LENGTH;
    static final int ARRAY = 5 << 3 | ProtoReader.LENGTH;
    static final int MAP = 6 << 3 | ProtoReader.LENGTH;
    static final int KEY = 1 << 3 | ProtoReader.LENGTH;
    static final int VALUE = 2 << 3 | ProtoReader.LENGTH;
    static final int ITEM = 1 << 3 | ProtoReader.LENGTH;

    private static final int BOOL = 2 << 3 | ProtoReader.VARINT;
    private static final int INT = 3 << 3 | ProtoReader.VARINT;
    private static final int DOUBLE = 4 << 3 | ProtoReader.FIXED64;
    private static final int BYTES = 7 << 3 | ProtoReader.LENGTH;

    /** What the value read last is. */
    ValueKind kind = ValueKind.NULL;

    /** Where its bytes stand: {@code bytes[from .. from + length)}, until the next is read. */
    byte[] bytes;

    int from;
    int length;

    private final ProtoReader in;
    private final JsonBytes json = new JsonBytes();
    private boolean tooDeep;

    AnyValues(ProtoReader in) {
        this.in = in;
        this.bytes = in.bytes;
    }

    /** Whether a value since the last {@link #begin} nested too deep. */
    boolean tooDeep() {
        return tooDeep;
    }

    /** Starts a record. */
    void begin() {
        tooDeep = false;
    }

    /** Makes the value null, which an attribute without one has. */
    void clear() {
        kind = ValueKind.NULL;
        from = 0;
        length = 0;
    }

    /** Passes the message that the reader is in. */
    void read() {
        clear();
        while (in.at < in.end) {
            int tag = in.tag();
            switch (tag) {
                case STRING -> {
                    int size = in.length();
                    text(in.at, size);
                    in.at += size;
                }
                case BOOL -> {
                    kind = in.varint() != 0 ? ValueKind.TRUE : ValueKind.FALSE;
                    length = 0;
                }
                case INT -> {
                    json.clear().number(in.varint());
                    made(ValueKind.NUMBER);
                }
                case DOUBLE -> real(Double.longBitsToDouble(in.fixed64()));
                case ARRAY, MAP -> {
                    json.clear();
                    container(tag == MAP, 1);
                    made(ValueKind.JSON);
                }
                case BYTES -> {
                    int size = in.length();
                    json.clear().base64(in.bytes, in.at, size);
                    in.at += size;
                    made(ValueKind.STRING);
                }
                default -> in.skip(tag);
            }
        }
    }

    private void text(int start, int size) {
        kind = ValueKind.STRING;
        if (Utf8.isValid(in.bytes, start, start + size)) {
            bytes = in.bytes;
            from = start;
            length = size;
        } else {
            bytes = Utf8.repaired(in.bytes, start, start + size);
            from = 0;
            length = bytes.length;
        }
    }

    private void real(double value) {
        json.clear().put(Double.toString(value));
        made(Double.isFinite(value) ? ValueKind.NUMBER : ValueKind.STRING);
    }

    private void made(ValueKind what) {
        kind = what;
        bytes = json.bytes;
        from = 0;
        length = json.length;
    }

    private void container(boolean map, int depth) {
        int outer = in.enter();
        if (depth > Limits.DEPTH_MAX) {
            tooDeep = true;
            json.put("null");
            in.at = in.end;
            in.leave(outer);
            return;
        }
        json.put(map ? '{' : '[');
        boolean first = true;
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag != ITEM) {
                in.skip(tag);
                continue;
            }
            if (!first) {
                json.put(',');
            }
            first = false;
            int around = in.enter();
            if (map) {
                member(depth);
            } else {
                write(depth);
            }
            in.leave(around);
        }
        json.put(map ? '}' : ']');
        in.leave(outer);
    }

    private void member(int depth) {
        int keyAt = in.at;
        int keyLength = 0;
        int valueAt = in.at;
        int valueEnd = in.at;
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == KEY) {
                keyLength = in.length();
                keyAt = in.at;
                in.at += keyLength;
            } else if (tag == VALUE) {
                int size = in.length();
                valueAt = in.at;
                valueEnd = valueAt + size;
                in.at = valueEnd;
            } else {
                in.skip(tag);
            }
        }
        json.string(in.bytes, keyAt, keyLength).put(':');
        int outer = in.end;
        in.at = valueAt;
        in.end = valueEnd;
        write(depth);
        in.end = outer;
        in.at = outer;
    }

    /** Writes the value that the reader is in as JSON. */
    private void write(int depth) {
        int start = json.length;
        json.put("null");
        while (in.at < in.end) {
            int tag = in.tag();
            int length = json.length;
            json.length = start;
            switch (tag) {
                case STRING -> {
                    int size = in.length();
                    json.string(in.bytes, in.at, size);
                    in.at += size;
                }
                case BOOL -> json.put(in.varint() != 0 ? "true" : "false");
                case INT -> json.number(in.varint());
                case DOUBLE -> {
                    double value = Double.longBitsToDouble(in.fixed64());
                    if (Double.isFinite(value)) {
                        json.put(Double.toString(value));
                    } else {
                        json.put('"').put(Double.toString(value)).put('"');
                    }
                }
                case ARRAY, MAP -> container(tag == MAP, depth + 1);
                case BYTES -> {
                    int size = in.length();
                    json.put('"').base64(in.bytes, in.at, size).put('"');
                    in.at += size;
                }
                default -> {
                    json.length = length;
                    in.skip(tag);
                }
            }
        }
    }
}

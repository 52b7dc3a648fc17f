package dev.belfry.receive.syslog;

import dev.belfry.model.ValueKind;
import dev.belfry.receive.columns.FieldTable;
import java.nio.charset.StandardCharsets;

/** STRUCTURED-DATA of RFC 5424, section 6.3, as tags {@code SD-ID.NAME}; for one thread. */
final class StructuredData {
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final FieldTable tags;

    StructuredData(FieldTable tags) {
        this.tags = tags;
    }

    /** Where the elements that begin at {@code from} end, or -1 when they are not closed. */
    int end(byte[] data, int from, int to) {
        int at = from;
        if (at >= to || data[at] != '[') {
            return -1;
        }
        while (at < to && data[at] == '[') {
            at = elementEnd(data, at + 1, to);
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }

    /* Behind the bracket that closes; -1 when what stands there is no element. */
    private static int elementEnd(byte[] data, int from, int to) {
        int at = name(data, from, to);
        if (at == from) {
            return -1;
        }
        while (at < to && data[at] == ' ') {
            at = spaces(data, at, to);
            if (at < to && data[at] == ']') {
                break;
            }
            int equals = name(data, at, to);
            if (equals == at
                    || equals + 1 >= to
                    || data[equals] != '='
                    || data[equals + 1] != '"') {
                return -1;
            }
            at = valueEnd(data, equals + 2, to) + 1;
            if (at > to) {
                return -1;
            }
        }
        return at < to && data[at] == ']' ? at + 1 : -1;
    }

    private static int spaces(byte[] data, int from, int to) {
        int at = from;
        while (at < to && data[at] == ' ') {
            at++;
        }
        return at;
    }

    private static int name(byte[] data, int from, int to) {
        int at = from;
        while (at < to && data[at] > ' ' && data[at] != '=' && data[at] != ']' && data[at] != '"') {
            at++;
        }
        return at;
    }

    /* At the quote that closes; to when none does. */
    private static int valueEnd(byte[] data, int from, int to) {
        int at = from;
        while (at < to && data[at] != '"') {
            at += data[at] == '\\' && at + 1 < to ? 2 : 1;
        }
        return at;
    }

    /** Takes the elements {@code data[from .. to)}, which are closed. */
    void take(byte[] data, int from, int to) {
        int at = from;
        while (at < to) {
            int idEnd = name(data, at + 1, to);
            String id = new String(data, at + 1, idEnd - at - 1, StandardCharsets.UTF_8);
            if (data[idEnd] == ']') {
                tags.set(id.getBytes(StandardCharsets.UTF_8), ValueKind.JSON, EMPTY_OBJECT, 0, 2);
            }
            at = idEnd;
            while (data[at] != ']') {
                int start = spaces(data, at, to);
                if (data[start] == ']') {
                    at = start;
                    continue;
                }
                int equals = name(data, start, to);
                int end = valueEnd(data, equals + 2, to);
                parameter(id, data, start, equals, end);
                at = end + 1;
            }
            at++;
        }
    }

    private void parameter(String id, byte[] data, int nameFrom, int equals, int valueEnd) {
        String name =
                id + '.' + new String(data, nameFrom, equals - nameFrom, StandardCharsets.UTF_8);
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        int from = equals + 2;
        byte[] value = new byte[valueEnd - from];
        int size = 0;
        for (int at = from; at < valueEnd; at++) {
            boolean escape =
                    data[at] == '\\' && at + 1 < valueEnd && "\"\\]".indexOf(data[at + 1]) >= 0;
            value[size++] = data[escape ? ++at : at];
        }
        tags.set(key, ValueKind.STRING, value, 0, size);
    }
}

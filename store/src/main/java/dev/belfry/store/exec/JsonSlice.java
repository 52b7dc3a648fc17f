package dev.belfry.store.exec;

import dev.belfry.store.ResultTable.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as the bytes that it was sent as; reads members without building a tree. The bytes
 * are well-formed: receiving has checked them.
 */
final class JsonSlice {
    /** Gets what {@link #leaves} finds. */
    interface LeafVisitor {
        /**
         * A string's content (unescaped) or a number's text.
         *
         * @return whether to go on
         */
        boolean leaf(byte[] data, int start, int end);
    }

    private final byte[] data;
    private final int start;
    private final int end;

    /** The value in {@code data[start .. end)}, white space around it allowed. */
    JsonSlice(byte[] data, int start, int end) {
        this.data = data;
        this.start = space(data, start, end);
        this.end = end;
    }

    boolean isObject() {
        return start < end && data[start] == '{';
    }

    boolean isArray() {
        return start < end && data[start] == '[';
    }

    /**
     * The value at a dotted path; the longest key that exists wins, and a number is an index into
     * an array. Null when there is none.
     */
    @Nullable JsonSlice path(String path) {
        if (isArray()) {
            int dot = path.indexOf('.');
            JsonSlice element = element(dot < 0 ? path : path.substring(0, dot));
            return element == null || dot < 0 ? element : element.path(path.substring(dot + 1));
        }
        if (!isObject()) {
            return null;
        }
        JsonSlice whole = member(path);
        for (int dot = path.lastIndexOf('.');
                whole == null && dot > 0;
                dot = path.lastIndexOf('.', dot - 1)) {
            JsonSlice inner = member(path.substring(0, dot));
            whole = inner == null ? null : inner.path(path.substring(dot + 1));
        }
        return whole;
    }

    /** The member {@code key} of an object, or null. */
    @Nullable JsonSlice member(String key) {
        byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
        int at = space(data, start + 1, end);
        while (at < end && data[at] == '"') {
            int keyEnd = skip(data, at, end);
            int value = space(data, space(data, keyEnd, end) + 1, end);
            int valueEnd = skip(data, value, end);
            if (isKey(at + 1, keyEnd - 1, wanted, key)) {
                return new JsonSlice(data, value, valueEnd);
            }
            at = next(data, valueEnd, end);
        }
        return null;
    }

    private boolean isKey(int from, int to, byte[] wanted, String key) {
        for (int i = from; i < to; i++) {
            if (data[i] == '\\') {
                return unescape(from, to).equals(key);
            }
        }
        return Arrays.equals(data, from, to, wanted, 0, wanted.length);
    }

    /** How many members an array or object has. */
    int size() {
        int at = space(data, start + 1, end);
        int count = 0;
        while (at < end && data[at] != ']' && data[at] != '}') {
            int valueEnd = skip(data, at, end);
            if (isObject()) {
                valueEnd = skip(data, space(data, space(data, valueEnd, end) + 1, end), end);
            }
            count++;
            at = next(data, valueEnd, end);
        }
        return count;
    }

    private @Nullable JsonSlice element(String index) {
        if (index.isEmpty()
                || index.length() > 6
                || !index.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        int wanted = Integer.parseInt(index);
        int at = space(data, start + 1, end);
        for (int i = 0; at < end && data[at] != ']'; i++) {
            int valueEnd = skip(data, at, end);
            if (i == wanted) {
                return new JsonSlice(data, at, valueEnd);
            }
            at = next(data, valueEnd, end);
        }
        return null;
    }

    /** The members of an object by key, the text of each as it stands; the first of equal keys. */
    SortedMap<String, String> members() {
        SortedMap<String, String> members = new TreeMap<>();
        int at = space(data, start + 1, end);
        while (at < end && data[at] == '"') {
            int keyEnd = skip(data, at, end);
            int value = space(data, space(data, keyEnd, end) + 1, end);
            int valueEnd = skip(data, value, end);
            members.putIfAbsent(
                    unescape(at + 1, keyEnd - 1),
                    new String(data, value, valueEnd - value, StandardCharsets.UTF_8));
            at = next(data, valueEnd, end);
        }
        return members;
    }

    /** The value as {@link Scalars} has it. */
    Object value() {
        return switch (data[start]) {
            case '"' -> unescape(start + 1, skip(data, start, end) - 1);
            case '{', '[' -> new Json(text());
            case 't' -> Boolean.TRUE;
            case 'f' -> Boolean.FALSE;
            case 'n' -> Scalars.NULL;
            default -> Scalars.numberObject(text());
        };
    }

    private String text() {
        int valueEnd = skip(data, start, end);
        return new String(data, start, valueEnd - start, StandardCharsets.UTF_8);
    }

    /** Shows every string and number inside; false when the visitor stopped it. */
    boolean leaves(LeafVisitor visitor) {
        int at = start;
        boolean inObject = false;
        BitSet objects = new BitSet();
        int depth = 0;
        boolean key = false;
        while (at < end) {
            byte b = data[at];
            if (b == '{' || b == '[') {
                objects.set(++depth, b == '{');
                inObject = b == '{';
                key = inObject;
                at++;
            } else if (b == '}' || b == ']') {
                inObject = objects.get(--depth);
                at++;
            } else if (b == ',' || b == ':' || isSpace(b)) {
                key = b == ',' ? inObject : b == ':' ? false : key;
                at++;
            } else {
                int valueEnd = skip(data, at, end);
                if (!key && !leaf(at, valueEnd, visitor)) {
                    return false;
                }
                at = valueEnd;
            }
        }
        return true;
    }

    private boolean leaf(int from, int to, LeafVisitor visitor) {
        if (data[from] != '"') {
            boolean number = data[from] == '-' || data[from] >= '0' && data[from] <= '9';
            return !number || visitor.leaf(data, from, to);
        }
        for (int i = from + 1; i < to - 1; i++) {
            if (data[i] == '\\') {
                byte[] plain = unescape(from + 1, to - 1).getBytes(StandardCharsets.UTF_8);
                return visitor.leaf(plain, 0, plain.length);
            }
        }
        return visitor.leaf(data, from + 1, to - 1);
    }

    private String unescape(int from, int to) {
        String text = new String(data, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                plain.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            switch (escaped) {
                case 'n' -> plain.append('\n');
                case 't' -> plain.append('\t');
                case 'r' -> plain.append('\r');
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> plain.append(escaped);
            }
        }
        return plain.toString();
    }

    private static int next(byte[] data, int from, int end) {
        int at = space(data, from, end);
        return at < end && data[at] == ',' ? space(data, at + 1, end) : at;
    }

    private static int space(byte[] data, int from, int end) {
        int at = from;
        while (at < end && isSpace(data[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /* The end of the value that starts at from. */
    private static int skip(byte[] data, int from, int end) {
        int depth = 0;
        int at = from;
        while (at < end) {
            byte b = data[at];
            if (b == '"') {
                at++;
                while (at < end && data[at] != '"') {
                    at += data[at] == '\\' ? 2 : 1;
                }
                at++;
            } else if (b == '{' || b == '[') {
                depth++;
                at++;
            } else if (b == '}' || b == ']') {
                depth--;
                at++;
            } else if (depth == 0) {
                while (at < end && !isEndOfLiteral(data[at])) {
                    at++;
                }
                return at;
            } else {
                at++;
            }
            if (depth == 0) {
                return Math.min(at, end);
            }
        }
        return end;
    }

    private static boolean isEndOfLiteral(byte b) {
        return b == ',' || b == ':' || b == '}' || b == ']' || isSpace(b);
    }
}

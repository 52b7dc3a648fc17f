package dev.belfry.receive.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Moves over JSON text (RFC 8259, strictly) in a byte array and leaves the bounds of what it passed
 * in fields, so that nothing is allocated. For one thread.
 */
public final class JsonScanner {
    /*
     * A string is searched eight bytes at a time for what ends or interrupts it, after Lamport, "Multiple byte
     * processing with full-word instructions" (1975): (x - 0x01…) & ~x & 0x80… has its lowest bit set in the
     * first byte of x that is zero, and (x - 0x20…) & ~x & 0x80… in the first that is below 0x20.
     */
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long QUOTES = 0x2222_2222_2222_2222L;
    private static final long BACKSLASHES = 0x5C5C_5C5C_5C5C_5C5CL;
    private static final long LINE_FEEDS = 0x0A0A_0A0A_0A0A_0A0AL;
    private static final long SPACES = 0x2020_2020_2020_2020L;

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** The text; never written to. */
    public byte[] text;

    /** Where the next byte is read. */
    public int at;

    /** Where the text ends. */
    public int end;

    /** Where the value passed last starts; of a string, behind its opening quote. */
    public int from;

    /** Where the value passed last ends, exclusive; of a string, at its closing quote. */
    public int to;

    /** Whether the string passed last has escapes. */
    public boolean escaped;

    /** Whether the string, array or object passed last has bytes above 0x7F. */
    public boolean high;

    /** How deep the array or object passed last nests, itself included. */
    public int deepest;

    /* Bit d: whether the container at depth d is an object. */
    private long[] objects = new long[2];

    /** A scanner of {@code text[0 .. end)}. */
    public JsonScanner(byte[] text, int end) {
        this.text = text;
        this.end = end;
    }

    /** Goes on with {@code another[start .. stop)}. */
    public void reset(byte[] another, int start, int stop) {
        text = another;
        at = start;
        end = stop;
    }

    /** Whether the object that starts at {@link #at} has no members; nothing is passed. */
    boolean isEmptyObject() {
        int start = at++;
        boolean empty = atEnd() || text[at] == '}';
        at = start;
        return empty;
    }

    /**
     * The next byte that is no white space, not passed; {@code expected} names it if there is none.
     */
    public byte token(String expected) {
        while (at < end) {
            byte next = text[at];
            if (next > ' ' || next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return next;
            }
            at++;
        }
        throw wrong(expected);
    }

    /** Passes white space up to the end, or to the first byte that is none. */
    public boolean atEnd() {
        while (at < end) {
            byte next = text[at];
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return false;
            }
            at++;
        }
        return true;
    }

    /** Passes white space up to the end, where the text must be. */
    public void lineEnd() {
        if (!atEnd()) {
            throw wrong("the end of the line");
        }
    }

    /** Where the line that contains {@code text[from]} ends: at its line feed or at {@code end}. */
    public static int lineEnd(byte[] text, int from, int end) {
        int at = from;
        for (; at + 8 <= end; at += 8) {
            long feeds = (long) LONGS.get(text, at) ^ LINE_FEEDS;
            long stops = (feeds - ONES) & ~feeds & HIGHS;
            if (stops != 0) {
                return at + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
        }
        while (at < end && text[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Passes {@code close} if that is next; {@code expected} names what else may be. */
    public boolean ends(char close, String expected) {
        if (token(expected) != close) {
            return false;
        }
        at++;
        return true;
    }

    /**
     * Passes the comma, or {@code close}, behind a member or an item; whether another one follows.
     */
    public boolean another(char close) {
        String expected = close == '}' ? "',' or '}'" : "',' or ']'";
        byte next = token(expected);
        if (next != ',' && next != close) {
            throw wrong(expected);
        }
        at++;
        return next == ',';
    }

    /** Passes {@code "name" :}, and leaves the name as the string passed last. */
    public void name() {
        if (token("a name in quotes") != '"') {
            throw wrong("a name in quotes");
        }
        at++;
        string();
        if (at < end && text[at] == ':') {
            at++;
            return;
        }
        if (token("':'") != ':') {
            throw wrong("':'");
        }
        at++;
    }

    /** Passes a string whose opening quote has been passed. */
    public void string() {
        from = at;
        escaped = false;
        long highs = 0;
        int position = at;
        while (position + 8 <= end) {
            long word = (long) LONGS.get(text, position);
            long stops = stops(word);
            if (stops == 0) {
                highs |= word;
                position += 8;
                continue;
            }
            highs |= word & (stops ^ (stops - 1)) >>> 8;
            position += Long.numberOfTrailingZeros(stops) >>> 3;
            byte stop = text[position];
            if (stop == '"') {
                endString(position, highs);
                return;
            }
            position = escape(position);
        }
        while (position < end) {
            byte next = text[position];
            if (next == '"') {
                endString(position, highs);
                return;
            }
            if (next == '\\' || next >= 0 && next < ' ') {
                position = escape(position);
            } else {
                highs |= next & 0x80;
                position++;
            }
        }
        at = end;
        throw wrong("'\"' at the end of a string");
    }

    /**
     * Passes a string whose opening quote has been passed, and makes its text in {@code target}:
     * once through the bytes where {@link #string()} and {@link JsonText#unescape} go twice.
     */
    public void string(JsonText target) {
        byte[] source = text;
        from = at;
        escaped = false;
        target.length = 0;
        long highs = 0;
        int position = at;
        while (position < end) {
            target.room();
            if (position + 8 <= end) {
                long word = (long) LONGS.get(source, position);
                long stops = stops(word);
                target.word(word);
                int count = stops == 0 ? 8 : Long.numberOfTrailingZeros(stops) >>> 3;
                highs |= stops == 0 ? word : word & (stops ^ (stops - 1)) >>> 8;
                target.length += count;
                position += count;
                if (stops == 0) {
                    continue;
                }
            }
            byte next = source[position];
            if (next == '"') {
                endString(position, highs);
                if (high) {
                    target.repair();
                }
                return;
            }
            if (next == '\\' && position + 1 < end && source[position + 1] == '"') {
                /* By far the most frequent escape of documents within documents. */
                escaped = true;
                target.bytes[target.length++] = '"';
                position += 2;
            } else if (next == '\\' || next >= 0 && next < ' ') {
                escape(position);
                position = target.escaped(source, position, end);
            } else {
                highs |= next & 0x80;
                target.bytes[target.length++] = next;
                position++;
            }
        }
        at = end;
        throw wrong("'\"' at the end of a string");
    }

    /* The high bit of each byte that ends a plain run: a quote, a backslash, a control character. */
    private static long stops(long word) {
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        return ((quote - ONES) & ~quote | (backslash - ONES) & ~backslash | (word - SPACES) & ~word)
                & HIGHS;
    }

    private void endString(int position, long highs) {
        to = position;
        at = position + 1;
        high = (highs & HIGHS) != 0;
    }

    /* Passes the escape at position; a control character also ends here. */
    private int escape(int position) {
        if (text[position] != '\\') {
            at = position;
            throw wrong("an escape such as \\n for a control character");
        }
        escaped = true;
        int next = position + 1 < end ? text[position + 1] : 0;
        switch (next) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return position + 2;
            }
            case 'u' -> {
                for (int digit = position + 2; digit < position + 6; digit++) {
                    if (digit >= end || Character.digit(text[digit], 16) < 0) {
                        at = Math.min(digit, end);
                        throw wrong("4 hexadecimal digits");
                    }
                }
                return position + 6;
            }
            default -> {
                at = Math.min(position + 1, end);
                throw wrong("one of \" \\ / b f n r t u behind a backslash");
            }
        }
    }

    /** Passes any value and leaves its bounds; a string's are those inside its quotes. */
    public JsonType value() {
        byte first = token("a value");
        switch (first) {
            case '"' -> {
                at++;
                string();
                return JsonType.STRING;
            }
            case '{' -> {
                container();
                return JsonType.OBJECT;
            }
            case '[' -> {
                container();
                return JsonType.ARRAY;
            }
            case 't' -> {
                literal(TRUE);
                return JsonType.TRUE;
            }
            case 'f' -> {
                literal(FALSE);
                return JsonType.FALSE;
            }
            case 'n' -> {
                literal(NULL);
                return JsonType.NULL;
            }
            default -> {
                number();
                return JsonType.NUMBER;
            }
        }
    }

    private void literal(byte[] word) {
        from = at;
        for (byte expected : word) {
            if (at >= end || text[at] != expected) {
                throw wrong("a value: string, number, object, array, true, false or null");
            }
            at++;
        }
        to = at;
    }

    private void number() {
        from = at;
        int position = text[at] == '-' ? at + 1 : at;
        int digits = digits(position);
        if (digits == position) {
            at = position;
            throw wrong(
                    position == from
                            ? "a value: string, number, object, array, true, false or null"
                            : "a digit");
        }
        if (text[position] == '0' && digits > position + 1) {
            at = position + 1;
            throw wrong("no digit behind a leading 0");
        }
        position = digits;
        if (position < end && text[position] == '.') {
            position = someDigits(position + 1);
        }
        if (position < end && (text[position] | 0x20) == 'e') {
            position++;
            if (position < end && (text[position] == '+' || text[position] == '-')) {
                position++;
            }
            position = someDigits(position);
        }
        to = position;
        at = position;
    }

    private int someDigits(int position) {
        int digits = digits(position);
        if (digits == position) {
            at = position;
            throw wrong("a digit");
        }
        return digits;
    }

    private int digits(int position) {
        int digit = position;
        while (digit < end && text[digit] >= '0' && text[digit] <= '9') {
            digit++;
        }
        return digit;
    }

    /** Passes the array or object that starts at {@link #at}. */
    private void container() {
        int start = at;
        boolean anyHigh = false;
        int depth = 0;
        int most = 0;
        do {
            byte first = token("a value");
            if (first == '{' || first == '[') {
                at++;
                depth++;
                most = Math.max(most, depth);
                open(depth, first == '{');
                byte next = token(first == '{' ? "a name in quotes or '}'" : "a value or ']'");
                if (next != first + 2) {
                    if (first == '{') {
                        name();
                        anyHigh |= high;
                    }
                    continue;
                }
                at++;
                depth--;
            } else if (value() == JsonType.STRING) {
                anyHigh |= high;
            }
            while (depth > 0) {
                boolean object = (objects[depth >>> 6] & 1L << depth) != 0;
                String expected = object ? "',' or '}'" : "',' or ']'";
                byte next = token(expected);
                if (next == ',') {
                    at++;
                    if (object) {
                        name();
                        anyHigh |= high;
                    }
                    break;
                }
                if (next != (object ? '}' : ']')) {
                    throw wrong(expected);
                }
                at++;
                depth--;
            }
        } while (depth > 0);
        from = start;
        to = at;
        high = anyHigh;
        deepest = most;
    }

    private void open(int depth, boolean object) {
        int word = depth >>> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, word * 2);
        }
        long bit = 1L << depth;
        objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
    }

    /** The value passed last as text: a string without its quotes and escapes, else its JSON. */
    public String text() {
        JsonText buffer = new JsonText();
        if (escaped) {
            buffer.unescape(text, from, to);
        } else {
            buffer.copy(text, from, to);
        }
        return new String(buffer.bytes, 0, buffer.length, StandardCharsets.UTF_8);
    }

    /** A failure at {@link #at}. */
    public JsonSyntaxException wrong(String expected) {
        return new JsonSyntaxException(at, expected);
    }
}

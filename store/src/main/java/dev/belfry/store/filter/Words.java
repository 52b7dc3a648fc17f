package dev.belfry.store.filter;

/** What is a character of a word, and its lower case, in UTF-8 bytes. */
final class Words {
    /*
     * A word is a run of letters, digits (Unicode's, of any script) and '_'. Bytes that are not
     * UTF-8 part words. Lower case is Unicode's simple one, except that a character beyond ASCII
     * stays when its lower case is ASCII (KELVIN SIGN, I WITH DOT ABOVE): so a word of ASCII can be
     * found by looking at bytes only.
     */
    /** Returned where the bytes are not a character of UTF-8. */
    static final int MALFORMED = -1;

    /** For each byte below 0x80 its lower case when it belongs to a word, else 0. */
    static final byte[] ASCII = new byte[256];

    static {
        for (int unit = 0; unit < 0x80; unit++) {
            boolean word = unit == '_' || Character.isLetterOrDigit(unit);
            ASCII[unit] = word ? (byte) Character.toLowerCase(unit) : 0;
        }
    }

    private Words() {}

    /** Whether a character beyond ASCII belongs to a word. */
    static boolean isWord(int codePoint) {
        return codePoint != MALFORMED && Character.isLetterOrDigit(codePoint);
    }

    /** The lower case of a character beyond ASCII. */
    static int fold(int codePoint) {
        int lower = Character.toLowerCase(codePoint);
        return lower < 0x80 ? codePoint : lower;
    }

    /** The character that begins at {@code at} with a byte from 0x80 on. */
    static int decode(byte[] data, int at, int end) {
        int first = data[at] & 0xFF;
        int length = length(first);
        if (length == 1 || end - at < length) {
            return MALFORMED;
        }
        int codePoint = first & 0xFF >> length + 1;
        for (int index = 1; index < length; index++) {
            int next = data[at + index] & 0xFF;
            if ((next & 0xC0) != 0x80) {
                return MALFORMED;
            }
            codePoint = codePoint << 6 | next & 0x3F;
        }
        int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
        boolean surrogate = codePoint >= 0xD800 && codePoint < 0xE000;
        return codePoint < least || codePoint > 0x10FFFF || surrogate ? MALFORMED : codePoint;
    }

    /** The bytes of a decoded character, 1 for what is none. */
    static int size(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    private static int length(int first) {
        if (first >= 0xF0 && first < 0xF8) {
            return 4;
        }
        return first >= 0xE0 ? (first < 0xF0 ? 3 : 1) : first >= 0xC0 ? 2 : 1;
    }

    /** Whether a word character ends right before {@code at}, looking back to {@code from}. */
    static boolean endsBefore(byte[] data, int from, int at) {
        if (at == from) {
            return false;
        }
        int last = data[at - 1];
        if (last >= 0) {
            return ASCII[last] != 0;
        }
        for (int start = at - 2; start >= Math.max(from, at - 4); start--) {
            if ((data[start] & 0xC0) != 0x80) {
                int codePoint = data[start] >= 0 ? MALFORMED : decode(data, start, at);
                return isWord(codePoint) && start + size(codePoint) == at;
            }
        }
        return false;
    }

    /** Whether a word character begins at {@code at}. */
    static boolean beginsAt(byte[] data, int at, int end) {
        if (at >= end) {
            return false;
        }
        int first = data[at];
        return first >= 0 ? ASCII[first] != 0 : isWord(decode(data, at, end));
    }

    /** Writes a character beyond ASCII as UTF-8; the bytes written. */
    static int encode(int codePoint, byte[] target, int at) {
        int size = size(codePoint);
        int rest = codePoint;
        for (int index = size - 1; index > 0; index--) {
            target[at + index] = (byte) (0x80 | rest & 0x3F);
            rest >>>= 6;
        }
        int mark = size == 2 ? 0xC0 : size == 3 ? 0xE0 : 0xF0;
        target[at] = (byte) (mark | rest);
        return size;
    }
}

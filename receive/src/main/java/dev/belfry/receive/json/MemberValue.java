package dev.belfry.receive.json;

import java.nio.charset.StandardCharsets;

/** The text of one member's value after the other; for one thread. */
final class MemberValue {
    private final JsonScanner scanner;
    private final DocumentMembers members;
    private final JsonText buffer;

    /** What holds the text: of a string without quotes and escapes, of any other value its JSON. */
    byte[] bytes = new byte[0];

    /** Where the text starts. */
    int from;

    /** Where the text ends, exclusive. */
    int to;

    MemberValue(JsonScanner scanner, DocumentMembers members, JsonText buffer) {
        this.scanner = scanner;
        this.members = members;
        this.buffer = buffer;
    }

    /** Goes to the value of {@code member}, which in most cases is taken from where it stands. */
    void locate(int member) {
        members.locate(member);
        from = scanner.from;
        to = scanner.to;
        boolean escaped = members.type(member) == JsonType.STRING && scanner.escaped;
        if (!escaped && (!scanner.high || JsonText.isUtf8(scanner.text, from, to))) {
            bytes = scanner.text;
            return;
        }
        if (escaped) {
            buffer.unescape(scanner.text, from, to);
        } else {
            buffer.copy(scanner.text, from, to);
        }
        bytes = buffer.bytes;
        from = 0;
        to = buffer.length;
    }

    /** The bytes that {@code text} is. */
    void set(byte[] text) {
        bytes = text;
        from = 0;
        to = text.length;
    }

    /** How long the text is. */
    int length() {
        return to - from;
    }

    /** The text. */
    String string() {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Whether the text is {@code word}, which is ASCII. */
    boolean is(String word) {
        return is(bytes, from, to, word);
    }

    /** Whether the name of {@code member} is {@code name}, which is ASCII. */
    boolean isNamed(int member, String name) {
        return is(members.nameText(member), members.nameFrom(member), members.nameTo(member), name);
    }

    private static boolean is(byte[] text, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int index = 0; index < word.length(); index++) {
            if (text[from + index] != word.charAt(index)) {
                return false;
            }
        }
        return true;
    }
}

package dev.belfry.receive.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one JSON object as a list of its members. */
public final class JsonMembers {
    /**
     * A member of an object.
     *
     * @param name its name, without escapes
     * @param type what its value is
     * @param text a string without its quotes and escapes; of any other value its JSON text
     */
    public record Member(String name, JsonType type, String text) {
        /** Whether the value is no array and no object. */
        public boolean isScalar() {
            return type != JsonType.ARRAY && type != JsonType.OBJECT;
        }

        /** The same member under the dotted name that it has within {@code object}. */
        public Member within(String object) {
            return new Member(object + "." + name, type, text);
        }
    }

    private JsonMembers() {}

    /** The members of the object that {@code text} is, in its order, or null when it is none. */
    public static @Nullable List<Member> read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonScanner scanner = new JsonScanner(bytes, bytes.length);
        try {
            List<Member> members = members(scanner);
            return scanner.atEnd() ? members : null;
        } catch (JsonSyntaxException _) {
            return null;
        }
    }

    /** Whether {@code data[from .. to)} is one JSON value. */
    public static boolean isValue(byte[] data, int from, int to) {
        JsonScanner scanner = new JsonScanner(data, to);
        scanner.at = from;
        try {
            scanner.value();
            return scanner.atEnd();
        } catch (JsonSyntaxException _) {
            return false;
        }
    }

    private static List<Member> members(JsonScanner scanner) {
        List<Member> members = new ArrayList<>();
        JsonText buffer = new JsonText();
        if (scanner.token("an object") != '{') {
            throw scanner.wrong("an object");
        }
        scanner.at++;
        if (!scanner.ends('}', "a name in quotes or '}'")) {
            do {
                scanner.name();
                String name = string(scanner, buffer);
                JsonType type = scanner.value();
                String value = type == JsonType.STRING ? string(scanner, buffer) : raw(scanner);
                members.add(new Member(name, type, value));
            } while (scanner.another('}'));
        }
        return members;
    }

    private static String string(JsonScanner scanner, JsonText buffer) {
        if (!scanner.escaped) {
            return raw(scanner);
        }
        buffer.unescape(scanner.text, scanner.from, scanner.to);
        return new String(buffer.bytes, 0, buffer.length, StandardCharsets.UTF_8);
    }

    private static String raw(JsonScanner scanner) {
        return new String(
                scanner.text, scanner.from, scanner.to - scanner.from, StandardCharsets.UTF_8);
    }

    /** The JSON texts of the items of the array that {@code text} is, or null when it is none. */
    public static @Nullable List<String> items(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonScanner scanner = new JsonScanner(bytes, bytes.length);
        List<String> items = new ArrayList<>();
        try {
            if (scanner.token("an array") != '[') {
                return null;
            }
            scanner.at++;
            if (scanner.token("a value or ']'") == ']') {
                return items;
            }
            while (true) {
                int quote = scanner.value() == JsonType.STRING ? 1 : 0;
                scanner.from -= quote;
                scanner.to += quote;
                items.add(raw(scanner));
                if (scanner.token("',' or ']'") != ',') {
                    return items;
                }
                scanner.at++;
            }
        } catch (JsonSyntaxException _) {
            return null;
        }
    }
}

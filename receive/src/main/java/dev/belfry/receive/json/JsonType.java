package dev.belfry.receive.json;

/** What a JSON value is, with the words that an error uses for it. */
public enum JsonType {
    STRING("a string"),
    NUMBER("a number"),
    TRUE("true"),
    FALSE("false"),
    NULL("null"),
    ARRAY("an array"),
    OBJECT("an object");

    private final String words;

    JsonType(String words) {
        this.words = words;
    }

    /** The type as an error names it. */
    public String words() {
        return words;
    }
}

package dev.belfry.receive.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What fields a message has, as far as its JSON form needs it; complete before it is used. */
public final class MessageType {
    private final Map<String, Field> fields = new HashMap<>();

    /** How a field stands in JSON and in bytes. */
    public enum Kind {
        MESSAGE,
        STRING,
        BOOL,
        /** Any integer of up to 64 bits that is written as a varint. */
        VARINT,
        /** A signed integer that is written as zigzag (sint32, sint64). */
        ZIGZAG,
        FIXED64,
        FIXED32,
        DOUBLE,
        /** Bytes that OTLP writes as hexadecimal digits. */
        HEX,
        /** Bytes as base 64. */
        BYTES
    }

    /**
     * A field.
     *
     * @param message of a MESSAGE, else null
     * @param words names for numbers, of an enumeration
     */
    record Field(
            int number,
            Kind kind,
            boolean repeated,
            @Nullable MessageType message,
            Map<String, Integer> words) {}

    /** Adds a field by its {@code snake_case} name; {@code lowerCamelCase} is taken too. */
    public MessageType field(String name, int number, Kind kind) {
        return put(name, new Field(number, kind, false, null, Map.of()));
    }

    /** Adds an array of what are no messages; each is written with a tag of its own. */
    public MessageType fields(String name, int number, Kind kind) {
        return put(name, new Field(number, kind, true, null, Map.of()));
    }

    /** The type of the message {@code name}. */
    public MessageType messageOf(String name) {
        Field field = fields.get(name);
        if (field == null || field.message() == null) {
            throw new IllegalArgumentException(name + ": no message here");
        }
        return field.message();
    }

    /** Adds an enumeration, whose words are taken beside its numbers. */
    public MessageType words(String name, int number, Map<String, Integer> words) {
        return put(name, new Field(number, Kind.VARINT, false, null, Map.copyOf(words)));
    }

    /** Adds a message. */
    public MessageType message(String name, int number, MessageType type) {
        return put(name, new Field(number, Kind.MESSAGE, false, type, Map.of()));
    }

    /** Adds an array of messages. */
    public MessageType messages(String name, int number, MessageType type) {
        return put(name, new Field(number, Kind.MESSAGE, true, type, Map.of()));
    }

    private MessageType put(String name, Field field) {
        fields.put(name, field);
        String[] words = name.split("_");
        StringBuilder camel = new StringBuilder(words[0]);
        for (String word : Arrays.copyOfRange(words, 1, words.length)) {
            camel.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        fields.put(camel.toString(), field);
        return this;
    }

    @Nullable Field find(byte[] name, int from, int to) {
        return fields.get(new String(name, from, to - from, StandardCharsets.UTF_8));
    }
}

package dev.belfry.receive.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON the plain way: maps (last of a name wins), lists, and scalars as kind and text. */
final class PlainJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private PlainJson() {}

    /** A scalar: its token and its text, a number's as it stands. */
    record Scalar(JsonToken kind, String text) {}

    /** An object (a map) or an array (a list), and its text as it stands. */
    record Nested(Object value, String text) {}

    /** The one value of {@code text}. */
    static Object read(byte[] text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            Object value = value(parser, text);
            if (parser.nextToken() != null) {
                throw new IOException("more text");
            }
            return value;
        }
    }

    private static Object value(JsonParser parser, byte[] text) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("no value");
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                Object value = value(parser, text);
                members.remove(name);
                members.put(name, value);
            }
            return new Nested(members, raw(parser, text, start));
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser, text));
            }
            return new Nested(items, raw(parser, text, start));
        }
        return new Scalar(token, parser.getText());
    }

    private static String raw(JsonParser parser, byte[] text, int start) {
        int end = (int) parser.currentLocation().getByteOffset();
        return new String(text, start, end - start, StandardCharsets.UTF_8);
    }
}

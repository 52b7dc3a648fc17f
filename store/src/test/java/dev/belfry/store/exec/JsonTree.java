package dev.belfry.store.exec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON text to plain objects: Map, List, String, Boolean, {@link Num}, {@link Null}. */
final class JsonTree {
    /** A number by its text. */
    record Num(String text) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Num num
                    && new BigDecimal(text).compareTo(new BigDecimal(num.text)) == 0;
        }

        @Override
        public int hashCode() {
            return Double.hashCode(Double.parseDouble(text));
        }
    }

    /** An explicit null. */
    record Null() {}

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {}

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String json) {
        return (Map<String, Object>) parse(json);
    }

    static Object parse(String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            return value(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    map.put(key, value(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> new Null();
            default -> new Num(parser.getText());
        };
    }

    static String write(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                List<String> members = new ArrayList<>();
                map.forEach((k, v) -> members.add(write(k) + ":" + write(v)));
                yield "{" + String.join(",", members) + "}";
            }
            case List<?> list ->
                    "[" + String.join(",", list.stream().map(JsonTree::write).toList()) + "]";
            case String text -> {
                StringBuilder quoted = new StringBuilder();
                Documents.quote(text, quoted);
                yield quoted.toString();
            }
            case Num num -> num.text();
            case Null _ -> "null";
            default -> value.toString();
        };
    }
}

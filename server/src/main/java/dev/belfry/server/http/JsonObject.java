package dev.belfry.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request, whose members are read with their types checked; every complaint is a
 * VALIDATION_ERROR that names the member.
 */
public final class JsonObject {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int DEPTH_MAX = 32;

    private final Map<String, @Nullable Object> members;

    private JsonObject(Map<String, @Nullable Object> members) {
        this.members = members;
    }

    /** Reads {@code body}, which is one object with no other members than {@code known}. */
    public static JsonObject parse(byte[] body, String... known) {
        if (body.length == 0) {
            throw invalid("body: is empty (expected: a JSON object)");
        }
        Object value = parseValue(body);
        if (!(value instanceof Map<?, ?>)) {
            throw invalid("body: is no object (expected: a JSON object)");
        }
        return checked(value, "", known);
    }

    private static JsonObject checked(Object value, String prefix, String... known) {
        @SuppressWarnings("unchecked") // parseValue makes no other maps
        Map<String, @Nullable Object> members = (Map<String, @Nullable Object>) value;
        Set<String> allowed = new TreeSet<>(List.of(known));
        for (String name : members.keySet()) {
            if (!allowed.contains(name)) {
                String fields = String.join(", ", allowed);
                throw invalid(prefix + name + ": is no field (expected: " + fields + ")");
            }
        }
        return new JsonObject(members);
    }

    /** Any JSON value: text, {@link Long}, {@link Double}, truth, null, list, map. */
    public static @Nullable Object parseValue(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(body)) {
            if (parser.nextToken() == null) {
                throw invalid("body: is empty (expected: JSON)");
            }
            Object value = read(parser, 0);
            if (parser.nextToken() != null) {
                throw invalid("body: goes on after its value (expected: one JSON value)");
            }
            return value;
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null
                            ? ""
                            : " at line "
                                    + e.getLocation().getLineNr()
                                    + ", column "
                                    + e.getLocation().getColumnNr();
            throw invalid("body: is not JSON" + where + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw invalid("body: is not JSON: " + e.getMessage());
        }
    }

    /** Whether there is a member {@code name}, null included. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** A text that must be there. */
    public String text(String name) {
        return optionalText(name)
                .orElseThrow(() -> invalid(name + ": is missing (expected: a text)"));
    }

    /** A text; empty when it is missing or null. */
    public Optional<String> optionalText(String name) {
        Object value = members.get(name);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        throw invalid(name + ": " + value + " (expected: a text)");
    }

    /** A truth; empty when it is missing or null. */
    public Optional<Boolean> optionalTruth(String name) {
        Object value = members.get(name);
        if (value == null || value instanceof Boolean) {
            return Optional.ofNullable((Boolean) value);
        }
        throw invalid(name + ": " + value + " (expected: true or false)");
    }

    /** A whole number; empty when it is missing or null. */
    public Optional<Long> optionalWhole(String name) {
        Object value = members.get(name);
        if (value == null || value instanceof Long) {
            return Optional.ofNullable((Long) value);
        }
        throw invalid(name + ": " + value + " (expected: a whole number)");
    }

    /** An object with no other members than {@code known}; empty when it is missing or null. */
    public Optional<JsonObject> optionalObject(String name, String... known) {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?>)) {
            throw invalid(name + ": " + value + " (expected: an object)");
        }
        return Optional.of(checked(value, name + ".", known));
    }

    /** A list of texts; empty when it is missing or null. */
    public Optional<List<String>> optionalTexts(String name) {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof List<?> list)) {
            throw invalid(name + ": " + value + " (expected: a list of texts)");
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof String text)) {
                throw invalid(name + ": " + item + " (expected: a list of texts)");
            }
            texts.add(text);
        }
        return Optional.of(texts);
    }

    /** The names of all members. */
    public Set<String> names() {
        return members.keySet();
    }

    /** A text, or a list of texts; empty when it is missing or null. */
    public Optional<List<String>> optionalTextOrTexts(String name) {
        return members.get(name) instanceof String text
                ? Optional.of(List.of(text))
                : optionalTexts(name);
    }

    /** An object of any members; empty when it is missing or null. */
    public Optional<JsonObject> optionalAny(String name) {
        Object value = members.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw invalid(name + ": " + value + " (expected: an object)");
        }
        String[] known = map.keySet().stream().map(String::valueOf).toArray(String[]::new);
        return Optional.of(checked(value, name + ".", known));
    }

    private static @Nullable Object read(JsonParser parser, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw invalid("body: nested deeper than " + DEPTH_MAX);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, read(parser, depth + 1));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(parser, depth + 1));
                }
                yield items;
            }
            case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? (Object) parser.getDoubleValue()
                            : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    private static BelfryException invalid(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }
}

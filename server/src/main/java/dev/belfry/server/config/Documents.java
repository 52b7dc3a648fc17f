package dev.belfry.server.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads JSON and YAML into maps, lists, texts, numbers, truths and null. */
public final class Documents {
    private static final int DEPTH_MAX = 20;

    private Documents() {}

    /** The value of {@code text}, or null when it is not JSON. */
    public static @Nullable Object json(String text) {
        // The defaults of the configuration are these, and the parser's classes cost a start 0.1 s.
        if (text.equals("{}")) {
            return Map.of();
        }
        if (text.equals("[]")) {
            return List.of();
        }
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            return parser.nextToken() == null ? null : value(parser, 0);
        } catch (IOException _) {
            return null;
        }
    }

    /** {@code value} as JSON, where it has names; else as it is. */
    static String text(@Nullable Object value) {
        boolean named =
                value instanceof Map<?, ?>
                        || value instanceof List<?> list
                                && list.stream().anyMatch(each -> each instanceof Map<?, ?>);
        if (!named) {
            return String.valueOf(value);
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            write(out, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        switch (value) {
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> each : map.entrySet()) {
                    out.writeFieldName(String.valueOf(each.getKey()));
                    write(out, each.getValue());
                }
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                for (Object each : list) {
                    write(out, each);
                }
                out.writeEndArray();
            }
            case Boolean truth -> out.writeBoolean(truth);
            case null -> out.writeNull();
            default -> out.writeString(String.valueOf(value));
        }
    }

    /** The value of {@code text} as YAML, null when it is empty. */
    public static @Nullable Object yaml(String text) throws IOException {
        try (JsonParser parser = new YAMLFactory().createParser(text)) {
            return parser.nextToken() == null ? null : value(parser, 0);
        } catch (JsonProcessingException e) {
            throw new IOException(problem(e), e);
        }
    }

    /* Its message shows the lines around the place, and with them perhaps a password. */
    private static String problem(JsonProcessingException e) {
        JsonLocation place = e.getLocation();
        String said =
                String.valueOf(e.getOriginalMessage())
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith(" "))
                        .collect(Collectors.joining(", "));
        return place == null
                ? said
                : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": " + said;
    }

    private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new IOException("nested deeper than " + DEPTH_MAX);
        }
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw new IOException(
                    "*" + parser.getText() + ": an alias (expected: the value itself)");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, depth);
            case START_ARRAY -> array(parser, depth);
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> parser.getText();
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, int depth)
            throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (members.containsKey(name)) {
                throw new IOException("twice: " + name);
            }
            members.put(name, value(parser, depth + 1));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser, int depth) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser, depth + 1));
        }
        return items;
    }
}

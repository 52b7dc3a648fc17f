package dev.belfry.store.exec;

import dev.belfry.model.Event;
import dev.belfry.store.filter.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words and phrases, plainly. */
final class ReferenceWords {
    private static final String ID =
            "[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private ReferenceWords() {}

    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int point : (text + " ").codePoints().toArray()) {
            if (Character.isLetterOrDigit(point) || point == '_') {
                word.appendCodePoint(Character.toLowerCase(point));
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        return words;
    }

    static boolean contains(String text, String phrase) {
        return Collections.indexOfSubList(of(text), of(phrase)) >= 0;
    }

    /** The texts of an event that a phrase is looked for in. */
    static List<String> texts(Event event) {
        List<String> texts = new ArrayList<>();
        add(event.message(), texts);
        add(event.traceId(), texts);
        add(event.spanId(), texts);
        leaves(JsonTree.parse(event.tagsJson()), texts);
        leaves(JsonTree.parse(event.payloadJson()), texts);
        return texts;
    }

    private static void add(@Nullable String text, List<String> texts) {
        if (text != null) {
            texts.add(text);
        }
    }

    private static void leaves(Object value, List<String> texts) {
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(v -> leaves(v, texts));
            case Collection<?> list -> list.forEach(v -> leaves(v, texts));
            case String text -> texts.add(text);
            case JsonTree.Num num -> texts.add(num.text());
            default -> {}
        }
    }

    private static void strings(Object value, List<String> texts) {
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(v -> strings(v, texts));
            case Collection<?> list -> list.forEach(v -> strings(v, texts));
            case String text -> texts.add(text);
            default -> {}
        }
    }

    /** The hashes of the pairs of words, and of words alone, that filters must have. */
    static List<Long> pairs(Event event) {
        List<Long> pairs = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        add(event.message(), texts);
        add(event.traceId(), texts);
        add(event.spanId(), texts);
        texts.removeIf(text -> text.matches(ID));
        texts.forEach(text -> neighbours(of(text), false, pairs));
        List<String> values = new ArrayList<>();
        strings(JsonTree.parse(event.tagsJson()), values);
        strings(JsonTree.parse(event.payloadJson()), values);
        values.removeIf(text -> text.matches(ID));
        for (String value : values) {
            List<String> words = of(value);
            neighbours(words, true, pairs);
            if (words.size() == 1) {
                pairs.add(Tokens.alone(Tokens.hash(words.getFirst())));
            }
        }
        return pairs;
    }

    private static void neighbours(List<String> words, boolean withNumbers, List<Long> pairs) {
        for (int i = 1; i < words.size(); i++) {
            String left = words.get(i - 1);
            String right = words.get(i);
            if (withNumbers || !isLongNumber(left) && !isLongNumber(right)) {
                pairs.add(Tokens.pair(Tokens.hash(left), Tokens.hash(right)));
            }
        }
    }

    private static boolean isLongNumber(String word) {
        return word.matches("[0-9].*") && word.getBytes(StandardCharsets.UTF_8).length > 3;
    }

    static void hashes(Event event, Set<Long> into) {
        for (String text : texts(event)) {
            for (String word : of(text)) {
                into.add(Tokens.hash(word));
            }
        }
    }
}

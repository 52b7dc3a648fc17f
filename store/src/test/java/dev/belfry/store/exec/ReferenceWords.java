package dev.belfry.store.exec;

import dev.belfry.model.Event;
import dev.belfry.store.filter.Tokens;
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

    /** Those of {@link #texts} whose pairs of words filters must have: no numbers, no ids. */
    static List<String> pairedTexts(Event event) {
        List<String> texts = new ArrayList<>();
        add(event.message(), texts);
        add(event.traceId(), texts);
        add(event.spanId(), texts);
        strings(JsonTree.parse(event.tagsJson()), texts);
        strings(JsonTree.parse(event.payloadJson()), texts);
        texts.removeIf(text -> text.matches(ID));
        return texts;
    }

    private static void strings(Object value, List<String> texts) {
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(v -> strings(v, texts));
            case Collection<?> list -> list.forEach(v -> strings(v, texts));
            case String text -> texts.add(text);
            default -> {}
        }
    }

    /** The hashes of the pairs of words of {@link #pairedTexts}, and of words alone. */
    static List<Long> pairs(Event event) {
        List<Long> pairs = new ArrayList<>();
        for (String text : pairedTexts(event)) {
            List<String> words = of(text);
            if (words.size() == 1) {
                pairs.add(Tokens.alone(Tokens.hash(words.getFirst())));
            }
            for (int i = 1; i < words.size(); i++) {
                pairs.add(Tokens.pair(Tokens.hash(words.get(i - 1)), Tokens.hash(words.get(i))));
            }
        }
        return pairs;
    }

    static void hashes(Event event, Set<Long> into) {
        for (String text : texts(event)) {
            for (String word : of(text)) {
                into.add(Tokens.hash(word));
            }
        }
    }
}

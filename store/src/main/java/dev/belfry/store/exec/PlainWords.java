package dev.belfry.store.exec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Words are runs of letters, digits and {@code _}. */
record PlainWords(List<String> words) implements WordMatcher {
    static PlainWords of(String phrase) {
        return new PlainWords(split(phrase));
    }

    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints()
                .forEach(
                        point -> {
                            if (Character.isLetterOrDigit(point) || point == '_') {
                                word.appendCodePoint(Character.toLowerCase(point));
                            } else if (!word.isEmpty()) {
                                words.add(word.toString());
                                word.setLength(0);
                            }
                        });
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    @Override
    public boolean matches(byte[] data, int start, int end) {
        List<String> found = split(new String(data, start, end - start, StandardCharsets.UTF_8));
        return Collections.indexOfSubList(found, words) >= 0;
    }
}

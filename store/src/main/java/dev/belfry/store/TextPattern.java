package dev.belfry.store;

import java.util.List;
import java.util.regex.Pattern;

/** A pattern that takes a text apart; what {@link Expr.Capture} looks for. */
public sealed interface TextPattern {
    /** How many parts it takes out. */
    int groups();

    /**
     * Fixed texts with a part between each and the next: {@code user=*, method *} is {@code
     * ["user=", ", method ", ""]}. It is found where its first text stands first; a part ends where
     * the next text begins first, and the last at the end when the last text is empty.
     *
     * @param texts at least two; all but the first and the last are not empty
     */
    record Glob(List<String> texts) implements TextPattern {
        public Glob {
            texts = List.copyOf(texts);
            if (texts.size() < 2) {
                throw new IllegalArgumentException("texts: " + texts.size() + " (expected: >= 2)");
            }
        }

        @Override
        public int groups() {
            return texts.size() - 1;
        }
    }

    /**
     * A regular expression's groups, where it is found first.
     *
     * @param numbers the pattern's group that each part is
     */
    record Regex(Pattern pattern, List<Integer> numbers) implements TextPattern {
        public Regex {
            numbers = List.copyOf(numbers);
        }

        @Override
        public int groups() {
            return numbers.size();
        }
    }
}

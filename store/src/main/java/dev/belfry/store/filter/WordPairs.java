package dev.belfry.store.filter;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the words of texts for the filters of a row group: their hashes, and the pairs of
 * neighbours. For one thread.
 */
public final class WordPairs {
    private final HashSet64 words;
    private final PairFilter.Builder pairs = new PairFilter.Builder();
    private final LongConsumer consumer = this::word;
    private int parts;
    private int wordCount;
    private long previous;

    /** Collects hashes of words in {@code words}, which the caller clears. */
    public WordPairs(HashSet64 words) {
        this.words = words;
    }

    /** Forgets all pairs. */
    public void clear() {
        pairs.clear();
    }

    /**
     * Takes the words of {@code data[from .. to)}.
     *
     * @param parts the parts of the group with this text, a bit each ({@link PairFilter}); 0: only
     *     the words are taken
     */
    public void add(byte[] data, int from, int to, int parts) {
        this.parts = parts;
        wordCount = 0;
        Tokens.forEach(data, from, to, consumer);
        if (wordCount == 1 && parts != 0) {
            pairs.add(Tokens.alone(previous), parts);
        }
    }

    private void word(long hash) {
        words.add(hash);
        if (wordCount > 0 && parts != 0) {
            pairs.add(Tokens.pair(previous, hash), parts);
        }
        wordCount++;
        previous = hash;
    }

    /** The filter of the pairs so far; null when they are too many. */
    public @Nullable PairFilter build() {
        return pairs.build();
    }
}

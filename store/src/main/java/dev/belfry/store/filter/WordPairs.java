package dev.belfry.store.filter;

import org.jspecify.annotations.Nullable;

/**
 * Takes the words of texts for the filters of a row group: their hashes, and the pairs of
 * neighbours. For one thread.
 */
public final class WordPairs {
    /*
     * Long numbers in messages are hardly ever the same, and make most of the pairs of real logs:
     * they are left out there. In values of fields they are what is looked for.
     */
    private static final int DIGITS_MAX = 3;

    private final HashSet64 words;
    private final PairFilter.Builder pairs = new PairFilter.Builder();
    private final Tokens.Consumer consumer = this::word;
    private int parts;
    private boolean isField;
    private int wordCount;
    private long previous;
    private boolean isPreviousLong;

    /** Collects hashes of words in {@code words}, which the caller clears. */
    public WordPairs(HashSet64 words) {
        this.words = words;
    }

    /** Forgets all pairs. */
    public void clear() {
        pairs.clear();
    }

    /** Whether a word counts as a long number: it begins with a digit and has more than three. */
    static boolean isLongNumber(int first, int size) {
        return size > DIGITS_MAX && first >= '0' && first <= '9';
    }

    /** Takes the words of {@code data[from .. to)}, and no pairs. */
    public void addWords(byte[] data, int from, int to) {
        add(data, from, to, 0, false);
    }

    /**
     * Takes the words of {@code data[from .. to)} and their pairs.
     *
     * @param parts the parts of the group with this text, a bit each ({@link PairFilter})
     * @param isField whether the text is the value of a field, of which all pairs are taken, and a
     *     single word too; else pairs with long numbers are not
     */
    public void add(byte[] data, int from, int to, int parts, boolean isField) {
        this.parts = parts;
        this.isField = isField;
        wordCount = 0;
        Tokens.forEach(data, from, to, consumer);
        if (wordCount == 1 && isField) {
            pairs.add(Tokens.alone(previous), parts);
        }
    }

    private void word(long hash, int first, int size) {
        words.add(hash);
        boolean isLong = !isField && isLongNumber(first, size);
        if (wordCount > 0 && parts != 0 && !isLong && !isPreviousLong) {
            pairs.add(Tokens.pair(previous, hash), parts);
        }
        wordCount++;
        previous = hash;
        isPreviousLong = isLong;
    }

    /** The filter of the pairs so far; null when they are too many. */
    public @Nullable PairFilter build() {
        return pairs.build();
    }
}

package dev.belfry.store.exec;

import dev.belfry.store.QueryContext;

/** A text that stops who reads it when the query's time is over; one thread. */
final class BoundedText implements CharSequence {
    /* java.util.regex backtracks, in the worst case for a time that is exponential in the text; it
     * reads every character through charAt, which is the only place to stop it. */
    private final String text;
    private final QueryContext context;
    private int untilCheck = Limits.REGEX_CHECK_CHARS;

    BoundedText(String text, QueryContext context) {
        this.text = text;
        this.context = context;
    }

    @Override
    public char charAt(int index) {
        if (--untilCheck <= 0) {
            untilCheck = Limits.REGEX_CHECK_CHARS;
            context.check();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text.substring(start, end), context);
    }

    @Override
    public String toString() {
        return text;
    }
}

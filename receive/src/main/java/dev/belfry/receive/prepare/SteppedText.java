package dev.belfry.receive.prepare;

/** A text that a regular expression may only look at so often; for one thread. */
final class SteppedText implements CharSequence {
    /* java.util.regex backtracks, in the worst case for a time that is exponential in the text. */
    private static final int STEPS_MAX = 200_000;

    /** Says that the expression takes too long. */
    static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyStepsException() {
            super("too many steps", null, false, false);
        }
    }

    private final String text;
    private int steps;

    SteppedText(String text) {
        this.text = text;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++steps > STEPS_MAX) {
            throw new TooManyStepsException();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}

package dev.belfry.journal;

/** What kind of records a frame holds, so that a reader skips what it does not want. */
public enum Stream {
    /** Batches of events. */
    EVENTS(1),
    /** Batches of samples. */
    METRICS(2),
    /** New series; a series record precedes its samples. */
    SERIES(3),
    /** What changes data that is there already, such as a deletion. */
    CONTROL(4);

    private final int number;

    Stream(int number) {
        this.number = number;
    }

    /** The number in files; never changes. */
    public int number() {
        return number;
    }

    /** The stream that files hold as {@code number}. */
    static Stream of(int number) {
        return switch (number) {
            case 1 -> EVENTS;
            case 2 -> METRICS;
            case 3 -> SERIES;
            case 4 -> CONTROL;
            default -> throw new IllegalArgumentException("stream: " + number + " (expected: 1-4)");
        };
    }

    static boolean isKnown(int number) {
        return number >= 1 && number <= 4;
    }
}

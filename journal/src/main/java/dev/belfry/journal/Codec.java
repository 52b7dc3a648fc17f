package dev.belfry.journal;

/** How bodies are compressed; the number in files never changes. */
public enum Codec {
    /** As they are: cheapest by far, see the module's RATIONALE. */
    NONE(0),
    /** Zstandard at its fast level -1. */
    ZSTD(2);

    private final int number;

    Codec(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static boolean isKnown(int number) {
        return number == 0 || number == 2;
    }

    static Codec of(int number) {
        return switch (number) {
            case 0 -> NONE;
            case 2 -> ZSTD;
            default -> throw new IllegalArgumentException("codec: " + number + " (expected: 0, 2)");
        };
    }
}

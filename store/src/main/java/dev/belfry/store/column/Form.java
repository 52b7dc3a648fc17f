package dev.belfry.store.column;

/** How a physical column keeps its values; the vector that it reads as stands behind each. */
public enum Form {
    /** UTF-8 text ({@link Vector.Codes} or {@link Vector.Text}). */
    TEXT,
    /**
     * JSON text of an array or object, or of the members without a column of their own (as TEXT).
     */
    JSON,
    /** A number's text as it was sent, where {@link #DECIMAL} would not give it back (as TEXT). */
    NUMBER,
    /**
     * A number as unscaled long and the column's decimal scale; its text is the shortest ({@link
     * Vector.Longs}).
     */
    DECIMAL,
    /** A boolean as 0 or 1 ({@link Vector.Longs}). */
    BOOLEAN,
    /** A plain integer ({@link Vector.Longs}). */
    INTEGER,
    /** Epoch nanoseconds ({@link Vector.Longs}). */
    TIMESTAMP_NANOS,
    /** Epoch milliseconds ({@link Vector.Longs}). */
    TIMESTAMP_MILLIS,
    /** 16 lowercase hex digits as 8 bytes ({@link Vector.Binary}). */
    HEX8,
    /** 32 lowercase hex digits as 16 bytes ({@link Vector.Binary}). */
    HEX16,
    /** A lowercase UUID with dashes as 16 bytes ({@link Vector.Binary}). */
    UUID;

    /** Whether values are variable bytes: TEXT, JSON, NUMBER. */
    public boolean isText() {
        return this == TEXT || this == JSON || this == NUMBER;
    }

    /** Whether values are longs. */
    public boolean isLong() {
        return switch (this) {
            case DECIMAL, BOOLEAN, INTEGER, TIMESTAMP_NANOS, TIMESTAMP_MILLIS -> true;
            case TEXT, JSON, NUMBER, HEX8, HEX16, UUID -> false;
        };
    }

    /** The bytes a value has in {@link Vector.Binary}; 0 for other forms. */
    public int width() {
        return switch (this) {
            case HEX8 -> 8;
            case HEX16, UUID -> 16;
            case TEXT, JSON, NUMBER, DECIMAL, BOOLEAN, INTEGER, TIMESTAMP_NANOS, TIMESTAMP_MILLIS ->
                    0;
        };
    }
}

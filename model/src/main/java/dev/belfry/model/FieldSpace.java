package dev.belfry.model;

/** Where a named field of an event stands; the ordinal is what files hold. */
public enum FieldSpace {
    /** In {@code tags}. */
    TAG,
    /** In {@code payload}. */
    PAYLOAD,
    /**
     * On the event itself: what was sent as {@code trace_id} or {@code span_id} and is not plain
     * hex.
     */
    EVENT;

    private static final FieldSpace[] VALUES = values();

    /** The space that files hold as {@code ordinal} (0–2). */
    public static FieldSpace of(int ordinal) {
        return VALUES[ordinal];
    }
}

package dev.belfry.model;

/** The JSON type of a tag's or payload field's value; the ordinal is what files hold. */
public enum ValueKind {
    /** A string; the bytes are its UTF-8, unescaped. */
    STRING,
    /** A number; the bytes are its text as it was sent. */
    NUMBER,
    /** {@code true}; no bytes. */
    TRUE,
    /** {@code false}; no bytes. */
    FALSE,
    /** {@code null}; no bytes. */
    NULL,
    /** An array or object; the bytes are its JSON text. */
    JSON;

    private static final ValueKind[] VALUES = values();

    /** The kind that files hold as {@code ordinal} (0–5). */
    public static ValueKind of(int ordinal) {
        return VALUES[ordinal];
    }
}

package dev.belfry.model;

/** What went wrong, as the API names it; {@code server} maps each to one HTTP status. */
public enum ErrorCode {
    /** The request is malformed or a value is out of range: 400. */
    VALIDATION_ERROR,
    /** No or unknown credentials: 401. */
    UNAUTHORIZED,
    /** Known credentials that may not do this: 403. */
    FORBIDDEN,
    /** There is no such thing, or none that the caller may see: 404. */
    NOT_FOUND,
    /** It is there already, or is in a state that does not allow this: 409. */
    CONFLICT,
    /** Body or item over its size limit: 413. */
    TOO_LARGE,
    /** A query over its bounds of time, memory or rows, or an idempotency key reused: 422. */
    QUERY_LIMIT,
    /** Over the caller's rate: 429. */
    RATE_LIMITED,
    /** A bug or a failing part of the server: 500. */
    INTERNAL_SERVER_ERROR,
    /** The server is behind, and asks to come back: 503. */
    OVERLOADED,
    /** There is no room on the disk: 507. */
    STORAGE_FULL
}

package dev.belfry.receive;

/** What Splunk's HTTP Event Collector finds wrong with an event. */
public enum HecFault {
    /** No JSON, or a member of the wrong type. */
    INVALID_FORMAT,
    /** A source that the sender may not write. */
    INCORRECT_INDEX,
    /** No {@code event}. */
    EVENT_REQUIRED,
    /** An empty {@code event}. */
    EVENT_BLANK,
    /** {@code fields} are no object. */
    FIELDS
}

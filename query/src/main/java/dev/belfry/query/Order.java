package dev.belfry.query;

/** The order of events in time. */
public enum Order {
    NEWEST_FIRST,
    OLDEST_FIRST
}

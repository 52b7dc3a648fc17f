package dev.belfry.store;

/** What a plan can scan. */
public enum Table {
    /** Logs, metrics, traces and alerts as events. */
    EVENTS
}

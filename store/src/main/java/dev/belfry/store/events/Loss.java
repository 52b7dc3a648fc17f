package dev.belfry.store.events;

import dev.belfry.store.TimeRange;

/**
 * Rows of a segment that cannot be read.
 *
 * @param segment its name
 * @param rows how many
 * @param minTimestampNanos the lowest event time that they may have
 * @param maxTimestampNanos the highest
 */
record Loss(String segment, long rows, long minTimestampNanos, long maxTimestampNanos) {
    boolean touches(TimeRange range) {
        return maxTimestampNanos >= range.startNanos()
                && (range.endNanos() == Long.MAX_VALUE || minTimestampNanos < range.endNanos());
    }

    String warning() {
        return "segment " + segment + ": " + rows + " events could not be read (damaged)";
    }
}

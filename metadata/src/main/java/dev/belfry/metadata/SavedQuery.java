package dev.belfry.metadata;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A query that a user keeps.
 *
 * @param id its id
 * @param ownerId whose it is
 * @param name unlike the owner's others
 * @param query its text
 * @param kind {@code insight} or {@code search}
 * @param startTime as the user wrote it, such as {@code now-1h}; null for none
 * @param endTime the same
 * @param shared whether all users see it
 * @param columns of a table, in order; empty: the usual ones
 * @param scheduleMillis how often it is run by itself, at once for the first time; null: never
 * @param createdMillis epoch milliseconds
 * @param updatedMillis epoch milliseconds
 */
public record SavedQuery(
        UUID id,
        UUID ownerId,
        String name,
        String query,
        String kind,
        @Nullable String startTime,
        @Nullable String endTime,
        boolean shared,
        List<String> columns,
        @Nullable Long scheduleMillis,
        long createdMillis,
        long updatedMillis) {
    public SavedQuery {
        columns = List.copyOf(columns);
    }

    /**
     * An answer that is kept.
     *
     * @param atMillis when it was asked, epoch milliseconds
     * @param good whether it is an answer; else it says what was wrong
     * @param json the answer as a JSON object
     */
    public record Answer(long atMillis, boolean good, String json) {}

    /**
     * That it was asked.
     *
     * @param atMillis when, epoch milliseconds
     * @param good whether it could be answered
     */
    public record Run(long atMillis, boolean good) {}
}

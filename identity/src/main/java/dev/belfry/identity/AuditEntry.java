package dev.belfry.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit trail.
 *
 * @param id counts up
 * @param actor who: {@code user:<uuid>}, {@code key:<uuid>}, {@code system:<name>}
 * @param actorName their name at that time
 * @param action what: {@code user.create}
 * @param target to what: {@code user:<uuid>}; null when the action says it all
 * @param address from where
 * @param requestId by which the request is found in the logs
 * @param detailsJson a JSON object
 */
public record AuditEntry(
        long id,
        Instant at,
        String actor,
        String actorName,
        String action,
        @Nullable String target,
        String address,
        @Nullable String requestId,
        String detailsJson) {}

package dev.belfry.server.events;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.store.QueryContext;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The queries that are being answered; safe for many threads. */
final class RunningQueries {
    private final Map<UUID, Running> queries = new ConcurrentHashMap<>();

    /**
     * One query.
     *
     * @param id its name while it runs
     * @param type by which it is counted: {@code events insights sql fields …}
     * @param text what was asked: the query's text, or the parameters
     * @param asker who asked
     * @param startNanos when, epoch nanoseconds
     * @param context its bounds, and how it is stopped
     * @param place whether it has a place to run, or waits for one
     */
    record Running(
            UUID id,
            String type,
            String text,
            Principal asker,
            long startNanos,
            QueryContext context,
            Place place) {
        /** Whether {@code caller} may know of it: their own, a person's keys', an admin's all. */
        boolean isFor(Principal caller) {
            UUID user = caller.userId();
            return caller.text().equals(asker.text())
                    || caller.may(Permission.ADMIN)
                    || caller.kind() == Principal.Kind.USER
                            && user != null
                            && user.equals(asker.userId());
        }
    }

    /** Whether a query has a place. */
    static final class Place {
        private volatile boolean taken;

        void take() {
            taken = true;
        }

        boolean isTaken() {
            return taken;
        }
    }

    /** Adds a query that begins to wait for its place. */
    Running begin(
            String type, String text, Principal asker, long startNanos, QueryContext context) {
        Running running =
                new Running(UUID.randomUUID(), type, text, asker, startNanos, context, new Place());
        queries.put(running.id(), running);
        return running;
    }

    /** It is answered. */
    void end(Running running) {
        queries.remove(running.id());
    }

    /** Those that {@code caller} may know of, the oldest first. */
    List<Running> visibleTo(Principal caller) {
        return queries.values().stream()
                .filter(running -> running.isFor(caller))
                .sorted(Comparator.comparingLong(Running::startNanos))
                .toList();
    }

    /** One that {@code caller} may know of. */
    Optional<Running> find(UUID id, Principal caller) {
        @Nullable Running running = queries.get(id);
        return running != null && running.isFor(caller) ? Optional.of(running) : Optional.empty();
    }
}

package dev.belfry.metadata;

import dev.belfry.metadata.Handle.Query;
import dev.belfry.metadata.Handle.Update;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The queries that users keep, and the last answers of those that run by themselves. */
public final class SavedQueries {
    /** Queries of a user at most. */
    public static final int OF_USER_MAX = 500;

    /** Those of them that run by themselves at most: each costs what a person's query costs. */
    public static final int SCHEDULED_OF_USER_MAX = 20;

    /** Answers of a query that are kept; older ones go. */
    public static final int ANSWERS_MAX = 10;

    private static final String COLUMNS =
            "id, owner_id, name, query, kind, start_time, end_time, shared, shown_columns,"
                    + " schedule_millis, created_at, updated_at";

    private final MetadataStore store;

    /** The queries in {@code store}. */
    public SavedQueries(MetadataStore store) {
        this.store = store;
    }

    /**
     * Those of {@code user} and those that are shared, by name.
     *
     * @param limit rows
     * @param offset rows to skip
     */
    public List<SavedQuery> visibleTo(UUID user, int limit, int offset) {
        return store.read(handle ->
                handle.createQuery(
                                "SELECT "
                                        + COLUMNS
                                        + " FROM saved_queries WHERE tenant = 0 AND (owner_id = :user OR"
                                        + " shared) ORDER BY name, id LIMIT :limit OFFSET :offset")
                        .bind("user", user.toString())
                        .bind("limit", limit)
                        .bind("offset", offset)
                        .map(SavedQueries::query)
                        .list());
    }

    /** How many {@link #visibleTo} has in all. */
    public long countVisibleTo(UUID user) {
        return store.read(
                handle -> count(handle, "WHERE tenant = 0 AND (owner_id = :user OR shared)", user));
    }

    /** One by its id, whoever's it is. */
    public Optional<SavedQuery> find(UUID id) {
        return store.read(handle ->
                handle.createQuery("SELECT " + COLUMNS + " FROM saved_queries WHERE id = :id")
                        .bind("id", id.toString())
                        .map(SavedQueries::query)
                        .findOne());
    }

    /**
     * Keeps a new one.
     *
     * @throws BelfryException CONFLICT when its owner has one of this name, or too many
     */
    public void add(SavedQuery query) {
        store.write(handle -> {
            checkRoom(handle, query);
            bound(
                            handle.createUpdate(
                                    "INSERT INTO saved_queries (id, owner_id, name, query, kind,"
                                            + " start_time, end_time, shared, shown_columns,"
                                            + " schedule_millis, next_run_at, created_at,"
                                            + " updated_at) VALUES (:id, :owner, :name, :query,"
                                            + " :kind, :start, :end, :shared, :columns, :schedule,"
                                            + " :next, :created, :updated)"),
                            query)
                    .bind("owner", query.ownerId().toString())
                    .bind("created", query.createdMillis())
                    .execute();
            return null;
        });
    }

    /**
     * Puts {@code query} in the place of the one with its id; false when there is none. It is due
     * at once where its text or its schedule is another.
     *
     * @throws BelfryException CONFLICT as {@link #add}
     */
    public boolean replace(SavedQuery query) {
        return store.write(handle -> {
            checkRoom(handle, query);
            return bound(
                                    handle.createUpdate(
                                            "UPDATE saved_queries SET name = :name, query = :query,"
                                                    + " kind = :kind, start_time = :start,"
                                                    + " end_time = :end, shared = :shared,"
                                                    + " shown_columns = :columns, schedule_millis ="
                                                    + " :schedule, next_run_at = CASE WHEN"
                                                    + " schedule_millis = :schedule AND query ="
                                                    + " :query THEN next_run_at ELSE :next END,"
                                                    + " updated_at = :updated WHERE id = :id"),
                                    query)
                            .execute()
                    == 1;
        });
    }

    private static void checkRoom(Handle handle, SavedQuery query) {
        /* One change after the other for each owner, on PostgreSQL too. */
        handle.createUpdate("UPDATE users SET updated_at = updated_at WHERE id = :owner")
                .bind("owner", query.ownerId().toString())
                .execute();
        long same =
                handle.createQuery(
                                "SELECT count(*) FROM saved_queries WHERE tenant = 0 AND owner_id ="
                                        + " :owner AND name = :name AND id <> :id")
                        .bind("owner", query.ownerId().toString())
                        .bind("name", query.name())
                        .bind("id", query.id().toString())
                        .map(row -> row.getLong(1))
                        .one();
        if (same > 0) {
            throw conflict("name: " + query.name() + " (expected: one that your others lack)");
        }
        String others = "WHERE owner_id = :user AND id <> '" + query.id() + "'";
        if (count(handle, others, query.ownerId()) >= OF_USER_MAX) {
            throw conflict("saved queries: " + OF_USER_MAX + " (expected: fewer)");
        }
        boolean scheduled = query.scheduleMillis() != null;
        String running = others + " AND schedule_millis IS NOT NULL";
        if (scheduled && count(handle, running, query.ownerId()) >= SCHEDULED_OF_USER_MAX) {
            throw conflict("scheduled queries: " + SCHEDULED_OF_USER_MAX + " (expected: fewer)");
        }
    }

    private static BelfryException conflict(String message) {
        return new BelfryException(ErrorCode.CONFLICT, message);
    }

    /** Takes one away with its answers; false when there is none. */
    public boolean remove(UUID id) {
        return store.write(handle ->
                handle.createUpdate("DELETE FROM saved_queries WHERE id = :id")
                                .bind("id", id.toString())
                                .execute()
                        == 1);
    }

    /**
     * Takes those that are to be run by {@code nowMillis}, the longest due first; each is due again
     * after its time, and no other caller is given it before.
     *
     * @param limit queries at most
     */
    public List<SavedQuery> takeDue(long nowMillis, int limit) {
        List<SavedQuery> due =
                store.read(handle ->
                        handle.createQuery(
                                        "SELECT "
                                                + COLUMNS
                                                + " FROM saved_queries WHERE next_run_at <= :now"
                                                + " ORDER BY next_run_at LIMIT :limit")
                                .bind("now", nowMillis)
                                .bind("limit", limit)
                                .map(SavedQueries::query)
                                .list());
        return due.stream()
                .filter(query -> store.write(handle -> take(handle, query, nowMillis)))
                .toList();
    }

    private static boolean take(Handle handle, SavedQuery query, long nowMillis) {
        Long every = query.scheduleMillis();
        return every != null
                && handle.createUpdate(
                                        "UPDATE saved_queries SET next_run_at = :next WHERE id ="
                                                + " :id AND next_run_at <= :now")
                                .bind("next", nowMillis + every)
                                .bind("id", query.id().toString())
                                .bind("now", nowMillis)
                                .execute()
                        == 1;
    }

    /** Keeps an answer, and no more than {@link #ANSWERS_MAX} of the query. */
    public void answered(UUID id, SavedQuery.Answer answer) {
        store.write(handle -> {
            boolean there =
                    handle.createQuery("SELECT count(*) FROM saved_queries WHERE id = :id")
                                    .bind("id", id.toString())
                                    .map(row -> row.getLong(1))
                                    .one()
                            == 1;
            if (!there) {
                return null;
            }
            handle.createUpdate("DELETE FROM saved_query_answers WHERE query_id = :id AND at = :at")
                    .bind("id", id.toString())
                    .bind("at", answer.atMillis())
                    .execute();
            handle.createUpdate(
                            "INSERT INTO saved_query_answers (query_id, at, good, answer)"
                                    + " VALUES (:id, :at, :good, :answer)")
                    .bind("id", id.toString())
                    .bind("at", answer.atMillis())
                    .bind("good", answer.good())
                    .bind("answer", answer.json())
                    .execute();
            handle.createUpdate(
                            "DELETE FROM saved_query_answers WHERE query_id = :id AND at NOT IN"
                                    + " (SELECT at FROM saved_query_answers WHERE query_id = :id"
                                    + " ORDER BY at DESC LIMIT :max)")
                    .bind("id", id.toString())
                    .bind("max", ANSWERS_MAX)
                    .execute();
            return null;
        });
    }

    /** The answers of a query, the newest first. */
    public List<SavedQuery.Answer> answers(UUID id) {
        return store.read(handle ->
                handle.createQuery(
                                "SELECT at, good, answer FROM saved_query_answers WHERE query_id = :id"
                                        + " ORDER BY at DESC")
                        .bind("id", id.toString())
                        .map(row ->
                                new SavedQuery.Answer(
                                        row.getLong(1), row.getBoolean(2), row.getString(3)))
                        .list());
    }

    /** When each query of {@code owner} that has answers was asked last. */
    public Map<UUID, SavedQuery.Run> lastRuns(UUID owner) {
        return store.read(handle -> {
            Map<UUID, SavedQuery.Run> runs = new HashMap<>();
            handle.createQuery(
                            "SELECT a.query_id, a.at, a.good FROM saved_query_answers a JOIN"
                                    + " saved_queries q ON q.id = a.query_id WHERE q.owner_id ="
                                    + " :owner AND a.at = (SELECT max(b.at) FROM"
                                    + " saved_query_answers b WHERE b.query_id = a.query_id)")
                    .bind("owner", owner.toString())
                    .map(row ->
                            Map.entry(
                                    UUID.fromString(row.getString(1)),
                                    new SavedQuery.Run(row.getLong(2), row.getBoolean(3))))
                    .list()
                    .forEach(run -> runs.put(run.getKey(), run.getValue()));
            return runs;
        });
    }

    private static long count(Handle handle, String where, UUID user) {
        Query query = handle.createQuery("SELECT count(*) FROM saved_queries " + where);
        return query.bind("user", user.toString()).map(row -> row.getLong(1)).one();
    }

    private static Update bound(Update update, SavedQuery query) {
        Long every = query.scheduleMillis();
        return update.bind("id", query.id().toString())
                .bind("name", query.name())
                .bind("query", query.query())
                .bind("kind", query.kind())
                .bind("start", query.startTime())
                .bind("end", query.endTime())
                .bind("shared", query.shared())
                .bind("columns", String.join("\n", query.columns()))
                .bind("schedule", every)
                .bind("next", every == null ? null : (Long) query.updatedMillis())
                .bind("updated", query.updatedMillis());
    }

    private static SavedQuery query(ResultSet row) throws SQLException {
        String columns = row.getString("shown_columns");
        return new SavedQuery(
                UUID.fromString(row.getString("id")),
                UUID.fromString(row.getString("owner_id")),
                row.getString("name"),
                row.getString("query"),
                row.getString("kind"),
                row.getString("start_time"),
                row.getString("end_time"),
                row.getBoolean("shared"),
                columns.isEmpty() ? List.of() : List.of(columns.split("\n")),
                schedule(row),
                row.getLong("created_at"),
                row.getLong("updated_at"));
    }

    private static @Nullable Long schedule(ResultSet row) throws SQLException {
        long millis = row.getLong("schedule_millis");
        return row.wasNull() ? null : (Long) millis;
    }
}

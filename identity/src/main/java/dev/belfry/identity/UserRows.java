package dev.belfry.identity;

import dev.belfry.metadata.Handle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of users; each method is one or two statements of the caller's transaction. */
final class UserRows {
    private static final String SELECT =
            "SELECT id, username, role, disabled, must_change_password, created_at, updated_at,"
                    + " last_login_at, events_per_second, bytes_per_second, queries_per_second,"
                    + " issuer, password_hash FROM users ";

    private UserRows() {}

    /** A user and what only this module sees of it. */
    record UserRow(User user, String passwordHash) {}

    /**
     * Makes all changes of users and keys follow one another on both databases: to be called first
     * in their transactions. What is read after it is what the change before has committed.
     */
    static void lock(Handle handle) {
        handle.createUpdate("UPDATE settings SET value = '' WHERE name = 'identity.lock'")
                .execute();
    }

    static Optional<UserRow> byId(Handle handle, UUID id) {
        return one(handle, "WHERE id = :value", id.toString());
    }

    static Optional<UserRow> byName(Handle handle, String foldedUsername) {
        return one(handle, "WHERE tenant = 0 AND username_folded = :value", foldedUsername);
    }

    static Optional<UserRow> bySubject(Handle handle, String issuer, String subject) {
        return handle.createQuery(
                        "SELECT id FROM users WHERE tenant = 0 AND issuer = :issuer"
                                + " AND subject = :subject")
                .bind("issuer", issuer)
                .bind("subject", Checks.plain(subject))
                .map(row -> row.getString(1))
                .findOne()
                .flatMap(id -> byId(handle, UUID.fromString(id)));
    }

    /** Keeps who vouches for the user {@code id}, and by which name. */
    static void vouched(Handle handle, UUID id, String issuer, String subject) {
        handle.createUpdate("UPDATE users SET issuer = :issuer, subject = :subject WHERE id = :id")
                .bind("id", id.toString())
                .bind("issuer", issuer)
                .bind("subject", Checks.plain(subject))
                .execute();
    }

    /** In the order of their names. */
    static List<User> list(Handle handle, int limit, int offset) {
        List<UserRow> rows =
                handle.createQuery(
                                SELECT
                                        + "WHERE tenant = 0 ORDER BY username_folded"
                                        + " LIMIT :limit OFFSET :offset")
                        .bind("limit", limit)
                        .bind("offset", offset)
                        .map(UserRows::row)
                        .list();
        List<User> users = new ArrayList<>();
        Map<String, Set<String>> sources =
                sources(handle, rows.stream().map(row -> row.user.id().toString()).toList());
        for (UserRow row : rows) {
            users.add(withSources(row.user, sources));
        }
        return users;
    }

    static long count(Handle handle) {
        return number(handle, "SELECT count(*) FROM users WHERE tenant = 0");
    }

    /** Administrators who can log in. */
    static long activeAdmins(Handle handle) {
        return number(
                handle,
                "SELECT count(*) FROM users WHERE tenant = 0 AND role = 'admin'"
                        + " AND disabled = FALSE");
    }

    static void insert(Handle handle, User user, String passwordHash) {
        handle.createUpdate(
                        "INSERT INTO users (id, username, username_folded, password_hash, role,"
                                + " disabled, must_change_password, created_at, updated_at)"
                                + " VALUES (:id, :username, :folded, :hash, :role, :disabled,"
                                + " :mustChange, :createdAt, :updatedAt)")
                .bind("id", user.id().toString())
                .bind("username", user.username())
                .bind("folded", Checks.fold(user.username()))
                .bind("hash", passwordHash)
                .bind("role", user.role().text())
                .bind("disabled", user.disabled())
                .bind("mustChange", user.mustChangePassword())
                .bind("createdAt", user.createdAt().toEpochMilli())
                .bind("updatedAt", user.updatedAt().toEpochMilli())
                .execute();
        insertSources(handle, user.id(), user.sources());
    }

    static void update(Handle handle, User user, String passwordHash) {
        handle.createUpdate(
                        "UPDATE users SET username = :username, username_folded = :folded,"
                                + " password_hash = :hash, role = :role, disabled = :disabled,"
                                + " must_change_password = :mustChange, updated_at = :updatedAt,"
                                + " events_per_second = :events, bytes_per_second = :bytes,"
                                + " queries_per_second = :queries WHERE id = :id")
                .bind("id", user.id().toString())
                .bind("username", user.username())
                .bind("folded", Checks.fold(user.username()))
                .bind("hash", passwordHash)
                .bind("role", user.role().text())
                .bind("disabled", user.disabled())
                .bind("mustChange", user.mustChangePassword())
                .bind("updatedAt", user.updatedAt().toEpochMilli())
                .bind("events", user.rateLimits().eventsPerSecond())
                .bind("bytes", user.rateLimits().bytesPerSecond())
                .bind("queries", user.rateLimits().queriesPerSecond())
                .execute();
        handle.createUpdate("DELETE FROM user_sources WHERE user_id = :id")
                .bind("id", user.id().toString())
                .execute();
        insertSources(handle, user.id(), user.sources());
    }

    static void loggedIn(Handle handle, UUID id, String passwordHash, long nowMillis) {
        handle.createUpdate(
                        "UPDATE users SET last_login_at = :now, password_hash = :hash"
                                + " WHERE id = :id")
                .bind("id", id.toString())
                .bind("hash", passwordHash)
                .bind("now", nowMillis)
                .execute();
    }

    static void delete(Handle handle, UUID id) {
        handle.createUpdate("DELETE FROM users WHERE id = :id").bind("id", id.toString()).execute();
    }

    /** Whether the database has no user at all: the first start. */
    static boolean isEmpty(Handle handle) {
        return number(handle, "SELECT count(*) FROM users") == 0;
    }

    static long number(Handle handle, String sql) {
        return handle.createQuery(sql).map(row -> row.getLong(1)).one();
    }

    /** Milliseconds of the column, or null. */
    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    /** The three columns of rates. */
    static RateLimits rates(ResultSet row) throws SQLException {
        return new RateLimits(
                number(row, "events_per_second"),
                number(row, "bytes_per_second"),
                number(row, "queries_per_second"));
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : (Long) value;
    }

    private static Optional<UserRow> one(Handle handle, String where, String value) {
        return handle.createQuery(SELECT + where)
                .bind("value", value)
                .map(UserRows::row)
                .findOne()
                .map(row -> {
                    String id = row.user.id().toString();
                    User user = withSources(row.user, sources(handle, List.of(id)));
                    return new UserRow(user, row.passwordHash);
                });
    }

    private static UserRow row(ResultSet row) throws SQLException {
        User user =
                new User(
                        UUID.fromString(row.getString("id")),
                        row.getString("username"),
                        Role.parse(row.getString("role")),
                        List.of(),
                        row.getBoolean("disabled"),
                        row.getBoolean("must_change_password"),
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        Instant.ofEpochMilli(row.getLong("updated_at")),
                        instant(row, "last_login_at"),
                        rates(row),
                        row.getString("issuer"));
        return new UserRow(user, row.getString("password_hash"));
    }

    private static User withSources(User user, Map<String, Set<String>> sources) {
        Set<String> owned = sources.getOrDefault(user.id().toString(), Set.of());
        return new User(
                user.id(),
                user.username(),
                user.role(),
                List.copyOf(owned),
                user.disabled(),
                user.mustChangePassword(),
                user.createdAt(),
                user.updatedAt(),
                user.lastLoginAt(),
                user.rateLimits(),
                user.issuer());
    }

    private static Map<String, Set<String>> sources(Handle handle, List<String> userIds) {
        Map<String, Set<String>> sources = new HashMap<>();
        if (!userIds.isEmpty()) {
            handle.createQuery("SELECT user_id, source FROM user_sources WHERE user_id IN (:ids)")
                    .bindList("ids", userIds)
                    .map(row -> Map.entry(row.getString(1), row.getString(2)))
                    .list()
                    .forEach(pair ->
                            sources.computeIfAbsent(pair.getKey(), _ -> new TreeSet<>())
                                    .add(pair.getValue()));
        }
        return sources;
    }

    private static void insertSources(Handle handle, UUID id, Collection<String> sources) {
        if (sources.isEmpty()) {
            return;
        }
        var batch =
                handle.prepareBatch(
                        "INSERT INTO user_sources (user_id, source) VALUES (:id, :source)");
        for (String source : sources) {
            batch.bind("id", id.toString()).bind("source", source).add();
        }
        batch.execute();
    }
}

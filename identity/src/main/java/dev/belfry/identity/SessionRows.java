package dev.belfry.identity;

import dev.belfry.metadata.Handle;
import dev.belfry.metadata.Handle.Update;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of sessions; each method is one or two statements of the caller's transaction. */
final class SessionRows {
    private static final String SELECT =
            "SELECT id, user_id, created_at, expires_at, last_used_at, address, user_agent"
                    + " FROM sessions ";

    private SessionRows() {}

    static Optional<Session> byId(Handle handle, UUID id) {
        return one(handle, "WHERE id = :value", id.toString());
    }

    static Optional<Session> byToken(Handle handle, TokenHash hash) {
        return one(handle, "WHERE token_hash = :value", hash.hex());
    }

    /** Those of {@code user} that have not expired, newest first. */
    static List<Session> list(Handle handle, UUID user, long nowMillis) {
        return handle.createQuery(
                        SELECT
                                + "WHERE user_id = :user AND expires_at > :now"
                                + " ORDER BY created_at DESC, id")
                .bind("user", user.toString())
                .bind("now", nowMillis)
                .map(SessionRows::row)
                .list();
    }

    /**
     * Keeps {@code session}; ends those that expired and, over the bound, the user's oldest:
     * returns how many of these.
     */
    static int insert(Handle handle, Session session, TokenHash hash) {
        long nowMillis = session.createdAt().toEpochMilli();
        handle.createUpdate("DELETE FROM sessions WHERE expires_at <= :now")
                .bind("now", nowMillis)
                .execute();
        List<Session> others = list(handle, session.userId(), nowMillis);
        for (int i = Limits.SESSIONS_MAX - 1; i < others.size(); i++) {
            delete(handle, others.get(i).id());
        }
        handle.createUpdate(
                        "INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at,"
                                + " last_used_at, address, user_agent) VALUES (:id, :user, :hash,"
                                + " :createdAt, :expiresAt, :usedAt, :address, :agent)")
                .bind("id", session.id().toString())
                .bind("user", session.userId().toString())
                .bind("hash", hash.hex())
                .bind("createdAt", nowMillis)
                .bind("expiresAt", session.expiresAt().toEpochMilli())
                .bind("usedAt", session.lastUsedAt().toEpochMilli())
                .bind("address", session.address())
                .bind("agent", session.userAgent())
                .execute();
        return Math.max(0, others.size() - (Limits.SESSIONS_MAX - 1));
    }

    static void used(Handle handle, UUID id, long nowMillis, long expiresAtMillis) {
        handle.createUpdate(
                        "UPDATE sessions SET last_used_at = :now, expires_at = :expires"
                                + " WHERE id = :id")
                .bind("id", id.toString())
                .bind("now", nowMillis)
                .bind("expires", expiresAtMillis)
                .execute();
    }

    static void delete(Handle handle, UUID id) {
        handle.createUpdate("DELETE FROM sessions WHERE id = :id")
                .bind("id", id.toString())
                .execute();
    }

    /** Ends all sessions of {@code user} but {@code kept}; says how many. */
    static int deleteOf(Handle handle, UUID user, @Nullable UUID kept) {
        String but = kept == null ? "" : " AND id <> :kept";
        Update update = handle.createUpdate("DELETE FROM sessions WHERE user_id = :user" + but);
        if (kept != null) {
            update.bind("kept", kept.toString());
        }
        return update.bind("user", user.toString()).execute();
    }

    private static Optional<Session> one(Handle handle, String where, String value) {
        return handle.createQuery(SELECT + where)
                .bind("value", value)
                .map(SessionRows::row)
                .findOne();
    }

    private static Session row(ResultSet row) throws SQLException {
        return new Session(
                UUID.fromString(row.getString("id")),
                UUID.fromString(row.getString("user_id")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                Instant.ofEpochMilli(row.getLong("last_used_at")),
                row.getString("address"),
                row.getString("user_agent"));
    }
}

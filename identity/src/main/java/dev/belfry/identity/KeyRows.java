package dev.belfry.identity;

import dev.belfry.metadata.Handle;
import dev.belfry.metadata.Handle.Batch;
import dev.belfry.metadata.Handle.Query;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The SQL of API keys; each method is one or two statements of the caller's transaction. */
final class KeyRows {
    private static final String SELECT =
            "SELECT id, owner_id, name, hint, permissions, created_at, created_by, expires_at,"
                    + " last_used_at, revoked_at, log_group, events_per_second, bytes_per_second,"
                    + " queries_per_second FROM api_keys ";

    private KeyRows() {}

    static Optional<ApiKey> byId(Handle handle, UUID id) {
        return one(handle, "WHERE id = :value", id.toString());
    }

    static Optional<ApiKey> byToken(Handle handle, TokenHash hash) {
        return one(handle, "WHERE token_hash = :value", hash.hex());
    }

    /** Newest first; of one owner or, when null, of all. */
    static List<ApiKey> list(Handle handle, @Nullable UUID owner, int limit, int offset) {
        Query query =
                handle.createQuery(
                        SELECT
                                + where(owner)
                                + " ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset");
        if (owner != null) {
            query.bind("owner", owner.toString());
        }
        List<ApiKey> bare =
                query.bind("limit", limit).bind("offset", offset).map(KeyRows::row).list();
        Map<String, Set<String>> sources =
                sources(handle, bare.stream().map(key -> key.id().toString()).toList());
        List<ApiKey> keys = new ArrayList<>();
        for (ApiKey key : bare) {
            keys.add(withSources(key, sources));
        }
        return keys;
    }

    static long count(Handle handle, @Nullable UUID owner) {
        Query query = handle.createQuery("SELECT count(*) FROM api_keys " + where(owner));
        if (owner != null) {
            query.bind("owner", owner.toString());
        }
        return query.map(row -> row.getLong(1)).one();
    }

    /** The principals of all keys that {@code owner} ever had and that were not removed. */
    static Set<String> principals(Handle handle, UUID owner) {
        return handle
                .createQuery("SELECT id FROM api_keys WHERE owner_id = :owner")
                .bind("owner", owner.toString())
                .map(row -> "key:" + row.getString(1))
                .list()
                .stream()
                .collect(Collectors.toSet());
    }

    static void insert(Handle handle, ApiKey key, TokenHash hash) {
        String permissions =
                key.permissions().stream()
                        .sorted()
                        .map(Permission::text)
                        .collect(Collectors.joining(" "));
        Instant expiresAt = key.expiresAt();
        handle.createUpdate(
                        "INSERT INTO api_keys (id, owner_id, name, token_hash, hint, permissions,"
                                + " created_at, created_by, expires_at, log_group, events_per_second,"
                                + " bytes_per_second, queries_per_second) VALUES (:id, :owner,"
                                + " :name, :hash, :hint, :permissions, :createdAt, :createdBy,"
                                + " :expiresAt, :logGroup, :events, :bytes, :queries)")
                .bind("id", key.id().toString())
                .bind("owner", key.ownerId().toString())
                .bind("name", key.name())
                .bind("hash", hash.hex())
                .bind("hint", key.hint())
                .bind("permissions", permissions)
                .bind("createdAt", key.createdAt().toEpochMilli())
                .bind("createdBy", key.createdBy())
                .bind("expiresAt", expiresAt == null ? null : (Long) expiresAt.toEpochMilli())
                .bind("logGroup", key.logGroup())
                .bind("events", key.rateLimits().eventsPerSecond())
                .bind("bytes", key.rateLimits().bytesPerSecond())
                .bind("queries", key.rateLimits().queriesPerSecond())
                .execute();
        if (key.sources().isEmpty()) {
            return;
        }
        Batch batch =
                handle.prepareBatch(
                        "INSERT INTO api_key_sources (key_id, source) VALUES (:id, :source)");
        for (String source : key.sources()) {
            batch.bind("id", key.id().toString()).bind("source", source).add();
        }
        batch.execute();
    }

    static void revoke(Handle handle, UUID id, long nowMillis) {
        handle.createUpdate(
                        "UPDATE api_keys SET revoked_at = :now"
                                + " WHERE id = :id AND revoked_at IS NULL")
                .bind("id", id.toString())
                .bind("now", nowMillis)
                .execute();
    }

    static void used(Handle handle, UUID id, long nowMillis) {
        handle.createUpdate("UPDATE api_keys SET last_used_at = :now WHERE id = :id")
                .bind("id", id.toString())
                .bind("now", nowMillis)
                .execute();
    }

    private static String where(@Nullable UUID owner) {
        return owner == null ? "WHERE tenant = 0" : "WHERE owner_id = :owner";
    }

    private static Optional<ApiKey> one(Handle handle, String where, String value) {
        return handle.createQuery(SELECT + where)
                .bind("value", value)
                .map(KeyRows::row)
                .findOne()
                .map(key -> withSources(key, sources(handle, List.of(key.id().toString()))));
    }

    private static ApiKey row(ResultSet row) throws SQLException {
        Set<Permission> permissions =
                Arrays.stream(row.getString("permissions").split(" "))
                        .map(Permission::parse)
                        .collect(Collectors.toSet());
        return new ApiKey(
                UUID.fromString(row.getString("id")),
                UUID.fromString(row.getString("owner_id")),
                row.getString("name"),
                row.getString("hint"),
                permissions,
                List.of(),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("created_by"),
                UserRows.instant(row, "expires_at"),
                UserRows.instant(row, "last_used_at"),
                UserRows.instant(row, "revoked_at"),
                row.getString("log_group"),
                UserRows.rates(row));
    }

    private static ApiKey withSources(ApiKey key, Map<String, Set<String>> sources) {
        return new ApiKey(
                key.id(),
                key.ownerId(),
                key.name(),
                key.hint(),
                key.permissions(),
                List.copyOf(sources.getOrDefault(key.id().toString(), Set.of())),
                key.createdAt(),
                key.createdBy(),
                key.expiresAt(),
                key.lastUsedAt(),
                key.revokedAt(),
                key.logGroup(),
                key.rateLimits());
    }

    private static Map<String, Set<String>> sources(Handle handle, List<String> keyIds) {
        Map<String, Set<String>> sources = new HashMap<>();
        if (!keyIds.isEmpty()) {
            handle.createQuery("SELECT key_id, source FROM api_key_sources WHERE key_id IN (:ids)")
                    .bindList("ids", keyIds)
                    .map(row -> Map.entry(row.getString(1), row.getString(2)))
                    .list()
                    .forEach(pair ->
                            sources.computeIfAbsent(pair.getKey(), _ -> new TreeSet<>())
                                    .add(pair.getValue()));
        }
        return sources;
    }
}

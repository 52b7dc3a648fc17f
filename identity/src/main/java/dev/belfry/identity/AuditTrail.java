package dev.belfry.identity;

import dev.belfry.metadata.Handle;
import dev.belfry.metadata.Handle.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who did what, to what, when and from where; it only grows. */
public final class AuditTrail {
    private final Context context;

    AuditTrail(Context context) {
        this.context = context;
    }

    /**
     * Adds a line of its own: what another module did, or a read that must be known.
     *
     * @param action such as {@code sql.query}
     * @param target such as {@code user:<uuid>}; null when the action says it all
     * @param details names to strings, numbers, booleans, null, lists or maps of these; no secrets
     */
    public void record(
            Caller caller, String action, @Nullable String target, Map<String, ?> details) {
        context.store()
                .write(handle -> {
                    append(handle, caller, action, target, details);
                    return null;
                });
    }

    /**
     * The lines that {@code filter} lets through, newest first; itself a line of the trail.
     *
     * @param limit 1 to 1000
     * @throws dev.belfry.model.BelfryException {@code FORBIDDEN} without {@code monitoring:admin}
     */
    public Page<AuditEntry> list(Caller caller, AuditFilter filter, int limit, int offset) {
        caller.principal().require(Permission.ADMIN);
        Checks.page(limit, offset);
        Page<AuditEntry> page = context.store().read(handle -> read(handle, filter, limit, offset));
        record(caller, "audit.read", null, Map.of("limit", limit, "offset", offset));
        return page;
    }

    /** Adds a line in the transaction of the change that it tells of. */
    void append(
            Handle handle,
            Caller caller,
            String action,
            @Nullable String target,
            Map<String, ?> details) {
        handle.createUpdate(
                        "INSERT INTO audit (at, actor, actor_name, action, target, address,"
                                + " request_id, details) VALUES (:at, :actor, :actorName, :action,"
                                + " :target, :address, :requestId, :details)")
                .bind("at", context.clock().millis())
                .bind("actor", caller.principal().text())
                .bind("actorName", caller.principal().name())
                .bind("action", action)
                .bind("target", target == null ? null : Checks.plain(target))
                .bind("address", caller.origin().address())
                .bind("requestId", caller.origin().requestId())
                .bind("details", DetailsJson.write(details))
                .execute();
    }

    private static Page<AuditEntry> read(Handle handle, AuditFilter filter, int limit, int offset) {
        Where where = Where.of(filter);
        long total =
                where.bind(handle.createQuery("SELECT count(*) FROM audit" + where.sql))
                        .map(row -> row.getLong(1))
                        .one();
        String select =
                "SELECT id, at, actor, actor_name, action, target, address, request_id, details"
                        + " FROM audit"
                        + where.sql
                        + " ORDER BY at DESC, id DESC LIMIT :limit OFFSET :offset";
        List<AuditEntry> items =
                where.bind(handle.createQuery(select))
                        .bind("limit", limit)
                        .bind("offset", offset)
                        .map(row ->
                                new AuditEntry(
                                        row.getLong("id"),
                                        Instant.ofEpochMilli(row.getLong("at")),
                                        row.getString("actor"),
                                        row.getString("actor_name"),
                                        row.getString("action"),
                                        row.getString("target"),
                                        row.getString("address"),
                                        row.getString("request_id"),
                                        row.getString("details")))
                        .list();
        return new Page<>(items, total);
    }

    /** A filter as SQL with its values beside it. */
    private record Where(String sql, Map<String, Object> values) {
        static Where of(AuditFilter filter) {
            List<String> terms = new ArrayList<>(List.of("tenant = 0"));
            Map<String, Object> values = new HashMap<>();
            String actor = filter.actor();
            if (actor != null) {
                terms.add("(actor = :actor OR actor_name = :actor)");
                values.put("actor", Checks.plain(actor));
            }
            String action = filter.action() == null ? null : Checks.plain(filter.action());
            if (action != null && action.endsWith(".")) {
                // '/' is the character after '.': the range of all that begin so, by the index.
                terms.add("action >= :action AND action < :actionEnd");
                values.put("action", action);
                values.put("actionEnd", action.substring(0, action.length() - 1) + "/");
            } else if (action != null) {
                terms.add("action = :action");
                values.put("action", action);
            }
            Instant from = filter.from();
            if (from != null) {
                terms.add("at >= :from");
                values.put("from", from.toEpochMilli());
            }
            Instant to = filter.to();
            if (to != null) {
                terms.add("at < :to");
                values.put("to", to.toEpochMilli());
            }
            return new Where(" WHERE " + String.join(" AND ", terms), values);
        }

        Query bind(Query query) {
            return query.bindMap(values);
        }
    }
}

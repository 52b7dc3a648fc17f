package dev.belfry.server.access;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;
import static dev.belfry.server.http.Shape.orNull;

import dev.belfry.identity.ApiKey;
import dev.belfry.identity.AuditEntry;
import dev.belfry.identity.Permission;
import dev.belfry.identity.RateLimits;
import dev.belfry.identity.Role;
import dev.belfry.identity.Session;
import dev.belfry.identity.User;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Shape;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The shapes of users, keys and the audit trail, and how they are written. */
final class AccessShapes {
    static final Shape ROLE =
            Shape.oneOf(Arrays.stream(Role.values()).map(Role::text).toArray(String[]::new));
    static final Shape PERMISSION =
            Shape.oneOf(
                    Arrays.stream(Permission.values())
                            .map(Permission::text)
                            .toArray(String[]::new));

    static final Shape RATE_LIMITS =
            object(
                    "RateLimits",
                    optional("events_per_second", orNull(Shape.WHOLE), "null: the default."),
                    optional("bytes_per_second", orNull(Shape.WHOLE), "Without compression."),
                    optional("queries_per_second", orNull(Shape.WHOLE), ""));

    static final Shape SESSION_INFO =
            object(
                    "SessionInfo",
                    member("id", Shape.UUID, ""),
                    member("created_at", Shape.TIME, ""),
                    member("expires_at", Shape.TIME, "Unless it is used before."),
                    member("last_used_at", Shape.TIME, "To the minute."),
                    member("ip_address", Shape.TEXT, "Where it began."),
                    member("user_agent", orNull(Shape.TEXT), "What the client said it is."),
                    member("current", Shape.TRUTH, "Whether it is the one that asks."));

    static final Shape USER =
            object(
                    "User",
                    member("id", Shape.UUID, ""),
                    member("username", Shape.TEXT, "Unique without regard to case."),
                    member("role", ROLE, ""),
                    member("sources", list(Shape.TEXT), "The sources that they own."),
                    member("disabled", Shape.TRUTH, "Whether they may not log in."),
                    member("must_change_password", Shape.TRUTH, "Before anything else."),
                    member("created_at", Shape.TIME, ""),
                    member("updated_at", Shape.TIME, ""),
                    member("last_login_at", orNull(Shape.TIME), ""),
                    optional("rate_limits", RATE_LIMITS, "What is not said is as configured."),
                    optional("issuer", orNull(Shape.TEXT), "Who vouches for them; null: Belfry."));

    static final Shape KEY =
            object(
                    "ApiKey",
                    member("id", Shape.UUID, ""),
                    member("owner_id", Shape.UUID, "On whose behalf it acts."),
                    member("name", Shape.TEXT, ""),
                    member("hint", Shape.TEXT, "How the key begins."),
                    member("permissions", list(PERMISSION), ""),
                    member("sources", list(Shape.TEXT), "The only sources; empty: its owner's."),
                    member("created_at", Shape.TIME, ""),
                    member("created_by", Shape.TEXT, ""),
                    member("expires_at", orNull(Shape.TIME), ""),
                    member("last_used_at", orNull(Shape.TIME), ""),
                    member("revoked_at", orNull(Shape.TIME), ""),
                    member("log_group", orNull(Shape.TEXT), "Of what it writes without one."),
                    member("rate_limits", RATE_LIMITS, "What is not said is as configured."),
                    optional("key", Shape.TEXT, "The key itself, shown once when it is made."));

    static final Shape AUDIT =
            object(
                    "AuditEntry",
                    member("id", Shape.WHOLE, ""),
                    member("timestamp", Shape.TIME, ""),
                    member("actor", Shape.TEXT, "user:UUID, key:UUID or system:NAME."),
                    member("actor_name", Shape.TEXT, ""),
                    member("action", Shape.TEXT, ""),
                    member("target", orNull(Shape.TEXT), ""),
                    member("ip_address", Shape.TEXT, ""),
                    member("request_id", orNull(Shape.TEXT), ""),
                    member("details", Shape.FREE, ""));

    static final List<Parameter> PAGE =
            List.of(
                    Parameter.of("limit", Shape.WHOLE, "1 to 1000, 100 by default.", "100"),
                    Parameter.of("offset", Shape.WHOLE, "How many to leave out first.", "0"));

    private AccessShapes() {}

    static void write(JsonText text, User user) {
        text.object().name("id").uuid(user.id());
        text.name("username").text(user.username());
        text.name("role").text(user.role().text());
        text.name("sources").value(user.sources());
        text.name("disabled").truth(user.disabled());
        text.name("must_change_password").truth(user.mustChangePassword());
        text.name("created_at").text(time(user.createdAt()));
        text.name("updated_at").text(time(user.updatedAt()));
        text.name("last_login_at").text(time(user.lastLoginAt()));
        text.name("rate_limits").value(user.rateLimits().toMap());
        text.name("issuer").text(user.issuer());
        text.endObject();
    }

    static void write(JsonText text, ApiKey key, @Nullable String token) {
        text.object().name("id").uuid(key.id()).name("owner_id").uuid(key.ownerId());
        text.name("name").text(key.name()).name("hint").text(key.hint());
        text.name("permissions")
                .value(key.permissions().stream().map(Permission::text).sorted().toList());
        text.name("sources").value(key.sources());
        text.name("created_at").text(time(key.createdAt()));
        text.name("created_by").text(key.createdBy());
        text.name("expires_at").text(time(key.expiresAt()));
        text.name("last_used_at").text(time(key.lastUsedAt()));
        text.name("revoked_at").text(time(key.revokedAt()));
        text.name("log_group").text(key.logGroup());
        text.name("rate_limits").value(key.rateLimits().toMap());
        if (token != null) {
            text.name("key").text(token);
        }
        text.endObject();
    }

    static void write(JsonText text, Session session, @Nullable UUID current) {
        text.object().name("id").uuid(session.id());
        text.name("created_at").text(time(session.createdAt()));
        text.name("expires_at").text(time(session.expiresAt()));
        text.name("last_used_at").text(time(session.lastUsedAt()));
        text.name("ip_address").text(session.address());
        text.name("user_agent").text(session.userAgent());
        text.name("current").truth(session.id().equals(current)).endObject();
    }

    /** The member {@code rate_limits} of {@code body}; empty when it is missing or null. */
    static Optional<RateLimits> rateLimits(JsonObject body) {
        return body.optionalObject(
                        "rate_limits",
                        "events_per_second",
                        "bytes_per_second",
                        "queries_per_second")
                .map(limits ->
                        new RateLimits(
                                limits.optionalWhole("events_per_second").orElse(null),
                                limits.optionalWhole("bytes_per_second").orElse(null),
                                limits.optionalWhole("queries_per_second").orElse(null)));
    }

    static void write(JsonText text, AuditEntry entry) {
        text.object().name("id").number(entry.id());
        text.name("timestamp").text(time(entry.at()));
        text.name("actor").text(entry.actor()).name("actor_name").text(entry.actorName());
        text.name("action").text(entry.action()).name("target").text(entry.target());
        text.name("ip_address").text(entry.address());
        text.name("request_id").text(entry.requestId());
        text.name("details").raw(entry.detailsJson()).endObject();
    }

    static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}

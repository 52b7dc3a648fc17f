package dev.belfry.server.access;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;
import static dev.belfry.server.http.Shape.orNull;

import dev.belfry.identity.ApiKey;
import dev.belfry.identity.AuditEntry;
import dev.belfry.identity.Permission;
import dev.belfry.identity.Role;
import dev.belfry.identity.User;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Shape;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
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
                    member("last_login_at", orNull(Shape.TIME), ""));

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
        if (token != null) {
            text.name("key").text(token);
        }
        text.endObject();
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

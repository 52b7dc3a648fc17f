package dev.belfry.server.access;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;
import static dev.belfry.server.http.Shape.orNull;

import dev.belfry.identity.ApiKey;
import dev.belfry.identity.AuditEntry;
import dev.belfry.identity.AuditFilter;
import dev.belfry.identity.CreatedApiKey;
import dev.belfry.identity.Identity;
import dev.belfry.identity.NewApiKey;
import dev.belfry.identity.Page;
import dev.belfry.identity.Permission;
import dev.belfry.identity.RateLimits;
import dev.belfry.identity.Role;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.time.TimeExpression;
import dev.belfry.model.time.Timestamps;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** API keys: one's own, for administrators all; and the audit trail. */
public final class KeyEndpoints {
    private static final String GROUP = "API keys";

    private static final Shape NEW =
            object(
                    "NewApiKey",
                    member("name", Shape.TEXT, "1 to 255 characters."),
                    member("permissions", list(AccessShapes.PERMISSION), "At least one."),
                    optional("sources", list(Shape.TEXT), "The only sources; empty: the owner's."),
                    optional("expires_at", orNull(Shape.TIME), "null: never."),
                    optional("owner_id", orNull(Shape.UUID), "Another user, for administrators."),
                    optional("log_group", orNull(Shape.TEXT), "Of what it writes without one."),
                    optional(
                            "rate_limits",
                            orNull(AccessShapes.RATE_LIMITS),
                            "For administrators."));

    private final Supplier<Identity> identity;
    private final InstantSource clock;

    /** Endpoints over {@code identity}. */
    public KeyEndpoints(Supplier<Identity> identity, InstantSource clock) {
        this.identity = identity;
        this.clock = clock;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access person = new Access.People(Role.USER, false);
        List<Parameter> page = new ArrayList<>(AccessShapes.PAGE);
        page.add(Parameter.of("owner", Shape.UUID, "Keys of this user.", ""));
        List<Parameter> audit = new ArrayList<>(AccessShapes.PAGE);
        audit.add(Parameter.of("actor", Shape.TEXT, "A principal or a name.", "admin"));
        audit.add(
                Parameter.of("action", Shape.TEXT, "An action, or user. for all of it.", "user."));
        audit.add(Parameter.of("start_time", Shape.TEXT, "Inclusive.", "now-1d"));
        audit.add(Parameter.of("end_time", Shape.TEXT, "Exclusive.", "now"));
        return List.of(
                Endpoint.of("GET", "/api/v1/keys", person, GROUP, "One's own keys", this::all)
                        .with(page)
                        .answers(200, Shape.page(AccessShapes.KEY)),
                Endpoint.of(
                                "POST",
                                "/api/v1/keys",
                                person,
                                GROUP,
                                "Make a key; it is shown once",
                                this::create)
                        .takes(
                                NEW,
                                "{\"name\":\"shipper\","
                                        + "\"permissions\":[\"monitoring:events:write\"]}")
                        .answers(201, AccessShapes.KEY),
                Endpoint.of("GET", "/api/v1/keys/{id}", person, GROUP, "One key", this::one)
                        .answers(200, AccessShapes.KEY),
                Endpoint.of(
                                "DELETE",
                                "/api/v1/keys/{id}",
                                person,
                                GROUP,
                                "Revoke a key at once",
                                this::revoke)
                        .answers(200, Shape.FREE),
                Endpoint.of(
                                "GET",
                                "/api/v1/audit",
                                Access.of(Permission.ADMIN),
                                "Audit",
                                "Who did what to what, when, from where",
                                this::audit)
                        .with(audit)
                        .answers(200, Shape.page(AccessShapes.AUDIT)));
    }

    private Reply all(Call call) {
        int limit = call.whole("limit", 100, 1, 1000);
        int offset = call.whole("offset", 0, 0, Integer.MAX_VALUE);
        @Nullable UUID owner = call.parameter("owner").map(KeyEndpoints::id).orElse(null);
        Page<ApiKey> page = identity.get().keys().list(call.caller(), owner, limit, offset);
        return Lists.reply(page, limit, offset, (text, key) -> AccessShapes.write(text, key, null));
    }

    private Reply create(Call call) {
        JsonObject body =
                call.object(
                        "name",
                        "permissions",
                        "sources",
                        "expires_at",
                        "owner_id",
                        "log_group",
                        "rate_limits");
        Set<Permission> permissions =
                body.optionalTexts("permissions").orElse(List.of()).stream()
                        .map(Permission::parse)
                        .collect(Collectors.toSet());
        @Nullable Instant expires = body.optionalText("expires_at").map(this::instant).orElse(null);
        @Nullable UUID owner = body.optionalText("owner_id").map(KeyEndpoints::id).orElse(null);
        NewApiKey wanted =
                new NewApiKey(
                        body.text("name"),
                        permissions,
                        Set.copyOf(body.optionalTexts("sources").orElse(List.of())),
                        expires,
                        owner,
                        body.optionalText("log_group").orElse(null),
                        AccessShapes.rateLimits(body).orElse(RateLimits.NONE));
        CreatedApiKey made = identity.get().keys().create(call.caller(), wanted);
        return Reply.data(201, text -> AccessShapes.write(text, made.key(), made.token()));
    }

    private Reply one(Call call) {
        ApiKey key = identity.get().keys().get(call.caller(), call.pathId("id"));
        return Reply.data(200, text -> AccessShapes.write(text, key, null));
    }

    private Reply revoke(Call call) {
        identity.get().keys().revoke(call.caller(), call.pathId("id"));
        return Reply.data(200, text -> text.value(Map.of()));
    }

    private Reply audit(Call call) {
        int limit = call.whole("limit", 100, 1, 1000);
        int offset = call.whole("offset", 0, 0, Integer.MAX_VALUE);
        AuditFilter filter =
                new AuditFilter(
                        call.parameter("actor").orElse(null),
                        call.parameter("action").orElse(null),
                        call.parameter("start_time").map(this::instant).orElse(null),
                        call.parameter("end_time").map(this::instant).orElse(null));
        Page<AuditEntry> page = identity.get().audit().list(call.caller(), filter, limit, offset);
        return Lists.reply(page, limit, offset, AccessShapes::write);
    }

    private Instant instant(String text) {
        Instant now = clock.instant();
        long nowNanos = Timestamps.nanosOf(now.getEpochSecond(), now.getNano());
        long nanos = TimeExpression.parse(text, nowNanos);
        return Instant.ofEpochSecond(
                Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "id: " + text + " (expected: a UUID)");
        }
    }
}

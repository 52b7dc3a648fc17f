package dev.belfry.server.access;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;
import static dev.belfry.server.http.Shape.orNull;

import dev.belfry.identity.Identity;
import dev.belfry.identity.NewUser;
import dev.belfry.identity.Page;
import dev.belfry.identity.Permission;
import dev.belfry.identity.RateLimits;
import dev.belfry.identity.Role;
import dev.belfry.identity.User;
import dev.belfry.identity.UserChange;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Users, for administrators. */
public final class UserEndpoints {
    private static final String GROUP = "Users";
    private static final String[] FIELDS = {
        "username", "password", "role", "sources", "disabled", "must_change_password", "rate_limits"
    };

    private static final Shape NEW =
            object(
                    "NewUser",
                    member("username", Shape.TEXT, "1 to 64 letters, digits and . _ @ + -"),
                    member("password", Shape.TEXT, "10 to 256 characters."),
                    optional("role", AccessShapes.ROLE, "user by default."),
                    optional("sources", list(Shape.TEXT), "The sources that they own."),
                    optional("must_change_password", Shape.TRUTH, "false by default."));
    private static final Shape CHANGE =
            object(
                    "UserChange",
                    optional("username", Shape.TEXT, ""),
                    optional("password", Shape.TEXT, "Ends the user's sessions."),
                    optional("role", AccessShapes.ROLE, ""),
                    optional("sources", list(Shape.TEXT), "All of them."),
                    optional("disabled", Shape.TRUTH, ""),
                    optional("must_change_password", Shape.TRUTH, ""),
                    optional("rate_limits", orNull(AccessShapes.RATE_LIMITS), "All three."));

    private final Supplier<Identity> identity;

    /** Endpoints over {@code identity}. */
    public UserEndpoints(Supplier<Identity> identity) {
        this.identity = identity;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access admin = Access.of(Permission.ADMIN);
        return List.of(
                Endpoint.of("GET", "/api/v1/users", admin, GROUP, "All users", this::all)
                        .with(AccessShapes.PAGE)
                        .answers(200, Shape.page(AccessShapes.USER)),
                Endpoint.of("POST", "/api/v1/users", admin, GROUP, "Make a user", this::create)
                        .takes(
                                NEW,
                                "{\"username\":\"ada\",\"password\":\"a long password\","
                                        + "\"role\":\"user\",\"sources\":[\"checkout\"]}")
                        .answers(201, AccessShapes.USER)
                        .fails(ErrorCode.CONFLICT),
                Endpoint.of("GET", "/api/v1/users/{id}", admin, GROUP, "One user", this::one)
                        .answers(200, AccessShapes.USER),
                Endpoint.of(
                                "PUT",
                                "/api/v1/users/{id}",
                                admin,
                                GROUP,
                                "Change the given fields of a user",
                                this::update)
                        .takes(CHANGE, "{\"role\":\"moderator\"}")
                        .answers(200, AccessShapes.USER)
                        .fails(ErrorCode.CONFLICT),
                Endpoint.of(
                                "DELETE",
                                "/api/v1/users/{id}",
                                admin,
                                GROUP,
                                "Remove a user with their sessions and keys",
                                this::delete)
                        .answers(200, Shape.FREE)
                        .fails(ErrorCode.CONFLICT),
                Endpoint.of(
                                "POST",
                                "/api/v1/users/{id}/force-password-reset",
                                new Access.People(Role.MODERATOR, false),
                                GROUP,
                                "End a user's sessions and let them change their password first",
                                this::forcePasswordReset)
                        .answers(200, AccessShapes.USER));
    }

    private Reply all(Call call) {
        int limit = call.whole("limit", 100, 1, 1000);
        int offset = call.whole("offset", 0, 0, Integer.MAX_VALUE);
        Page<User> page = identity.get().users().list(call.caller(), limit, offset);
        return Lists.reply(page, limit, offset, AccessShapes::write);
    }

    private Reply create(Call call) {
        JsonObject body = call.object(FIELDS);
        NewUser wanted =
                new NewUser(
                        body.text("username"),
                        body.text("password"),
                        Role.parse(body.optionalText("role").orElse("user")),
                        Set.copyOf(body.optionalTexts("sources").orElse(List.of())),
                        body.optionalTruth("must_change_password").orElse(false));
        return user(201, identity.get().users().create(call.caller(), wanted));
    }

    private Reply one(Call call) {
        return user(200, identity.get().users().get(call.caller(), call.pathId("id")));
    }

    private Reply update(Call call) {
        JsonObject body = call.object(FIELDS);
        @Nullable Role role = body.optionalText("role").map(Role::parse).orElse(null);
        @Nullable Set<String> sources =
                body.has("sources")
                        ? Set.copyOf(body.optionalTexts("sources").orElse(List.of()))
                        : null;
        @Nullable RateLimits limits =
                body.has("rate_limits")
                        ? AccessShapes.rateLimits(body).orElse(RateLimits.NONE)
                        : null;
        UserChange change =
                new UserChange(
                        body.optionalText("username").orElse(null),
                        body.optionalText("password").orElse(null),
                        role,
                        sources,
                        body.optionalTruth("disabled").orElse(null),
                        body.optionalTruth("must_change_password").orElse(null),
                        limits);
        return user(200, identity.get().users().update(call.caller(), call.pathId("id"), change));
    }

    private Reply delete(Call call) {
        identity.get().users().delete(call.caller(), call.pathId("id"));
        return Reply.data(200, text -> text.value(Map.of()));
    }

    private Reply forcePasswordReset(Call call) {
        UUID id = call.pathId("id");
        identity.get().users().forcePasswordReset(call.caller(), id);
        return identity.get()
                .users()
                .find(id)
                .map(user -> user(200, user))
                .orElseGet(() -> Reply.data(200, JsonText::nothing));
    }

    private static Reply user(int status, User user) {
        return Reply.data(status, text -> AccessShapes.write(text, user));
    }
}

package dev.belfry.server.access;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.identity.Role;
import dev.belfry.identity.Session;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Who is logged in where: one's own sessions, for administrators those of all. */
public final class SessionEndpoints {
    private static final String GROUP = "Sessions";
    private static final String OWN = "/api/v1/auth/sessions";
    private static final String OF_USER = "/api/v1/users/{id}/sessions";
    private static final Shape ENDED =
            Shape.object("EndedSessions", Shape.member("ended", Shape.WHOLE, "How many."));

    private final Supplier<Identity> identity;

    /** Endpoints over {@code identity}. */
    public SessionEndpoints(Supplier<Identity> identity) {
        this.identity = identity;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access person = new Access.People(Role.USER, false);
        Access admin = Access.of(Permission.ADMIN);
        Shape sessions = Shape.list(AccessShapes.SESSION_INFO);
        return List.of(
                Endpoint.of("GET", OWN, person, GROUP, "One's own sessions", this::own)
                        .answers(200, sessions),
                Endpoint.of(
                                "DELETE",
                                OWN,
                                person,
                                GROUP,
                                "End all of one's sessions but this one",
                                this::endOthers)
                        .answers(200, ENDED),
                Endpoint.of("DELETE", OWN + "/{id}", person, GROUP, "End a session", this::end)
                        .answers(200, Shape.FREE),
                Endpoint.of("GET", OF_USER, admin, GROUP, "A user's sessions", this::ofUser)
                        .answers(200, sessions),
                Endpoint.of(
                                "DELETE",
                                OF_USER,
                                admin,
                                GROUP,
                                "End a user's sessions, but the one that asks",
                                this::endOfUser)
                        .answers(200, ENDED));
    }

    private Reply own(Call call) {
        return list(call, self(call));
    }

    private Reply ofUser(Call call) {
        return list(call, existing(call));
    }

    private Reply end(Call call) {
        identity.get().sessions().revoke(call.caller(), call.pathId("id"));
        return Reply.data(200, text -> text.value(Map.of()));
    }

    private Reply endOthers(Call call) {
        return endAll(call, self(call));
    }

    private Reply endOfUser(Call call) {
        return endAll(call, existing(call));
    }

    private Reply list(Call call, UUID user) {
        List<Session> sessions = identity.get().sessions().list(call.caller(), user);
        return Reply.data(
                200,
                text -> {
                    text.array();
                    UUID current = call.principal().sessionId();
                    sessions.forEach(session -> AccessShapes.write(text, session, current));
                    text.endArray();
                });
    }

    private Reply endAll(Call call, UUID user) {
        int ended = identity.get().sessions().revokeAll(call.caller(), user);
        return Reply.data(200, text -> text.object().name("ended").number(ended).endObject());
    }

    private UUID existing(Call call) {
        UUID id = call.pathId("id");
        if (identity.get().users().find(id).isEmpty()) {
            throw new BelfryException(ErrorCode.NOT_FOUND, "user: " + id + " (there is none)");
        }
        return id;
    }

    private static UUID self(Call call) {
        UUID id = call.principal().userId();
        if (id == null) {
            throw new IllegalStateException("BUG: a person without a user");
        }
        return id;
    }
}

package dev.belfry.server.access;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Login;
import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.identity.Role;
import dev.belfry.identity.User;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.metrics.OwnMetrics;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Log in, log out, who am I, change my password. */
public final class LoginEndpoints {
    private static final String GROUP = "Log in";

    private static final Shape LOGIN =
            object("Login", member("username", Shape.TEXT, ""), member("password", Shape.TEXT, ""));
    private static final Shape PROVIDER =
            object(
                    "LoginProvider",
                    member("id", Shape.TEXT, ""),
                    member("label", Shape.TEXT, "What its button says."),
                    member("url", Shape.TEXT, "Where its button leads."));
    private static final Shape LOGOUT =
            object(
                    "Logout",
                    optional(
                            "logout_url",
                            Shape.TEXT,
                            "Where the browser is to go to be logged out there too."));
    private static final Shape SESSION =
            object(
                    "Session",
                    member("token", Shape.TEXT, "The Bearer token, shown once."),
                    member("expires_at", Shape.TIME, ""),
                    member("user", AccessShapes.USER, ""));
    private static final Shape PASSWORD =
            object(
                    "PasswordChange",
                    member("current_password", Shape.TEXT, ""),
                    member("new_password", Shape.TEXT, "10 to 256 characters."));

    private final Supplier<Identity> identity;
    private final OwnMetrics metrics;
    private final boolean byPassword;
    private final List<Provider> providers;
    private final Leaving leave;

    /** Where a user that logs out is to go, if anywhere. */
    @FunctionalInterface
    public interface Leaving {
        /** Nowhere. */
        Leaving NOWHERE = (_, _) -> Optional.empty();

        /** The URL for {@code user}. */
        Optional<String> of(Call call, User user);
    }

    /**
     * Endpoints over {@code identity}.
     *
     * @param byPassword whether name and password are taken
     * @param providers where else one can log in
     * @param leave where a user goes to log out elsewhere too
     */
    public LoginEndpoints(
            Supplier<Identity> identity,
            OwnMetrics metrics,
            boolean byPassword,
            List<Provider> providers,
            Leaving leave) {
        this.identity = identity;
        this.metrics = metrics;
        this.byPassword = byPassword;
        this.providers = List.copyOf(providers);
        this.leave = leave;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access person = new Access.People(Role.USER, true);
        return List.of(
                Endpoint.of(
                                "POST",
                                "/api/v1/auth/login",
                                Access.PUBLIC,
                                GROUP,
                                "Log in; also sets the page's cookie",
                                this::login)
                        .takes(LOGIN, "{\"username\":\"admin\",\"password\":\"a long password\"}")
                        .answers(200, SESSION)
                        .fails(ErrorCode.UNAUTHORIZED, ErrorCode.FORBIDDEN, ErrorCode.RATE_LIMITED),
                Endpoint.of(
                                "GET",
                                "/api/v1/auth/providers",
                                Access.PUBLIC,
                                GROUP,
                                "Where else one can log in, and whether by password",
                                this::providers)
                        .answers(
                                200,
                                Shape.beside(
                                        list(PROVIDER),
                                        member(
                                                "password_login",
                                                Shape.TRUTH,
                                                "Whether name and password are taken.")))
                        .hushed(),
                Endpoint.of(
                                "POST",
                                "/api/v1/auth/logout",
                                person,
                                GROUP,
                                "End this session",
                                this::logout)
                        .answers(200, LOGOUT),
                Endpoint.of("GET", "/api/v1/auth/me", Access.ANYONE, GROUP, "Who calls", this::me)
                        .answers(200, AccessShapes.USER),
                Endpoint.of(
                                "POST",
                                "/api/v1/auth/password",
                                person,
                                GROUP,
                                "Change one's own password; ends the other sessions",
                                this::changePassword)
                        .takes(
                                PASSWORD,
                                "{\"current_password\":\"the old one\","
                                        + "\"new_password\":\"a longer new one\"}")
                        .answers(200, AccessShapes.USER)
                        .fails(ErrorCode.RATE_LIMITED));
    }

    private Reply providers(Call call) {
        JsonText text = new JsonText(256).object().name("success").truth(true);
        text.name("data").array();
        for (Provider provider : providers) {
            text.object().name("id").text(provider.id());
            text.name("label").text(provider.label());
            text.name("url").text(provider.url()).endObject();
        }
        text.endArray().name("password_login").truth(byPassword);
        return Reply.json(200, text.endObject());
    }

    private Reply login(Call call) {
        JsonObject body = call.object("username", "password");
        Login login;
        try {
            login =
                    identity.get()
                            .login(body.text("username"), body.text("password"), call.origin());
        } catch (BelfryException e) {
            metrics.logins.increment("failed");
            throw e;
        }
        metrics.logins.increment("good");
        return Reply.data(
                        200,
                        text -> {
                            text.object().name("token").text(login.token());
                            text.name("expires_at").text(login.expiresAt().toString());
                            text.name("user");
                            AccessShapes.write(text, login.user());
                            text.endObject();
                        })
                .with("set-cookie", Cookies.session(call, login.token()));
    }

    private Reply logout(Call call) {
        Optional<String> url = identity.get().me(call.principal()).flatMap(u -> leave.of(call, u));
        call.token().ifPresent(token -> identity.get().logout(token, call.origin()));
        return Reply.data(
                        200,
                        text -> {
                            text.object();
                            url.ifPresent(found -> text.name("logout_url").text(found));
                            text.endObject();
                        })
                .with("set-cookie", Cookies.none(call));
    }

    private Reply me(Call call) {
        Principal principal = call.principal();
        Optional<User> user = identity.get().me(principal);
        return Reply.data(
                200,
                text -> {
                    if (principal.kind() == Principal.Kind.USER && user.isPresent()) {
                        AccessShapes.write(text, user.get());
                    } else {
                        writeKey(text, principal);
                    }
                });
    }

    private static void writeKey(JsonText text, Principal principal) {
        text.object().name("id").text(principal.id());
        text.name("username").text(principal.name());
        text.name("role").text(principal.role().text());
        text.name("sources").value(principal.onlySources().stream().sorted().toList());
        text.name("must_change_password").truth(false);
        text.name("kind").text("key");
        text.name("permissions")
                .value(principal.permissions().stream().map(Permission::text).sorted().toList());
        text.endObject();
    }

    private Reply changePassword(Call call) {
        JsonObject body = call.object("current_password", "new_password");
        identity.get()
                .changePassword(
                        call.caller(), body.text("current_password"), body.text("new_password"));
        return me(call);
    }
}

package dev.belfry.server.access;

import dev.belfry.identity.OidcLogin;
import dev.belfry.identity.User;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.metrics.OwnMetrics;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Log in at an OpenID provider; a browser is sent there and comes back. */
public final class OidcEndpoints {
    /** Where the page's button leads. */
    public static final String BEGIN = "/api/v1/auth/oidc";

    private static final String CALLBACK = "/api/v1/auth/oidc/callback";
    private static final String GROUP = "Log in";
    private static final String COOKIE = "belfry_oidc";

    /** A place in the page: one slash, no other host, nothing that ends a header. */
    private static final Pattern PLACE =
            Pattern.compile("/([A-Za-z0-9_~.-][^\\\\\\s\\p{Cntrl}]*)?");

    private final Supplier<OidcLogin> oidc;
    private final OwnMetrics metrics;
    private final @Nullable String serverUrl;

    /**
     * Endpoints over {@code oidc}.
     *
     * @param serverUrl where people find Belfry; null: what they ask for
     */
    public OidcEndpoints(Supplier<OidcLogin> oidc, OwnMetrics metrics, @Nullable String serverUrl) {
        this.oidc = oidc;
        this.metrics = metrics;
        this.serverUrl = serverUrl;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(
                                "GET",
                                BEGIN,
                                Access.PUBLIC,
                                GROUP,
                                "Send a browser to the OpenID provider",
                                this::begin)
                        .with(
                                List.of(
                                        Parameter.of(
                                                "return_to",
                                                Shape.TEXT,
                                                "A place in the page to come back to.",
                                                "/explore")))
                        .answersRaw(302, Shape.FREE),
                Endpoint.of(
                                "GET",
                                CALLBACK,
                                Access.PUBLIC,
                                GROUP,
                                "Where the provider sends the browser back to",
                                this::finish)
                        .with(
                                List.of(
                                        Parameter.of("code", Shape.TEXT, "Good once.", ""),
                                        Parameter.of("state", Shape.TEXT, "As it was sent.", ""),
                                        Parameter.of(
                                                "*", Shape.TEXT, "What else a provider says.", "")))
                        .answersRaw(302, Shape.FREE)
                        .fails(ErrorCode.UNAUTHORIZED, ErrorCode.FORBIDDEN, ErrorCode.CONFLICT));
    }

    private Reply begin(Call call) {
        String wanted = call.parameter("return_to").orElse("/");
        boolean place = PLACE.matcher(wanted).matches() && !wanted.startsWith("/api/");
        try {
            OidcLogin.Begun begun =
                    oidc.get().begin(URI.create(base(call) + CALLBACK), place ? wanted : "/");
            // Lax: the provider sends the browser back from its own page.
            return redirect(begun.goTo().toString())
                    .with(
                            "set-cookie",
                            COOKIE
                                    + "="
                                    + begun.browser()
                                    + "; Path="
                                    + BEGIN
                                    + "; HttpOnly; SameSite=Lax; Max-Age=600"
                                    + (call.secure() ? "; Secure" : ""));
        } catch (BelfryException e) {
            return page(e);
        }
    }

    private Reply finish(Call call) {
        Map<String, String> parameters = new HashMap<>();
        call.parameters().forEach((name, values) -> parameters.put(name, values.getFirst()));
        try {
            OidcLogin.Finished finished =
                    oidc.get().finish(parameters, Cookies.value(call, COOKIE), call.origin());
            metrics.logins.increment("good");
            return redirect(finished.returnTo())
                    .with("set-cookie", Cookies.session(call, finished.login().token()));
        } catch (BelfryException e) {
            metrics.logins.increment("failed");
            return page(e);
        }
    }

    /** Where a user that logs out is to go, if the provider has such a place. */
    public Optional<String> leave(Call call, User user) {
        return user.issuer() == null
                ? Optional.empty()
                : oidc.get().logout(user, URI.create(base(call) + "/")).map(URI::toString);
    }

    /** Where people find Belfry, without a slash at the end. */
    private String base(Call call) {
        if (serverUrl != null) {
            return serverUrl.replaceAll("/$", "");
        }
        String authority =
                call.header(":authority") == null ? call.header("host") : call.header(":authority");
        if (authority == null) {
            throw new BelfryException(ErrorCode.VALIDATION_ERROR, "Host: none (expected: one)");
        }
        return (call.secure() ? "https://" : "http://") + authority;
    }

    private static Reply redirect(String where) {
        return Reply.bytes(302, "", new byte[0]).with("location", where);
    }

    /** What went wrong, for a person. */
    private static Reply page(BelfryException failure) {
        String text =
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Belfry: login failed"
                        + "</title><h1>The login failed</h1><p>"
                        + escaped(String.valueOf(failure.getMessage()))
                        + "</p><p><a href=\"/\">Back to Belfry</a></p></html>";
        return Reply.text(Errors.status(failure.code()), "text/html; charset=utf-8", text);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}

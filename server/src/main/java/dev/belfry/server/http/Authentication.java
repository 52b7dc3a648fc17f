package dev.belfry.server.http;

import com.linecorp.armeria.common.RequestHeaders;
import dev.belfry.identity.Caller;
import dev.belfry.identity.Identity;
import dev.belfry.identity.Origin;
import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who a request speaks for, and whether they may call an endpoint; its calls but {@link #known} may
 * block.
 */
public final class Authentication {
    /** The session's cookie. */
    public static final String COOKIE = "belfry_session";

    private static final Set<String> READING = Set.of("GET", "HEAD");

    /* Of Sec-Fetch-Site: one's own page, or the person. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final Supplier<Identity> identity;
    private final Supplier<Optional<Identity>> opened;

    /**
     * Asks {@code identity}, which may have to be waited for.
     *
     * @param opened the same without waiting, empty when it would have to be
     */
    public Authentication(Supplier<Identity> identity, Supplier<Optional<Identity>> opened) {
        this.identity = identity;
        this.opened = opened;
    }

    /**
     * What a request shows.
     *
     * @param token a session's or key's token; of Basic the password
     * @param username of Basic, else null
     * @param byCookie whether a browser sent it by itself
     */
    record Credentials(String token, @Nullable String username, boolean byCookie) {
        static Credentials token(String token) {
            return new Credentials(token, null, false);
        }
    }

    /** What {@code headers} show; empty when there is nothing. */
    static Optional<Credentials> credentials(RequestHeaders headers) {
        String authorization = headers.get("authorization");
        if (authorization != null) {
            int space = authorization.indexOf(' ');
            String scheme = space < 0 ? "" : authorization.substring(0, space);
            if (scheme.toLowerCase(Locale.ROOT).equals("bearer")) {
                return Optional.of(Credentials.token(authorization.substring(space + 1).strip()));
            }
            return Optional.of(Credentials.token(""));
        }
        String key = headers.get("x-api-key");
        if (key != null) {
            return Optional.of(Credentials.token(key.strip()));
        }
        String cookie = cookie(headers);
        return cookie == null ? Optional.empty() : Optional.of(new Credentials(cookie, null, true));
    }

    /** What {@code headers} show in the manner of {@code dialect}. */
    static Optional<Credentials> credentials(RequestHeaders headers, Dialect dialect) {
        if (dialect.isForeign()) {
            Optional<String> own = dialect.token(headers::get);
            if (own.isPresent()) {
                return Optional.of(Credentials.token(own.get().strip()));
            }
            Credentials basic = basic(headers.get("authorization"));
            if (basic != null) {
                return Optional.of(basic);
            }
        }
        return credentials(headers);
    }

    /* RFC 7617. */
    private static @Nullable Credentials basic(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return null;
        }
        try {
            byte[] pair = Base64.getDecoder().decode(authorization.substring(6).strip());
            String text = new String(pair, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? null
                    : new Credentials(text.substring(colon + 1), text.substring(0, colon), false);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /**
     * Who calls an endpoint.
     *
     * @throws BelfryException as {@link #authenticate(RequestHeaders)}; of Basic, which browsers
     *     send by themselves too, FORBIDDEN when one writes for another page's sake
     */
    Principal authenticate(RequestHeaders headers, Endpoint endpoint, Origin origin) {
        Dialect dialect = endpoint.dialect();
        if (!dialect.isForeign()) {
            return authenticate(headers);
        }
        Optional<Credentials> shown = credentials(headers, dialect);
        if (shown.isEmpty()) {
            Optional<Principal> anonymous = dialect.anonymous(origin.address());
            if (anonymous.isPresent() && !headers.contains("origin")) {
                return anonymous.get();
            }
        } else if (shown.get() instanceof Credentials(String password, String username, _)
                && username != null) {
            if (!READING.contains(headers.method().name())) {
                refuseOtherPages(headers);
            }
            return identity.get().basic(username, password, origin);
        } else if (!shown.get().byCookie() && !shown.get().token().isEmpty()) {
            return principal(shown.get().token());
        }
        return authenticate(headers);
    }

    /**
     * Who calls an endpoint, if it needs nobody to be asked: they have shown the same token a
     * moment ago, and no browser sent it by itself. {@link #authenticate} would say the same.
     */
    Optional<Principal> known(RequestHeaders headers, Endpoint endpoint) {
        return credentials(headers, endpoint.dialect())
                .filter(shown -> !shown.byCookie() && shown.username() == null)
                .flatMap(shown -> opened.get().flatMap(source -> source.cached(shown.token())));
    }

    private static void refuseOtherPages(RequestHeaders headers) {
        requireSameOrigin(headers, false);
        String site = headers.get("sec-fetch-site");
        if (site != null && !OWN_SITES.contains(site)) {
            throw new BelfryException(
                    ErrorCode.FORBIDDEN,
                    "Sec-Fetch-Site: " + site + " (expected: same-origin, for a request by Basic)");
        }
    }

    /**
     * Whether a page made a browser send this: a challenge for Basic would ask the person for a
     * password, which the browser then sends with whatever any page makes it send.
     */
    static boolean isFromPage(RequestHeaders headers) {
        String mode = headers.get("sec-fetch-mode");
        return cookie(headers) != null || mode != null && !mode.equals("navigate");
    }

    private Principal principal(String token) {
        Identity source = identity.get();
        return source.cached(token).orElseGet(() -> source.authenticate(token));
    }

    /**
     * Who calls.
     *
     * @throws BelfryException UNAUTHORIZED without good credentials; FORBIDDEN when a browser
     *     writes for another page's sake
     */
    Principal authenticate(RequestHeaders headers) {
        Credentials shown =
                credentials(headers)
                        .orElseThrow(() ->
                                new BelfryException(
                                        ErrorCode.UNAUTHORIZED,
                                        "credentials: none (expected: Authorization: Bearer"
                                                + " TOKEN, or X-API-Key)"));
        if (shown.token().isEmpty()) {
            throw new BelfryException(
                    ErrorCode.UNAUTHORIZED,
                    "Authorization: another scheme (expected: Bearer TOKEN)");
        }
        if (shown.byCookie() && !READING.contains(headers.method().name())) {
            requireSameOrigin(headers, true);
        }
        return principal(shown.token());
    }

    /**
     * Who opened a WebSocket, as they are now.
     *
     * @throws BelfryException UNAUTHORIZED when what they opened it with is no longer good
     */
    public Principal authenticateAgain(Sockets.Admitted admitted) {
        return identity.get().authenticate(admitted.token());
    }

    /**
     * Returns when the page that made a browser send this is Belfry's own.
     *
     * @param always whether a request without Origin is refused too
     * @throws BelfryException FORBIDDEN
     */
    static void requireSameOrigin(RequestHeaders headers, boolean always) {
        String origin = headers.get("origin");
        if (origin == null && !always) {
            return;
        }
        String authority = headers.authority();
        if (origin == null || authority == null || !authority.equalsIgnoreCase(host(origin))) {
            throw new BelfryException(
                    ErrorCode.FORBIDDEN,
                    "Origin: "
                            + origin
                            + " (expected: this server's own, for a request by cookie or Basic)");
        }
    }

    /**
     * Returns when {@code caller} may call {@code endpoint}.
     *
     * @throws BelfryException FORBIDDEN naming what is missing
     */
    void authorize(Caller caller, Endpoint endpoint) {
        Principal principal = caller.principal();
        String what = endpoint.method() + " " + endpoint.path();
        switch (endpoint.access()) {
            case Access.Public _, Access.Anyone _ -> {}
            case Access.People people -> {
                if (!people.beforePasswordChange()) {
                    requirePasswordChanged(principal);
                }
                if (principal.kind() == Principal.Kind.KEY) {
                    throw new BelfryException(
                            ErrorCode.FORBIDDEN,
                            what + ": is for people (expected: a session, not an API key)");
                }
                if (!principal.role().holds(people.least())) {
                    throw refused(caller, what, people.least().text());
                }
            }
            case Access.Holders holders -> {
                identity.get().require(caller, holders.permission(), what);
                boolean person = principal.kind() == Principal.Kind.USER;
                if (person && !principal.role().holds(holders.least())) {
                    throw refused(caller, what, holders.least().text());
                }
            }
        }
    }

    private BelfryException refused(Caller caller, String what, String role) {
        identity.get().refused(caller, Permission.ADMIN, what);
        return new BelfryException(
                ErrorCode.FORBIDDEN,
                what
                        + ": needs role "
                        + role
                        + " (found: "
                        + caller.principal().role().text()
                        + ")");
    }

    private static void requirePasswordChanged(Principal principal) {
        if (principal.mustChangePassword()) {
            throw new BelfryException(
                    ErrorCode.FORBIDDEN,
                    "the password must be changed first (POST /api/v1/auth/password)");
        }
    }

    static @Nullable String cookie(RequestHeaders headers) {
        for (String header : headers.getAll("cookie")) {
            for (String pair : header.split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(COOKIE)) {
                    String value = pair.substring(equals + 1).strip();
                    return value.isEmpty() ? null : value;
                }
            }
        }
        return null;
    }

    static Origin origin(String address, String requestId, RequestHeaders headers) {
        return new Origin(address, requestId, headers.get("user-agent"));
    }

    private static @Nullable String host(String origin) {
        try {
            return URI.create(origin).getAuthority();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}

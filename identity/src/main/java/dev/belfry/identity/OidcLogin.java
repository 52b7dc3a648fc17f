package dev.belfry.identity;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.belfry.model.BelfryException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Login at an OpenID provider: authorization code with PKCE. Thread-safe; its calls block on the
 * provider.
 */
public final class OidcLogin {
    /*
     *  begin:   browser ── GET …/oidc ──► Belfry: state, nonce, verifier are made and remembered
     *           browser ◄─ 302 to the provider, and a cookie that only this browser has
     *  finish:  browser ── GET …/oidc/callback?code&state, with the cookie ──► Belfry
     *           state is known, unused, young, and of this browser
     *           code + verifier ──► provider ──► ID token: signature, issuer, audience, time, nonce
     *           claims ──► user: made at the first time, role and sources as the claims say now
     *
     * A person is known by (issuer, subject). A name alone never joins them to an account that is
     * there: whoever can choose their name at the provider would take it over.
     */
    private final OidcConfig config;
    private final Context context;
    private final Logins logins;
    private final OidcProvider provider;
    private final OidcAttempts attempts;

    OidcLogin(OidcConfig config, Context context, Logins logins, Outgoing outgoing) {
        this.config = config;
        this.context = context;
        this.logins = logins;
        this.provider = new OidcProvider(config, outgoing, context.clock());
        this.attempts = new OidcAttempts(context.clock());
    }

    /**
     * A login that has begun.
     *
     * @param goTo where the browser is to go
     * @param browser what the browser must show at the end, and nobody else may see
     */
    public record Begun(URI goTo, String browser) {}

    /**
     * A login that has ended well.
     *
     * @param returnTo the place in the page that was asked for at the beginning
     */
    public record Finished(Login login, String returnTo) {}

    /**
     * Begins a login.
     *
     * @param redirect where the provider is to send the browser
     * @param returnTo a place in the page
     * @throws BelfryException OVERLOADED when the provider does not answer
     */
    public Begun begin(URI redirect, String returnTo) {
        OIDCProviderMetadata metadata = provider.discovered().metadata();
        String state = context.tokens().session();
        String nonce = context.tokens().session();
        String browser = context.tokens().session();
        CodeVerifier verifier = new CodeVerifier(context.tokens().session());
        long untilMillis = context.clock().millis() + Limits.ATTEMPT_TIME.toMillis();
        attempts.put(
                state,
                new OidcAttempts.Attempt(
                        TokenHash.of(browser),
                        nonce,
                        verifier.getValue(),
                        redirect,
                        returnTo,
                        untilMillis));
        AuthenticationRequest request =
                new AuthenticationRequest.Builder(
                                ResponseType.CODE,
                                new Scope(config.scopes().toArray(String[]::new)),
                                new ClientID(config.clientId()),
                                redirect)
                        .endpointURI(metadata.getAuthorizationEndpointURI())
                        .state(new State(state))
                        .nonce(new Nonce(nonce))
                        .codeChallenge(verifier, CodeChallengeMethod.S256)
                        .build();
        return new Begun(request.toURI(), browser);
    }

    /**
     * Ends a login with what the provider sent the browser back with, and begins a session.
     *
     * @param parameters of the query, each once
     * @param browser what {@link Begun} gave the browser; null when it shows nothing
     * @throws BelfryException UNAUTHORIZED when something is not as it should be, FORBIDDEN when
     *     the person may not enter, CONFLICT when their name is another's, OVERLOADED when the
     *     provider does not answer
     */
    public Finished finish(
            Map<String, String> parameters, @Nullable String browser, Origin origin) {
        String state = parameters.get("state");
        OidcAttempts.Attempt attempt =
                state == null || browser == null ? null : attempts.take(state, browser);
        if (attempt == null) {
            throw OidcProvider.refused(
                    "this login is unknown, was finished before, or took longer than ten minutes"
                            + " (begin it again, in one browser)");
        }
        try {
            return finish(parameters, attempt, origin);
        } catch (BelfryException e) {
            logins.failedElsewhere(config.issuer(), origin);
            throw e;
        }
    }

    /** Where the browser is to go so that the person is also logged out at the provider. */
    public Optional<URI> logout(User user, URI returnTo) {
        URI end = null;
        if (config.issuer().equals(user.issuer())) {
            try {
                end = provider.discovered().metadata().getEndSessionEndpointURI();
            } catch (BelfryException e) {
                System.getLogger(OidcLogin.class.getName())
                        .log(System.Logger.Level.WARNING, e.getMessage());
            }
        }
        if (end == null) {
            return Optional.empty();
        }
        String join = end.getQuery() == null ? "?" : "&";
        return Optional.of(
                URI.create(
                        end
                                + join
                                + "client_id="
                                + URLEncoder.encode(config.clientId(), StandardCharsets.UTF_8)
                                + "&post_logout_redirect_uri="
                                + URLEncoder.encode(returnTo.toString(), StandardCharsets.UTF_8)));
    }

    private Finished finish(
            Map<String, String> parameters, OidcAttempts.Attempt attempt, Origin origin) {
        String error = parameters.get("error");
        if (error != null) {
            throw OidcProvider.refused(
                    "the login provider refused: "
                            + parameters.getOrDefault("error_description", error));
        }
        String issuer = parameters.get("iss");
        OIDCProviderMetadata metadata = provider.discovered().metadata();
        boolean silent = issuer == null && metadata.supportsAuthorizationResponseIssuerParam();
        if (silent || (issuer != null && !issuer.equals(config.issuer()))) {
            throw OidcProvider.refused(
                    "the answer is of " + issuer + " (expected: " + config.issuer() + ")");
        }
        String code = parameters.get("code");
        if (code == null || code.isBlank()) {
            throw OidcProvider.refused("the login provider sent no code");
        }
        try {
            OIDCTokenResponse tokens = exchange(metadata, code, attempt);
            IDTokenClaimsSet id =
                    provider.verified(tokens.getOIDCTokens().getIDToken(), attempt.nonce());
            String subject = id.getSubject().getValue();
            ExternalUser user = user(subject, claims(metadata, tokens, id));
            return new Finished(logins.external(user, origin), attempt.returnTo());
        } catch (IOException | ParseException e) {
            throw provider.away(e.getMessage());
        }
    }

    private OIDCTokenResponse exchange(
            OIDCProviderMetadata metadata, String code, OidcAttempts.Attempt attempt)
            throws IOException, ParseException {
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(
                        new AuthorizationCode(code),
                        attempt.redirect(),
                        new CodeVerifier(attempt.verifier()));
        ClientID client = new ClientID(config.clientId());
        URI endpoint = metadata.getTokenEndpointURI();
        ClientAuthentication own = authentication(metadata, client);
        TokenRequest request =
                own == null
                        ? new TokenRequest.Builder(endpoint, client, grant).build()
                        : new TokenRequest.Builder(endpoint, own, grant).build();
        TokenResponse response =
                OIDCTokenResponseParser.parse(provider.send(request.toHTTPRequest()));
        if (response instanceof TokenErrorResponse refusal) {
            throw OidcProvider.refused(
                    "the login provider refused the code: "
                            + refusal.getErrorObject().getCode()
                            + ", "
                            + refusal.getErrorObject().getDescription());
        }
        return (OIDCTokenResponse) response;
    }

    private @Nullable ClientAuthentication authentication(
            OIDCProviderMetadata metadata, ClientID client) {
        String secret = config.clientSecret();
        if (secret == null) {
            return null;
        }
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        boolean post =
                methods != null
                        && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                        && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
        return post
                ? new ClientSecretPost(client, new Secret(secret))
                : new ClientSecretBasic(client, new Secret(secret));
    }

    /** Those of the ID token; what it does not say is asked of the provider, if that answers. */
    private OidcClaims claims(
            OIDCProviderMetadata metadata, OIDCTokenResponse tokens, IDTokenClaimsSet id)
            throws IOException, ParseException {
        Map<String, Object> all = new HashMap<>(id.toJSONObject());
        OidcClaims claims = new OidcClaims(config, all);
        URI endpoint = metadata.getUserInfoEndpointURI();
        if (claims.isComplete() || endpoint == null) {
            return claims;
        }
        UserInfoRequest request =
                new UserInfoRequest(endpoint, tokens.getOIDCTokens().getBearerAccessToken());
        UserInfoResponse response = UserInfoResponse.parse(provider.send(request.toHTTPRequest()));
        if (response.indicatesSuccess() && response.toSuccessResponse().getUserInfo() != null) {
            var info = response.toSuccessResponse().getUserInfo();
            if (!info.getSubject().equals(id.getSubject())) {
                throw OidcProvider.refused("the login provider answered about another person");
            }
            info.toJSONObject().forEach(all::putIfAbsent);
        }
        return claims;
    }

    private ExternalUser user(String subject, OidcClaims claims) {
        Role role = claims.role();
        if (role == null) {
            throw Checks.forbidden(
                    "nothing in the claim "
                            + config.roleClaim()
                            + " gives a role here (an administrator can add to oidc.roles)");
        }
        return new ExternalUser(
                config.issuer(), subject, claims.username(subject), role, claims.sources());
    }
}

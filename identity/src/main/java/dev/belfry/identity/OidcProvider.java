package dev.belfry.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One OpenID provider: what it says about itself, its keys, and whether a token is its own. */
final class OidcProvider {
    /*
     * Only signatures that a public key verifies are taken. `none` is not among them, and neither is
     * an HMAC, whose key would be the client's secret or, by a mistake that is often made, the
     * provider's public key.
     */
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    private final OidcConfig config;
    private final Outgoing outgoing;
    private final InstantSource clock;
    private @Nullable Discovered discovered;

    /** What the provider says about itself, with its keys. */
    record Discovered(
            OIDCProviderMetadata metadata, JWKSource<SecurityContext> keys, long untilMillis) {}

    OidcProvider(OidcConfig config, Outgoing outgoing, InstantSource clock) {
        this.config = config;
        this.outgoing = outgoing;
        this.clock = clock;
    }

    /**
     * What the provider says about itself.
     *
     * @throws BelfryException OVERLOADED when it does not answer as it should
     */
    synchronized Discovered discovered() {
        Discovered known = discovered;
        if (known != null && clock.millis() < known.untilMillis) {
            return known;
        }
        try {
            String base = config.issuer().replaceAll("/$", "");
            String text = get(URI.create(base + "/.well-known/openid-configuration"));
            OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(text);
            if (!metadata.getIssuer().getValue().equals(config.issuer())) {
                throw away(
                        "it calls itself "
                                + metadata.getIssuer()
                                + " (expected: "
                                + config.issuer()
                                + ", as oidc.issuer says)");
            }
            JWKSource<SecurityContext> keys =
                    JWKSourceBuilder.<SecurityContext>create(
                                    metadata.getJWKSetURI().toURL(),
                                    url ->
                                            new Resource(
                                                    get(URI.create(url.toString())),
                                                    "application/json"))
                            .build();
            Discovered fresh =
                    new Discovered(
                            metadata, keys, clock.millis() + Limits.DISCOVERY_TIME.toMillis());
            discovered = fresh;
            return fresh;
        } catch (IOException | ParseException | IllegalArgumentException e) {
            if (known != null) {
                return known;
            }
            throw away(e.getMessage());
        }
    }

    /**
     * What {@code token} says when it is a good one: signed by a key of the provider, issued by it,
     * for Belfry, now, and for the attempt that {@code nonce} belongs to.
     */
    IDTokenClaimsSet verified(JWT token, String nonce) {
        if (!(token instanceof SignedJWT)) {
            throw refused("the provider's ID token is not signed");
        }
        Discovered now = discovered();
        Set<JWSAlgorithm> algorithms = new LinkedHashSet<>(ALGORITHMS);
        List<JWSAlgorithm> said = now.metadata().getIDTokenJWSAlgs();
        if (said != null) {
            algorithms.retainAll(said);
        }
        IDTokenValidator validator =
                new IDTokenValidator(
                        new Issuer(config.issuer()),
                        new ClientID(config.clientId()),
                        new JWSVerificationKeySelector<SecurityContext>(algorithms, now.keys()),
                        null);
        try {
            return validator.validate(token, new Nonce(nonce));
        } catch (BadJOSEException e) {
            throw refused("the provider's ID token is not good: " + e.getMessage());
        } catch (JOSEException e) {
            throw away("its keys: " + e.getMessage());
        }
    }

    /** Sends a request that the library made. */
    HTTPResponse send(HTTPRequest request) throws IOException {
        return request.send((HTTPRequestSender) this::send);
    }

    private ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
        Map<String, String> headers = new HashMap<>();
        request.getHeaderMap().forEach((name, values) -> headers.put(name, values.getFirst()));
        Outgoing.Answer answer =
                outgoing.send(
                        request.getMethod().name(), request.getURI(), headers, request.getBody());
        HTTPResponse response = new HTTPResponse(answer.status());
        try {
            if (!answer.contentType().isEmpty()) {
                response.setContentType(answer.contentType());
            }
        } catch (ParseException e) {
            throw new IOException("Content-Type: " + answer.contentType(), e);
        }
        response.setBody(answer.body());
        return response;
    }

    private String get(URI uri) throws IOException {
        Outgoing.Answer answer =
                outgoing.send("GET", uri, Map.of("Accept", "application/json"), null);
        if (answer.status() != 200) {
            throw new IOException(uri + ": status " + answer.status() + " (expected: 200)");
        }
        return answer.body();
    }

    BelfryException away(@Nullable String why) {
        return new BelfryException(
                ErrorCode.OVERLOADED,
                "the login provider "
                        + config.issuer()
                        + " cannot be used: "
                        + why
                        + " (try again in a moment)");
    }

    static BelfryException refused(String why) {
        return new BelfryException(ErrorCode.UNAUTHORIZED, why);
    }
}

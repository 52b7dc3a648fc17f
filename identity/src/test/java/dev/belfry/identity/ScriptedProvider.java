package dev.belfry.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An OpenID provider without a network: it answers what a test tells it to. */
final class ScriptedProvider implements Outgoing {
    static final String ISSUER = "https://login.example.com";
    private final ECKey key;
    String subject = "s-1";
    String nonce = "";
    Map<String, Object> claims = Map.of();
    boolean away;

    ScriptedProvider() {
        try {
            key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static OidcConfig config(@Nullable String sourcesClaim) {
        return new OidcConfig(
                ISSUER,
                "belfry",
                null,
                List.of("openid"),
                "preferred_username",
                "realm.roles",
                Map.of(Role.ADMIN, List.of("ops"), Role.USER, List.of("staff")),
                null,
                sourcesClaim);
    }

    @Override
    public Answer send(String method, URI uri, Map<String, String> headers, @Nullable String body)
            throws IOException {
        if (away) {
            throw new IOException("no answer");
        }
        String json =
                switch (uri.getPath()) {
                    case "/.well-known/openid-configuration" ->
                            """
                            {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize",
                            "token_endpoint":"%1$s/token","jwks_uri":"%1$s/keys",
                            "response_types_supported":["code"],
                            "subject_types_supported":["public"],
                            "id_token_signing_alg_values_supported":["ES256"]}
                            """
                                    .formatted(ISSUER);
                    case "/keys" -> new JWKSet(key.toPublicJWK()).toString();
                    case "/token" ->
                            "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\""
                                    + idToken()
                                    + "\"}";
                    default -> throw new IOException("unexpected: " + uri);
                };
        return new Answer(200, "application/json", json);
    }

    private String idToken() throws IOException {
        Date now = new Date();
        JWTClaimsSet.Builder builder =
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject(subject)
                        .audience("belfry")
                        .issueTime(now)
                        .expirationTime(new Date(now.getTime() + 60_000))
                        .claim("nonce", nonce);
        claims.forEach(builder::claim);
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(),
                        builder.build());
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IOException(e);
        }
        return token.serialize();
    }
}

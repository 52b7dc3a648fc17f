package dev.belfry.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * An OpenID provider on a loopback port: discovery, authorization, token, keys, user info. It
 * checks what Belfry sends, and can be told to answer wrongly.
 */
final class LocalIssuer implements AutoCloseable {
    static final String CLIENT = "belfry-test";
    static final String SECRET = "s3cret:with/odd+characters";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final RSAKey rsa;
    private final ECKey ec;
    private final ECKey foreign;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** How ID tokens are signed. */
    volatile String algorithm = "RS256";

    /** What is said of the person beside what every token says. */
    volatile Map<String, Object> claims = Map.of("preferred_username", "olga");

    /** What only user info says. */
    volatile Map<String, Object> userInfo = Map.of();

    /** By whom the person is known. */
    volatile String subject = "subject-1";

    /** The last change of a token's claims before it is signed. */
    volatile UnaryOperator<JWTClaimsSet.Builder> twist = builder -> builder;

    LocalIssuer() throws IOException, JOSEException {
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        foreign = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/openid-configuration", this::discovery);
        server.createContext("/keys", this::keys);
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.createContext("/userinfo", this::userInfo);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What Belfry did wrong by now. */
    List<String> problems() {
        return problems;
    }

    private void discovery(HttpExchange exchange) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("issuer", url());
        json.put("authorization_endpoint", url() + "/authorize");
        json.put("token_endpoint", url() + "/token");
        json.put("userinfo_endpoint", url() + "/userinfo");
        json.put("jwks_uri", url() + "/keys");
        json.put("end_session_endpoint", url() + "/logout");
        json.putArray("response_types_supported").add("code");
        json.putArray("subject_types_supported").add("public");
        json.putArray("id_token_signing_alg_values_supported")
                .add("RS256")
                .add("ES256")
                .add("HS256")
                .add("none");
        answer(exchange, 200, json.toString());
    }

    private void keys(HttpExchange exchange) throws IOException {
        List<JWK> keys = List.of(rsa.toPublicJWK(), ec.toPublicJWK());
        answer(exchange, 200, new JWKSet(keys).toString());
    }

    /** The person agrees at once. */
    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
        expect("code", query.get("response_type"), "response_type");
        expect(CLIENT, query.get("client_id"), "client_id");
        expect("S256", query.get("code_challenge_method"), "code_challenge_method");
        if (!query.getOrDefault("scope", "").contains("openid") || !query.containsKey("nonce")) {
            problems.add("scope or nonce: " + query);
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, query);
        String back =
                query.get("redirect_uri")
                        + "?code="
                        + code
                        + "&session_state=x&state="
                        + URLEncoder.encode(query.get("state"), StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Location", back);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String basic =
                URLEncoder.encode(CLIENT, StandardCharsets.UTF_8)
                        + ":"
                        + URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        expect(
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(basic.getBytes(StandardCharsets.UTF_8)),
                exchange.getRequestHeaders().getFirst("Authorization"),
                "Authorization");
        Map<String, String> query = codes.remove(String.valueOf(form.get("code")));
        if (query == null) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"<used>\"}");
            return;
        }
        expect(query.get("redirect_uri"), form.get("redirect_uri"), "redirect_uri");
        expect(
                query.get("code_challenge"),
                challenge(String.valueOf(form.get("code_verifier"))),
                "code_verifier");
        ObjectNode json = JSON.createObjectNode();
        json.put("access_token", "access");
        json.put("token_type", "Bearer");
        json.put("expires_in", 60);
        json.put("id_token", idToken(query.get("nonce")));
        answer(exchange, 200, json.toString());
    }

    private void userInfo(HttpExchange exchange) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("sub", subject);
        userInfo.forEach((name, value) -> json.set(name, JSON.valueToTree(value)));
        answer(exchange, 200, json.toString());
    }

    private String idToken(String nonce) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder builder =
                new JWTClaimsSet.Builder()
                        .issuer(url())
                        .subject(subject)
                        .audience(CLIENT)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(300)))
                        .claim("nonce", nonce);
        claims.forEach(builder::claim);
        JWTClaimsSet set = twist.apply(builder).build();
        try {
            return switch (algorithm) {
                case "none" -> new PlainJWT(set).serialize();
                case "RS256" -> signed(JWSAlgorithm.RS256, rsa, new RSASSASigner(rsa), set);
                case "ES256" -> signed(JWSAlgorithm.ES256, ec, new ECDSASigner(ec), set);
                case "foreign" -> signed(JWSAlgorithm.ES256, ec, new ECDSASigner(foreign), set);
                case "HS256" ->
                        signed(
                                JWSAlgorithm.HS256,
                                rsa,
                                new MACSigner(rsa.toPublicJWK().toRSAPublicKey().getEncoded()),
                                set);
                default -> throw new IllegalStateException(algorithm);
            };
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(
            JWSAlgorithm algorithm, JWK key, JWSSigner signer, JWTClaimsSet set)
            throws JOSEException {
        SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), set);
        token.sign(signer);
        return token.serialize();
    }

    private void expect(String wanted, String found, String name) {
        if (!wanted.equals(found)) {
            problems.add(name + ": " + found + " (expected: " + wanted + ")");
        }
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, String> form(String text) {
        Map<String, String> form = new HashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            form.put(
                    URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    static Map<String, String> query(String uri) {
        return form(URI.create(uri).getRawQuery());
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

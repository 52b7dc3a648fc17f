package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Login at a provider, as a browser does it; and every way in which it must fail. */
final class OidcTest {
    @TempDir private static Path data;
    private static LocalIssuer issuer;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        issuer = new LocalIssuer();
        server = start(data);
    }

    private static TestServer start(Path folder, String... more) {
        List<String> flags =
                List.of(
                        "--oidc.issuer",
                        issuer.url(),
                        "--oidc.client_id",
                        LocalIssuer.CLIENT,
                        "--oidc.client_secret",
                        LocalIssuer.SECRET,
                        "--oidc.roles",
                        "{\"admin\":[\"ops\"],\"moderator\":[\"leads\"],\"user\":[\"staff\"]}",
                        "--oidc.sources_claim",
                        "belfry.sources",
                        "--oidc.label",
                        "Log in with Example");
        List<String> all = new java.util.ArrayList<>(flags);
        all.addAll(List.of(more));
        return TestServer.start(folder, all.toArray(String[]::new));
    }

    @AfterAll
    static void end() {
        server.close();
        issuer.close();
    }

    @BeforeEach
    void asItShouldBe() {
        issuer.algorithm = "RS256";
        issuer.subject = "subject-1";
        issuer.claims = Map.of("preferred_username", "olga", "groups", List.of("x", "staff"));
        issuer.userInfo = Map.of();
        issuer.twist = builder -> builder;
    }

    /** What a browser has after the provider sent it back. */
    private record Back(String callback, String cookie) {}

    @Test
    void providers_showTheButton() {
        JsonNode provider = server.get("/api/v1/auth/providers", "").expect(200).data().get(0);
        assertThat(provider.get("id").asText()).isEqualTo("oidc");
        assertThat(provider.get("label").asText()).isEqualTo("Log in with Example");
        assertThat(provider.get("url").asText()).isEqualTo("/api/v1/auth/oidc");
    }

    @Test
    void login_makesTheUser_andFollowsTheClaims() {
        for (String algorithm : List.of("RS256", "ES256")) {
            issuer.algorithm = algorithm;
            issuer.subject = "subject-" + algorithm;
            issuer.claims =
                    Map.of(
                            "preferred_username", "olga-" + algorithm,
                            "groups", List.of("x", "staff"),
                            "belfry", Map.of("sources", List.of("shop", "web")));
            HttpResponse<String> done = finish(begin("/explore?q=a"));
            assertThat(done.statusCode()).as(done.body()).isEqualTo(302);
            assertThat(done.headers().firstValue("location")).contains("/explore?q=a");
            String set = done.headers().firstValue("set-cookie").orElse("");
            assertThat(set).contains("HttpOnly", "SameSite=Strict");
            JsonNode me = me(set);
            assertThat(me.get("username").asText()).isEqualTo("olga-" + algorithm);
            assertThat(me.get("role").asText()).isEqualTo("user");
            assertThat(me.get("sources").toString()).isEqualTo("[\"shop\",\"web\"]");
            assertThat(me.get("issuer").asText()).isEqualTo(issuer.url());
            issuer.claims =
                    Map.of("preferred_username", "renamed", "groups", List.of("leads", "staff"));
            JsonNode again = me(loggedIn(begin("/")));
            assertThat(again.get("id")).isEqualTo(me.get("id"));
            assertThat(again.get("role").asText()).isEqualTo("moderator");
            assertThat(again.get("sources")).isEmpty();
        }
        assertThat(issuer.problems()).isEmpty();
        JsonNode audit =
                server.get("/api/v1/audit?action=auth.login&limit=1000", server.admin()).data();
        assertThat(audit.findValuesAsText("provider")).contains(issuer.url());
    }

    @Test
    void userInfo_isAskedForWhatTheTokenDoesNotSay() {
        issuer.subject = "quiet";
        issuer.claims = Map.of();
        issuer.userInfo = Map.of("preferred_username", "quiet", "groups", List.of("staff"));
        assertThat(me(loggedIn(begin("/"))).get("username").asText()).isEqualTo("quiet");
    }

    @Test
    void unknownRole_isToldOnAPage_andDefaultRoleTakesThem(@TempDir Path other) {
        issuer.subject = "nobody";
        issuer.claims = Map.of("preferred_username", "<b>nobody</b>", "groups", List.of("x"));
        HttpResponse<String> done = finish(begin("/"));
        assertThat(done.statusCode()).isEqualTo(403);
        assertThat(done.headers().firstValue("content-type").orElse("")).contains("text/html");
        assertThat(done.body()).contains("gives a role here", "Back to Belfry");
        assertThat(done.headers().firstValue("set-cookie")).isEmpty();
        try (TestServer lenient = start(other, "--oidc.default_role", "user")) {
            HttpResponse<String> in = finish(lenient, begin(lenient, "/"));
            assertThat(in.statusCode()).as(in.body()).isEqualTo(302);
        }
    }

    @Test
    void nameOfAnotherAccount_isNotTakenOver() {
        issuer.subject = "impostor";
        issuer.claims = Map.of("preferred_username", "admin", "groups", List.of("ops"));
        HttpResponse<String> done = finish(begin("/"));
        assertThat(done.statusCode()).isEqualTo(409);
        assertThat(done.body()).contains("is taken");
    }

    @Test
    void externalUser_hasNoPasswordHere_andCanBeDisabled() {
        issuer.subject = "external";
        issuer.claims = Map.of("preferred_username", "external", "groups", List.of("staff"));
        String cookie = loggedIn(begin("/"));
        String id = me(cookie).get("id").asText();
        String admin = server.admin();
        String user = "/api/v1/users/" + id;
        server.post(user + "/force-password-reset", admin, "").expect(409);
        server.send("PUT", user, admin, "{\"password\":\"a long password\"}").expect(409);
        server.post(
                        "/api/v1/auth/login",
                        "",
                        "{\"username\":\"external\",\"password\":\"a long password\"}")
                .expect(401);
        server.send("PUT", user, admin, "{\"disabled\":true}").expect(200);
        HttpRequest request =
                server.request("GET", EVENTS, "").header("Cookie", session(cookie)).build();
        assertThat(server.send(request).status()).isEqualTo(401);
        assertThat(finish(begin("/")).statusCode()).isEqualTo(403);
    }

    @Test
    void logout_alsoLeadsToTheProvider() {
        issuer.subject = "leaving";
        issuer.claims = Map.of("preferred_username", "leaving", "groups", List.of("staff"));
        String cookie = session(loggedIn(begin("/")));
        HttpRequest request =
                server.request("POST", "/api/v1/auth/logout", "")
                        .header("Cookie", cookie)
                        .header("Origin", server.uri("").toString())
                        .build();
        TestServer.Answer answer = server.send(request).expect(200);
        assertThat(answer.data().get("logout_url").asText())
                .startsWith(issuer.url() + "/logout?client_id=" + LocalIssuer.CLIENT);
    }

    @Test
    void badTokens_areRefused() {
        Instant now = Instant.now();
        refusedToken("nonce", token -> token.claim("nonce", "another"));
        refusedToken("nonce", token -> token.claim("nonce", null));
        refusedToken("audience", token -> token.audience("another-client"));
        refusedToken("iss", token -> token.issuer("https://evil.example"));
        refusedToken("Expired", token -> token.expirationTime(Date.from(now.minusSeconds(600))));
        refusedToken("issue time", token -> token.issueTime(Date.from(now.plusSeconds(3600))));
        for (String bad : List.of("none", "foreign", "HS256")) {
            issuer.algorithm = bad;
            HttpResponse<String> done = finish(begin("/"));
            assertThat(done.statusCode()).as(bad + ": " + done.body()).isEqualTo(401);
            assertThat(done.headers().firstValue("set-cookie")).isEmpty();
        }
    }

    private void refusedToken(String said, UnaryOperator<JWTClaimsSet.Builder> twist) {
        issuer.twist = twist;
        HttpResponse<String> done = finish(begin("/"));
        assertThat(done.statusCode()).as(said + ": " + done.body()).isEqualTo(401);
        assertThat(done.body()).containsIgnoringCase(said);
        assertThat(done.headers().firstValue("set-cookie")).isEmpty();
    }

    @Test
    void badAnswers_areRefused() {
        Back good = begin("/");
        String state = LocalIssuer.query(good.callback()).get("state");
        String base = good.callback().substring(0, good.callback().indexOf('?'));
        refused(new Back(base, good.cookie()));
        refused(new Back(base + "?code=a&state=another", good.cookie()));
        refused(new Back(good.callback(), ""));
        Back other = begin("/");
        refused(new Back(other.callback(), good.cookie()));
        Back denied = begin("/");
        String deniedState = LocalIssuer.query(denied.callback()).get("state");
        HttpResponse<String> page =
                finish(
                        new Back(
                                base
                                        + "?error=access_denied&error_description=%3Cscript%3E&state="
                                        + deniedState,
                                denied.cookie()));
        assertThat(page.statusCode()).isEqualTo(401);
        assertThat(page.body()).contains("&lt;script&gt;").doesNotContain("<script>");
        Back replayed = begin("/");
        assertThat(finish(replayed).statusCode()).isEqualTo(302);
        refused(replayed);
        Back fresh = begin("/");
        String code = LocalIssuer.query(replayed.callback()).get("code");
        String freshState = LocalIssuer.query(fresh.callback()).get("state");
        refused(new Back(base + "?code=" + code + "&state=" + freshState, fresh.cookie()));
        Back mixed = begin("/");
        refused(new Back(mixed.callback() + "&iss=https%3A%2F%2Fevil.example", mixed.cookie()));
        Back late = begin("/");
        server.clock().forward(Duration.ofMinutes(11));
        refused(late);
        assertThat(state).isNotEmpty();
    }

    private static void refused(Back back) {
        HttpResponse<String> done = finish(back);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(401);
        assertThat(done.headers().firstValue("set-cookie")).isEmpty();
    }

    @Test
    void returnTo_staysHere() {
        for (String evil :
                List.of("https://evil.example", "//evil.example", "/\\evil.example", "/api/v1/x")) {
            HttpResponse<String> done = finish(begin(evil));
            assertThat(done.headers().firstValue("location")).as(evil).contains("/");
        }
    }

    @Test
    void passwordLogin_canBeSwitchedOff(@TempDir Path other) {
        try (TestServer only = start(other, "--auth.password_login", "false")) {
            assertThat(
                            only.get("/api/v1/auth/providers", "")
                                    .json()
                                    .get("password_login")
                                    .asBoolean())
                    .isFalse();
            only.post(
                            "/api/v1/auth/login",
                            "",
                            "{\"username\":\"admin\",\"password\":\"" + TestServer.PASSWORD + "\"}")
                    .expect(403);
        }
    }

    @Test
    void providerThatIsAwayOrForbidden_isToldOnAPage(@TempDir Path one, @TempDir Path two) {
        try (TestServer away = TestServer.start(one, "--oidc.issuer", "http://127.0.0.1:1/realm")) {
            TestServer.Answer page = away.get("/api/v1/auth/oidc", "").expect(503);
            assertThat(page.text()).contains("cannot be used");
        }
        try (TestServer forbidden =
                TestServer.start(two, "--oidc.issuer", "http://169.254.169.254/latest")) {
            TestServer.Answer page = forbidden.get("/api/v1/auth/oidc", "").expect(503);
            assertThat(page.text()).contains("169.254.169.254", "may not be called");
        }
    }

    private static Back begin(String returnTo) {
        return begin(server, returnTo);
    }

    /** To the provider and back, but not yet in. */
    private static Back begin(TestServer target, String returnTo) {
        String path =
                "/api/v1/auth/oidc?return_to="
                        + java.net.URLEncoder.encode(
                                returnTo, java.nio.charset.StandardCharsets.UTF_8);
        TestServer.Answer there = target.get(path, "").expect(302);
        String set = there.header("set-cookie");
        assertThat(set).contains("HttpOnly", "SameSite=Lax", "Path=/api/v1/auth/oidc");
        HttpResponse<String> back = fetch(target.client(), there.header("location"), "");
        return new Back(back.headers().firstValue("location").orElseThrow(), session(set));
    }

    private static HttpResponse<String> finish(Back back) {
        return finish(server, back);
    }

    private static HttpResponse<String> finish(TestServer target, Back back) {
        return fetch(target.client(), back.callback(), back.cookie());
    }

    private static String loggedIn(Back back) {
        HttpResponse<String> done = finish(back);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(302);
        return done.headers().firstValue("set-cookie").orElseThrow();
    }

    private static JsonNode me(String setCookie) {
        HttpRequest request =
                server.request("GET", "/api/v1/auth/me", "")
                        .header("Cookie", session(setCookie))
                        .build();
        return server.send(request).expect(200).data();
    }

    private static String session(String setCookie) {
        return setCookie.substring(0, setCookie.indexOf(';'));
    }

    private static HttpResponse<String> fetch(HttpClient client, String uri, String cookie) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(uri, e);
        }
    }
}

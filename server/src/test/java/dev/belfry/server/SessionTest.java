package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log in, cookies, keys, and what identity tells the store. */
final class SessionTest {
    @TempDir private static Path data;
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void login_withWrongCredentials_neverSaysWhich() {
        TestServer.Answer wrong =
                server.post(
                        "/api/v1/auth/login",
                        "",
                        "{\"username\":\"admin\",\"password\":\"not this one\"}");
        TestServer.Answer nobody =
                server.post(
                        "/api/v1/auth/login",
                        "",
                        "{\"username\":\"nobody\",\"password\":\"not this one\"}");
        wrong.expect(401);
        nobody.expect(401);
        assertThat(wrong.errorMessage()).isEqualTo(nobody.errorMessage());
    }

    @Test
    void cookie_ofLogin_readsAlways_andWritesOnlyFromTheSameOrigin() {
        TestServer.Answer login =
                server.post(
                        "/api/v1/auth/login",
                        "",
                        "{\"username\":\"admin\",\"password\":\"" + TestServer.PASSWORD + "\"}");
        String header = login.expect(200).header("set-cookie");
        assertThat(header).contains("HttpOnly", "SameSite=Strict", "Path=/");
        String cookie = header.substring(0, header.indexOf(';'));
        String own = "http://127.0.0.1:" + server.server().port();
        assertThat(server.send(browser("GET", EVENTS, cookie, "").build()).status()).isEqualTo(200);
        assertThat(post(cookie, "")).isEqualTo(403);
        assertThat(post(cookie, "http://evil.example")).isEqualTo(403);
        assertThat(post(cookie, own)).isEqualTo(201);
        assertThat(
                        server.send(browser("POST", "/api/v1/auth/logout", cookie, own).build())
                                .status())
                .isEqualTo(200);
        assertThat(server.send(browser("GET", EVENTS, cookie, "").build()).status()).isEqualTo(401);
    }

    @Test
    void login_fromAnotherOrigin_isRefused() {
        HttpRequest request =
                server.request("POST", "/api/v1/auth/login", "")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .header("Origin", "http://evil.example")
                        .build();
        assertThat(server.send(request).status()).isEqualTo(403);
    }

    @Test
    void key_worksAsHeader_untilRevoked() {
        String admin = server.admin();
        TestServer.Answer made =
                server.post(
                        "/api/v1/keys",
                        admin,
                        "{\"name\":\"k\",\"permissions\":[\"monitoring:events:read\"]}");
        String key = made.expect(201).data().get("key").asText();
        String id = made.data().get("id").asText();
        HttpRequest byHeader = server.request("GET", EVENTS, "").header("X-API-Key", key).build();
        assertThat(server.send(byHeader).status()).isEqualTo(200);
        assertThat(server.get("/api/v1/keys/" + id, admin).expect(200).data().has("key")).isFalse();
        server.send("DELETE", "/api/v1/keys/" + id, admin, "").expect(200);
        assertThat(server.send(byHeader).status()).isEqualTo(401);
    }

    @Test
    void userWhoMustChangeThePassword_mayDoNothingElse() {
        String admin = server.admin();
        String body =
                "{\"username\":\"fresh\",\"password\":\"the first password\","
                        + "\"must_change_password\":true}";
        server.post("/api/v1/users", admin, body).expect(201);
        String token = server.login("fresh", "the first password");
        server.get(EVENTS, token).expect(403);
        server.get("/api/v1/keys", token).expect(403);
        assertThat(
                        server.get("/api/v1/auth/me", token)
                                .expect(200)
                                .data()
                                .get("must_change_password")
                                .asBoolean())
                .isTrue();
        server.post(
                        "/api/v1/auth/password",
                        token,
                        "{\"current_password\":\"the first password\","
                                + "\"new_password\":\"the second password\"}")
                .expect(200);
        String again = server.login("fresh", "the second password");
        server.get(EVENTS, again).expect(200);
    }

    @Test
    void users_areMadeChangedAndRemoved_withATrail() {
        String admin = server.admin();
        String body = "{\"username\":\"temp\",\"password\":\"temporary password\"}";
        String id = server.post("/api/v1/users", admin, body).expect(201).data().get("id").asText();
        server.post("/api/v1/users", admin, body).expect(409);
        server.send("PUT", "/api/v1/users/" + id, admin, "{\"color\":\"red\"}").expect(400);
        server.send("PUT", "/api/v1/users/" + id, admin, "{\"sources\":[\"a\",\"b\"]}").expect(200);
        assertThat(server.get("/api/v1/users/" + id, admin).data().get("sources")).hasSize(2);
        server.post("/api/v1/users/" + id + "/force-password-reset", admin, "").expect(200);
        server.send("DELETE", "/api/v1/users/" + id, admin, "").expect(200);
        server.get("/api/v1/users/" + id, admin).expect(404);
        assertThat(
                        server.get("/api/v1/audit?action=user.&limit=1000", admin)
                                .expect(200)
                                .data()
                                .findValuesAsText("action"))
                .contains("user.create", "user.update", "user.delete");
        String me = server.get("/api/v1/auth/me", admin).data().get("id").asText();
        server.send("DELETE", "/api/v1/users/" + me, admin, "").expect(409);
    }

    @Test
    void sessions_areListedAndEnded_oneAndAllOthers() {
        String admin = server.admin();
        String one = server.user(admin, "sessions", "user");
        String two = server.login("sessions", "password of sessions");
        String three = server.login("sessions", "password of sessions");
        JsonNode listed = server.get("/api/v1/auth/sessions", one).expect(200).data();
        assertThat(listed).hasSize(3);
        assertThat(listed.findValuesAsText("ip_address")).containsOnly("127.0.0.1");
        assertThat(listed.findValues("current").stream().filter(JsonNode::asBoolean)).hasSize(1);
        String id = server.get("/api/v1/auth/me", one).data().get("id").asText();
        String ofTwo = current(server.get("/api/v1/auth/sessions", two).data());
        String ofUser = "/api/v1/users/" + id + "/sessions";
        server.get(ofUser, one).expect(403);
        assertThat(server.get(ofUser, admin).expect(200).data()).hasSize(3);
        server.send("DELETE", "/api/v1/auth/sessions/" + ofTwo, one, "").expect(200);
        server.get("/api/v1/auth/me", two).expect(401);
        server.get("/api/v1/auth/me", three).expect(200);
        String ofAdmin = current(server.get("/api/v1/auth/sessions", admin).data());
        server.send("DELETE", "/api/v1/auth/sessions/" + ofAdmin, one, "").expect(404);
        assertThat(
                        server.send("DELETE", "/api/v1/auth/sessions", one, "")
                                .expect(200)
                                .data()
                                .get("ended")
                                .asInt())
                .isEqualTo(1);
        server.get("/api/v1/auth/me", three).expect(401);
        server.get("/api/v1/auth/me", one).expect(200);
        server.send("DELETE", ofUser, admin, "").expect(200);
        server.get("/api/v1/auth/me", one).expect(401);
        server.get("/api/v1/users/" + UUID.randomUUID() + "/sessions", admin).expect(404);
    }

    private static String current(JsonNode sessions) {
        for (JsonNode session : sessions) {
            if (session.get("current").asBoolean()) {
                return session.get("id").asText();
            }
        }
        throw new AssertionError(sessions.toString());
    }

    @Test
    void forcedReset_byAModerator_holdsTheUserUntilThePasswordIsChanged() {
        String admin = server.admin();
        String moderator = server.user(admin, "forcing", "moderator");
        String forced = server.user(admin, "forced", "user");
        String id = server.get("/api/v1/auth/me", forced).data().get("id").asText();
        String adminId = server.get("/api/v1/auth/me", admin).data().get("id").asText();
        String reset = "/force-password-reset";
        server.post("/api/v1/users/" + adminId + reset, moderator, "").expect(403);
        server.post("/api/v1/users/" + id + reset, forced, "").expect(403);
        server.post("/api/v1/users/" + id + reset, moderator, "").expect(200);
        server.get("/api/v1/auth/me", forced).expect(401);
        TestServer.Answer login =
                server.post(
                        "/api/v1/auth/login",
                        "",
                        "{\"username\":\"forced\",\"password\":\"password of forced\"}");
        assertThat(login.expect(200).data().at("/user/must_change_password").asBoolean()).isTrue();
        String held = login.data().get("token").asText();
        for (String path : List.of(EVENTS, "/api/v1/keys", "/api/v1/auth/sessions", "/metrics")) {
            assertThat(server.get(path, held).expect(403).errorMessage())
                    .as(path)
                    .contains("password must be changed first");
        }
        server.post(EVENTS, held, "{\"event_type\":\"log\",\"source\":\"a\"}").expect(403);
        String change =
                "{\"current_password\":\"password of forced\","
                        + "\"new_password\":\"another password of forced\"}";
        server.post("/api/v1/auth/password", held, change).expect(200);
        server.get(EVENTS, held).expect(200);
    }

    @Test
    void key_hasLogGroupAndRates_theLatterByAnAdministratorOnly() {
        String admin = server.admin();
        String user = server.user(admin, "keyed", "user");
        String plain =
                "{\"name\":\"k\",\"permissions\":[\"monitoring:events:write\"],"
                        + "\"log_group\":\"/team/web\"}";
        assertThat(
                        server.post("/api/v1/keys", user, plain)
                                .expect(201)
                                .data()
                                .get("log_group")
                                .asText())
                .isEqualTo("/team/web");
        String key =
                server.post("/api/v1/keys", user, plain).expect(201).data().get("key").asText();
        String named = "{\"event_type\":\"log\",\"source\":\"grouped\",\"log_group\":\"/own\"}";
        String bare = "{\"event_type\":\"log\",\"source\":\"grouped\"}";
        server.post(EVENTS, key, "[" + bare + "," + named + "," + bare + "]").expect(201);
        String group = EVENTS + "?source=grouped&tag.log_group=";
        assertThat(server.get(group + "/team/web", admin).expect(200).data()).hasSize(2);
        assertThat(server.get(group + "/own", admin).expect(200).data()).hasSize(1);
        String limited = plain.replace("}", ",\"rate_limits\":{\"events_per_second\":5}}");
        server.post("/api/v1/keys", user, limited).expect(403);
        assertThat(
                        server.post("/api/v1/keys", admin, limited)
                                .expect(201)
                                .data()
                                .at("/rate_limits/events_per_second")
                                .asLong())
                .isEqualTo(5);
        server.post("/api/v1/keys", admin, limited.replace(":5", ":0")).expect(400);
        server.post("/api/v1/keys", admin, limited.replace("events_per", "apples_per")).expect(400);
    }

    @Test
    void providers_areForEveryone() {
        JsonNode answer = server.get("/api/v1/auth/providers", "").expect(200).json();
        assertThat(answer.get("data")).isEmpty();
        assertThat(answer.get("password_login").asBoolean()).isTrue();
    }

    @Test
    void logins_areEventsOfBelfryItself() {
        String admin = server.admin();
        server.get("/api/v1/monitoring/sql-or-so", admin).expect(404);
        TestServer.Answer found =
                Waiting.until(
                        () -> server.get(EVENTS + "?source=belfry-auth&tag.action=login", admin),
                        answer -> !answer.data().isEmpty());
        assertThat(found.data().at("/0/tags/ip_address").asText()).isEqualTo("127.0.0.1");
    }

    @Test
    void localKey_isForTheOwnerOnly_andWorks() throws Exception {
        Path file = data.resolve("local.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String key = Files.readString(file).strip();
        server.post(EVENTS, key, "{\"event_type\":\"log\",\"source\":\"local\"}").expect(201);
        server.get(EVENTS, key).expect(200);
        server.get("/api/v1/users", key).expect(403);
    }

    private static int post(String cookie, String origin) {
        HttpRequest.Builder request =
                browser("POST", EVENTS, cookie, origin)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"event_type\":\"log\",\"source\":\"page\"}"));
        return server.send(request.build()).status();
    }

    private static HttpRequest.Builder browser(
            String method, String path, String cookie, String origin) {
        HttpRequest.Builder request = server.request(method, path, "").header("Cookie", cookie);
        return origin.isEmpty() ? request : request.header("Origin", origin);
    }
}

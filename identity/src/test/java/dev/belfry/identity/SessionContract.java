package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.identity.SecurityEvent.Action;
import dev.belfry.model.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Sessions, and changes of the password that end them. */
abstract class SessionContract extends IdentityContract {
    @Test
    void session_endsWithoutUse() {
        make("ann", Role.USER);
        Login login = login("ann");

        clock.advance(Duration.ofHours(12).minusMillis(1));
        assertThat(identity.authenticate(login.token()).name()).isEqualTo("ann");
        Login unused = login("ann");
        clock.advance(Duration.ofHours(12));

        assertThat(codeOf(() -> identity.authenticate(unused.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(identity.cached(unused.token())).isEmpty();
    }

    @Test
    void session_slidesWithUse_upToItsMaximum() {
        make("ann", Role.USER);
        Login login = login("ann");
        Instant end = clock.instant().plus(Duration.ofDays(7));

        while (clock.instant().plus(Duration.ofHours(11)).isBefore(end)) {
            clock.advance(Duration.ofHours(11));
            assertThat(identity.authenticate(login.token()).name()).isEqualTo("ann");
        }
        clock.advance(Duration.between(clock.instant(), end));

        assertThat(codeOf(() -> identity.authenticate(login.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void cachedSession_endsOnTime_withoutReadingTheStore() {
        make("ann", Role.USER);
        Login login = login("ann");
        clock.advance(Duration.ofHours(12).minusSeconds(10));
        store.write(handle -> handle.execute("UPDATE sessions SET last_used_at = " + millis()));
        identity.authenticate(login.token());

        clock.advance(Duration.ofSeconds(9));
        assertThat(identity.cached(login.token())).isPresent();
        clock.advance(Duration.ofSeconds(1));
        assertThat(identity.cached(login.token())).isEmpty();
    }

    @Test
    void unknownTokens_areRefused() {
        for (String token : List.of("", "x", "blf_", "blf_x", "x".repeat(100_000), "é\0")) {
            assertThat(codeOf(() -> identity.authenticate(token)))
                    .isEqualTo(ErrorCode.UNAUTHORIZED);
        }
    }

    @Test
    void logout_endsTheSessionAtOnce() {
        make("ann", Role.USER);
        Login login = login("ann");
        Login other = login("ann");
        identity.authenticate(login.token());

        identity.logout(login.token(), HOME);
        identity.logout("unknown", HOME);

        assertThat(identity.cached(login.token())).isEmpty();
        assertThat(codeOf(() -> identity.authenticate(login.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(identity.authenticate(other.token()).name()).isEqualTo("ann");
        assertThat(actions()).containsExactly(Action.LOGIN, Action.LOGIN, Action.LOGOUT);
    }

    @Test
    void token_isKeptNowhere() {
        make("ann", Role.USER);
        Login login = login("ann");

        List<String> hashes =
                store.read(handle ->
                        handle.createQuery("SELECT token_hash FROM sessions")
                                .map(row -> row.getString(1))
                                .list());

        assertThat(hashes)
                .contains(TokenHash.of(login.token()).hex())
                .allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        assertThat(login.toString()).doesNotContain(login.token());
    }

    @Test
    void sessions_areListed_andRevokedByTheirUser() {
        User ann = make("ann", Role.USER);
        Login first = identity.login("ann", PASSWORD, new Origin("10.0.0.1", null, "curl/8"));
        clock.advance(Duration.ofMinutes(1));
        Caller caller = as("ann");

        List<Session> sessions = identity.sessions().list(caller, ann.id());
        assertThat(sessions).extracting(Session::address).containsExactly("127.0.0.1", "10.0.0.1");
        assertThat(sessions.getLast().userAgent()).isEqualTo("curl/8");

        identity.sessions().revoke(caller, first.sessionId());
        assertThat(codeOf(() -> identity.authenticate(first.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(identity.sessions().list(caller, ann.id())).hasSize(1);
    }

    @Test
    void sessions_ofOthers_areForAdministratorsOnly() {
        User ann = make("ann", Role.USER);
        make("mod", Role.MODERATOR);
        Login login = login("ann");
        Caller moderator = as("mod");

        assertThat(codeOf(() -> identity.sessions().list(moderator, ann.id())))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> identity.sessions().revoke(moderator, login.sessionId())))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(() -> identity.sessions().revoke(admin, UUID.randomUUID())))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(identity.sessions().list(admin, ann.id())).hasSize(1);
        assertThat(identity.sessions().revokeAll(admin, ann.id())).isEqualTo(1);
        assertThat(codeOf(() -> identity.authenticate(login.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void fiftyFirstSession_endsTheOldest() {
        User ann = make("ann", Role.USER);
        List<Login> logins = new ArrayList<>();
        for (int i = 0; i <= Limits.SESSIONS_MAX; i++) {
            clock.advance(Duration.ofSeconds(1));
            if (i > 0) {
                identity.authenticate(logins.getFirst().token());
            }
            logins.add(login("ann"));
        }

        assertThat(identity.sessions().list(admin, ann.id())).hasSize(Limits.SESSIONS_MAX);
        assertThat(codeOf(() -> identity.authenticate(logins.getFirst().token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(identity.authenticate(logins.get(1).token()).name()).isEqualTo("ann");
    }

    @Test
    void expiredSessions_areRemoved_atTheNextLogin() {
        make("ann", Role.USER);
        login("ann");
        clock.advance(Duration.ofDays(1));
        login("ann");

        long count = store.read(handle -> UserRows.number(handle, "SELECT count(*) FROM sessions"));
        assertThat(count).isEqualTo(1);
    }

    @Test
    void changedPassword_endsTheOtherSessions() {
        make("ann", Role.USER);
        Login other = login("ann");
        Login own = login("ann");

        identity.changePassword(caller(own), PASSWORD, "a better password");

        assertThat(identity.authenticate(own.token()).name()).isEqualTo("ann");
        assertThat(codeOf(() -> identity.authenticate(other.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(codeOf(() -> login("ann"))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(identity.login("ann", "a better password", HOME)).isNotNull();
        assertThat(actions()).contains(Action.PASSWORD_CHANGED);
    }

    @Test
    void changedPassword_needsTheCurrentOne_andTheRules() {
        make("a.long.username", Role.USER);
        Caller caller = as("a.long.username");

        assertThat(
                        failureOf(() ->
                                identity.changePassword(
                                        caller, "not the password", "a better password")))
                .hasMessage("current_password: is wrong");
        for (String bad :
                List.of("", "ninechars", "x".repeat(257), "A.Long.Username", "xxxxxxxxxxxx")) {
            assertThat(codeOf(() -> identity.changePassword(caller, PASSWORD, bad)))
                    .as(bad)
                    .isEqualTo(ErrorCode.VALIDATION_ERROR);
        }
        assertThat(codeOf(() -> identity.changePassword(caller, PASSWORD, PASSWORD)))
                .isEqualTo(ErrorCode.VALIDATION_ERROR);
        identity.changePassword(caller, PASSWORD, "ten chars!");
    }

    @Test
    void guessingTheCurrentPassword_isThrottled() {
        make("ann", Role.USER);
        Caller caller = as("ann");
        for (int i = 0; i < 3; i++) {
            failureOf(() -> identity.changePassword(caller, "not the one", "a better password"));
        }

        assertThat(codeOf(() -> identity.changePassword(caller, PASSWORD, "a better password")))
                .isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void password_cannotBeChangedByAKey() {
        make("ann", Role.USER);
        CreatedApiKey key =
                identity.keys().create(as("ann"), NewApiKey.of("k", Permission.EVENTS_READ));

        assertThat(
                        codeOf(() ->
                                identity.changePassword(
                                        caller(key.token()), PASSWORD, "a better one")))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void forcedReset_allowsNothingButANewPassword() {
        User ann = make("ann", Role.ADMIN);
        Login before = login("ann");
        CreatedApiKey key =
                identity.keys().create(as("ann"), NewApiKey.of("k", Permission.EVENTS_READ));

        identity.users().forcePasswordReset(admin, ann.id());

        assertThat(codeOf(() -> identity.authenticate(before.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        Login after = login("ann");
        Caller held = caller(after);
        assertThat(after.user().mustChangePassword()).isTrue();
        assertThat(held.principal().permissions()).isEmpty();
        assertThat(held.principal().mayRead("api", held.principal().text())).isFalse();
        assertThat(failureOf(() -> identity.users().list(held, 10, 0)))
                .hasMessageContaining("password must be changed");
        assertThat(codeOf(() -> identity.keys().list(held, null, 10, 0)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(identity.authenticate(key.token()).may(Permission.EVENTS_READ)).isTrue();

        identity.changePassword(held, PASSWORD, "a better password");
        assertThat(identity.authenticate(after.token()).may(Permission.ADMIN)).isTrue();
    }

    @Test
    void forcedReset_isForModerators_butNotAboveTheirRole() {
        User ann = make("ann", Role.USER);
        make("mod", Role.MODERATOR);
        Caller moderator = as("mod");

        identity.users().forcePasswordReset(moderator, ann.id());
        assertThat(identity.users().find(ann.id()).orElseThrow().mustChangePassword()).isTrue();
        assertThat(
                        codeOf(() ->
                                identity.users()
                                        .forcePasswordReset(moderator, admin.principal().userId())))
                .isEqualTo(ErrorCode.FORBIDDEN);
        make("bob", Role.USER);
        Caller user = as("bob");
        assertThat(codeOf(() -> identity.users().forcePasswordReset(user, ann.id())))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    private long millis() {
        return clock.millis();
    }
}

package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.identity.SecurityEvent.Action;
import dev.belfry.model.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Users that a provider vouches for. */
abstract class ExternalContract extends IdentityContract {
    private static final URI BACK = URI.create("http://127.0.0.1:3000/back");
    private final ScriptedProvider provider = new ScriptedProvider();

    private Login enter(OidcLogin oidc, String subject, Map<String, Object> claims) {
        provider.subject = subject;
        provider.claims = claims;
        OidcLogin.Begun begun = oidc.begin(BACK, "/explore");
        Map<String, String> sent = query(begun.goTo());
        provider.nonce = sent.get("nonce");
        assertThat(sent.get("code_challenge_method")).isEqualTo("S256");
        Map<String, String> back = Map.of("code", "c", "state", sent.get("state"));
        OidcLogin.Finished finished = oidc.finish(back, begun.browser(), HOME);
        assertThat(finished.returnTo()).isEqualTo("/explore");
        return finished.login();
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String pair : uri.getRawQuery().split("&")) {
            query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return query;
    }

    private static Map<String, Object> person(String name, String role) {
        return Map.of("preferred_username", name, "realm", Map.of("roles", List.of("other", role)));
    }

    @Test
    void firstLogin_makesTheUser_laterOnesFollowTheClaims() {
        OidcLogin oidc = identity.oidc(ScriptedProvider.config(null), provider);
        Login first = enter(oidc, "s-1", person("eve user", "staff"));
        assertThat(first.user().username()).isEqualTo("eve-user");
        assertThat(first.user().role()).isEqualTo(Role.USER);
        assertThat(first.user().issuer()).isEqualTo(ScriptedProvider.ISSUER);
        assertThat(first.user().mustChangePassword()).isFalse();
        assertThat(identity.authenticate(first.token()).may(Permission.EVENTS_READ)).isTrue();
        identity.users()
                .update(admin, first.user().id(), UserChange.NONE.withSources(Set.of("kept")));
        Login second = enter(oidc, "s-1", person("other", "ops"));
        assertThat(second.user().id()).isEqualTo(first.user().id());
        assertThat(second.user().role()).isEqualTo(Role.ADMIN);
        assertThat(second.user().sources()).containsExactly("kept");
        assertThat(second.user().lastLoginAt()).isNotNull();
        assertThat(identity.authenticate(first.token()).may(Permission.ADMIN)).isTrue();
        assertThat(enter(oidc, "s-2", person("mia", "staff")).user().id())
                .isNotEqualTo(first.user().id());
        assertThat(actions()).containsExactly(Action.LOGIN, Action.LOGIN, Action.LOGIN);
    }

    @Test
    void sources_areTheProvidersWhereItIsAsked() {
        OidcLogin oidc = identity.oidc(ScriptedProvider.config("own"), provider);
        Map<String, Object> claims = new HashMap<>(person("sam", "staff"));
        claims.put("own", List.of("b", "a"));
        assertThat(enter(oidc, "s-9", claims).user().sources()).containsExactly("a", "b");
        claims.put("own", "c");
        assertThat(enter(oidc, "s-9", claims).user().sources()).containsExactly("c");
    }

    @Test
    void refusals_leaveNothingBehind() {
        make("taken", Role.USER);
        OidcLogin oidc = identity.oidc(ScriptedProvider.config(null), provider);
        assertThat(codeOf(() -> enter(oidc, "s-3", person("taken", "staff"))))
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(codeOf(() -> enter(oidc, "s-4", person("new", "nothing"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        Login known = enter(oidc, "s-5", person("known", "staff"));
        identity.users().update(admin, known.user().id(), UserChange.NONE.withDisabled(true));
        assertThat(codeOf(() -> enter(oidc, "s-5", person("known", "staff"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(identity.users().list(admin, 100, 0).items())
                .extracting(User::username)
                .containsExactlyInAnyOrder("admin", "taken", "known");
        assertThat(
                        identity.audit()
                                .list(
                                        admin,
                                        new AuditFilter(null, "auth.login_failed", null, null),
                                        100,
                                        0)
                                .items())
                .hasSize(3);
    }

    @Test
    void attempt_isGoodOnce_inOneBrowser_forTenMinutes() {
        OidcLogin oidc = identity.oidc(ScriptedProvider.config(null), provider);
        provider.claims = person("kim", "staff");
        OidcLogin.Begun begun = oidc.begin(BACK, "/");
        provider.nonce = query(begun.goTo()).get("nonce");
        Map<String, String> back = Map.of("code", "c", "state", query(begun.goTo()).get("state"));
        oidc.finish(back, begun.browser(), HOME);
        assertThat(codeOf(() -> oidc.finish(back, begun.browser(), HOME)))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        OidcLogin.Begun late = oidc.begin(BACK, "/");
        Map<String, String> lateBack =
                Map.of("code", "c", "state", query(late.goTo()).get("state"));
        clock.advance(Duration.ofMinutes(10));
        assertThat(codeOf(() -> oidc.finish(lateBack, late.browser(), HOME)))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void providerAway_isTold_andWhatWasKnownStands() {
        OidcLogin oidc = identity.oidc(ScriptedProvider.config(null), provider);
        provider.away = true;
        assertThat(codeOf(() -> oidc.begin(BACK, "/"))).isEqualTo(ErrorCode.OVERLOADED);
        provider.away = false;
        oidc.begin(BACK, "/");
        provider.away = true;
        clock.advance(Duration.ofHours(2));
        assertThat(oidc.begin(BACK, "/").goTo().getHost()).isEqualTo("login.example.com");
    }

    @Test
    void externalUser_hasNoPasswordHere() {
        OidcLogin oidc = identity.oidc(ScriptedProvider.config(null), provider);
        Login login = enter(oidc, "s-6", person("ext", "staff"));
        assertThat(codeOf(() -> login("ext"))).isEqualTo(ErrorCode.UNAUTHORIZED);
        Caller self = caller(login);
        assertThat(codeOf(() -> identity.changePassword(self, PASSWORD, PASSWORD + "!")))
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(codeOf(() -> identity.users().forcePasswordReset(admin, login.user().id())))
                .isEqualTo(ErrorCode.CONFLICT);
        UserChange change = UserChange.NONE.withPassword(PASSWORD);
        assertThat(codeOf(() -> identity.users().update(admin, login.user().id(), change)))
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void ratesAndLogGroup_areKept() {
        User ann = make("ann", Role.USER);
        RateLimits rates = new RateLimits(5L, null, 7L);
        UserChange change = new UserChange(null, null, null, null, null, null, rates);
        assertThat(identity.users().update(admin, ann.id(), change).rateLimits()).isEqualTo(rates);
        NewApiKey wanted =
                new NewApiKey(
                        "k",
                        Set.of(Permission.EVENTS_WRITE),
                        Set.of(),
                        null,
                        ann.id(),
                        "/team",
                        new RateLimits(1L, 2L, 3L));
        Principal key = identity.authenticate(identity.keys().create(admin, wanted).token());
        assertThat(key.logGroup()).isEqualTo("/team");
        assertThat(key.rateLimits()).isEqualTo(new RateLimits(1L, 2L, 3L));
        assertThat(key.ownerRateLimits()).isEqualTo(rates);
        Caller self = as("ann");
        NewApiKey own =
                new NewApiKey(
                        "k", wanted.permissions(), Set.of(), null, null, null, wanted.rateLimits());
        assertThat(codeOf(() -> identity.keys().create(self, own))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> new RateLimits(0L, null, null)))
                .isEqualTo(ErrorCode.VALIDATION_ERROR);
    }
}

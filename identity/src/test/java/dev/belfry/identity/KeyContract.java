package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** API keys: never more than they were given, never more than their owner. */
abstract class KeyContract extends IdentityContract {
    @Test
    void key_isShownOnce_andSpeaksForItself() {
        User ann = make("ann", Role.USER, "api");
        Caller caller = as("ann");

        CreatedApiKey made =
                identity.keys().create(caller, NewApiKey.of("agent", Permission.EVENTS_WRITE));
        Principal key = identity.authenticate(made.token());

        assertThat(made.token()).matches("blf_[A-Za-z0-9_-]{43}");
        assertThat(made.token()).startsWith(made.key().hint());
        assertThat(made.key().hint()).hasSize(8);
        assertThat(made.toString()).doesNotContain(made.token());
        assertThat(key.kind()).isEqualTo(Principal.Kind.KEY);
        assertThat(key.text()).isEqualTo("key:" + made.key().id());
        assertThat(key.name()).isEqualTo("agent");
        assertThat(key.userId()).isEqualTo(ann.id());
        assertThat(key.permissions()).containsExactly(Permission.EVENTS_WRITE);
        assertThat(key.onlySources()).isEmpty();
        assertThat(key.mayRead("api", null)).isFalse();
        List<String> stored =
                store.read(handle ->
                        handle.createQuery("SELECT token_hash FROM api_keys")
                                .map(row -> row.getString(1))
                                .list());
        assertThat(stored).containsExactly(TokenHash.of(made.token()).hex());
    }

    @Test
    void key_withoutSources_hasItsOwnersView() {
        make("ann", Role.USER, "api");
        Caller ann = as("ann");
        CreatedApiKey made = identity.keys().create(ann, NewApiKey.of("k", Permission.EVENTS_READ));
        Principal key = identity.authenticate(made.token());
        Principal owner = caller(login("ann")).principal();

        for (Principal reader : List.of(key, owner)) {
            assertThat(reader.readsEverything()).isFalse();
            assertThat(reader.mayRead("api", null)).isTrue();
            assertThat(reader.mayRead("web", null)).isFalse();
            assertThat(reader.mayRead("web", "user:" + UUID.randomUUID())).isFalse();
            assertThat(reader.mayRead("web", owner.text())).isTrue();
            assertThat(reader.mayRead("web", key.text())).isTrue();
        }
    }

    @Test
    void key_withSources_readsAndWritesNothingElse() {
        make("mod", Role.MODERATOR);
        make("ann", Role.USER, "api");
        Principal ofModerator = key("mod", Set.of("web", "api"));
        Principal ofUser = key("ann", Set.of("web", "api"));

        assertThat(ofModerator.readsEverything()).isFalse();
        assertThat(ofModerator.mayRead("web", null)).isTrue();
        assertThat(ofModerator.mayRead("db", ofModerator.text())).isFalse();
        assertThat(ofModerator.onlySources()).containsExactlyInAnyOrder("web", "api");
        assertThat(ofUser.mayRead("api", null)).isTrue();
        assertThat(ofUser.mayRead("web", null)).as("its owner may not").isFalse();
        assertThat(ofUser.mayRead("web", ofUser.text())).isTrue();
        assertThat(ofUser.mayRead("db", ofUser.text())).isFalse();
    }

    @Test
    void key_cannotBeGivenWhatItsOwnerLacks() {
        User ann = make("ann", Role.USER);
        Caller caller = as("ann");

        for (Permission permission :
                List.of(Permission.ADMIN, Permission.ALERTS_MANAGE, Permission.INCIDENTS_MANAGE)) {
            NewApiKey wanted = NewApiKey.of("k", Permission.EVENTS_READ, permission);
            assertThat(failureOf(() -> identity.keys().create(caller, wanted)))
                    .hasMessageContaining(permission.text());
            NewApiKey forAnn = new NewApiKey("k", wanted.permissions(), Set.of(), null, ann.id());
            assertThat(codeOf(() -> identity.keys().create(admin, forAnn)))
                    .isEqualTo(ErrorCode.FORBIDDEN);
        }
        assertThat(identity.keys().list(caller, null, 10, 0).total()).isZero();
    }

    @Test
    void key_losesWhatItsOwnerLoses_atOnce() {
        User ann = make("ann", Role.ADMIN);
        CreatedApiKey made =
                identity.keys()
                        .create(
                                as("ann"),
                                NewApiKey.of("k", Permission.ADMIN, Permission.EVENTS_READ));
        assertThat(identity.authenticate(made.token()).may(Permission.ADMIN)).isTrue();

        identity.users().update(admin, ann.id(), UserChange.NONE.withRole(Role.USER));
        Principal demoted = identity.authenticate(made.token());
        assertThat(demoted.permissions()).containsExactly(Permission.EVENTS_READ);
        assertThat(demoted.readsEverything()).isFalse();

        identity.users().update(admin, ann.id(), UserChange.NONE.withRole(Role.ADMIN));
        assertThat(identity.authenticate(made.token()).may(Permission.ADMIN)).isTrue();
        identity.users().update(admin, ann.id(), UserChange.NONE.withDisabled(true));
        assertThat(codeOf(() -> identity.authenticate(made.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        identity.users().update(admin, ann.id(), UserChange.NONE.withDisabled(false));
        assertThat(identity.authenticate(made.token())).isNotNull();
        identity.users().delete(admin, ann.id());
        assertThat(codeOf(() -> identity.authenticate(made.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void revokedKey_isRefusedAtOnce_andStaysInTheList() {
        make("ann", Role.USER);
        Caller ann = as("ann");
        CreatedApiKey made = identity.keys().create(ann, NewApiKey.of("k", Permission.EVENTS_READ));
        identity.authenticate(made.token());

        identity.keys().revoke(ann, made.key().id());
        identity.keys().revoke(ann, made.key().id());

        assertThat(identity.cached(made.token())).isEmpty();
        assertThat(codeOf(() -> identity.authenticate(made.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        ApiKey kept = identity.keys().get(ann, made.key().id());
        assertThat(kept.revokedAt()).isEqualTo(clock.instant());
        assertThat(identity.keys().list(ann, null, 10, 0).items()).containsExactly(kept);
        assertThat(as("ann").principal().creators()).contains(kept.principal());
        AuditFilter revocations = new AuditFilter(null, "key.revoke", null, null);
        assertThat(identity.audit().list(admin, revocations, 10, 0).total()).isEqualTo(1);
    }

    @Test
    void revocation_isSeen_howeverManyUseTheKey() throws Exception {
        make("ann", Role.USER);
        Caller ann = as("ann");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 10; round++) {
                CreatedApiKey made =
                        identity.keys().create(ann, NewApiKey.of("k", Permission.EVENTS_READ));
                AtomicBoolean over = new AtomicBoolean();
                List<Future<?>> users =
                        List.of(
                                threads.submit(() -> useUntil(over, made.token())),
                                threads.submit(() -> useUntil(over, made.token())));

                identity.keys().revoke(ann, made.key().id());
                for (int i = 0; i < 20; i++) {
                    assertThat(identity.cached(made.token())).isEmpty();
                    assertThat(codeOf(() -> identity.authenticate(made.token())))
                            .isEqualTo(ErrorCode.UNAUTHORIZED);
                }
                over.set(true);
                for (Future<?> user : users) {
                    user.get();
                }
            }
        }
    }

    @Test
    void key_expires_alsoInMemory() {
        make("ann", Role.USER);
        Instant end = clock.instant().plusSeconds(10);
        NewApiKey wanted = new NewApiKey("k", Set.of(Permission.EVENTS_READ), Set.of(), end, null);
        CreatedApiKey made = identity.keys().create(as("ann"), wanted);

        identity.authenticate(made.token());
        clock.advance(Duration.ofMillis(9_999));
        assertThat(identity.cached(made.token())).isPresent();
        clock.advance(Duration.ofMillis(1));

        assertThat(identity.cached(made.token())).isEmpty();
        assertThat(codeOf(() -> identity.authenticate(made.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void lastUse_isWritten_onceAMinuteAtMost() {
        make("ann", Role.USER);
        Caller ann = as("ann");
        CreatedApiKey made = identity.keys().create(ann, NewApiKey.of("k", Permission.EVENTS_READ));
        UUID id = made.key().id();
        assertThat(identity.keys().get(ann, id).lastUsedAt()).isNull();

        Instant first = clock.instant();
        identity.authenticate(made.token());
        assertThat(identity.keys().get(ann, id).lastUsedAt()).isEqualTo(first);
        clock.advance(Duration.ofSeconds(59));
        identity.authenticate(made.token());
        assertThat(identity.keys().get(ann, id).lastUsedAt()).isEqualTo(first);
        clock.advance(Duration.ofSeconds(31));
        identity.authenticate(made.token());
        assertThat(identity.keys().get(ann, id).lastUsedAt()).isEqualTo(clock.instant());
    }

    @Test
    void keys_ofOthers_areForAdministratorsOnly() {
        User ann = make("ann", Role.USER);
        make("mod", Role.MODERATOR);
        CreatedApiKey made =
                identity.keys().create(as("ann"), NewApiKey.of("k", Permission.EVENTS_READ));
        Caller moderator = as("mod");

        assertThat(identity.keys().list(moderator, null, 10, 0).total()).isZero();
        assertThat(codeOf(() -> identity.keys().list(moderator, ann.id(), 10, 0)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> identity.keys().get(moderator, made.key().id())))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(() -> identity.keys().revoke(moderator, made.key().id())))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(identity.keys().list(admin, null, 10, 0).items())
                .containsExactly(identity.keys().get(admin, made.key().id()));
        assertThat(identity.keys().list(admin, ann.id(), 10, 0).total()).isEqualTo(1);
        identity.keys().revoke(admin, made.key().id());
    }

    @Test
    void key_makesNoKeys_unlessItAdministers_andNoneWiderThanItself() {
        make("ann", Role.ADMIN);
        Caller ann = as("ann");
        Caller reader =
                caller(
                        identity.keys()
                                .create(ann, NewApiKey.of("r", Permission.EVENTS_READ))
                                .token());
        NewApiKey restricted =
                new NewApiKey(
                        "a",
                        Set.of(Permission.ADMIN, Permission.EVENTS_READ),
                        Set.of("api", "web"),
                        null,
                        null);
        Caller administrator = caller(identity.keys().create(ann, restricted).token());

        assertThat(
                        codeOf(() ->
                                identity.keys()
                                        .create(reader, NewApiKey.of("x", Permission.EVENTS_READ))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> widen(administrator, Permission.EVENTS_WRITE, Set.of("api"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> widen(administrator, Permission.EVENTS_READ, Set.of())))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> widen(administrator, Permission.EVENTS_READ, Set.of("db"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        ApiKey made = widen(administrator, Permission.EVENTS_READ, Set.of("api")).key();
        assertThat(made.createdBy()).isEqualTo(administrator.principal().text());
    }

    @Test
    void badInput_isRefused_namingTheField() {
        make("ann", Role.USER);
        Caller ann = as("ann");
        Set<Permission> read = Set.of(Permission.EVENTS_READ);

        assertThat(refusal(ann, new NewApiKey(" ", read, Set.of(), null, null)))
                .startsWith("name: ");
        assertThat(refusal(ann, new NewApiKey("x".repeat(256), read, Set.of(), null, null)))
                .startsWith("name: 256 characters");
        assertThat(refusal(ann, new NewApiKey("k", Set.of(), Set.of(), null, null)))
                .startsWith("permissions: none");
        assertThat(refusal(ann, new NewApiKey("k", read, Set.of(""), null, null)))
                .startsWith("sources: ");
        assertThat(refusal(ann, new NewApiKey("k", read, Set.of(), clock.instant(), null)))
                .startsWith("expires_at: ");
        assertThat(refusal(admin, new NewApiKey("k", read, Set.of(), null, UUID.randomUUID())))
                .startsWith("owner: ");
    }

    @Test
    void tokensInMemory_areBounded() {
        make("ann", Role.USER);
        PrincipalCache cache = new PrincipalCache();
        Principal principal = Principal.system("x");
        for (int i = 0; i < 3 * Limits.CACHED_MAX; i++) {
            cache.put(TokenHash.of("token" + i), new PrincipalCache.Entry(principal, 0, 0, 10, 10));
        }

        assertThat(cache.size()).isLessThanOrEqualTo(Limits.CACHED_MAX);
        assertThat(cache.fresh(TokenHash.of("token" + (3 * Limits.CACHED_MAX - 1)), 5))
                .isEqualTo(principal);
    }

    private Principal key(String owner, Set<String> sources) {
        NewApiKey wanted =
                new NewApiKey(
                        "k",
                        Set.of(Permission.EVENTS_READ, Permission.EVENTS_WRITE),
                        sources,
                        null,
                        null);
        return identity.authenticate(identity.keys().create(as(owner), wanted).token());
    }

    private CreatedApiKey widen(Caller key, Permission permission, Set<String> sources) {
        return identity.keys()
                .create(
                        key,
                        new NewApiKey(
                                "x", Set.of(permission), sources, null, key.principal().userId()));
    }

    private String refusal(Caller caller, NewApiKey wanted) {
        return failureOf(() -> identity.keys().create(caller, wanted)).getMessage();
    }

    private void useUntil(AtomicBoolean over, String token) {
        while (!over.get()) {
            try {
                identity.authenticate(token);
            } catch (BelfryException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            }
        }
    }
}

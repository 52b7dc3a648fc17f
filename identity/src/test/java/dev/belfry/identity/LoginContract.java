package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.belfry.identity.IdentityConfig.Hashing;
import dev.belfry.identity.SecurityEvent.Action;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Passwords, guessing, Basic. */
abstract class LoginContract extends IdentityContract {
    @Test
    void firstStart_makesAdmin_withTheGivenPassword() {
        assertThat(identity.takeGeneratedPassword()).isEmpty();
        assertThat(admin.principal().name()).isEqualTo("admin");
        assertThat(admin.principal().permissions()).containsExactlyInAnyOrder(Permission.values());
    }

    @Test
    void firstStart_withoutAPassword_makesOneAndGivesItOnce() {
        identity.users().create(admin, NewUser.of("other", PASSWORD, Role.ADMIN));
        empty();
        Identity fresh = open(IdentityConfig.defaults().withHashing(QUICK));

        String password = fresh.takeGeneratedPassword().orElseThrow();

        assertThat(fresh.takeGeneratedPassword()).isEmpty();
        assertThat(password).hasSize(20);
        assertThat(fresh.login("admin", password, HOME).user().role()).isEqualTo(Role.ADMIN);
    }

    @Test
    void firstStart_withAPasswordAgainstTheRules_fails() {
        empty();

        BelfryException refused = failureOf(() -> open(config().withAdminPassword("short")));

        assertThat(refused).hasMessageContaining("BELFRY_ADMIN_PASSWORD: 5 characters");
        assertThat(identity.users().find(admin.principal().userId())).isEmpty();
    }

    @Test
    void laterStart_makesNobody_andKeepsThePassword() {
        Identity again = open(config().withAdminPassword("another password"));

        assertThat(again.takeGeneratedPassword()).isEmpty();
        assertThat(again.login("admin", ADMIN_PASSWORD, HOME).user().username()).isEqualTo("admin");
        assertThat(identity.users().list(admin, 10, 0).total()).isEqualTo(1);
    }

    @Test
    void login_withoutRegardToCase_givesATokenThatAuthenticates() {
        make("Ann.Example", Role.USER, "api");

        Login login = identity.login("aNN.eXAMPLE", PASSWORD, HOME);
        Principal principal = identity.authenticate(login.token());

        assertThat(login.token()).hasSize(43);
        assertThat(login.user().username()).isEqualTo("Ann.Example");
        assertThat(login.user().lastLoginAt()).isEqualTo(clock.instant());
        assertThat(login.expiresAt()).isEqualTo(clock.instant().plus(Duration.ofHours(12)));
        assertThat(principal.text()).isEqualTo("user:" + login.user().id());
        assertThat(principal.sources()).containsExactly("api");
        assertThat(principal.sessionId()).isEqualTo(login.sessionId());
        assertThat(actions()).containsExactly(Action.LOGIN);
    }

    @Test
    void failures_sayTheSame_whateverIsWrong() {
        User gone = make("gone", Role.USER);
        make("ann", Role.USER);
        identity.users().update(admin, gone.id(), UserChange.NONE.withDisabled(true));
        List<BelfryException> failures = new ArrayList<>();

        failures.add(failureOf(() -> identity.login("ann", "not the password", HOME)));
        failures.add(failureOf(() -> identity.login("nobody", PASSWORD, HOME)));
        failures.add(failureOf(() -> identity.login("gone", PASSWORD, HOME)));
        failures.add(failureOf(() -> identity.login("", "", HOME)));
        failures.add(failureOf(() -> identity.login("a\0\uD800", "\0", HOME)));
        failures.add(failureOf(() -> identity.login("x".repeat(9_000), PASSWORD, HOME)));
        failures.add(failureOf(() -> identity.login("ann", "x".repeat(9_000), HOME)));

        assertThat(failures)
                .extracting(BelfryException::code, Throwable::getMessage)
                .containsOnly(tuple(ErrorCode.UNAUTHORIZED, "username or password is wrong"));
    }

    @Test
    void failedLogin_ofAnUnknownName_takesAsLong() {
        Identity costly =
                open(
                        config().withHashing(new Hashing(8 * 1024, 2, 1, 2))
                                .withLockOut(
                                        new IdentityConfig.LockOut(
                                                90, 90, Duration.ofMinutes(1), 200)));
        costly.users().create(admin, NewUser.of("ann", PASSWORD, Role.USER));

        List<Long> known = new ArrayList<>();
        List<Long> unknown = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            known.add(nanosOf(() -> costly.login("ann", "not the password", HOME)));
            unknown.add(nanosOf(() -> costly.login("nobody", "not the password", HOME)));
        }

        assertThat((double) median(unknown) / median(known)).isBetween(0.4, 2.5);
    }

    @Test
    void failure_isTold_withoutWhatWasTypedAsName() {
        make("ann", Role.USER);
        failureOf(() -> identity.login("my secret password", PASSWORD, HOME));
        failureOf(() ->
                identity.login("ann", "wrong password", new Origin("10.1.1.1", "r-1", "curl")));

        assertThat(events).extracting(SecurityEvent::username).containsExactly("", "ann");
        assertThat(events.getLast().action()).isEqualTo(Action.LOGIN_FAILED);
        assertThat(events.getLast().address()).isEqualTo("10.1.1.1");
        assertThat(events.getLast().requestId()).isEqualTo("r-1");
        assertThat(events.toString()).doesNotContain("secret", PASSWORD, "wrong password");
    }

    @Test
    void failures_areDelayed_thenLockedOut_thenForgotten() {
        make("ann", Role.USER);
        for (int i = 0; i < 3; i++) {
            assertThat(codeOf(this::guess)).isEqualTo(ErrorCode.UNAUTHORIZED);
        }
        for (long delaySeconds : new long[] {1, 2, 4, 8, 16, 32, 64}) {
            BelfryException refused = failureOf(() -> login("ann"));
            assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(refused.details()).containsEntry("retry_after_seconds", delaySeconds);
            clock.advance(Duration.ofSeconds(delaySeconds));
            assertThat(codeOf(this::guess)).isEqualTo(ErrorCode.UNAUTHORIZED);
        }

        assertThat(actions()).filteredOn(Action.LOCKED_OUT::equals).hasSize(1);
        assertThat(failureOf(() -> login("ann")).details())
                .containsEntry("retry_after_seconds", 900L);
        assertThat(identity.login("ann", PASSWORD, Origin.of("10.0.0.9"))).isNotNull();
        clock.advance(Duration.ofMinutes(15));
        assertThat(login("ann")).isNotNull();
        AuditFilter locked = new AuditFilter(null, "auth.locked_out", null, null);
        assertThat(identity.audit().list(admin, locked, 10, 0).total()).isEqualTo(1);
    }

    @Test
    void success_forgetsTheFailures() {
        make("ann", Role.USER);
        for (int round = 0; round < 5; round++) {
            guessTwice();
            assertThat(login("ann")).isNotNull();
        }
    }

    @Test
    void address_isLockedOut_whateverTheNames() {
        Identity strict =
                open(
                        config().withLockOut(
                                        new IdentityConfig.LockOut(
                                                3, 5, Duration.ofMinutes(15), 20)));
        make("ann", Role.USER);
        for (int i = 0; i < 20; i++) {
            String name = "name" + i;
            failureOf(() -> strict.login(name, PASSWORD, Origin.of("2001:db8:1:2::" + name)));
        }

        assertThat(codeOf(() -> strict.login("ann", PASSWORD, Origin.of("2001:db8:1:2::ff"))))
                .isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(strict.login("ann", PASSWORD, Origin.of("2001:db8:1:3::ff"))).isNotNull();
    }

    @Test
    void burstOfGuesses_getsNoMoreTries() throws Exception {
        make("ann", Role.USER);
        int triesMax = 3 + QUICK.atOnceMax();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<ErrorCode>> guesses =
                    IntStream.range(0, 60)
                            .<Callable<ErrorCode>>mapToObj(_ -> () -> codeOf(this::guess))
                            .toList();
            int tried = 0;
            for (Future<ErrorCode> guess : threads.invokeAll(guesses)) {
                tried += guess.get() == ErrorCode.UNAUTHORIZED ? 1 : 0;
            }

            assertThat(tried).isBetween(1, triesMax);
        }
    }

    @Test
    void hash_isMadeAnew_whenItsCostHasChanged() {
        make("ann", Role.USER);
        Identity costlier = open(config().withHashing(new Hashing(128, 2, 1, 2)));

        costlier.login("ann", PASSWORD, HOME);

        assertThat(hashOf("ann")).startsWith("$argon2id$v=19$m=128,t=2,p=1$");
        assertThat(login("ann")).isNotNull();
        assertThat(hashOf("ann")).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
    }

    @Test
    void basic_isVerifiedOnce_andEndsWithThePassword() {
        User ann = make("ann", Role.USER);
        Principal principal = identity.basic("Ann", PASSWORD, HOME);
        assertThat(principal.text()).isEqualTo(ann.principal());
        assertThat(principal.sessionId()).isNull();

        clock.advance(Duration.ofMinutes(5));
        assertThat(identity.basic("Ann", PASSWORD, HOME)).isEqualTo(principal);
        identity.users().update(admin, ann.id(), UserChange.NONE.withPassword("a new password"));

        assertThat(codeOf(() -> identity.basic("Ann", PASSWORD, HOME)))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(identity.basic("ann", "a new password", HOME).name()).isEqualTo("ann");
        identity.users().update(admin, ann.id(), UserChange.NONE.withDisabled(true));
        assertThat(codeOf(() -> identity.basic("ann", "a new password", HOME)))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void basic_goesOn_whenTheHashIsMadeAnew() {
        make("ann", Role.USER);
        identity.basic("ann", PASSWORD, HOME);

        open(config().withHashing(new Hashing(128, 2, 1, 2))).login("ann", PASSWORD, HOME);
        clock.advance(Duration.ofMinutes(1));

        assertThat(identity.basic("ann", PASSWORD, HOME).name()).isEqualTo("ann");
    }

    @Test
    void basic_takesAKeyInPlaceOfThePassword() {
        make("ann", Role.USER);
        CreatedApiKey made =
                identity.keys().create(as("ann"), NewApiKey.of("agent", Permission.EVENTS_WRITE));

        assertThat(identity.basic("anything", made.token(), HOME).text())
                .isEqualTo(made.key().principal());
        assertThat(identity.basic(made.token(), "", HOME).text()).isEqualTo(made.key().principal());
    }

    @Test
    void failedBasic_countsAsAFailedLogin() {
        make("ann", Role.USER);
        for (int i = 0; i < 3; i++) {
            assertThat(codeOf(() -> identity.basic("ann", "not the password", HOME)))
                    .isEqualTo(ErrorCode.UNAUTHORIZED);
        }
        assertThat(codeOf(() -> login("ann"))).isEqualTo(ErrorCode.RATE_LIMITED);
    }

    private BelfryException guess() {
        throw failureOf(() -> identity.login("ann", "not the password", HOME));
    }

    private void guessTwice() {
        for (int i = 0; i < 2; i++) {
            assertThat(codeOf(this::guess)).isEqualTo(ErrorCode.UNAUTHORIZED);
        }
    }

    private String hashOf(String name) {
        return store.read(handle -> UserRows.byName(handle, name)).orElseThrow().passwordHash();
    }

    private void empty() {
        store.write(handle -> handle.execute("DELETE FROM users"));
    }

    private static long nanosOf(Runnable login) {
        long startNanos = System.nanoTime();
        failureOf(login::run);
        return System.nanoTime() - startNanos;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}

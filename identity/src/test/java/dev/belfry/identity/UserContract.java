package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Accounts and their roles. */
abstract class UserContract extends IdentityContract {
    @Test
    void user_isMade_asAskedFor() {
        User made = make("ann", Role.MODERATOR, "web", "api");

        User found = identity.users().get(admin, made.id());
        assertThat(found).isEqualTo(made);
        assertThat(found.username()).isEqualTo("ann");
        assertThat(found.role()).isEqualTo(Role.MODERATOR);
        assertThat(found.sources()).containsExactly("api", "web");
        assertThat(found.createdAt()).isEqualTo(clock.instant());
        assertThat(found.disabled()).isFalse();
        assertThat(found.lastLoginAt()).isNull();
    }

    @Test
    void name_isTaken_whateverItsCase() {
        make("Ann", Role.USER);
        User bob = make("bob", Role.USER);

        assertThat(codeOf(() -> make("aNN", Role.USER))).isEqualTo(ErrorCode.CONFLICT);
        assertThat(codeOf(() -> rename(bob, "ANN"))).isEqualTo(ErrorCode.CONFLICT);
        assertThat(rename(bob, "BOB").username()).isEqualTo("BOB");
        assertThat(codeOf(() -> make("ÄNN\u0041\u030A", Role.USER)))
                .isEqualTo(ErrorCode.VALIDATION_ERROR);
        make("Ä\u212B", Role.USER);
        assertThat(codeOf(() -> make("ä\u00E5", Role.USER))).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void badInput_isRefused_namingTheField() {
        for (String name : List.of("", " ", "a b", "a\nb", "x".repeat(65), "a/b", "<i>")) {
            assertThat(failureOf(() -> make(name, Role.USER))).hasMessageStartingWith("username: ");
        }
        assertThat(
                        failureOf(() ->
                                identity.users()
                                        .create(admin, NewUser.of("ann", "short", Role.USER))))
                .hasMessageStartingWith("password: 5 characters (expected: 10 to 256)");
        assertThat(failureOf(() -> make("ann", Role.USER, "x".repeat(256))))
                .hasMessageStartingWith("sources: 256 characters");
        assertThat(failureOf(() -> make("ann", Role.USER, " ")))
                .hasMessageStartingWith("sources: ");
        assertThat(identity.users().list(admin, 10, 0).total()).isEqualTo(1);
    }

    @Test
    void change_touchesOnlyWhatIsGiven() {
        User ann = make("ann", Role.USER, "api");
        clock.advance(Duration.ofMinutes(1));

        User promoted =
                identity.users().update(admin, ann.id(), UserChange.NONE.withRole(Role.MODERATOR));
        assertThat(promoted.role()).isEqualTo(Role.MODERATOR);
        assertThat(promoted.sources()).containsExactly("api");
        assertThat(promoted.updatedAt()).isEqualTo(clock.instant());
        assertThat(promoted.createdAt()).isEqualTo(ann.createdAt());

        User granted =
                identity.users()
                        .update(admin, ann.id(), UserChange.NONE.withSources(Set.of("b", "a")));
        assertThat(granted.role()).isEqualTo(Role.MODERATOR);
        assertThat(granted.sources()).containsExactly("a", "b");
        assertThat(identity.users().get(admin, ann.id())).isEqualTo(granted);
        assertThat(login("ann")).isNotNull();
    }

    @Test
    void change_isSeenByTokensAtOnce() {
        User ann = make("ann", Role.ADMIN, "api");
        Login login = login("ann");
        assertThat(identity.authenticate(login.token()).readsEverything()).isTrue();

        identity.users().update(admin, ann.id(), UserChange.NONE.withRole(Role.USER));

        assertThat(identity.cached(login.token())).isEmpty();
        Principal demoted = identity.authenticate(login.token());
        assertThat(demoted.permissions())
                .containsExactlyInAnyOrder(Permission.EVENTS_READ, Permission.EVENTS_WRITE);
        assertThat(demoted.mayRead("api", null)).isTrue();
        assertThat(demoted.mayRead("web", null)).isFalse();
        identity.users().update(admin, ann.id(), UserChange.NONE.withSources(Set.of("web")));
        assertThat(identity.authenticate(login.token()).mayRead("web", null)).isTrue();
    }

    @Test
    void disabledOrRemovedUser_isOutAtOnce() {
        User ann = make("ann", Role.USER);
        User bob = make("bob", Role.USER);
        Login annsLogin = login("ann");
        Login bobsLogin = login("bob");
        identity.authenticate(annsLogin.token());
        identity.authenticate(bobsLogin.token());

        identity.users().update(admin, ann.id(), UserChange.NONE.withDisabled(true));
        identity.users().delete(admin, bob.id());

        for (Login login : List.of(annsLogin, bobsLogin)) {
            assertThat(codeOf(() -> identity.authenticate(login.token())))
                    .isEqualTo(ErrorCode.UNAUTHORIZED);
        }
        assertThat(codeOf(() -> login("bob"))).isEqualTo(ErrorCode.UNAUTHORIZED);
        identity.users().update(admin, ann.id(), UserChange.NONE.withDisabled(false));
        assertThat(codeOf(() -> identity.authenticate(annsLogin.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(login("ann")).isNotNull();
    }

    @Test
    void passwordSetByAdministrator_endsTheSessions() {
        User ann = make("ann", Role.USER);
        Login login = login("ann");

        identity.users().update(admin, ann.id(), UserChange.NONE.withPassword("a new password"));

        assertThat(codeOf(() -> identity.authenticate(login.token())))
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(identity.login("ann", "a new password", HOME)).isNotNull();
    }

    @Test
    void lastAdministrator_stays() {
        UUID last = admin.principal().userId();
        User other = make("other", Role.ADMIN);
        identity.users().update(admin, other.id(), UserChange.NONE.withDisabled(true));

        assertThat(codeOf(() -> identity.users().delete(admin, last)))
                .isEqualTo(ErrorCode.CONFLICT);
        for (UserChange change :
                List.of(
                        UserChange.NONE.withRole(Role.MODERATOR),
                        UserChange.NONE.withDisabled(true))) {
            assertThat(codeOf(() -> identity.users().update(admin, last, change)))
                    .isEqualTo(ErrorCode.CONFLICT);
        }
        identity.users().update(admin, last, UserChange.NONE.withRole(Role.ADMIN));
        identity.users().update(admin, other.id(), UserChange.NONE.withDisabled(false));
        identity.users().delete(admin, last);
        assertThat(identity.users().find(last)).isEmpty();
    }

    @Test
    void twoAdministrators_demotedAtOnce_leaveOne() throws Exception {
        for (int round = 0; round < 5; round++) {
            User one = make("one" + round, Role.ADMIN);
            User two = make("two" + round, Role.ADMIN);
            User first = identity.users().find(admin.principal().userId()).orElseThrow();
            identity.users().update(admin, first.id(), UserChange.NONE.withRole(Role.USER));
            int conflicts = 0;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Callable<Boolean>> tasks = List.of(() -> demoted(one), () -> demoted(two));
                for (Future<Boolean> task : threads.invokeAll(tasks)) {
                    conflicts += task.get() ? 0 : 1;
                }
            }

            assertThat(conflicts).isEqualTo(1);
            identity.users().update(admin, first.id(), UserChange.NONE.withRole(Role.ADMIN));
            demoted(one);
            demoted(two);
        }
    }

    @Test
    void users_areListedByName_inPages() {
        for (String name : List.of("dora", "Ann", "carl", "Bob")) {
            make(name, Role.USER, "of-" + name);
        }

        Page<User> page = identity.users().list(admin, 2, 1);

        assertThat(page.total()).isEqualTo(5);
        assertThat(page.items()).extracting(User::username).containsExactly("Ann", "Bob");
        assertThat(page.items().getFirst().sources()).containsExactly("of-Ann");
        assertThat(codeOf(() -> identity.users().list(admin, 1001, 0)))
                .isEqualTo(ErrorCode.VALIDATION_ERROR);
        assertThat(codeOf(() -> identity.users().list(admin, 10, -1)))
                .isEqualTo(ErrorCode.VALIDATION_ERROR);
    }

    @Test
    void users_areForAdministratorsOnly_butForOneself() {
        User ann = make("ann", Role.MODERATOR);
        User bob = make("bob", Role.USER);
        Caller moderator = as("ann");

        assertThat(identity.users().get(moderator, ann.id()).username()).isEqualTo("ann");
        assertThat(identity.me(moderator.principal()))
                .contains(identity.users().get(moderator, ann.id()));
        assertThat(codeOf(() -> identity.users().get(moderator, bob.id())))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> identity.users().list(moderator, 10, 0)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(
                        codeOf(() ->
                                identity.users()
                                        .create(moderator, NewUser.of("x", PASSWORD, Role.USER))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(
                        codeOf(() ->
                                identity.users()
                                        .update(
                                                moderator,
                                                ann.id(),
                                                UserChange.NONE.withRole(Role.ADMIN))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> identity.users().delete(moderator, bob.id())))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(codeOf(() -> identity.users().get(admin, UUID.randomUUID())))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void refusal_isTold() {
        make("ann", Role.USER);
        Caller user = as("ann");
        events.clear();

        assertThat(codeOf(() -> identity.require(user, Permission.ADMIN, "GET /api/v1/users")))
                .isEqualTo(ErrorCode.FORBIDDEN);
        identity.require(user, Permission.EVENTS_READ, "GET /events");

        assertThat(actions()).containsExactly(SecurityEvent.Action.PERMISSION_REFUSED);
        assertThat(events.getFirst().userId()).isEqualTo(user.principal().userId());
        assertThat(events.getFirst().message())
                .isEqualTo("GET /api/v1/users was refused to ann: needs monitoring:admin");
    }

    @Test
    void failingListener_doesNotFailTheRequest() {
        identity.listen(_ -> {
            throw new IllegalStateException("listener");
        });
        make("ann", Role.USER);

        assertThat(login("ann")).isNotNull();
    }

    private boolean demoted(User user) {
        try {
            identity.users()
                    .update(
                            new Caller(Principal.system("test"), HOME),
                            user.id(),
                            UserChange.NONE.withRole(Role.USER));
            return true;
        } catch (BelfryException _) {
            return false;
        }
    }

    private User rename(User user, String name) {
        return identity.users().update(admin, user.id(), UserChange.NONE.withUsername(name));
    }
}

package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The audit trail. */
abstract class AuditContract extends IdentityContract {
    @Test
    void changes_areThere_withWhoWhatWhenAndWhere() {
        Caller remote =
                new Caller(admin.principal(), new Origin("10.0.0.7", "request-7", "browser"));
        clock.advance(Duration.ofSeconds(5));
        User ann =
                identity.users()
                        .create(
                                remote,
                                new NewUser("ann", PASSWORD, Role.USER, Set.of("api"), false));
        identity.users()
                .update(
                        remote,
                        ann.id(),
                        UserChange.NONE.withRole(Role.MODERATOR).withPassword("a new password"));
        identity.users().delete(remote, ann.id());

        List<AuditEntry> lines = list(new AuditFilter(null, "user.", null, null));

        assertThat(lines)
                .extracting(AuditEntry::action)
                .containsExactly("user.delete", "user.update", "user.create", "user.create");
        assertThat(lines.get(1).detailsJson())
                .isEqualTo(
                        "{\"password\":\"changed\",\"role\":{\"from\":\"user\",\"to\":\"moderator\"}}");
        AuditEntry made = lines.get(2);
        assertThat(made.actor()).isEqualTo(admin.principal().text());
        assertThat(made.actorName()).isEqualTo("admin");
        assertThat(made.target()).isEqualTo(ann.principal());
        assertThat(made.address()).isEqualTo("10.0.0.7");
        assertThat(made.requestId()).isEqualTo("request-7");
        assertThat(made.at()).isEqualTo(clock.instant());
        assertThat(made.detailsJson())
                .isEqualTo("{\"role\":\"user\",\"sources\":[\"api\"],\"username\":\"ann\"}");
        assertThat(lines.toString()).doesNotContain(PASSWORD, "a new password");
    }

    @Test
    void refusedChange_leavesNoLine() {
        long before = list(AuditFilter.ALL).size();
        failureOf(() -> identity.users().delete(admin, admin.principal().userId()));

        assertThat(list(new AuditFilter(null, "user.delete", null, null))).isEmpty();
        assertThat(list(AuditFilter.ALL)).hasSize((int) before + 2);
    }

    @Test
    void lines_areFiltered_byActorActionAndTime() {
        make("ann", Role.USER);
        Caller ann = as("ann");
        Instant start = clock.instant();
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofSeconds(1));
            identity.audit().record(ann, "sql.query", null, Map.of("number", i));
            identity.audit().record(admin, "sqlx", "config", Map.of());
        }
        Instant from = start.plusSeconds(3);
        Instant to = start.plusSeconds(7);

        assertThat(list(new AuditFilter(ann.principal().text(), "sql.", null, null))).hasSize(10);
        assertThat(list(new AuditFilter("ann", "sql.query", from, to)))
                .extracting(AuditEntry::detailsJson)
                .containsExactly(
                        "{\"number\":5}", "{\"number\":4}", "{\"number\":3}", "{\"number\":2}");
        assertThat(list(new AuditFilter("admin", "sql.", null, null))).isEmpty();
        assertThat(list(new AuditFilter(null, "sqlx", from, to))).hasSize(4);
        assertThat(list(new AuditFilter("a\0", "b\0", null, null))).isEmpty();
        assertThat(list(new AuditFilter("nobody", null, null, null))).isEmpty();
    }

    @Test
    void pages_coverAll_newestFirst() {
        for (int i = 0; i < 25; i++) {
            identity.audit().record(admin, "test.line", "n" + i, Map.of());
        }
        AuditFilter filter = new AuditFilter(null, "test.line", null, null);

        Page<AuditEntry> second = identity.audit().list(admin, filter, 10, 10);

        assertThat(second.total()).isEqualTo(25);
        assertThat(second.items()).extracting(AuditEntry::target).startsWith("n14", "n13");
        assertThat(identity.audit().list(admin, filter, 10, 20).items()).hasSize(5);
        assertThat(identity.audit().list(admin, filter, 10, 30).items()).isEmpty();
    }

    @Test
    void reading_isForAdministrators_andIsItselfALine() {
        make("mod", Role.MODERATOR);
        Caller moderator = as("mod");

        assertThat(codeOf(() -> identity.audit().list(moderator, AuditFilter.ALL, 10, 0)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        identity.audit().list(admin, AuditFilter.ALL, 10, 0);
        assertThat(list(new AuditFilter(null, "audit.read", null, null))).hasSize(1);
    }

    @Test
    void loginsAndLogouts_areLines() {
        make("ann", Role.USER);
        Login login = login("ann");
        identity.logout(login.token(), HOME);
        failureOf(() -> identity.login("ann", "not the password", HOME));

        assertThat(list(new AuditFilter("ann", null, null, null)))
                .extracting(AuditEntry::action)
                .containsExactly("auth.logout", "auth.login");
        assertThat(list(new AuditFilter("belfry-auth", null, null, null)))
                .extracting(AuditEntry::action)
                .containsExactly("auth.login_failed");
    }

    @Test
    void details_areWrittenAsJson_whateverTheyHold() {
        Map<String, Object> details =
                Map.of("text", "a \"b\" \n é", "list", List.of(1, 2L, 0.5, true), "id", 7);
        identity.audit().record(admin, "test.details", null, details);

        assertThat(list(new AuditFilter(null, "test.details", null, null)).getFirst().detailsJson())
                .isEqualTo("{\"id\":7,\"list\":[1,2,0.5,true],\"text\":\"a \\\"b\\\" \\n é\"}");
    }

    private List<AuditEntry> list(AuditFilter filter) {
        return identity.audit().list(admin, filter, 1000, 0).items();
    }
}

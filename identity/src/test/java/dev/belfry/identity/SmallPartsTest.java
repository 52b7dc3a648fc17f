package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.identity.IdentityConfig.Hashing;
import dev.belfry.identity.IdentityConfig.LockOut;
import dev.belfry.testkit.SimulatedClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts that need no store. */
final class SmallPartsTest {
    @Test
    void roles_areALadder() {
        assertThat(Role.USER.permissions())
                .containsExactlyInAnyOrder(Permission.EVENTS_READ, Permission.EVENTS_WRITE);
        assertThat(Role.MODERATOR.permissions())
                .containsAll(Role.USER.permissions())
                .contains(Permission.ALERTS_MANAGE, Permission.INCIDENTS_MANAGE)
                .doesNotContain(Permission.ADMIN);
        assertThat(Role.ADMIN.permissions()).containsExactlyInAnyOrder(Permission.values());
        assertThat(Role.ADMIN.holds(Role.MODERATOR)).isTrue();
        assertThat(Role.USER.holds(Role.MODERATOR)).isFalse();
        assertThat(Role.parse("moderator")).isEqualTo(Role.MODERATOR);
        assertThatThrownBy(() -> Role.parse("root")).hasMessageContaining("user, moderator, admin");
    }

    @Test
    void permissions_haveTheNamesOfTheApi() {
        assertThat(Permission.values())
                .extracting(Permission::text)
                .containsExactly(
                        "monitoring:events:read",
                        "monitoring:events:write",
                        "monitoring:alerts:manage",
                        "monitoring:incidents:manage",
                        "monitoring:admin");
        for (Permission permission : Permission.values()) {
            assertThat(Permission.parse(permission.text())).isEqualTo(permission);
            String brief = permission.text().substring("monitoring:".length());
            assertThat(Permission.parse(brief)).isEqualTo(permission);
        }
        assertThatThrownBy(() -> Permission.parse("ADMIN")).hasMessageContaining("expected one of");
    }

    @Test
    void systemPrincipal_mayDoWhatItIsGiven() {
        Principal listener = Principal.system("syslog", Set.of(Permission.EVENTS_WRITE));

        assertThat(listener.text()).isEqualTo("system:syslog");
        assertThat(listener.may(Permission.EVENTS_WRITE)).isTrue();
        assertThat(listener.onlySources()).isEmpty();
        assertThat(listener.mayRead("anything", null)).isFalse();
        assertThat(listener.readsEverything()).isFalse();
        assertThat(Principal.system("belfry").readsEverything()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::1, ::/64",
        "2001:db8:a:b:c:d:e:f, 2001:db8:a:b::/64",
        "2001:DB8:a:b::1, 2001:db8:a:b::/64",
        "2001:db8::1, 2001:db8::/64",
        "::ffff:10.1.2.3, 10.1.2.3",
        "local, local",
    })
    void address_standsForItsNetwork(String address, String network) {
        assertThat(LoginThrottle.network(address)).isEqualTo(network);
    }

    @Test
    void failures_areBoundedInMemory() {
        SimulatedClock clock = new SimulatedClock();
        LoginThrottle throttle = new LoginThrottle(LockOut.DEFAULT, clock);
        for (int i = 0; i < Limits.THROTTLED_MAX * 2; i++) {
            throttle.failed("name" + i, "10.0." + i % 250 + ".1");
        }

        assertThat(throttle.size()).isEqualTo(Limits.THROTTLED_MAX);
    }

    @Test
    void hash_isArgon2id_andNeverTheSame() {
        Tokens tokens = new Tokens(new SecureRandom());
        Passwords passwords = new Passwords(Hashing.DEFAULT, tokens);

        String one = passwords.hash("a password, é");
        String two = passwords.hash("a password, é");

        assertThat(one).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(two);
        assertThat(passwords.matchesNow("a password, é", one)).isTrue();
        assertThat(passwords.matchesNow("a password, è", one)).isFalse();
        assertThat(passwords.isOutdated(one)).isFalse();
    }

    @Test
    void tokens_areLongAndNeverTheSame() {
        Tokens tokens = new Tokens(new SecureRandom());

        assertThat(tokens.session()).hasSize(43).isNotEqualTo(tokens.session());
        assertThat(tokens.key()).hasSize(47).startsWith("blf_");
        assertThat(Tokens.isKey(tokens.session())).isFalse();
        assertThat(tokens.id().version()).isEqualTo(4);
        assertThat(tokens.id().variant()).isEqualTo(2);
        assertThat(tokens.id()).isNotEqualTo(tokens.id());
    }

    @Test
    void tokenHash_isSha256() {
        assertThat(TokenHash.of("abc").hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void configuration_isCheckedAndHidesThePassword() {
        assertThatThrownBy(() -> new Hashing(7, 1, 1, 1)).hasMessageContaining("7 KiB");
        assertThatThrownBy(() -> new LockOut(3, 2, Duration.ofMinutes(1), 9))
                .hasMessageContaining("freeTries");
        assertThat(IdentityConfig.defaults().withAdminPassword("s3cret").toString())
                .doesNotContain("s3cret");
        assertThat(IdentityConfig.defaults().withAdminPassword(" ").adminPassword()).isNull();
    }
}

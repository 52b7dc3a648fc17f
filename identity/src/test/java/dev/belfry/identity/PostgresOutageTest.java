package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.metadata.MetadataConfig;
import dev.belfry.metadata.MetadataStore;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.testkit.PostgresServer;
import dev.belfry.testkit.SimulatedClock;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What stands while the metadata database is away: who was verified lately may go on. */
final class PostgresOutageTest {
    @Test
    void verifiedToken_standsForAWhile_othersWait() {
        SimulatedClock clock = new SimulatedClock();
        try (PostgresServer server = PostgresServer.start();
                MetadataStore store =
                        MetadataStore.open(
                                MetadataConfig.of(Path.of("unused"), server.createDatabase()))) {
            Identity identity =
                    Identity.open(
                            store,
                            IdentityConfig.defaults()
                                    .withAdminPassword(IdentityContract.ADMIN_PASSWORD)
                                    .withHashing(IdentityContract.QUICK),
                            clock);
            Login used = login(identity);
            Login unused = login(identity);
            Principal principal = identity.authenticate(used.token());
            server.stop();

            clock.advance(Duration.ofSeconds(40));
            assertThat(identity.cached(used.token())).isEmpty();
            assertThat(identity.authenticate(used.token())).isEqualTo(principal);
            assertThat(identity.cached(used.token())).as("not asked again at once").isPresent();
            assertThat(IdentityContract.codeOf(() -> identity.authenticate(unused.token())))
                    .isEqualTo(ErrorCode.OVERLOADED);
            clock.advance(Duration.ofMinutes(10));
            assertThat(IdentityContract.codeOf(() -> identity.authenticate(used.token())))
                    .isEqualTo(ErrorCode.OVERLOADED);

            server.startAgain();
            assertThat(onceThere(identity, used)).isEqualTo(principal);
            assertThat(identity.authenticate(unused.token()).name()).isEqualTo("admin");
        }
    }

    /* A connection may take longer than a caller waits, on a machine that is busy. */
    private static Principal onceThere(Identity identity, Login login) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            try {
                return identity.authenticate(login.token());
            } catch (BelfryException e) {
                if (e.code() != ErrorCode.OVERLOADED || System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private static Login login(Identity identity) {
        return identity.login("admin", IdentityContract.ADMIN_PASSWORD, IdentityContract.HOME);
    }
}

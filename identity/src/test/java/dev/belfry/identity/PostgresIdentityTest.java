package dev.belfry.identity;

import dev.belfry.metadata.MetadataConfig;
import dev.belfry.testkit.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** The contracts of identity on PostgreSQL. */
final class PostgresIdentityTest {
    @Nested
    final class Logins extends LoginContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.of(folder, PostgresServer.shared().createSchema());
        }
    }

    @Nested
    final class Sessions extends SessionContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.of(folder, PostgresServer.shared().createSchema());
        }
    }

    @Nested
    final class Users extends UserContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.of(folder, PostgresServer.shared().createSchema());
        }
    }

    @Nested
    final class Keys extends KeyContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.of(folder, PostgresServer.shared().createSchema());
        }
    }

    @Nested
    final class External extends ExternalContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.of(folder, PostgresServer.shared().createSchema());
        }
    }

    @Nested
    final class Audit extends AuditContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.of(folder, PostgresServer.shared().createSchema());
        }
    }
}

package dev.belfry.identity;

import dev.belfry.metadata.MetadataConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** The contracts of identity on SQLite. */
final class SqliteIdentityTest {
    @Nested
    final class Logins extends LoginContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.sqlite(folder);
        }
    }

    @Nested
    final class Sessions extends SessionContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.sqlite(folder);
        }
    }

    @Nested
    final class Users extends UserContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.sqlite(folder);
        }
    }

    @Nested
    final class Keys extends KeyContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.sqlite(folder);
        }
    }

    @Nested
    final class External extends ExternalContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.sqlite(folder);
        }
    }

    @Nested
    final class Audit extends AuditContract {
        @Override
        MetadataConfig metadata(Path folder) {
            return MetadataConfig.sqlite(folder);
        }
    }
}

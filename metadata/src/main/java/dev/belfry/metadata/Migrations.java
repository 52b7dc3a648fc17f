package dev.belfry.metadata;

import dev.belfry.metadata.MetadataException.Reason;
import java.util.Arrays;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/** Brings the schema to this version, and refuses one that a newer Belfry wrote. */
final class Migrations {
    private static final String FOLDER = "classpath:dev/belfry/metadata/migrations/";

    private Migrations() {}

    /**
     * Runs what is missing, in order; each migration is one transaction.
     *
     * @param vendor {@code sqlite} or {@code postgresql}: the folder of what cannot be shared
     * @param autoKey the column type of a key that the database counts up
     * @throws MetadataException when the schema is newer than this program
     */
    static void run(DataSource source, String vendor, String autoKey, String place) {
        Flyway flyway =
                Flyway.configure()
                        .dataSource(source)
                        .locations(FOLDER + "shared", FOLDER + vendor)
                        .placeholders(Map.of("autoKey", autoKey))
                        .table("schema_history")
                        .validateMigrationNaming(true)
                        .cleanDisabled(true)
                        .loggers("slf4j")
                        .load();
        refuseNewer(flyway.info().all(), place);
        flyway.migrate();
    }

    private static void refuseNewer(MigrationInfo[] all, String place) {
        MigrationVersion known =
                Arrays.stream(all)
                        .filter(info -> info.getState().isResolved())
                        .map(MigrationInfo::getVersion)
                        .max(MigrationVersion::compareTo)
                        .orElse(MigrationVersion.EMPTY);
        MigrationVersion found =
                Arrays.stream(all)
                        .filter(info -> info.getState().isApplied())
                        .map(MigrationInfo::getVersion)
                        .max(MigrationVersion::compareTo)
                        .orElse(MigrationVersion.EMPTY);
        if (found.compareTo(known) > 0) {
            throw new MetadataException(
                    Reason.SCHEMA_TOO_NEW,
                    place
                            + " has schema version "
                            + found
                            + " (expected: "
                            + known
                            + " or older; a newer Belfry wrote it: start that one)",
                    null);
        }
    }
}

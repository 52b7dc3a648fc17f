package dev.belfry.metadata;

import dev.belfry.metadata.MetadataException.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the schema to this version, and refuses one that a newer Belfry wrote. */
final class Migrations {
    /*
     * Flyway costs 0.7 s of a cold start, and nearly every start finds nothing to do. So its table is
     * read first, and Flyway is only begun when a migration is missing.
     */
    static final String HISTORY = "schema_history";

    /** The version of the newest file in the migrations' folders. */
    static final int NEWEST = 4;

    private static final String FOLDER = "classpath:dev/belfry/metadata/migrations/";

    private Migrations() {}

    /**
     * Runs what is missing, in order; each migration is one transaction.
     *
     * @param vendor {@code sqlite} or {@code postgresql}: the folder of what cannot be shared
     * @param autoKey the column type of a key that the database counts up
     * @throws MetadataException when the schema is newer than this program
     */
    static void run(DataSource source, String vendor, String autoKey, String place)
            throws SQLException {
        int found = version(source);
        if (found > NEWEST) {
            throw new MetadataException(
                    Reason.SCHEMA_TOO_NEW,
                    place
                            + " has schema version "
                            + found
                            + " (expected: "
                            + NEWEST
                            + " or older; a newer Belfry wrote it: start that one)",
                    null);
        }
        if (found < NEWEST) {
            flyway(source, vendor, autoKey).migrate();
        }
    }

    static Flyway flyway(DataSource source, String vendor, String autoKey) {
        return Flyway.configure()
                .dataSource(source)
                .locations(FOLDER + "shared", FOLDER + vendor)
                .placeholders(Map.of("autoKey", autoKey))
                .table(HISTORY)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .loggers("slf4j")
                .load();
    }

    /** The newest version that was run whole; 0: none, or one failed and Flyway is to say which. */
    private static int version(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return hasHistory(connection) ? version(connection) : 0;
        }
    }

    private static int version(Connection connection) throws SQLException {
        int newest = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT version, success FROM "
                                        + HISTORY
                                        + " WHERE version IS NOT NULL")) {
            while (rows.next()) {
                if (!rows.getBoolean("success")) {
                    return 0;
                }
                newest = Math.max(newest, rows.getInt("version"));
            }
        }
        return newest;
    }

    private static boolean hasHistory(Connection connection) throws SQLException {
        try (ResultSet tables =
                connection
                        .getMetaData()
                        .getTables(null, connection.getSchema(), HISTORY, new String[] {"TABLE"})) {
            return tables.next();
        }
    }
}

package dev.belfry.metadata;

import dev.belfry.metadata.MetadataException.Reason;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What the drivers' errors mean: for the person who starts Belfry, and for one who calls it. */
final class Failures {
    private Failures() {}

    /** The failure to open the SQLite file {@code file}. */
    static MetadataException openingSqlite(Path file, Throwable failure) {
        SQLiteErrorCode code = sqliteCode(failure);
        String name = code == null ? "" : code.name();
        if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
            return new MetadataException(
                    Reason.LOCKED,
                    file
                            + " is locked by another process (expected: one Belfry on a data folder;"
                            + " close what has the file open)",
                    failure);
        }
        if (name.startsWith("SQLITE_CORRUPT") || name.startsWith("SQLITE_NOTADB")) {
            return corrupt(file, message(failure), failure);
        }
        if (isNoAccess(name)) {
            return new MetadataException(
                    Reason.NO_ACCESS,
                    file
                            + " cannot be read and written: "
                            + message(failure)
                            + " (expected: rights on the file and its folder, room on the disk)",
                    failure);
        }
        return new MetadataException(
                Reason.MIGRATION_FAILED,
                file + " cannot be brought to this version's schema: " + message(failure),
                failure);
    }

    /** The file holds something else than a whole SQLite database. */
    static MetadataException corrupt(Path file, String problem, @Nullable Throwable failure) {
        return new MetadataException(
                Reason.CORRUPT,
                file
                        + " is damaged or not a SQLite database: "
                        + problem
                        + " (restore it from a backup, or move it away to begin with no users)",
                failure);
    }

    /** The failure to open PostgreSQL at {@code place}; the driver's texts hold no password. */
    static MetadataException openingPostgres(String place, Throwable failure) {
        SQLException cause = sqlException(failure);
        String state = cause == null || cause.getSQLState() == null ? "" : cause.getSQLState();
        if (state.isEmpty() || isConnectionState(state)) {
            return new MetadataException(
                    Reason.UNREACHABLE,
                    "DATABASE_URL: PostgreSQL at " + place + " cannot be used: " + message(failure),
                    failure);
        }
        return new MetadataException(
                Reason.MIGRATION_FAILED,
                "PostgreSQL at "
                        + place
                        + " cannot be brought to this version's schema: "
                        + message(failure),
                failure);
    }

    /** What a caller of a running Belfry gets for {@code failure}, or null: it is a bug. */
    static @Nullable BelfryException running(Throwable failure) {
        SQLiteErrorCode code = sqliteCode(failure);
        String name = code == null ? "" : code.name();
        SQLException cause = sqlException(failure);
        String state = cause == null || cause.getSQLState() == null ? "" : cause.getSQLState();
        if (name.startsWith("SQLITE_FULL") || state.equals("53100")) {
            return new BelfryException(
                    ErrorCode.STORAGE_FULL, "metadata: no room on the disk", failure);
        }
        boolean away =
                cause instanceof SQLTransientConnectionException
                        || name.startsWith("SQLITE_BUSY")
                        || isConnectionState(state);
        return away
                ? new BelfryException(
                        ErrorCode.OVERLOADED,
                        "metadata: the database does not answer (try again in a few seconds)",
                        failure)
                : null;
    }

    /** Whether {@code failure} says that no connection could be had or kept. */
    static boolean isConnectionFailure(Throwable failure) {
        SQLException cause = sqlException(failure);
        return cause instanceof SQLTransientConnectionException
                || (cause != null
                        && cause.getSQLState() != null
                        && isConnectionState(cause.getSQLState()));
    }

    /** One line that says what went wrong at the bottom of {@code failure}. */
    static String message(Throwable failure) {
        Throwable bottom = sqlException(failure);
        bottom = bottom == null ? failure : bottom;
        String text = bottom.getMessage();
        if (text == null || text.isBlank()) {
            return bottom.getClass().getSimpleName();
        }
        return text.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse(text);
    }

    /** SQLSTATE classes: connection, authorisation, no such database, shutdown, too many. */
    private static boolean isConnectionState(String state) {
        return state.startsWith("08")
                || state.startsWith("28")
                || state.startsWith("57P")
                || state.startsWith("3D")
                || state.equals("53300");
    }

    private static boolean isNoAccess(String name) {
        return name.startsWith("SQLITE_CANTOPEN")
                || name.startsWith("SQLITE_READONLY")
                || name.startsWith("SQLITE_PERM")
                || name.startsWith("SQLITE_IOERR")
                || name.startsWith("SQLITE_FULL");
    }

    private static @Nullable SQLiteErrorCode sqliteCode(Throwable failure) {
        return sqlException(failure) instanceof SQLiteException sqlite
                ? sqlite.getResultCode()
                : null;
    }

    /** The deepest SQL exception in the chain: pools and Flyway wrap the driver's own. */
    private static @Nullable SQLException sqlException(Throwable failure) {
        SQLException found = null;
        int depth = 0;
        for (Throwable t = failure; t != null && depth < 20; t = t.getCause(), depth++) {
            if (t instanceof SQLException sql) {
                found = sql;
            }
        }
        return found;
    }
}

package dev.belfry.metadata;

import java.sql.SQLException;

/** What the database says to a statement that it refuses. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The failure of {@code statement}: its SQL, without values. */
    DatabaseException(String statement, SQLException cause) {
        super(cause.getMessage() + " (" + statement + ")", cause);
    }
}

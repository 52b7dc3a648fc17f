package dev.belfry.metadata;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lends the connections of a pool. A use within a use of the same thread gets the same connection,
 * and joins its transaction: with one connection in the pool it would otherwise wait for itself.
 * Thread-safe.
 */
final class Connections {
    private final HikariDataSource pool;
    private final ThreadLocal<Handle> lent = new ThreadLocal<>();

    Connections(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Runs {@code work}; each of its statements is a transaction of its own. */
    <T extends @Nullable Object> T use(Function<Handle, T> work) {
        return lend(work, false);
    }

    /** Runs {@code work} as one transaction, rolled back when it throws. */
    <T extends @Nullable Object> T inTransaction(Function<Handle, T> work) {
        return lend(work, true);
    }

    private <T extends @Nullable Object> T lend(Function<Handle, T> work, boolean transaction) {
        Handle outer = lent.get();
        if (outer != null) {
            return work.apply(outer);
        }
        try (Connection connection = pool.getConnection()) {
            Handle handle = new Handle(connection);
            lent.set(handle);
            return transaction ? transact(connection, handle, work) : work.apply(handle);
        } catch (SQLException e) {
            throw new DatabaseException(transaction ? "a transaction" : "a connection", e);
        } finally {
            lent.remove();
        }
    }

    /** The pool turns the automatic commit on again when it gets the connection back. */
    private <T extends @Nullable Object> T transact(
            Connection connection, Handle handle, Function<Handle, T> work) throws SQLException {
        try {
            connection.setAutoCommit(false);
            T result = work.apply(handle);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(connection, e);
            throw e;
        }
    }

    /**
     * A connection that cannot be rolled back is not used again: SQLite's driver, for one, believes
     * in a transaction after it could not begin one.
     */
    private void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            pool.evictConnection(connection);
        }
    }
}

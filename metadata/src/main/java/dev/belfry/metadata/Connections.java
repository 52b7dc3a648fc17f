package dev.belfry.metadata;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lends the connections of a pool. A use within a use of the same thread gets the same connection,
 * and joins its transaction: with one connection in the pool it would otherwise wait for itself.
 * Thread-safe.
 */
final class Connections {
    private final DataSource pool;
    private final ThreadLocal<Handle> lent = new ThreadLocal<>();

    Connections(DataSource pool) {
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
    private static <T extends @Nullable Object> T transact(
            Connection connection, Handle handle, Function<Handle, T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.apply(handle);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.rollback();
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }
}

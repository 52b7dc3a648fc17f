package dev.belfry.metadata;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;

/** An opened database: a pool to read with and one to write with, which may be the same. */
sealed interface Database extends AutoCloseable permits SqliteDatabase, PostgresDatabase {
    HikariDataSource readers();

    HikariDataSource writers();

    /** Throws unless a row can be read and the files are where they were. */
    void probe(Connection connection) throws SQLException;

    PoolStatus poolStatus();

    /**
     * Closes the connections that are idle: when one was found broken, those beside it are too, and
     * the pool would hand out each of them once more.
     */
    void connectionBroke();

    /** Makes room for the next transaction in what the files have already, if that can be. */
    void diskWasFull();

    @Override
    void close();

    /** The state of one pool. */
    static PoolStatus status(HikariDataSource source) {
        HikariPoolMXBean pool = source.getHikariPoolMXBean();
        return new PoolStatus(
                pool.getActiveConnections(),
                pool.getIdleConnections(),
                pool.getThreadsAwaitingConnection(),
                source.getMaximumPoolSize());
    }
}

package dev.belfry.metadata;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/** A PostgreSQL database of the team's own; one pool reads and writes. */
final class PostgresDatabase implements Database {
    private static final String AUTO_KEY = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";

    private final HikariDataSource pool;

    private PostgresDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Connects and brings the schema up to date. */
    static PostgresDatabase open(DatabaseUrl url, MetadataConfig settings) {
        @Nullable HikariDataSource pool = null;
        try {
            pool = new HikariDataSource(config(url, settings));
            Migrations.run(pool, "postgresql", AUTO_KEY, "PostgreSQL at " + url.place());
            return new PostgresDatabase(pool);
        } catch (MetadataException e) {
            close(pool);
            throw e;
        } catch (SQLException | RuntimeException e) {
            close(pool);
            throw Failures.openingPostgres(url.place(), e);
        }
    }

    @Override
    public HikariDataSource readers() {
        return pool;
    }

    @Override
    public HikariDataSource writers() {
        return pool;
    }

    @Override
    public void probe(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM settings")) {
            row.next();
        }
    }

    @Override
    public PoolStatus poolStatus() {
        return Database.status(pool);
    }

    @Override
    public void connectionBroke() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void diskWasFull() {
        // That disk is the server's matter.
    }

    @Override
    public void close() {
        pool.close();
    }

    private static void close(@Nullable HikariDataSource pool) {
        if (pool != null) {
            pool.close();
        }
    }

    private static HikariConfig config(DatabaseUrl url, MetadataConfig settings) {
        long timeoutMillis = settings.connectTimeout().toMillis();
        Properties properties = new Properties();
        PGProperty.APPLICATION_NAME.set(properties, "belfry");
        PGProperty.CONNECT_TIMEOUT.set(properties, (int) Math.max(1, timeoutMillis / 1000));
        PGProperty.LOGIN_TIMEOUT.set(properties, (int) Math.max(1, timeoutMillis / 1000));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.SOCKET_TIMEOUT.set(
                properties, (int) Limits.STATEMENT_TIME.plusSeconds(5).toSeconds());
        PGProperty.OPTIONS.set(
                properties, "-c statement_timeout=" + Limits.STATEMENT_TIME.toMillis());
        url.properties()
                .forEach((name, value) -> properties.setProperty((String) name, (String) value));

        HikariConfig config = new HikariConfig();
        config.setPoolName("belfry-metadata");
        config.setJdbcUrl(url.jdbcUrl());
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(settings.poolMax());
        config.setMinimumIdle(1);
        config.setMaxLifetime(Limits.CONNECTION_LIFETIME.toMillis());
        config.setConnectionTimeout(Limits.CONNECTION_WAIT.toMillis());
        config.setInitializationFailTimeout(timeoutMillis);
        return config;
    }
}

package dev.belfry.bench;

import dev.belfry.testkit.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * PostgreSQL with the table and indexes of the seeds: the same JSON lines, batches of 1000,
 * durable.
 */
final class PostgresPeer {
    private static final int BATCH = 1000;

    /* A tenth is enough: its rate does not rise with more. */
    private static final int SHARE = 10;

    private static final String SCHEMA =
            """
            CREATE TABLE events (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), event_type TEXT NOT NULL,
              source VARCHAR(255) NOT NULL, message TEXT, level VARCHAR(50), tags JSONB NOT NULL DEFAULT '{}',
              payload JSONB NOT NULL DEFAULT '{}', timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(),
              created_at TIMESTAMPTZ NOT NULL DEFAULT NOW());
            CREATE INDEX idx_events_timestamp ON events(timestamp);
            CREATE INDEX idx_events_source ON events(source);
            CREATE INDEX idx_events_type ON events(event_type);
            CREATE INDEX idx_events_tags ON events USING GIN(tags);
            """;

    private static final String INSERT =
            """
            INSERT INTO events (event_type, source, message, level, tags, payload, timestamp)
            SELECT e->>'event_type', e->>'source', e->>'message', e->>'level', e->'tags', e->'payload',
              (e->>'timestamp')::timestamptz FROM jsonb_array_elements(?::jsonb) e
            """;

    private PostgresPeer() {}

    static void run(long events) throws IOException, InterruptedException {
        long count = events / SHARE;
        PostgresServer server = PostgresServer.start();
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            statement.execute(SCHEMA);
            ProcessHandle postgres = postmaster(statement);
            double before = ProcessClock.cpuSeconds(postgres);
            for (long first = 0; first < count; first += BATCH) {
                String lines =
                        new String(
                                new JsonEvents(7, System.currentTimeMillis(), first).lines(BATCH),
                                StandardCharsets.US_ASCII);
                insert.setString(1, "[" + lines.strip().replace('\n', ',') + "]");
                insert.executeUpdate();
            }
            double cpu = ProcessClock.awaitIdle(postgres) - before;
            System.out.printf(
                    "PostgreSQL, %,d events: %,.0f events per CPU-second%n", count, count / cpu);
        } catch (SQLException failure) {
            throw new IOException("PostgreSQL: " + failure.getMessage(), failure);
        } finally {
            server.stop();
        }
    }

    private static Connection connect(PostgresServer server) throws SQLException {
        String name = server.createDatabase().replaceFirst(".*/", "");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + name,
                server.user(),
                server.password());
    }

    private static ProcessHandle postmaster(Statement statement) throws SQLException {
        try (ResultSet backend = statement.executeQuery("SELECT pg_backend_pid()")) {
            backend.next();
            return ProcessHandle.of(backend.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow();
        }
    }
}

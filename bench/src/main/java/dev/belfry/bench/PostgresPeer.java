package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** PostgreSQL with the table and the indexes of the first seed. */
final class PostgresPeer implements Peer {
    /*
     * Debian's newest server with its defaults, so fsync and synchronous_commit are on and autovacuum runs; only
     * shared_buffers and max_wal_size are raised, as everyone would. One statement a batch, its columns as arrays: the
     * parser sees it once, and no statement but COPY costs the server less. The trace id, for which the table has no column,
     * goes into the payload, where no index is made of it. Processor time is the postmaster's and all its children's,
     * ended ones included, until a VACUUM (which flushes the pending entries of the GIN index, as autovacuum would) and a
     * CHECKPOINT are through.
     */
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private static final String SCHEMA =
            """
            CREATE TYPE event_type AS ENUM ('log', 'metric', 'trace', 'alert');
            CREATE TABLE events (
                id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
                event_type event_type NOT NULL,
                source VARCHAR(255) NOT NULL,
                message TEXT,
                level VARCHAR(50),
                tags JSONB NOT NULL DEFAULT '{}',
                payload JSONB NOT NULL DEFAULT '{}',
                timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(),
                created_at TIMESTAMPTZ NOT NULL DEFAULT NOW());
            CREATE INDEX idx_events_timestamp ON events(timestamp);
            CREATE INDEX idx_events_source ON events(source);
            CREATE INDEX idx_events_type ON events(event_type);
            CREATE INDEX idx_events_tags ON events USING GIN(tags);
            """;
    private static final String INSERT =
            """
            INSERT INTO events (event_type, source, message, level, tags, payload, timestamp)
            SELECT * FROM unnest(?::event_type[], ?::text[], ?::text[], ?::text[], ?::jsonb[], ?::jsonb[],
              ?::timestamptz[])
            """;
    private static final String[] MEMBERS = {
        "event_type", "source", "message", "level", "tags", "payload", "timestamp"
    };

    private final boolean values;

    /**
     * Inserts by {@code INSERT … VALUES} of 1000 rows of parameters, as drivers and mappers do, or
     * by arrays.
     */
    PostgresPeer(boolean values) {
        this.values = values;
    }

    @Override
    public String measure(Path folder, long events, Figures figures) throws Exception {
        Path programs = programs();
        Path data = Files.createDirectories(folder.resolve("data"));
        if (isRoot()) {
            for (Path owned : List.of(folder, data)) {
                Files.setOwner(
                        owned,
                        owned.getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName("postgres"));
            }
        }
        run(
                folder,
                programs.resolve("initdb").toString(),
                "-D",
                data.toString(),
                "-A",
                "trust",
                "-U",
                "bench",
                "-E",
                "UTF8",
                "--locale=C");
        int port = freePort();
        Process server =
                new ProcessBuilder(
                                command(
                                        programs.resolve("postgres").toString(),
                                        "-D",
                                        data.toString(),
                                        "-p",
                                        "" + port,
                                        "-c",
                                        "listen_addresses=127.0.0.1",
                                        "-c",
                                        "unix_socket_directories=",
                                        "-c",
                                        "shared_buffers=512MB",
                                        "-c",
                                        "max_wal_size=4GB",
                                        "-c",
                                        "synchronous_commit=on"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("postgres.log").toFile())
                        .start();
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=bench";
        try {
            return load(url, events, figures);
        } finally {
            server.descendants().forEach(ProcessHandle::destroy);
            server.destroy();
            if (!server.waitFor(30, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    private String load(String url, long events, Figures figures) throws Exception {
        List<Connection> open = new ArrayList<>();
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
            ProcessHandle postmaster = postmaster(statement);
            double before = ProcessClock.awaitIdle(postmaster);
            Load.send(
                    events,
                    () -> {
                        Connection own = connect(url);
                        synchronized (open) {
                            open.add(own);
                        }
                        PreparedStatement insert = own.prepareStatement(statement());
                        return lines -> insert(own, insert, lines);
                    });
            statement.execute("VACUUM events");
            statement.execute("CHECKPOINT");
            double cpu = ProcessClock.awaitIdle(postmaster) - before;
            figures.add(Measure.EVENTS_IN, events / cpu);
            try (ResultSet size =
                    statement.executeQuery(
                            "SELECT pg_total_relation_size('events'), count(*),"
                                    + " current_setting('server_version') FROM events")) {
                size.next();
                if (size.getLong(2) != events) {
                    throw new IOException("PostgreSQL has " + size.getLong(2) + " events");
                }
                figures.add(Measure.BYTES, (double) size.getLong(1) / events);
                return "PostgreSQL %s: %s, %,d events; table and indexes of the first seed; fsync and synchronous_commit on."
                        .formatted(
                                size.getString(3),
                                values
                                        ? "INSERT … VALUES of 1000 rows"
                                        : "INSERT … SELECT unnest(arrays of 1000)",
                                events);
            }
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
    }

    private void insert(Connection connection, PreparedStatement insert, byte[] lines)
            throws IOException, SQLException {
        ObjectMapper json = new ObjectMapper();
        String[][] columns = new String[MEMBERS.length][Load.BATCH];
        int row = 0;
        for (String line : new String(lines, java.nio.charset.StandardCharsets.UTF_8).split("\n")) {
            JsonNode event = json.readTree(line);
            ((ObjectNode) event.get("payload")).set("trace_id", event.get("trace_id"));
            for (int i = 0; i < MEMBERS.length; i++) {
                JsonNode member = event.get(MEMBERS[i]);
                columns[i][row] = member.isObject() ? member.toString() : member.asText();
            }
            row++;
        }
        for (int i = 0; i < MEMBERS.length; i++) {
            if (!values) {
                insert.setArray(i + 1, connection.createArrayOf("text", columns[i]));
                continue;
            }
            for (int at = 0; at < Load.BATCH; at++) {
                insert.setString(at * MEMBERS.length + i + 1, columns[i][at]);
            }
        }
        insert.executeUpdate();
    }

    private String statement() {
        if (!values) {
            return INSERT;
        }
        String row = "(?::event_type, ?, ?, ?, ?::jsonb, ?::jsonb, ?::timestamptz)";
        return "INSERT INTO events ("
                + String.join(", ", MEMBERS)
                + ") VALUES "
                + String.join(", ", Collections.nCopies(Load.BATCH, row));
    }

    private static Connection connect(String url) throws Exception {
        for (int attempt = 0; ; attempt++) {
            try {
                return DriverManager.getConnection(url);
            } catch (SQLException failure) {
                if (attempt == 100) {
                    throw failure;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private static ProcessHandle postmaster(Statement statement) throws SQLException {
        try (ResultSet backend = statement.executeQuery("SELECT pg_backend_pid()")) {
            backend.next();
            return ProcessHandle.of(backend.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow();
        }
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Path::compareTo)
                    .orElseThrow(() -> new IOException("PostgreSQL is not installed"));
        }
    }

    private static void run(Path folder, String... words) throws Exception {
        Programs.run(folder, command(words).toArray(String[]::new));
    }

    private static List<String> command(String... words) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            /* It refuses to run as root. */
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.addAll(List.of(words));
        return command;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

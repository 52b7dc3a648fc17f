package dev.belfry.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the test's own: a new cluster in a temporary folder, on a free loopback
 * port, with a password; stopped and removed by {@link #close}. Needs Debian's package {@code
 * postgresql}.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final int STARTS_MAX = 3;
    private static final long COMMAND_SECONDS_MAX = 60;
    private static final String USER = "belfry";

    private final Path programs;
    private final Path folder;
    private final String password;
    private final AtomicInteger names = new AtomicInteger();
    private int port;
    private boolean running;

    private PostgresServer(Path programs, Path folder, String password) {
        this.programs = programs;
        this.folder = folder;
        this.password = password;
    }

    /**
     * Makes a cluster and starts it.
     *
     * @throws IllegalStateException when PostgreSQL is not installed or does not start
     */
    public static PostgresServer start() {
        Path programs =
                programs()
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "PostgreSQL is not installed (no "
                                                + DEBIAN
                                                + "/*/bin/initdb): apt-get install"
                                                + " postgresql"));
        try {
            Path folder = Files.createTempDirectory("belfry-postgres-");
            byte[] secret = new byte[16];
            new SecureRandom().nextBytes(secret);
            PostgresServer server =
                    new PostgresServer(programs, folder, HexFormat.of().formatHex(secret));
            server.initialise();
            server.startAgain();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server that all tests of this process share; it ends with the process. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** Starts a server that was {@linkplain #stop() stopped}, on the same data. */
    public void startAgain() {
        for (int i = 1; !running; i++) {
            if (port == 0 || i > 1) {
                port = freePort();
            }
            String options =
                    "-p "
                            + port
                            + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                            + " -c fsync=off -c shared_buffers=16MB -c max_connections=60";
            String output = folder.resolve("log").toString();
            Outcome outcome =
                    run("pg_ctl", "-D", data(), "-l", output, "-w", "-o", options, "start");
            running = outcome.exitCode == 0;
            if (!running && i == STARTS_MAX) {
                throw new IllegalStateException("PostgreSQL does not start: " + outcome.output);
            }
        }
    }

    /** Makes an empty database, some MiB on disk; returns its {@code postgres://} URL. */
    public String createDatabase() {
        String name = "test_" + names.incrementAndGet();
        must("createdb", "-h", "127.0.0.1", "-p", "" + port, "-U", USER, name);
        return url(name);
    }

    /**
     * Makes an empty schema in the database {@code postgres}, which is cheaper than a database;
     * returns a URL whose connections see only that.
     */
    public String createSchema() {
        String name = "test_" + names.incrementAndGet();
        must(
                "psql",
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                "" + port,
                "-U",
                USER,
                "-d",
                "postgres",
                "-c",
                "CREATE SCHEMA " + name);
        return url("postgres") + "?currentSchema=" + name;
    }

    /** The loopback port. */
    public int port() {
        return port;
    }

    /** The user who may do all. */
    public String user() {
        return USER;
    }

    /** That user's password. */
    public String password() {
        return password;
    }

    /** Ends the server and keeps its data: connections break. */
    public void stop() {
        if (running) {
            must("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
            running = false;
        }
    }

    /** Ends the server and removes its data. */
    @Override
    public void close() {
        try {
            stop();
        } finally {
            remove(folder);
        }
    }

    private void initialise() throws IOException {
        Path secret = Files.writeString(folder.resolve("password"), password);
        if (isRoot()) {
            UserPrincipal owner =
                    folder.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName("postgres");
            Files.setOwner(folder, owner);
            Files.setOwner(secret, owner);
        }
        must(
                "initdb",
                "-D",
                data(),
                "-U",
                USER,
                "-A",
                "scram-sha-256",
                "--pwfile",
                secret.toString(),
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync");
    }

    private String url(String database) {
        return "postgres://" + USER + ":" + password + "@127.0.0.1:" + port + "/" + database;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void must(String program, String... arguments) {
        Outcome outcome = run(program, arguments);
        if (outcome.exitCode != 0) {
            throw new IllegalStateException(program + " failed: " + outcome.output);
        }
    }

    /** PostgreSQL refuses to run as root: there it runs as the package's own user. */
    private Outcome run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("belfry-postgres-", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().put("PGPASSWORD", password);
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            boolean ended = process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(output).strip();
            Files.delete(output);
            return new Outcome(ended ? process.exitValue() : -1, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(program + " was interrupted", e);
        }
    }

    /** The newest version's folder of programs. */
    private static Optional<Path> programs() {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
                    .max(Comparator.comparingInt(PostgresServer::version))
                    .map(version -> version.resolve("bin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int version(Path folder) {
        String name = folder.getFileName().toString();
        return name.chars().allMatch(Character::isDigit) ? Integer.parseInt(name) : 0;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Outcome(int exitCode, String output) {}

    private static final class Shared {
        static final PostgresServer SERVER = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        }
    }
}

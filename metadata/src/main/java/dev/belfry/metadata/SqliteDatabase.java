package dev.belfry.metadata;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/**
 * The file {@code belfry.db}: write-ahead log, foreign keys on, one connection that writes and a
 * few that only read. A commit is forced to the disk before it is answered.
 */
final class SqliteDatabase implements Database {
    private final Path file;
    private final HikariDataSource readers;
    private final HikariDataSource writers;

    private SqliteDatabase(Path file, HikariDataSource readers, HikariDataSource writers) {
        this.file = file;
        this.readers = readers;
        this.writers = writers;
    }

    /** Opens or makes the file in the data folder and brings its schema up to date. */
    static SqliteDatabase open(MetadataConfig settings) {
        Path file =
                settings.dataFolder()
                        .resolve(MetadataConfig.FILE_NAME)
                        .toAbsolutePath()
                        .normalize();
        @Nullable HikariDataSource writers = null;
        @Nullable HikariDataSource readers = null;
        try {
            createPrivate(file);
            Duration busy = busy(settings);
            check(file, busy);
            migrate(file, busy);
            writers = new HikariDataSource(pool("belfry-metadata-write", source(file, busy), 1));
            readers = readers(source(file, busy));
            return new SqliteDatabase(file, readers, writers);
        } catch (MetadataException e) {
            closeAll(readers, writers);
            throw e;
        } catch (IOException e) {
            closeAll(readers, writers);
            throw new MetadataException(
                    MetadataException.Reason.NO_ACCESS,
                    file + " cannot be made: " + e + " (expected: a folder that can be written)",
                    e);
        } catch (SQLException | RuntimeException e) {
            closeAll(readers, writers);
            throw Failures.openingSqlite(file, e);
        }
    }

    @Override
    public HikariDataSource readers() {
        return readers;
    }

    @Override
    public HikariDataSource writers() {
        return writers;
    }

    @Override
    public void probe(Connection connection) throws SQLException {
        if (!Files.isReadable(file)) {
            throw new SQLException(file + " is gone or cannot be read");
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM settings")) {
            row.next();
        }
    }

    @Override
    public PoolStatus poolStatus() {
        return Database.status(readers).plus(Database.status(writers));
    }

    @Override
    public void connectionBroke() {
        // A connection to a file does not break.
    }

    /*
     * What the write-ahead log has goes to the database, after which it begins anew and need not grow. The connection
     * that writes may still be in the transaction that failed; any other can do it.
     */
    @Override
    public void diskWasFull() {
        try (Connection connection = readers.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        } catch (SQLException _) {
            // The next transaction finds no room either, and says so.
        }
    }

    @Override
    public void close() {
        closeAll(readers, writers);
    }

    private static void closeAll(
            @Nullable HikariDataSource readers, @Nullable HikariDataSource writers) {
        if (readers != null) {
            readers.close();
        }
        if (writers != null) {
            writers.close();
        }
    }

    /** It holds password hashes: nobody but its owner reads it. */
    private static void createPrivate(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] rights =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        try {
            Files.createFile(file, rights);
        } catch (FileAlreadyExistsException _) {
            // The usual case: not the first start.
        }
    }

    /**
     * Finds damage before anything is written; a whole database of a few MiB takes milliseconds.
     */
    private static void check(Path file, Duration busy) throws SQLException, IOException {
        if (Files.size(file) == 0 || Files.size(file) > Limits.QUICK_CHECK_MAX_BYTES) {
            return;
        }
        try (Connection connection = source(file, busy).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
            String verdict = row.next() ? row.getString(1) : "no answer";
            if (!"ok".equals(verdict)) {
                throw Failures.corrupt(file, verdict, null);
            }
        }
    }

    /** Not by the pool: Flyway holds several connections while one of them writes. */
    private static void migrate(Path file, Duration busy) throws SQLException {
        SQLiteDataSource source = source(file, busy);
        source.getConfig().setTransactionMode(TransactionMode.DEFERRED);
        Migrations.run(source, "sqlite", "INTEGER PRIMARY KEY AUTOINCREMENT", file.toString());
    }

    private static SQLiteDataSource source(Path file, Duration busy) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.setBusyTimeout(Math.toIntExact(busy.toMillis()));
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static Duration busy(MetadataConfig settings) {
        Duration given = settings.connectTimeout();
        return given.compareTo(Limits.SQLITE_BUSY) < 0 ? given : Limits.SQLITE_BUSY;
    }

    private static HikariDataSource readers(SQLiteDataSource source) {
        HikariConfig config = pool("belfry-metadata-read", source, Limits.SQLITE_READERS_MAX);
        config.setConnectionInitSql("PRAGMA query_only = 1");
        return new HikariDataSource(config);
    }

    private static HikariConfig pool(String name, SQLiteDataSource source, int max) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setMaximumPoolSize(max);
        config.setMinimumIdle(1);
        config.setMaxLifetime(0);
        config.setConnectionTimeout(Limits.SQLITE_BUSY.plus(Limits.CONNECTION_WAIT).toMillis());
        config.setInitializationFailTimeout(1);
        return config;
    }
}

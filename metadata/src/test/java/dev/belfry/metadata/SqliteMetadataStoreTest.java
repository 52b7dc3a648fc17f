package dev.belfry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belfry.metadata.MetadataException.Reason;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteMetadataStoreTest extends MetadataStoreContract {
    @TempDir Path folder;

    @Override
    MetadataConfig config() {
        return MetadataConfig.sqlite(folder);
    }

    @Test
    void folder_isMadeWhenMissing_andTheFileIsPrivate() throws IOException {
        Path missing = folder.resolve("a/b");
        try (MetadataStore store = MetadataStore.open(MetadataConfig.sqlite(missing))) {
            Path file = missing.resolve("belfry.db");

            assertThat(store.kind()).isEqualTo("sqlite");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void database_isInWalMode_andForcesItsCommits() {
        try (MetadataStore store = MetadataStore.open(config())) {
            assertThat(pragma(store, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(store, "synchronous")).isEqualTo("2");
            assertThat(pragma(store, "foreign_keys")).isEqualTo("1");
        }
    }

    @Test
    void afterAFullDisk_theNextWriteNeedsNoFurtherRoom() throws Exception {
        Path log = folder.resolve("belfry.db-wal");
        try (MetadataStore store = MetadataStore.open(config())) {
            for (int i = 0; i < 20; i++) {
                String name = "a" + i;
                store.write(handle -> put(handle, name, "1"));
            }
            try (Connection writer = store.source().getConnection();
                    Statement statement = writer.createStatement()) {
                statement.execute("PRAGMA max_page_count = 1"); // No more than it has.
            }
            long size = Files.size(log);

            assertThatThrownBy(() -> store.write(handle -> put(handle, "b", "x".repeat(400_000))))
                    .isInstanceOfSatisfying(
                            BelfryException.class,
                            full -> assertThat(full.code()).isEqualTo(ErrorCode.STORAGE_FULL));
            store.write(handle -> put(handle, "c", "1"));

            assertThat(size).isPositive();
            assertThat(Files.size(log)).isEqualTo(size);
        }
    }

    @Test
    void read_cannotWrite() {
        try (MetadataStore store = MetadataStore.open(config())) {
            assertThatThrownBy(() -> store.read(handle -> put(handle, "a", "1")))
                    .hasMessageContaining("readonly");
        }
    }

    @Test
    void fileThatIsNoDatabase_isRefused() throws IOException {
        Files.writeString(folder.resolve("belfry.db"), "these are not the rows".repeat(500));

        MetadataException refused = refused();

        assertThat(refused.reason()).isEqualTo(Reason.CORRUPT);
        assertThat(refused).hasMessageContaining("belfry.db").hasMessageContaining("backup");
    }

    @Test
    void damagedPages_areFoundAtTheStart() throws IOException {
        try (MetadataStore store = MetadataStore.open(config())) {
            store.write(handle -> put(handle, "a", "x".repeat(20_000)));
        }
        Path file = folder.resolve("belfry.db");
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            for (long page = 4096; page < bytes.length(); page += 4096) {
                bytes.seek(page);
                bytes.write(new byte[64]);
            }
        }

        assertThat(refused().reason()).isEqualTo(Reason.CORRUPT);
    }

    @Test
    void cutFile_isFoundAtTheStart() throws IOException {
        MetadataStore.open(config()).close();
        try (RandomAccessFile bytes =
                new RandomAccessFile(folder.resolve("belfry.db").toFile(), "rw")) {
            bytes.setLength(bytes.length() / 2);
        }

        assertThat(refused().reason()).isEqualTo(Reason.CORRUPT);
    }

    @Test
    void fileLockedByAnother_isRefused() throws SQLException {
        MetadataStore.open(config()).close();
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("UPDATE settings SET updated_at = 1");

            MetadataException refused =
                    catchThrowableOfType(
                            MetadataException.class,
                            () ->
                                    MetadataStore.open(
                                            config().withConnectTimeout(Duration.ofMillis(50))));

            assertThat(refused.reason()).isEqualTo(Reason.LOCKED);
            assertThat(refused).hasMessageContaining("another process");
        }
    }

    @Test
    void writeLockedByAnother_isOverloaded_andReadingGoesOn() throws SQLException {
        MetadataConfig impatient = config().withConnectTimeout(Duration.ofMillis(50));
        try (MetadataStore store = MetadataStore.open(impatient);
                Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            BelfryException refused =
                    catchThrowableOfType(
                            BelfryException.class,
                            () -> store.write(handle -> put(handle, "a", "1")));

            assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(count(store, "users")).isZero();
            statement.execute("ROLLBACK");
            int written = store.write(handle -> put(handle, "a", "1"));
            assertThat(written).isOne();
        }
    }

    @Test
    void folderThatCannotBeMade_isRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        MetadataException refused =
                catchThrowableOfType(
                        MetadataException.class,
                        () -> MetadataStore.open(MetadataConfig.sqlite(file.resolve("data"))));

        assertThat(refused.reason()).isEqualTo(Reason.NO_ACCESS);
    }

    @Test
    void probe_whenTheFileIsGone_saysDown() throws IOException {
        try (MetadataStore store = MetadataStore.open(config())) {
            Files.delete(folder.resolve("belfry.db"));

            MetadataHealth health = store.healthy(Duration.ofSeconds(5));

            assertThat(health.up()).isFalse();
            assertThat(health.problem()).contains("belfry.db");
        }
    }

    private MetadataException refused() {
        return catchThrowableOfType(
                MetadataException.class, () -> MetadataStore.open(config()).close());
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("belfry.db"));
    }

    private static String pragma(MetadataStore store, String name) {
        return store.read(
                handle -> handle.createQuery("PRAGMA " + name).map(row -> row.getString(1)).one());
    }
}

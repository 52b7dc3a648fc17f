package dev.belfry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belfry.metadata.MetadataException.Reason;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresMetadataStoreTest extends MetadataStoreContract {
    private static final Path UNUSED = Path.of("no-such-folder");

    private String url;

    @BeforeEach
    void makeSchema() {
        url = PostgresServer.shared().createSchema();
    }

    @Override
    MetadataConfig config() {
        return MetadataConfig.of(UNUSED, url);
    }

    @Test
    void kind_isPostgresql_andNoFileIsMade() {
        try (MetadataStore store = MetadataStore.open(config())) {
            assertThat(store.kind()).isEqualTo("postgresql");
            assertThat(UNUSED).doesNotExist();
        }
    }

    @Test
    void jdbcUrl_opensTheSame() {
        PostgresServer server = PostgresServer.shared();
        url = server.createDatabase();
        String database = url.substring(url.lastIndexOf('/') + 1);
        String jdbc =
                "jdbc:postgresql://127.0.0.1:"
                        + server.port()
                        + "/"
                        + database
                        + "?user="
                        + server.user()
                        + "&password="
                        + server.password();
        try (MetadataStore store = MetadataStore.open(config())) {
            store.write(handle -> put(handle, "a", "1"));
        }
        try (MetadataStore store = MetadataStore.open(MetadataConfig.of(UNUSED, jdbc))) {
            assertThat(value(store, "a")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong password", "no such database", "no server"})
    void serverThatCannotBeUsed_isRefused_withoutThePassword(String what) {
        PostgresServer server = PostgresServer.shared();
        String place = "127.0.0.1:" + server.port();
        String bad =
                switch (what) {
                    case "wrong password" -> url.replace(server.password(), "s3cret");
                    case "no such database" -> url.replaceAll("/[^/]*$", "/nowhere");
                    default -> "postgres://ann:s3cret@127.0.0.1:1/b";
                };

        MetadataException refused =
                catchThrowableOfType(
                        MetadataException.class,
                        () ->
                                MetadataStore.open(
                                        MetadataConfig.of(UNUSED, bad)
                                                .withConnectTimeout(Duration.ofSeconds(1))));

        assertThat(refused.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(refused)
                .hasMessageContaining(what.equals("no server") ? "127.0.0.1:1" : place)
                .hasMessageStartingWith("DATABASE_URL");
        assertThat(refused.getMessage()).doesNotContain("s3cret", server.password());
    }

    @Test
    void outage_isOverloaded_andEndsByItself() {
        try (PostgresServer server = PostgresServer.start();
                MetadataStore store =
                        MetadataStore.open(MetadataConfig.of(UNUSED, server.createDatabase()))) {
            store.write(handle -> put(handle, "a", "1"));
            server.stop();

            BelfryException refused =
                    catchThrowableOfType(BelfryException.class, () -> value(store, "a"));
            assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(store.healthy(Duration.ofSeconds(10)).up()).isFalse();

            server.startAgain();
            assertThat(value(store, "a")).isEqualTo("1");
            assertThat(store.healthy(Duration.ofSeconds(10)).up()).isTrue();
        }
    }
}

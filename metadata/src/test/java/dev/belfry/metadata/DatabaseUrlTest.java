package dev.belfry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belfry.metadata.MetadataException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "postgres://ann:pw@db:5433/belfry          | db:5433/belfry          | ann   | pw",
                "postgresql://ann:pw@db/belfry             | db:5432/belfry          | ann   | pw",
                "POSTGRES://ann@db/belfry                  | db:5432/belfry          | ann   | -",
                "postgres://a%40b:p%2F%3A%20%C3%A9@db/x%20y | db:5432/x y            | a@b   | p/: é",
                "postgres://ann:p+w@db/b                   | db:5432/b               | ann   | p+w",
                "postgres://ann:p@ss@db/b                  | db:5432/b               | ann   | p@ss",
                "postgres://ann:a?b@db/b                   | db:5432/b               | ann   | a?b",
                "postgres://ann:pw@db_1.internal/b         | db_1.internal:5432/b    | ann   | pw",
                "postgres://ann:pw@[::1]:5433/b            | [::1]:5433/b            | ann   | pw",
                "postgres://ann:pw@one:1,two:2/b           | one:1,two:2/b           | ann   | pw",
                "postgres://ann:pw@/b                      | localhost:5432/b        | ann   | pw",
                "postgres://ann:pw@db                      | db:5432/ann             | ann   | pw",
                "postgres:///b?user=ann&password=pw        | localhost:5432/b        | ann   | pw",
                "jdbc:postgresql://db:5433/b?user=ann&password=p%26w | db:5433/b     | ann   | p&w",
                "jdbc:postgresql://db/b?user=ann           | db:5432/b               | ann   | -",
                "JDBC:postgresql:b?user=ann                | localhost:5432/b        | ann   | -",
            })
    void url_isTakenApart(String url, String place, String user, String password) {
        DatabaseUrl parsed = DatabaseUrl.parse(url);

        assertThat(parsed.place()).isEqualTo(place);
        assertThat(parsed.user()).isEqualTo(user);
        assertThat(parsed.properties().getProperty("password")).isEqualTo(password);
        assertThat(parsed.jdbcUrl()).startsWith("jdbc:postgresql://").endsWith("/");
    }

    @Test
    void options_ofLibpqAndOfTheDriver_areGivenToTheDriver() {
        DatabaseUrl parsed =
                DatabaseUrl.parse(
                        "postgres://ann:pw@db/b?sslmode=require&connect_timeout=3"
                                + "&application_name=my%20app&channel_binding=prefer&prepareThreshold=0");

        assertThat(parsed.properties())
                .containsEntry("sslmode", "require")
                .containsEntry("connectTimeout", "3")
                .containsEntry("ApplicationName", "my app")
                .containsEntry("channelBinding", "prefer")
                .containsEntry("prepareThreshold", "0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://ann:s3cret@db/b",
                "ann:s3cret@db/b",
                "postgres:/ann:s3cret@db/b",
                "postgres://ann:s3cret@db:port/b",
                "postgres://ann:s3cret@db:99999/b",
                "postgres://ann:s3cret@ /b",
                "postgres://ann:s3cret@d b/b",
                "postgres://ann:s3cret%4@db/b",
                "postgres://ann:s3cret%zz@db/b",
                "postgres://ann:s3cret%ff@db/b",
                "postgres://db",
                "postgres://ann:s3cret@db/b?colour=blue",
                "jdbc:postgresql://db:s3cret/b",
            })
    void malformedUrl_isRefused_withoutItsPassword(String url) {
        MetadataException refused =
                catchThrowableOfType(MetadataException.class, () -> DatabaseUrl.parse(url));

        assertThat(refused.reason()).isEqualTo(Reason.BAD_URL);
        assertThat(refused).hasMessageStartingWith("DATABASE_URL: ").hasMessageContaining("(");
        assertThat(refused.getMessage()).doesNotContain("s3cret");
    }

    @Test
    void text_hidesThePassword() {
        String url = "postgres://ann:s3cret@db/b";

        assertThat(DatabaseUrl.parse(url).toString()).doesNotContain("s3cret");
        assertThat(MetadataConfig.of(Path.of("data"), url).toString()).doesNotContain("s3cret");
    }
}

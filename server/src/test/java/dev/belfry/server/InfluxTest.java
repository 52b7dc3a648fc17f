package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InfluxTest {
    private static final long TIME_SECONDS = 1_769_248_800;

    @TempDir private Path folder;

    @Test
    void precisionAndDatabase_areThoseOfTheRequest() {
        try (TestServer server = TestServer.start(folder)) {
            String admin = server.admin();
            write(server, "/write?precision=s&db=tele", "a,x=y v=1 " + TIME_SECONDS);
            write(server, "/write?precision=ms", "b v=2 " + TIME_SECONDS + "000");
            write(server, "/write?precision=n&u=any&p=any", "c v=3 " + TIME_SECONDS + "000000000");
            write(
                    server,
                    "/api/v2/write?org=o&bucket=bu&precision=us",
                    "d v=4 " + TIME_SECONDS + "000000");
            assertThat(ask(server, admin, "a_v{db=\"tele\",x=\"y\"}")).contains("\"1\"");
            assertThat(ask(server, admin, "b_v{db=\"\"}")).contains("\"2\"");
            assertThat(ask(server, admin, "c_v")).contains("\"3\"");
            assertThat(ask(server, admin, "d_v{db=\"bu\"}")).contains("\"4\"");
        }
    }

    @Test
    void wrongPrecision_andWrongLines_areRefused() {
        try (TestServer server = TestServer.start(folder)) {
            TestServer.Answer refused = send(server, "/api/v2/write?precision=days", "a v=1 1");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("precision: days (expected: n, ns,");
            refused = send(server, "/write?precision=s", "a v=1 " + TIME_SECONDS + "\nb\n");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("partial write: line 2: b", "dropped=1");
            assertThat(ask(server, server.admin(), "a_v")).contains("\"1\"");
        }
    }

    @Test
    void createDatabase_isAnswered_inTheQueryAndInTheBody() {
        try (TestServer server = TestServer.start(folder)) {
            String statement = "CREATE%20DATABASE%20x";
            assertThat(send(server, "/query?q=" + statement, "").status()).isEqualTo(200);
            assertThat(send(server, "/query", "q=CREATE+DATABASE+x").status()).isEqualTo(200);
            assertThat(send(server, "/query?q=SHOW%20DATABASES", "").status()).isEqualTo(400);
        }
    }

    private static void write(TestServer server, String path, String lines) {
        assertThat(send(server, path, lines).status()).isEqualTo(204);
    }

    private static TestServer.Answer send(TestServer server, String path, String lines) {
        return server.send(
                HttpRequest.newBuilder(server.uri(path))
                        .header("Authorization", "Token " + server.admin())
                        .POST(HttpRequest.BodyPublishers.ofString(lines))
                        .build());
    }

    private static String ask(TestServer server, String admin, String query) {
        String path =
                "/api/v1/query?time="
                        + TIME_SECONDS
                        + "&query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8);
        return server.get(path, admin).text();
    }
}

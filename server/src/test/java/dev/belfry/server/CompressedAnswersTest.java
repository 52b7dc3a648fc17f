package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in gzip, for those who ask for it. */
final class CompressedAnswersTest {
    private static final String ENCODING = "content-encoding";
    private static final String SHOP = "https://shop.example.com";

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--server.cors_origins", SHOP);
        admin = server.admin();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** {@code count} samples, one a second. */
    private static String samples(int count) {
        String query = URLEncoder.encode("sin(vector(time()))", StandardCharsets.UTF_8);
        return "/api/v1/query_range?query=" + query + "&start=1&step=1&end=" + count;
    }

    private static TestServer.Answer ask(String method, String path, String accepted) {
        return server.send(
                server.request(method, path, admin).header("accept-encoding", accepted).build());
    }

    private static String inflated(TestServer.Answer answer) throws IOException {
        byte[] body = answer.response().body();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 10_000})
    void answer_isTheSame_smaller(int count) throws Exception {
        TestServer.Answer answer = ask("GET", samples(count), "deflate, gzip;q=0.8").expect(200);

        assertThat(answer.header(ENCODING)).isEqualTo("gzip");
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        String plain = server.get(samples(count), admin).expect(200).text();
        assertThat(inflated(answer)).isEqualTo(plain);
        assertThat(answer.response().body().length).isLessThan(plain.length());
    }

    @Test
    void form_isAnsweredSo_too() throws Exception {
        HttpRequest request =
                server.request("POST", "/api/v1/query_range", admin)
                        .header("accept-encoding", "gzip")
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        samples(100).replaceFirst(".*\\?", "")))
                        .build();

        assertThat(inflated(server.send(request).expect(200))).contains("\"matrix\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "br", "gzip;q=0", "gzip; q=0.000, *"})
    void whoDoesNotWantIt_getsItPlain(String accepted) {
        TestServer.Answer answer = ask("GET", samples(100), accepted).expect(200);

        assertThat(answer.header(ENCODING)).isEmpty();
        assertThat(answer.text()).startsWith("{\"status\":\"success\"");
    }

    @Test
    void small_staysPlain() {
        assertThat(ask("GET", "/api/v1/query?query=1", "gzip").header(ENCODING)).isEmpty();
    }

    @Test
    void head_saysWhatGetWouldSend() {
        TestServer.Answer got = ask("GET", samples(100), "gzip").expect(200);
        TestServer.Answer head = ask("HEAD", samples(100), "gzip").expect(200);

        assertThat(head.header(ENCODING)).isEqualTo("gzip");
        assertThat(head.header("content-length"))
                .isEqualTo(Integer.toString(got.response().body().length));
        assertThat(head.response().body()).isEmpty();
    }

    @Test
    void whatItVariesBy_isAllTold() {
        TestServer.Answer answer = ask("GET", samples(100), "gzip");

        assertThat(answer.response().headers().allValues("vary"))
                .containsExactlyInAnyOrder("accept-encoding", "origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/monitoring/config",
                "/api/v1/monitoring/events?limit=1000&source=belfry"
            })
    void whereSecretsMayStand_nothingIsCompressed(String path) {
        TestServer.Answer answer = ask("GET", path, "gzip").expect(200);

        assertThat(answer.text()).hasSizeGreaterThan(1024);
        assertThat(answer.header(ENCODING)).isEmpty();
    }
}

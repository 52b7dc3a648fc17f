package dev.belfry.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StaticFilesTest {
    private static final String SCRIPT = "\n  show('a page');\n";

    @TempDir private Path folder;
    private URLClassLoader loader;
    private StaticFiles files;

    @BeforeEach
    void open() throws IOException {
        write("index.html", "<html><div></div><script>" + SCRIPT + "</script></html>");
        write("index.html.br", "index, smaller");
        write("guest.html", "<html>guest</html>");
        write("assets/program-1.js", "run()");
        write("assets/program-1.js.gz", "run, smaller");
        URI root = folder.toUri();
        loader = new URLClassLoader(new URL[] {root.toURL()}, null);
        files = new StaticFiles(loader);
    }

    @AfterEach
    void close() throws IOException {
        loader.close();
    }

    @Test
    void page_isTheGuestsUntilThereIsASession() {
        assertThat(text(get("/"))).isEqualTo("<html>guest</html>");
        assertThat(text(get("/", "cookie", "other=1"))).isEqualTo("<html>guest</html>");
        Reply page = get("/", "cookie", "belfry_session=abc");
        assertThat(text(page)).contains(SCRIPT);
        assertThat(page.headers())
                .containsEntry("vary", "accept-encoding, cookie")
                .containsEntry("cache-control", "no-cache");
        assertThat(
                        text(
                                get(
                                        "/settings/keys",
                                        "cookie",
                                        "belfry_session=abc",
                                        "accept",
                                        "text/html")))
                .contains(SCRIPT);
    }

    @Test
    void files_areKept_whateverElseIsAskedFor() {
        for (int index = 0; index < 5_000; index++) {
            assertThat(find("/none-" + index + ".js")).isEmpty();
        }
        byte[] once = get("/assets/program-1.js").body();
        assertThat(get("/assets/program-1.js").body()).isSameAs(once);
    }

    @Test
    void page_withoutOneForGuests_isTheSameForAll() throws IOException {
        Files.delete(folder.resolve("dev/belfry/ui/static/guest.html"));
        assertThat(text(get("/"))).contains(SCRIPT);
    }

    @Test
    void policy_allowsTheScriptInThePage_alsoOfACompressedOne() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(SCRIPT.getBytes(UTF_8));
        String allowed =
                "script-src 'self' 'sha256-" + Base64.getEncoder().encodeToString(hash) + "';";
        Reply plain = get("/", "cookie", "belfry_session=abc");
        Reply small = get("/", "cookie", "belfry_session=abc", "accept-encoding", "gzip, br");
        assertThat(plain.headers().get("content-security-policy")).contains(allowed);
        assertThat(text(small)).isEqualTo("index, smaller");
        assertThat(small.headers().get("content-security-policy")).contains(allowed);
        assertThat(get("/").headers().get("content-security-policy"))
                .contains("script-src 'self';");
    }

    @Test
    void file_thatTheCallerHas_isNotSentAgain() {
        Reply first = get("/assets/program-1.js", "accept-encoding", "gzip");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.headers())
                .containsEntry("content-encoding", "gzip")
                .containsEntry("cache-control", "public, max-age=31536000, immutable");
        String tag = first.headers().get("etag");
        Reply again =
                get("/assets/program-1.js", "accept-encoding", "gzip", "if-none-match", "W/" + tag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.length()).isZero();
        assertThat(again.headers())
                .containsEntry("etag", tag)
                .doesNotContainKey("content-encoding");
        Reply plain = get("/assets/program-1.js", "if-none-match", tag);
        assertThat(plain.status()).isEqualTo(200);
        assertThat(text(plain)).isEqualTo("run()");
    }

    private Reply get(String path, String... headers) {
        return find(path, headers).orElseThrow();
    }

    private Optional<Reply> find(String path, String... headers) {
        RequestHeadersBuilder all = RequestHeaders.builder(HttpMethod.GET, path);
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return files.find("GET", path, all.build());
    }

    private static String text(Reply reply) {
        return new String(reply.body(), 0, reply.length(), UTF_8);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve("dev/belfry/ui/static").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}

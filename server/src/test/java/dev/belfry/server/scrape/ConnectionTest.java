package dev.belfry.server.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as bytes, good and bad ones. */
final class ConnectionTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final Requests requests =
            new Requests(uri -> List.of(InetAddress.getAllByName(uri.getHost())));
    private final Requests.Session session = new Requests.Session();

    /* What each connection answers, request by request; then it is closed. */
    private final Deque<List<byte[]>> script = new ArrayDeque<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpOptions options;
    private ServerSocket door;

    @BeforeEach
    void open() throws Exception {
        options = new HttpOptions(new Settings("test", Map.of(), HttpOptions.KNOWN), Path.of(""));
        door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        session.close();
        requests.close();
        door.close();
    }

    @Test
    void connection_isKept_andOpenedAgainWhenTheServerClosedIt() throws Exception {
        serve(
                List.of(
                        bytes(OK + "Content-Length: 1\r\n\r\na"),
                        bytes(OK + "Content-Length: 1\r\n\r\nb")),
                List.of(bytes(OK + "content-length:1\r\nConnection: close\r\n\r\nc")),
                List.of(bytes(OK + "\r\nto the end")));
        assertThat(get()).isEqualTo("a");
        assertThat(get()).isEqualTo("b");
        assertThat(get()).isEqualTo("c");
        assertThat(get()).isEqualTo("to the end");
        assertThat(asked).hasSize(4);
        assertThat(asked.getFirst())
                .startsWith(
                        "GET /metrics?a=b HTTP/1.1\r\nHost: 127.0.0.1:"
                                + door.getLocalPort()
                                + "\r\n")
                .contains("\r\nAccept-Encoding: gzip\r\n", "\r\nX: y\r\n");
    }

    @Test
    void chunks_areJoined_andWhatFollowsIsTheNextAnswer() throws Exception {
        byte[] chunked =
                bytes(
                        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                                + OK
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "3\r\nabc\r\n00A;note=x\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
        serve(List.of(chunked, chunked));
        assertThat(get()).isEqualTo("abc0123456789");
        assertThat(get()).isEqualTo("abc0123456789");
    }

    @Test
    void gzip_isInflated_inSeveralMembersToo_andBounded() throws Exception {
        String text = "line 1\n".repeat(50_000);
        byte[] member = gzip(text);
        byte[] two = Arrays.copyOf(member, 2 * member.length);
        System.arraycopy(member, 0, two, member.length, member.length);
        serve(List.of(zipped(two), zipped(member)), List.of(zipped(member)));
        assertThat(get()).isEqualTo(text + text);
        assertThat(get()).isEqualTo(text);
        assertThatThrownBy(() -> get(text.length() - 1))
                .hasMessage("body: more than 349999 bytes (expected: less)");
    }

    @Test
    void gzip_thatIsDamagedAnywhere_isAnError() throws Exception {
        byte[] good = gzip("a 1\nb 2\n".repeat(20));
        for (int at = 0; at < good.length; at++) {
            for (byte[] bad : List.of(Arrays.copyOf(good, at), flipped(good, at))) {
                AnswerRoom room = new AnswerRoom();
                System.arraycopy(bad, 0, room.sent(0, bad.length), 0, bad.length);
                boolean unchecked = bad.length == good.length && at >= 4 && at < 10 || at == 3;
                if (unchecked) {
                    continue;
                }
                assertThatThrownBy(() -> room.inflate(bad.length, 1 << 20))
                        .as("byte %d of %d", at, bad.length)
                        .isInstanceOf(IOException.class);
                room.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
            })
    void answersThatAreNone_areErrors_andTheNextOneIsRead(String answer) throws Exception {
        serve(List.of(bytes(answer)), List.of(bytes(OK + "Content-Length: 1\r\n\r\na")));
        assertThatThrownBy(this::get)
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("BUG");
        assertThat(get()).isEqualTo("a");
    }

    @Test
    void headWithoutEnd_isAnError() throws Exception {
        serve(List.of(bytes(OK + "A: b\r\n".repeat(20_000))));
        assertThatThrownBy(this::get).hasMessage("answer: a head of more than 65536 bytes");
    }

    @Test
    void serverThatIsSilent_endsAtTheTimeout() throws Exception {
        serve(List.of(new byte[0]));
        long start = System.nanoTime();
        assertThatThrownBy(() -> get(1000, Duration.ofMillis(300)))
                .hasMessage("no whole answer within 300ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @SafeVarargs
    private void serve(List<byte[]>... connections) {
        script.addAll(List.of(connections));
        Thread.startVirtualThread(() -> {
            while (!script.isEmpty()) {
                try (Socket client = door.accept()) {
                    answer(client, script.removeFirst());
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    private void answer(Socket client, List<byte[]> answers) throws IOException {
        for (byte[] answer : answers) {
            asked.add(head(client.getInputStream()));
            client.getOutputStream().write(answer);
            if (answer.length == 0 && answers.size() == 1 && script.isEmpty()) {
                client.getInputStream().read();
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private String get() throws IOException {
        return get(1 << 20);
    }

    private String get(long bytesMax) throws IOException {
        return get(bytesMax, Duration.ofSeconds(20));
    }

    private String get(long bytesMax, Duration timeout) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + door.getLocalPort() + "/metrics?a=b");
        try (Requests.Answer answer =
                requests.get(
                        session,
                        new Requests.Request(
                                uri, options, Map.of("X", "y"), true, timeout, bytesMax))) {
            return new String(answer.body(), 0, answer.length(), StandardCharsets.ISO_8859_1);
        }
    }

    private static byte[] zipped(byte[] body) {
        byte[] head =
                bytes(OK + "Content-Encoding: gzip\r\nContent-Length: " + body.length + "\r\n\r\n");
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes(text));
        }
        return out.toByteArray();
    }

    private static byte[] flipped(byte[] good, int at) {
        byte[] bad = good.clone();
        bad[at] ^= 0x55;
        return bad;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

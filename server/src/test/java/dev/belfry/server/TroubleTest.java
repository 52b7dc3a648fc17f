package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.testkit.CrashDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the disk fills, the database goes, too much comes, or a client leaves. */
final class TroubleTest {
    private static final String EVENT = "{\"event_type\":\"log\",\"source\":\"s\"}";

    @TempDir private Path data;

    @Test
    void fullDisk_refusesWritesWith507_readsOn_andRecoversByItself() {
        CrashDisk disk = new CrashDisk();
        try (TestServer server = TestServer.start(data, disk, "--logging.store", "false")) {
            String admin = server.admin();
            server.post(EVENTS, admin, EVENT).expect(201);
            disk.capacity(disk.usedBytes() + 1000);
            TestServer.Answer refused =
                    Waiting.until(
                            () -> server.post(EVENTS, admin, EVENT),
                            answer -> answer.status() != 201);
            refused.expect(507);
            assertThat(refused.errorCode()).isEqualTo("STORAGE_FULL");
            assertThat(refused.header("retry-after")).isNotEmpty();
            server.get(EVENTS + "?source=s", admin).expect(200);
            JsonNode health = server.get("/api/v1/health", "").expect(503).json();
            assertThat(health.at("/checks/ingestion").asText()).isEqualTo("DOWN");
            assertThat(health.get("core_status").asText()).isEqualTo("unhealthy");
            disk.capacity(Long.MAX_VALUE);
            Waiting.until(
                    () -> server.post(EVENTS, admin, EVENT), answer -> answer.status() == 201);
            JsonNode again = server.get("/api/v1/health", "").expect(200).json();
            assertThat(again.get("checks").fieldNames())
                    .toIterable()
                    .containsExactly("database", "disk", "memory", "ingestion", "metrics");
        }
    }

    @Test
    void serverOnAFullDisk_starts_answersQueries_andTakesEventsWhenThereIsRoom() {
        CrashDisk disk = new CrashDisk();
        try (TestServer server = TestServer.start(data, disk, "--logging.store", "false")) {
            server.post(EVENTS, server.admin(), EVENT).expect(201);
        }
        disk.capacity(disk.usedBytes() + 1000);
        try (TestServer server = TestServer.start(data, disk, "--logging.store", "false")) {
            String admin = server.admin();
            TestServer.Answer found = server.get(EVENTS + "?source=s", admin).expect(200);
            assertThat(found.text()).contains("\"source\":\"s\"");
            server.post(EVENTS, admin, EVENT).expect(507);
            disk.capacity(Long.MAX_VALUE);
            Waiting.until(
                    () -> server.post(EVENTS, admin, EVENT), answer -> answer.status() == 201);
        }
    }

    @Test
    void databaseThatIsGone_isDown() throws IOException {
        try (TestServer server = TestServer.start(data)) {
            server.get("/api/v1/health", "").expect(200);
            Files.move(data.resolve("belfry.db"), data.resolve("elsewhere.db"));
            JsonNode health =
                    Waiting.until(
                                    () -> server.get("/api/v1/health", ""),
                                    answer -> answer.status() == 503)
                            .json();
            assertThat(health.at("/checks/database").asText()).isEqualTo("DOWN");
            Files.move(data.resolve("elsewhere.db"), data.resolve("belfry.db"));
        }
    }

    @Test
    void bodiesOverTheBound_areRefusedWith429_andHealthAnswers() throws Exception {
        try (TestServer server =
                        TestServer.start(
                                data, "--limits.inflight", "1MiB", "--limits.body", "1MiB");
                ExecutorService clients = Executors.newFixedThreadPool(8)) {
            String admin = server.admin();
            String body = (EVENT + "\n").repeat(20_000);
            List<Future<TestServer.Answer>> answers =
                    IntStream.range(0, 32)
                            .mapToObj(_ -> clients.submit(() -> server.post(EVENTS, admin, body)))
                            .toList();
            server.get("/api/v1/health", "").expect(200);
            int refused = 0;
            for (Future<TestServer.Answer> future : answers) {
                TestServer.Answer answer = future.get();
                assertThat(answer.status()).as(answer.text()).isIn(201, 429);
                if (answer.status() == 429) {
                    assertThat(answer.header("retry-after")).isNotEmpty();
                    refused++;
                }
            }
            assertThat(refused).isBetween(1, 31);
            server.post(EVENTS, admin, body).expect(201);
            assertThat(metric(server, admin, "belfry_http_bodies_in_flight_bytes")).isZero();
        }
    }

    @Test
    void slowBodies_giveWayToFastOnes() throws Exception {
        try (TestServer server =
                TestServer.start(data, "--limits.inflight", "1MiB", "--limits.body", "1MiB")) {
            String admin = server.admin();
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                slow.add(begun(server, admin, "100000", "["));
            }
            Waiting.until(
                    () -> metric(server, admin, "belfry_http_bodies_in_flight_bytes"),
                    held -> held >= (1 << 19));
            server.post(EVENTS, admin, EVENT).expect(201);
            server.post(EVENTS, admin, (EVENT + "\n").repeat(20_000)).expect(201);
            for (Socket socket : slow) {
                socket.close();
            }
            Waiting.until(
                    () -> metric(server, admin, "belfry_http_bodies_in_flight_bytes"),
                    held -> held == 0);
        }
    }

    @Test
    void answersThatAreNotRead_giveWayToOthers() throws Exception {
        try (TestServer server = TestServer.start(data, "--limits.body", "64MiB")) {
            String admin = server.admin();
            String event =
                    "{\"event_type\":\"log\",\"source\":\"s\",\"message\":\""
                            + "m".repeat(16_000)
                            + "\"}\n";
            server.post(EVENTS, admin, event.repeat(1000)).expect(201);
            String request =
                    "GET "
                            + EVENTS
                            + "?limit=1000 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                            + admin
                            + "\r\n\r\n";
            List<Socket> unread = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(64 << 10);
                socket.setSoTimeout(60_000);
                socket.connect(new InetSocketAddress("127.0.0.1", server.server().port()));
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                unread.add(socket);
            }
            int length = server.get(EVENTS + "?limit=1000", admin).expect(200).text().length();
            int most = length - 100_000; // They differ in what they say they took.
            int whole = 0;
            for (Socket socket : unread) {
                whole += readable(socket, most) == most ? 1 : 0;
                socket.close();
            }
            assertThat(whole).isBetween(1, 6);
        }
    }

    /* As many bytes as there still are, at most so many. */
    private static int readable(Socket socket, int most) throws IOException {
        int bytes = 0;
        byte[] piece = new byte[1 << 16];
        try {
            while (bytes < most) {
                int read =
                        socket.getInputStream()
                                .read(piece, 0, Math.min(piece.length, most - bytes));
                if (read < 0) {
                    break;
                }
                bytes += read;
            }
        } catch (SocketException _) {
            return bytes; // It was closed with what was not read.
        }
        return bytes;
    }

    @Test
    void headThatDoesNotCome_endsItsConnection_andSilenceDoesNot() throws Exception {
        try (TestServer server = TestServer.start(data, "--limits.head", "300ms");
                Socket silent = new Socket("127.0.0.1", server.server().port());
                Socket kept = new Socket("127.0.0.1", server.server().port());
                Socket joined = new Socket("127.0.0.1", server.server().port());
                Socket slow = new Socket("127.0.0.1", server.server().port())) {
            for (Socket socket : List.of(silent, kept, joined, slow)) {
                socket.setSoTimeout(30_000);
            }
            byte[] request =
                    "GET /api/v1/health/live HTTP/1.1\r\nHost: h\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII);
            kept.getOutputStream().write(request);
            byte[] half = Arrays.copyOf(request, 30);
            slow.getOutputStream().write(half);
            assertThat(slow.getInputStream().readAllBytes()).isEmpty();
            for (Socket socket : List.of(silent, kept)) {
                socket.getOutputStream().write(request);
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            kept.getOutputStream().write(half);
            byte[] more = Arrays.copyOf(request, request.length + half.length);
            System.arraycopy(half, 0, more, request.length, half.length);
            joined.getOutputStream().write(more);
            for (Socket socket : List.of(kept, joined)) {
                byte[] answers = socket.getInputStream().readAllBytes();
                assertThat(new String(answers, StandardCharsets.US_ASCII).split("HTTP/1.1 200", -1))
                        .hasSize(2);
            }
        }
    }

    @Test
    void connectionWhoseBodyCameInPieces_isKeptInSilence() throws Exception {
        try (TestServer server = TestServer.start(data, "--limits.head", "300ms");
                Socket kept = new Socket("127.0.0.1", server.server().port());
                Socket slow = new Socket("127.0.0.1", server.server().port())) {
            String body =
                    "{\"streams\":[{\"stream\":{\"a\":\"b\"},\"values\":[[\"1769248800000000000\",\"%s\"]]}]}"
                            .formatted("x".repeat(200_000));
            String head =
                    "POST /loki/api/v1/push HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                            .formatted(server.admin(), body.length());
            byte[] request = (head + body).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 2; i++) {
                kept.getOutputStream().write(request);
                assertThat(statusLine(kept)).isEqualTo("HTTP/1.1 204 No Content");
                if (i == 0) {
                    slow.getOutputStream().write('P');
                    assertThat(slow.getInputStream().readAllBytes()).isEmpty();
                }
            }
        }
    }

    /* Of an answer that is all in one piece. */
    private static String statusLine(Socket socket) throws IOException {
        socket.setSoTimeout(30_000);
        byte[] answer = new byte[64 << 10];
        int length = Math.max(0, socket.getInputStream().read(answer));
        return new String(answer, 0, length, StandardCharsets.US_ASCII)
                .lines()
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/query_range", EVENTS})
    void answerThatNobodyReads_isBrokenOff(String path) throws Exception {
        try (TestServer server = TestServer.start(data, "--limits.send", "1s");
                Socket socket = new Socket()) {
            String admin = server.admin();
            String large = EVENT.replace("}", ",\"message\":\"" + "x".repeat(8_000) + "\"}\n");
            server.post(EVENTS, admin, large.repeat(1_000)).expect(201);
            String query =
                    IntStream.range(0, 60)
                            .mapToObj(i -> "label_replace(vector(1),\"i\",\"" + i + "\",\"\",\"\")")
                            .collect(Collectors.joining(" or "));
            String parameters =
                    path.equals(EVENTS)
                            ? "?limit=1000"
                            : "?start=1&end=11000&step=1&query="
                                    + URLEncoder.encode(query, StandardCharsets.UTF_8);
            assertThat(server.get(path + parameters, admin).expect(200).text().length())
                    .isGreaterThan(7_000_000);
            socket.setReceiveBufferSize(64 << 10);
            socket.connect(new InetSocketAddress("127.0.0.1", server.server().port()));
            String request =
                    "GET " + path + parameters + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ";
            socket.getOutputStream()
                    .write((request + admin + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            Waiting.until(
                    () -> metric(server, admin, "belfry_http_requests_in_flight"), all -> all == 1);
        }
    }

    @Test
    void connectionsOfOneAddress_areBounded() throws Exception {
        try (TestServer server = TestServer.start(data, "--limits.connections.address", "20")) {
            List<Socket> open = new ArrayList<>();
            int refused = 0;
            byte[] request =
                    "GET /api/v1/health/live HTTP/1.1\r\nHost: h\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 25; i++) {
                Socket socket = new Socket("127.0.0.1", server.server().port());
                socket.setSoTimeout(30_000);
                open.add(socket);
                refused += isRefused(socket, request) ? 1 : 0;
            }
            assertThat(refused).isBetween(5, 10);
            for (Socket socket : open) {
                socket.close();
            }
            Waiting.until(
                    () -> {
                        try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
                            socket.setSoTimeout(30_000);
                            return isRefused(socket, request);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    isRefused -> !isRefused);
        }
    }

    private static boolean isRefused(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
            return socket.getInputStream().read() < 0;
        } catch (IOException _) {
            return true;
        }
    }

    private static Socket begun(TestServer server, String token, String length, String bytes)
            throws IOException {
        Socket socket = new Socket("127.0.0.1", server.server().port());
        socket.setSoTimeout(30_000);
        String head =
                "POST "
                        + EVENTS
                        + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                        + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + length
                        + "\r\n\r\n"
                        + bytes;
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void bodiesThatHardlyCome_areRefused_andHoldNothing() throws Exception {
        try (TestServer server = TestServer.start(data, "--limits.inflight", "1MiB")) {
            String admin = server.admin();
            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                slow.add(begun(server, admin, "60000", "["));
            }
            Waiting.until(
                    () -> metric(server, admin, "belfry_http_bodies_in_flight_bytes"),
                    held -> held == 4 * 4 * 4096);
            for (Socket socket : slow) {
                byte[] answer = new byte[12];
                socket.getInputStream().readNBytes(answer, 0, answer.length);
                assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
                socket.close();
            }
            assertThat(metric(server, admin, "belfry_http_bodies_in_flight_bytes")).isZero();
            server.post(EVENTS, admin, EVENT).expect(201);
        }
    }

    @Test
    void knownCaller_isRefusedByTheSameRules_andHoldsNothing() throws Exception {
        try (TestServer server = TestServer.start(data, "--limits.body", "1MiB")) {
            String admin = server.admin();
            JsonNode made =
                    server.post(
                                    "/api/v1/keys",
                                    admin,
                                    "{\"name\":\"k\",\"permissions\":[\"monitoring:events:read\"]}")
                            .expect(201)
                            .data();
            String reader = made.get("key").asText();
            String tooLong = EVENT + " ".repeat(1 << 20);
            for (int i = 0; i < 2; i++) {
                server.post(EVENTS, reader, EVENT).expect(403);
                server.post(EVENTS, admin, tooLong).expect(413);
                server.post(EVENTS, admin, "{").expect(400);
                server.post(EVENTS, admin, EVENT).expect(201);
            }
            begun(server, admin, "60000", "[").close();
            Waiting.until(
                    () -> metric(server, admin, "belfry_http_bodies_in_flight_bytes"),
                    held -> held == 0);
            server.send("DELETE", "/api/v1/keys/" + made.get("id").asText(), admin, "").expect(200);
            server.post(EVENTS, reader, EVENT).expect(401);
        }
    }

    @Test
    void clientThatLeaves_cancelsItsQuery() throws Exception {
        try (TestServer server =
                TestServer.start(
                        data, "--limits.query.concurrency", "1", "--limits.body", "64MiB")) {
            String admin = server.admin();
            StringBuilder lines = new StringBuilder();
            for (int number = 0; number < 50_000; number++) {
                lines.append("{\"event_type\":\"log\",\"source\":\"s\",\"payload\":{\"n\":\"");
                lines.append(number).append("\"}}\n");
            }
            server.post(EVENTS, admin, lines.toString()).expect(201);
            for (int attempt = 0; attempt < 20; attempt++) {
                try (Socket socket = new Socket("127.0.0.1", server.server().port())) {
                    String request =
                            "GET /api/v1/monitoring/fields?limit=1000 HTTP/1.1\r\nHost: h\r\n"
                                    + "Authorization: Bearer "
                                    + admin
                                    + "\r\n\r\n";
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                }
            }
            Waiting.until(
                    () -> metric(server, admin, "belfry_http_requests_in_flight"),
                    inFlight -> inFlight <= 1);
            server.get(EVENTS + "?source=s&limit=1", admin).expect(200);
        }
    }

    private static double metric(TestServer server, String token, String name) {
        return server.get("/metrics", token)
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(-1);
    }
}

package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FluentListenerTest {
    @TempDir Path data;

    /* Seconds and nanoseconds as the extension 0. */
    private record EventTime(int seconds, int nanos) {}

    @Test
    void allModes_areTaken_andChunksAcknowledged() throws IOException {
        try (TestServer server = TestServer.start(data, "--fluent.listeners", "[{\"port\":0}]");
                Socket socket =
                        new Socket("127.0.0.1", server.server().listenerPorts().getFirst())) {
            socket.setSoTimeout(20_000);
            EventTime time = new EventTime(1_769_248_800, 123_456_789);
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("timestamp", "2026-01-24T10:00:00.000Z");
            line.put("level", "INFO");
            line.put("service", "eventflow-backend");
            line.put("module", "EventService");
            line.put("message", "Event ingested successfully");
            line.put("event_type", "user_registered");
            line.put("duration_ms", 45);
            line.put("metadata", Map.of("org_id", "u4"));
            send(socket, List.of("app.one", time, line));
            send(
                    socket,
                    List.of("app.two", 1_769_248_800, Map.of("log", "second\n", "password", "x1")));
            List<Object> entry =
                    List.of(
                            time,
                            Map.of(
                                    "message",
                                    "third",
                                    "n",
                                    1.5,
                                    "deep",
                                    List.of(1, Map.of("a", true))));
            send(
                    socket,
                    List.of("app.two", List.of(entry, entry), Map.of("chunk", "c1", "size", 2)));
            assertThat(ack(socket)).isEqualTo("c1");
            byte[] packed = packed(entry);
            send(socket, List.of("app.three", packed, Map.of("chunk", "c2")));
            assertThat(ack(socket)).isEqualTo("c2");
            send(
                    socket,
                    List.of(
                            "app.three",
                            gzip(packed),
                            Map.of("compressed", "gzip", "chunk", "c3")));
            assertThat(ack(socket)).isEqualTo("c3");
            send(
                    socket,
                    List.of(
                            "0123456789ab",
                            time,
                            Map.of(
                                    "container_id",
                                    "0123456789abcdef",
                                    "container_name",
                                    "/web_1",
                                    "source",
                                    "stderr",
                                    "log",
                                    "docker line")));
            JsonNode docker = found(server, "web_1", 1).get(0);
            assertThat(docker.get("message").asText()).isEqualTo("docker line");
            assertThat(docker.toString()).contains("\"stream\":\"stderr\"");
            JsonNode lifted = found(server, "eventflow-backend", 1).get(0);
            assertThat(lifted.get("message").asText()).isEqualTo("Event ingested successfully");
            assertThat(lifted.get("timestamp").asText()).startsWith("2026-01-24T10:00:00");
            assertThat(lifted.at("/tags/event_type").asText()).isEqualTo("user_registered");
            assertThat(lifted.at("/tags/fluent.tag").asText()).isEqualTo("app.one");
            assertThat(lifted.at("/payload/duration_ms").asInt()).isEqualTo(45);
            JsonNode two = found(server, "app.two", 3);
            assertThat(two.toString()).contains("\"second\"", "[redacted:password]", "123456789Z");
            assertThat(found(server, "app.three", 2).get(0).at("/payload/n").asDouble())
                    .isEqualTo(1.5);
        }
    }

    @Test
    void sharedKey_isProved() throws IOException, GeneralSecurityException {
        String listeners = "[{\"port\":0,\"shared_key\":\"the key\"}]";
        try (TestServer server = TestServer.start(data, "--fluent.listeners", listeners)) {
            int port = server.server().listenerPorts().getFirst();
            try (Socket socket = new Socket("127.0.0.1", port)) {
                assertThat(greeted(socket, "another")).isFalse();
                assertThat(socket.getInputStream().readAllBytes()).isNotNull();
            }
            try (Socket socket = new Socket("127.0.0.1", port)) {
                assertThat(greeted(socket, "the key")).isTrue();
                send(
                        socket,
                        List.of("in", 1_769_248_800, Map.of("message", "m"), Map.of("chunk", "c")));
                assertThat(ack(socket)).isEqualTo("c");
            }
        }
    }

    @Test
    void randomBytes_harmNobody() throws IOException {
        long seed = Long.getLong("belfry.seed", System.nanoTime());
        System.out.println("FluentListenerTest seed " + seed);
        Random random = new Random(seed);
        byte[] good =
                packed(List.of("t", List.of(List.of(1, Map.of("a", "b"))), Map.of("chunk", "c")));
        try (TestServer server = TestServer.start(data, "--fluent.listeners", "[{\"port\":0}]")) {
            int port = server.server().listenerPorts().getFirst();
            for (int round = 0; round < 300; round++) {
                byte[] bytes = good.clone();
                for (int change = random.nextInt(4); change >= 0; change--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                try (Socket socket = new Socket("127.0.0.1", port)) {
                    socket.getOutputStream().write(bytes);
                }
            }
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(good);
                assertThat(ack(socket)).isEqualTo("c");
            }
        }
    }

    @Test
    void bombOfEmptyRecords_isTakenInParts() throws IOException {
        byte[] bomb = new byte[3 * 60_000];
        for (int at = 0; at < bomb.length; at += 3) {
            bomb[at] = (byte) 0x92;
            bomb[at + 2] = (byte) 0x80;
        }
        try (TestServer server =
                        TestServer.start(
                                data,
                                "--fluent.listeners",
                                "[{\"port\":0}]",
                                "--limits.batch",
                                "1000");
                Socket socket =
                        new Socket("127.0.0.1", server.server().listenerPorts().getFirst())) {
            socket.setSoTimeout(60_000);
            send(
                    socket,
                    List.of("bomb", gzip(bomb), Map.of("compressed", "gzip", "chunk", "last")));
            assertThat(ack(socket)).isEqualTo("last");
            assertThat(found(server, "bomb", 10)).isNotEmpty();
        }
    }

    @Test
    void stranger_getsLittleMemory() throws IOException {
        String listeners = "[{\"port\":0,\"shared_key\":\"the key\"}]";
        try (TestServer server = TestServer.start(data, "--fluent.listeners", listeners)) {
            int port = server.server().listenerPorts().getFirst();
            for (byte[] start :
                    List.of(
                            new byte[] {(byte) 0xC6, 0x01, (byte) 0xF7, (byte) 0x8A, 0x40},
                            new byte[] {(byte) 0xC1})) {
                try (Socket socket = new Socket("127.0.0.1", port)) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(start);
                    assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void stranger_whoSendsAByteNowAndThen_getsLittleTime() throws Exception {
        String listeners = "[{\"port\":0,\"shared_key\":\"the key\"}]";
        try (TestServer server = TestServer.start(data, "--fluent.listeners", listeners);
                Socket socket =
                        new Socket("127.0.0.1", server.server().listenerPorts().getFirst())) {
            socket.setSoTimeout(500);
            byte[] ping = packed(List.of("PING", "x".repeat(60)));
            int sent = 0;
            boolean open = true;
            while (open && sent < ping.length) {
                try {
                    socket.getOutputStream().write(ping[sent++]);
                    while (socket.getInputStream().read() >= 0) {
                        open = true;
                    }
                    open = false;
                } catch (SocketTimeoutException _) {
                    open = true;
                } catch (SocketException _) {
                    open = false;
                }
            }
            assertThat(sent).isLessThan(30);
        }
    }

    @Test
    void longChunk_isRefused() throws IOException {
        try (TestServer server = TestServer.start(data, "--fluent.listeners", "[{\"port\":0}]");
                Socket socket =
                        new Socket("127.0.0.1", server.server().listenerPorts().getFirst())) {
            socket.setSoTimeout(20_000);
            byte[] chunk = text("c".repeat(2_000));
            send(socket, List.of("long", 1, Map.of("message", "m"), Map.of("chunk", chunk)));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static boolean greeted(Socket socket, String key)
            throws IOException, GeneralSecurityException {
        socket.setSoTimeout(20_000);
        InputStream input = socket.getInputStream();
        byte[] helo = input.readNBytes(1 + 3 + 4 + 1 + 3 + 5 + 2 + 16 + 3 + 4 + 2 + 3 + 9 + 1);
        byte[] nonce = Arrays.copyOfRange(helo, 19, 35);
        MessageDigest sha = MessageDigest.getInstance("SHA-512");
        for (byte[] part : List.of(text("salt"), text("host"), nonce, text(key))) {
            sha.update(part);
        }
        String digest = HexFormat.of().formatHex(sha.digest());
        send(socket, List.of("PING", "host", "salt", digest, "", ""));
        byte[] pong = input.readNBytes(9);
        boolean proved = pong[8] == (byte) 0xC3;
        if (proved) {
            input.readNBytes(3 + 3 + 6 + 3 + 128);
        }
        return proved;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String ack(Socket socket) throws IOException {
        InputStream input = socket.getInputStream();
        byte[] head = input.readNBytes(1 + 3 + 3 + 3);
        assertThat(head[0]).isEqualTo((byte) 0x81);
        return new String(
                input.readNBytes((head[8] & 0xFF) << 8 | head[9] & 0xFF), StandardCharsets.UTF_8);
    }

    private static void send(Socket socket, Object value) throws IOException {
        socket.getOutputStream().write(packed(value));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(target)) {
            gzip.write(bytes);
        }
        return target.toByteArray();
    }

    private static byte[] packed(Object value) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        pack(value, target);
        return target.toByteArray();
    }

    private static void pack(Object value, ByteArrayOutputStream target) {
        switch (value) {
            case String text -> {
                byte[] bytes = text(text);
                target.write(0xD9);
                target.write(bytes.length);
                target.writeBytes(bytes);
            }
            case byte[] bytes -> {
                target.write(0xC5);
                target.write(bytes.length >> 8);
                target.write(bytes.length);
                target.writeBytes(bytes);
            }
            case Integer number ->
                    target.writeBytes(
                            ByteBuffer.allocate(5).put((byte) 0xD2).putInt(number).array());
            case Double number ->
                    target.writeBytes(
                            ByteBuffer.allocate(9).put((byte) 0xCB).putDouble(number).array());
            case Boolean truth -> target.write(truth ? 0xC3 : 0xC2);
            case EventTime time ->
                    target.writeBytes(
                            ByteBuffer.allocate(10)
                                    .put((byte) 0xD7)
                                    .put((byte) 0)
                                    .putInt(time.seconds)
                                    .putInt(time.nanos)
                                    .array());
            case List<?> list -> {
                target.write(0x90 | list.size());
                list.forEach(item -> pack(item, target));
            }
            case Map<?, ?> map -> {
                target.write(0x80 | map.size());
                map.forEach((key, item) -> {
                    pack(key, target);
                    pack(item, target);
                });
            }
            default -> throw new IllegalArgumentException(value.toString());
        }
    }

    private static JsonNode found(TestServer server, String source, int count) {
        String admin = server.admin();
        return Waiting.until(
                () -> server.get(TestServer.EVENTS + "?source=" + source, admin).data(),
                answer -> answer.size() >= count);
    }
}

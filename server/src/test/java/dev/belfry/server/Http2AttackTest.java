package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames of HTTP/2 that no client sends, from one who has a key; after each the server goes on. */
final class Http2AttackTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int WINDOW = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int STREAMS_MAX = 256;

    @TempDir private Path data;
    private TestServer server;
    private String admin;

    @BeforeEach
    void start() {
        server = TestServer.start(data, "--limits.connections.all", "600");
        admin = server.admin();
    }

    @AfterEach
    void serverGoesOn() {
        server.get("/health/live", "").expect(200);
        server.post(EVENTS, admin, "{\"event_type\":\"log\",\"source\":\"s\"}").expect(201);
        server.close();
    }

    @Test
    void streamsOfOneConnection_areBounded() throws IOException {
        try (Socket socket = open()) {
            byte[] head = head("POST", EVENTS);
            for (int stream = 1; stream < 2 * 2 * STREAMS_MAX; stream += 2) {
                send(socket, HEADERS, END_HEADERS, stream, head);
                send(socket, DATA, 0, stream, "[".getBytes(StandardCharsets.US_ASCII));
            }
            int refused = 0;
            int streamsMax = 0;
            DataInputStream input = new DataInputStream(socket.getInputStream());
            while (refused < STREAMS_MAX) {
                Frame frame = read(input);
                refused += frame.type == HEADERS ? 1 : 0;
                if (frame.type == SETTINGS) {
                    streamsMax = Math.max(streamsMax, frame.setting(3));
                }
            }
            assertThat(streamsMax).isEqualTo(STREAMS_MAX);
        }
    }

    @Test
    void streamsOfAllConnections_areBounded_andEndWithThem() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Socket socket = open();
            sockets.add(socket);
            byte[] head = head("POST", EVENTS);
            for (int stream = 1; stream < 2 * STREAMS_MAX; stream += 2) {
                send(socket, HEADERS, END_HEADERS, stream, head);
                send(socket, DATA, 0, stream, "[".getBytes(StandardCharsets.US_ASCII));
            }
        }
        Pattern refused =
                Pattern.compile(
                        "belfry_http_connections_refused_total\\{reason=\"streams\"} (\\d+)");
        Waiting.until(
                () -> refused.matcher(server.get("/metrics", admin).text()),
                found -> found.find() && Integer.parseInt(found.group(1)) >= 3 * STREAMS_MAX - 600);
        for (Socket socket : sockets) {
            socket.close();
        }
        Waiting.until(
                () -> server.get("/metrics", admin).text(),
                text -> text.contains("belfry_http_bodies_in_flight_bytes 0"));
        try (Socket socket = open()) {
            send(socket, HEADERS, END_HEADERS | END_STREAM, 1, head("GET", "/health/live"));
            DataInputStream input = new DataInputStream(socket.getInputStream());
            Frame frame = read(input);
            while (frame.type != DATA) {
                frame = read(input);
            }
            assertThat(new String(frame.payload, StandardCharsets.UTF_8)).contains("UP");
        }
    }

    @Test
    void streamsThatAreResetAtOnce_endTheConnection() throws IOException {
        byte[] head = head("POST", EVENTS);
        assertEnds((socket, stream) -> {
            send(socket, HEADERS, END_HEADERS, stream, head);
            send(socket, RESET, 0, stream, new byte[] {0, 0, 0, 8});
        });
    }

    @Test
    void streamsThatTheServerIsMadeToReset_endTheConnection() throws IOException {
        byte[] head = head("GET", "/health");
        assertEnds((socket, stream) -> {
            send(socket, HEADERS, END_HEADERS | END_STREAM, stream, head);
            send(socket, WINDOW, 0, stream, new byte[4]);
        });
    }

    @Test
    void emptyPiecesOfABody_endTheConnection() throws IOException {
        try (Socket socket = open()) {
            send(socket, HEADERS, END_HEADERS, 1, head("POST", EVENTS));
            assertEnds(socket, (same, _) -> send(same, DATA, 0, 1, new byte[0]));
        }
    }

    @Test
    void headWithoutEnd_endsTheConnection() throws IOException {
        byte[] field = "\0\4aaaa\120".getBytes(StandardCharsets.ISO_8859_1);
        byte[] piece = new byte[field.length + 80];
        System.arraycopy(field, 0, piece, 0, field.length);
        try (Socket socket = open()) {
            send(socket, HEADERS, 0, 1, head("POST", EVENTS));
            assertEnds(socket, (same, _) -> send(same, CONTINUATION, 0, 1, piece));
        }
    }

    private void assertEnds(Sending sending) throws IOException {
        try (Socket socket = open()) {
            assertEnds(socket, sending);
        }
    }

    /** Sends for a hundred thousand streams, unless the server has enough before. */
    private static void assertEnds(Socket socket, Sending sending) throws IOException {
        Thread reader =
                Thread.startVirtualThread(() -> {
                    try {
                        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                    } catch (IOException _) {
                        // It is closed: what is wanted.
                    }
                });
        boolean ended = false;
        try {
            for (int stream = 1; stream < 200_000; stream += 2) {
                sending.send(socket, stream);
            }
        } catch (SocketException _) {
            ended = true;
        }
        assertThat(ended).isTrue();
        reader.interrupt();
    }

    private Socket open() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.server().port());
        socket.setSoTimeout(30_000);
        socket.getOutputStream()
                .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(socket, SETTINGS, 0, 0, new byte[0]);
        return socket;
    }

    /** Fields as RFC 7541 has them literally, without an index. */
    private byte[] head(String method, String path) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        Map<String, String> fields =
                Map.of(
                        ":method",
                        method,
                        ":scheme",
                        "http",
                        ":path",
                        path,
                        ":authority",
                        "h",
                        "authorization",
                        "Bearer " + admin);
        fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> {
                    block.write(0);
                    for (String text : List.of(field.getKey(), field.getValue())) {
                        block.write(text.length());
                        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
                    }
                });
        return block.toByteArray();
    }

    private static void send(Socket socket, int type, int flags, int stream, byte[] payload)
            throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
        socket.getOutputStream().write(frame.putInt(stream).put(payload).array());
    }

    private static Frame read(DataInputStream input) throws IOException {
        int length = input.readUnsignedByte() << 16 | input.readUnsignedShort();
        int type = input.readUnsignedByte();
        input.skipNBytes(5);
        byte[] payload = input.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException();
        }
        return new Frame(type, payload);
    }

    private record Frame(int type, byte[] payload) {
        /** What the frame sets {@code id} to; 0 when it says nothing. */
        int setting(int id) {
            ByteBuffer settings = ByteBuffer.wrap(payload);
            while (settings.remaining() >= 6) {
                int found = settings.getShort();
                int value = settings.getInt();
                if (found == id) {
                    return value;
                }
            }
            return 0;
        }
    }

    private interface Sending {
        void send(Socket socket, int stream) throws IOException;
    }
}

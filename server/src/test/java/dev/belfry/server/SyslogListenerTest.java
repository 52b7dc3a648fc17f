package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogListenerTest {
    private static final String LINE =
            "{\"timestamp\":\"2026-01-24T10:00:00.000Z\",\"level\":\"INFO\",\"service\":\"eventflow-backend\","
                    + "\"module\":\"EventService\",\"message\":\"Event ingested successfully\",\"event_id\":\"u1\","
                    + "\"event_type\":\"user_registered\",\"duration_ms\":45,\"metadata\":{\"org_id\":\"u4\"}}";

    @TempDir Path data;

    @Test
    void messages_byTcpAndUdp_areFound() throws IOException {
        String listeners =
                "[{\"protocol\":\"tcp\",\"port\":0},{\"protocol\":\"udp\",\"port\":0,\"source\":\"net\"}]";
        try (TestServer server = TestServer.start(data, "--syslog.listeners", listeners)) {
            try (Socket socket = new Socket("127.0.0.1", server.server().listenerPorts().get(0))) {
                OutputStream output = socket.getOutputStream();
                output.write(text("<13>1 2026-01-24T10:00:00Z h app 7 - - first\n"));
                output.write(text("<11>Jan 24 10:00:01 h app[8]: password=hunter2\n"));
                String counted = "<14>1 - h app - - - " + LINE;
                output.write(text(counted.length() + " " + counted));
            }
            try (DatagramSocket socket = new DatagramSocket()) {
                byte[] packet = text("<14>no time");
                socket.send(
                        new DatagramPacket(
                                packet,
                                packet.length,
                                InetAddress.getLoopbackAddress(),
                                server.server().listenerPorts().get(1)));
            }
            JsonNode found = found(server, "app", 2);
            assertThat(found.toString())
                    .contains("\"first\"", "password=[redacted:password]", "\"hostname\":\"h\"")
                    .doesNotContain("hunter2");
            JsonNode lifted = found(server, "eventflow-backend", 1).get(0);
            assertThat(lifted.get("message").asText()).isEqualTo("Event ingested successfully");
            assertThat(lifted.get("level").asText()).isEqualTo("INFO");
            assertThat(lifted.at("/tags/event_type").asText()).isEqualTo("user_registered");
            assertThat(lifted.at("/payload/duration_ms").asInt()).isEqualTo(45);
            assertThat(found(server, "net", 1).get(0).get("message").asText()).isEqualTo("no time");
        }
    }

    @Test
    void stranger_isNotHeard() throws IOException {
        String listeners = "[{\"port\":0,\"networks\":[\"10.0.0.0/8\"]}]";
        try (TestServer server = TestServer.start(data, "--syslog.listeners", listeners);
                Socket socket =
                        new Socket("127.0.0.1", server.server().listenerPorts().getFirst())) {
            socket.setSoTimeout(10_000);
            assertThat(closed(socket)).isTrue();
        }
    }

    @Test
    void end_keepsWhatSendersWrote_untilTheyWereTold() throws Exception {
        String listeners = "[{\"protocol\":\"tcp\",\"port\":0},{\"protocol\":\"udp\",\"port\":0}]";
        int written = 0;
        try (TestServer server = TestServer.start(data, "--syslog.listeners", listeners);
                DatagramSocket datagrams = new DatagramSocket();
                Socket socket =
                        new Socket("127.0.0.1", server.server().listenerPorts().getFirst())) {
            OutputStream output = socket.getOutputStream();
            output.write(text("<13>1 - h hello - - - x\n"));
            found(server, "hello", 1);
            for (int packet = 0; packet < 100; packet++) {
                byte[] bytes = text("<13>1 - h packets - - - number " + packet);
                datagrams.send(
                        new DatagramPacket(
                                bytes,
                                bytes.length,
                                InetAddress.getLoopbackAddress(),
                                server.server().listenerPorts().get(1)));
            }
            CompletableFuture<Boolean> told =
                    CompletableFuture.supplyAsync(() -> closed(socket), Thread::startVirtualThread);
            Thread ending = Thread.startVirtualThread(server.server()::close);
            while (!told.isDone()) {
                String message = "<13>1 - h lines - - - number " + written++;
                output.write(text(message.length() + " " + message));
                Thread.onSpinWait();
            }
            output.write(text("61 <13>1 - h lines - - - cut off"));
            socket.shutdownOutput();
            ending.join();
        }
        try (TestServer server = TestServer.start(data)) {
            assertThat(messages(server, "packets")).hasSize(100);
            assertThat(messages(server, "lines")).hasSize(written).doesNotContain("cut off");
        }
    }

    private static List<String> messages(TestServer server, String source) {
        String admin = server.admin();
        List<String> messages = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    server.get(
                                    TestServer.EVENTS
                                            + "?limit=1000&source="
                                            + source
                                            + (cursor.isEmpty() ? "" : "&cursor=" + cursor),
                                    admin)
                            .json();
            page.get("data").forEach(event -> messages.add(event.get("message").asText()));
            cursor = page.at("/pagination/next_cursor").asText("");
        } while (!cursor.isEmpty());
        return messages;
    }

    private static boolean closed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void takenPort_stopsTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listeners = "[{\"port\":" + taken.getLocalPort() + "}]";
            assertThatThrownBy(() -> TestServer.start(data, "--syslog.listeners", listeners))
                    .hasMessageContaining(
                            "syslog.listeners: tcp://127.0.0.1:" + taken.getLocalPort());
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode found(TestServer server, String source, int count) {
        String admin = server.admin();
        JsonNode found =
                Waiting.until(
                        () -> server.get(TestServer.EVENTS + "?source=" + source, admin).data(),
                        answer -> answer.size() >= count);
        assertThat(found).hasSize(count);
        return found;
    }
}

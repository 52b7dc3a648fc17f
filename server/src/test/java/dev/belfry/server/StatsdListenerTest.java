package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatsdListenerTest {
    private static final String LISTENERS =
            "[{\"port\":0,\"flush\":\"200ms\",\"source\":\"edge\"},"
                    + "{\"protocol\":\"tcp\",\"port\":0,\"flush\":\"200ms\"}]";

    @TempDir private Path data;

    @Test
    void metrics_byUdpAndTcp_areAddedUp_overFlushesAndRestarts() throws IOException {
        try (TestServer server = TestServer.start(data, "--statsd.listeners", LISTENERS)) {
            send(server, "hits:2|c\nfuel:10|g\nlatency:20|ms|#route:/a\nusers:anna|s\nusers:ben|s");
            awaited(server, "hits", 2);
            send(server, "hits:3|c\nfuel:-4|g\nwrong\nlatency:40|ms|#route:/a\nusers:ben|s");
            awaited(server, "hits", 5);
            assertThat(value(server, "hits{source=\"edge\"}")).isEqualTo(5);
            assertThat(value(server, "fuel")).isEqualTo(6);
            assertThat(value(server, "users")).isEqualTo(1);
            assertThat(value(server, "latency_count{route=\"/a\"}")).isEqualTo(2);
            assertThat(value(server, "latency_bucket{le=\"25.0\"}")).isEqualTo(1);
            assertThat(value(server, "histogram_sum(latency)")).isEqualTo(60);
            assertThat(value(server, "monitoring_total_metrics")).isEqualTo(9);
            try (Socket socket = new Socket("127.0.0.1", port(server, 1))) {
                OutputStream output = socket.getOutputStream();
                output.write(text("tcp.hits:1|c\ntcp"));
                output.write(text(".hits:1|c\n" + "x".repeat(200_000) + ":1|c\ntcp.hits:1|c"));
            }
            awaited(server, "{\"tcp.hits\"}", 3);
            assertThat(exposition(server))
                    .contains(
                            "belfry_listener_messages_total{protocol=\"statsd-udp\"} 9",
                            "belfry_listener_messages_total{protocol=\"statsd-tcp\"} 3",
                            "belfry_listener_messages_dropped_total{protocol=\"statsd-udp\","
                                    + "reason=\"malformed\"} 1",
                            "belfry_listener_messages_dropped_total{protocol=\"statsd-tcp\","
                                    + "reason=\"malformed\"} 1");
            send(server, "hits:1|c\nfuel:+1|g");
        }
        try (TestServer server = TestServer.start(data, "--statsd.listeners", LISTENERS)) {
            assertThat(value(server, "hits")).isEqualTo(6);
            send(server, "hits:1|c\nfuel:+1|g");
            awaited(server, "hits", 7);
            assertThat(value(server, "fuel")).isEqualTo(8);
        }
    }

    @Test
    void key_writesItsOwnSourcesOnly() throws IOException {
        String key;
        try (TestServer server = TestServer.start(data)) {
            key = server.key(server.admin(), "\"monitoring:events:write\"", "shop");
        }
        String listeners =
                "[{\"port\":0,\"flush\":\"200ms\",\"source\":\"shop\",\"key\":\"" + key + "\"}]";
        try (TestServer server = TestServer.start(data, "--statsd.listeners", listeners)) {
            send(server, "other:1|c|#job:bank\nother:1|c|#job:bank\nown:1|c");
            awaited(server, "own{source=\"shop\"}", 1);
            Waiting.until(
                    () -> exposition(server),
                    text -> text.contains("protocol=\"statsd-udp\",reason=\"refused\"} 2"));
            assertThat(value(server, "other")).isEqualTo(-1);
        }
    }

    private static void awaited(TestServer server, String query, double value) {
        Waiting.until(() -> value(server, query), found -> found == value);
    }

    private static void send(TestServer server, String lines) throws IOException {
        byte[] packet = text(lines);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(
                    new DatagramPacket(
                            packet,
                            packet.length,
                            InetAddress.getLoopbackAddress(),
                            port(server, 0)));
        }
    }

    private static int port(TestServer server, int listener) {
        return server.server().listenerPorts().get(listener);
    }

    private static double value(TestServer server, String query) {
        JsonNode found =
                server.get(
                                "/api/v1/query?query="
                                        + URLEncoder.encode(query, StandardCharsets.UTF_8),
                                server.admin())
                        .expect(200)
                        .json()
                        .at("/data/result/0/value/1");
        return found.asDouble(-1);
    }

    private static String exposition(TestServer server) {
        return server.get("/metrics", server.admin()).text();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

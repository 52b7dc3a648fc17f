package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The doors beside HTTP: rsyslog from Debian, and Fluent's clients from npm on Node. */
final class ListenerClientsTest {
    private static final Path CLIENT = Path.of("clients", "fluent-js").toAbsolutePath();
    private static final Path INSTALLED = Path.of("target", "clients-fluent").toAbsolutePath();

    private static final long PAUSE_NANOS = 1_000_000;

    @TempDir private Path folder;

    @BeforeAll
    static void install() throws Exception {
        Files.createDirectories(INSTALLED);
        for (String name : List.of("package.json", "package-lock.json", "send.js")) {
            Path target = INSTALLED.resolve(name);
            Files.deleteIfExists(target);
            Files.copy(CLIENT.resolve(name), target);
        }
        if (!Files.exists(INSTALLED.resolve("node_modules"))) {
            List<String> command =
                    List.of("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
            Path errors = INSTALLED.resolve("npm.err");
            try (ClientProcess npm = ClientProcess.start(INSTALLED, errors, Map.of(), command)) {
                npm.await(Duration.ofSeconds(180));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"octet-counted", "traditional"})
    @Timeout(120)
    void rsyslog_forwardsByTcp_alsoThroughARestart(String framing) throws Exception {
        int port = OpenTelemetryJavaTest.freePort();
        int inputPort = OpenTelemetryJavaTest.freePort();
        String listeners = "[{\"protocol\":\"tcp\",\"port\":" + port + "}]";
        Path data = folder.resolve("data");
        BelfryProcess belfry = BelfryProcess.start(data, "--syslog.listeners", listeners);
        try (ClientProcess rsyslog =
                        rsyslog(
                                """
                                action(type="omfwd" target="127.0.0.1" port="%d" protocol="tcp"
                                  TCP_Framing="%s" template="RSYSLOG_SyslogProtocol23Format"
                                  action.resumeRetryCount="-1" action.resumeInterval="1"
                                  queue.type="LinkedList" queue.size="20000")
                                """
                                        .formatted(port, framing),
                                inputPort);
                Socket socket = connected(inputPort, rsyslog)) {
            OutputStream output = socket.getOutputStream();
            AtomicInteger written = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            Thread writer = Thread.startVirtualThread(() -> lines(output, written, enough::get));
            try (ApiClient api = ApiClient.login(belfry)) {
                while (events(api, "app").size() < 100) {
                    Thread.onSpinWait();
                }
            }
            belfry.stop();
            belfry = BelfryProcess.start(data, "--syslog.listeners", listeners);
            enough.set(true);
            writer.join();
            try (ApiClient api = ApiClient.login(belfry)) {
                List<JsonNode> events = events(api, "app");
                while (messages(events).size() < written.get()) {
                    Thread.onSpinWait();
                    events = events(api, "app");
                }
                assertThat(messages(events)).isEqualTo(expected(written.get()));
                JsonNode event = events.getFirst();
                assertThat(event.get("level").asText()).isEqualTo("warning");
                assertThat(event.at("/tags/hostname").asText()).isEqualTo("web-1");
                assertThat(event.at("/tags/facility").asText()).isEqualTo("local0");
                assertThat(event.at("/tags/proc_id").asText()).isEqualTo("77");
                assertThat(event.at("/tags/e@1.k").asText()).isEqualTo("v \"w\"");
            }
        } finally {
            belfry.kill();
        }
    }

    @Test
    @Timeout(90)
    void rsyslog_forwardsByUdp() throws Exception {
        int port = OpenTelemetryJavaTest.freePort();
        int inputPort = OpenTelemetryJavaTest.freePort();
        String listeners = "[{\"protocol\":\"udp\",\"port\":" + port + "}]";
        String action =
                """
                action(type="omfwd" target="127.0.0.1" port="%d" protocol="udp"
                  template="RSYSLOG_SyslogProtocol23Format")
                """
                        .formatted(port);
        try (BelfryProcess belfry =
                        BelfryProcess.start(
                                folder.resolve("data"), "--syslog.listeners", listeners);
                ApiClient api = ApiClient.login(belfry);
                ClientProcess rsyslog = rsyslog(action, inputPort);
                Socket socket = connected(inputPort, rsyslog)) {
            AtomicInteger written = new AtomicInteger();
            lines(socket.getOutputStream(), written, () -> written.get() == 100);
            List<JsonNode> events = events(api, "app");
            while (events.size() < 100) {
                Thread.onSpinWait();
                events = events(api, "app");
            }
            assertThat(messages(events)).isEqualTo(expected(100));
            assertThat(events.getFirst().at("/tags/e@1.k").asText()).isEqualTo("v \"w\"");
        }
    }

    private ClientProcess rsyslog(String action, int inputPort) throws Exception {
        Path configuration = folder.resolve("rsyslog.conf");
        Files.writeString(
                configuration,
                """
                global(workDirectory="%s")
                module(load="imptcp")
                input(type="imptcp" port="%d" address="127.0.0.1")
                %s
                """
                        .formatted(folder, inputPort, action));
        List<String> command =
                List.of(
                        "/usr/sbin/rsyslogd",
                        "-n",
                        "-f",
                        configuration.toString(),
                        "-i",
                        folder.resolve("rsyslog.pid").toString());
        return ClientProcess.start(folder, folder.resolve("rsyslog.err"), Map.of(), command);
    }

    private static Socket connected(int port, ClientProcess rsyslog) throws Exception {
        while (true) {
            try {
                return new Socket("127.0.0.1", port);
            } catch (ConnectException e) {
                if (!rsyslog.isAlive()) {
                    throw new IllegalStateException("rsyslog ended: " + rsyslog.errors(), e);
                }
            }
        }
    }

    /* As an application logs: a line now and then, until it is enough. */
    private static void lines(OutputStream output, AtomicInteger written, BooleanSupplier enough) {
        try {
            while (!enough.getAsBoolean()) {
                String line =
                        "<132>1 2026-01-24T10:00:00Z web-1 app 77 - [e@1 k=\"v \\\"w\\\"\"] line "
                                + written.getAndIncrement()
                                + "\n";
                output.write(line.getBytes(StandardCharsets.UTF_8));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Message,-",
        "Forward,the key",
        "PackedForward,the key",
        "CompressedPackedForward,-",
        "logger,-",
        "logger,the key"
    })
    @Timeout(90)
    void fluentClient_isAcknowledged(String mode, String key) throws Exception {
        int port = OpenTelemetryJavaTest.freePort();
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"), fluent(port, key));
                ApiClient api = ApiClient.login(belfry);
                ClientProcess client = send(mode, port, key, 200, 0)) {
            client.await(Duration.ofSeconds(40));
            List<JsonNode> events = events(api, "js." + mode);
            assertThat(messages(events)).isEqualTo(expected(200));
            assertThat(events).hasSize(200);
            for (JsonNode event : events) {
                assertThat(event.get("level").asText()).isEqualTo("warn");
                assertThat("line " + event.at("/payload/number").asInt())
                        .isEqualTo(event.get("message").asText());
                assertThat(event.at("/payload/nested").toString()).isEqualTo("{\"a\":[\"b\"]}");
                assertThat(event.at("/tags/fluent.tag").asText()).isEqualTo("js." + mode);
            }
        }
    }

    @Test
    @Timeout(120)
    void fluentClient_losesNothing_whenBelfryIsKilledAndStarted() throws Exception {
        int port = OpenTelemetryJavaTest.freePort();
        Path data = folder.resolve("data");
        BelfryProcess belfry = BelfryProcess.start(data, fluent(port, "-"));
        try (ClientProcess client = send("PackedForward", port, "-", 400, 10)) {
            client.line("half");
            belfry.kill();
            belfry = BelfryProcess.start(data, fluent(port, "-"));
            client.await(Duration.ofSeconds(60));
            try (ApiClient api = ApiClient.login(belfry)) {
                assertThat(messages(events(api, "js.PackedForward"))).isEqualTo(expected(400));
            }
        } finally {
            belfry.kill();
        }
    }

    private static String[] fluent(int port, String key) {
        String shared = key.equals("-") ? "" : ",\"shared_key\":\"" + key + "\"";
        return new String[] {"--fluent.listeners", "[{\"port\":" + port + shared + "}]"};
    }

    private ClientProcess send(String mode, int port, String key, int count, int pauseMillis)
            throws Exception {
        return ClientProcess.start(
                INSTALLED,
                folder.resolve("node.err"),
                Map.of(),
                List.of(
                        "node",
                        "send.js",
                        mode,
                        Integer.toString(port),
                        key,
                        Integer.toString(count),
                        Integer.toString(pauseMillis)));
    }

    private static List<JsonNode> events(ApiClient api, String source) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        String first = "/api/v1/monitoring/events?limit=1000&source=" + source;
        String cursor = "";
        do {
            JsonNode page = api.get(cursor.isEmpty() ? first : first + "&cursor=" + cursor);
            page.get("data").forEach(events::add);
            cursor = page.at("/pagination/next_cursor").asText("");
        } while (!cursor.isEmpty());
        return events;
    }

    private static TreeSet<String> messages(List<JsonNode> events) {
        TreeSet<String> messages = new TreeSet<>();
        events.forEach(event -> messages.add(event.path("message").asText()));
        return messages;
    }

    private static TreeSet<String> expected(int count) {
        TreeSet<String> messages = new TreeSet<>();
        for (int number = 0; number < count; number++) {
            messages.add("line " + number);
        }
        return messages;
    }
}

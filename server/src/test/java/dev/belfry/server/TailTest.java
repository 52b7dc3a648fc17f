package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live tail by WebSocket. */
final class TailTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--logging.store", "false");
        admin = server.admin();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void tail_sendsWhatMeetsItsFilter() throws Exception {
        Frames frames = new Frames(true);
        WebSocket socket = open("?source=tailed&level=error", frames, "Authorization", admin);
        assertThat(frames.next().get("type").asText()).isEqualTo("heartbeat");
        send("tailed", "info", "no");
        send("other", "error", "no");
        send("tailed", "ERROR", "yes");
        JsonNode frame = frames.next();
        assertThat(frame.get("type").asText()).isEqualTo("event");
        assertThat(frame.at("/data/message").asText()).isEqualTo("yes");
        assertThat(frame.at("/data/id").asText()).hasSize(36);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Test
    void tail_ofAUser_hidesWhatTheyDoNotOwn() throws Exception {
        String user = server.user(admin, "tailer", "user", "mine");
        Frames frames = new Frames(true);
        WebSocket socket = open("", frames, "Authorization", user);
        frames.next();
        send("theirs", "info", "secret");
        send("mine", "info", "visible");
        assertThat(frames.next().at("/data/message").asText()).isEqualTo("visible");
        socket.abort();
    }

    @Test
    void tail_needsCredentials_andTheOwnOriginWithACookie() {
        assertThat(refusal("", "X-None", "x")).isEqualTo(401);
        assertThat(refusal("", "Authorization", "blf_wrong")).isEqualTo(401);
        assertThat(refusal("?access_token=" + admin, "X-None", "x")).isEqualTo(401);
        assertThat(refusal("?color=red", "Authorization", admin)).isEqualTo(400);
        String writer = server.key(admin, "\"monitoring:events:write\"");
        assertThat(refusal("", "Authorization", writer)).isEqualTo(403);
        assertThat(refusal("", "Cookie", "belfry_session=" + admin)).isEqualTo(403);
        server.get(EVENTS + "/tail", admin).expect(400);
    }

    @Test
    void tail_ofAClientThatDoesNotRead_losesLinesAndIsToldHowMany() throws Exception {
        Frames frames = new Frames(false);
        WebSocket socket = open("?source=flood", frames, "Authorization", admin);
        socket.request(1);
        frames.next();
        String line =
                "{\"event_type\":\"log\",\"source\":\"flood\",\"message\":\""
                        + "m".repeat(4000)
                        + "\"}\n";
        int sent = 0;
        for (int batch = 0; batch < 20; batch++) {
            server.post(EVENTS, admin, line.repeat(500)).expect(201);
            sent += 500;
        }
        socket.request(Long.MAX_VALUE);
        long events = 0;
        long dropped = 0;
        while (events + dropped < sent) {
            JsonNode frame = frames.next();
            switch (frame.get("type").asText()) {
                case "event" -> events++;
                case "dropped" -> dropped += frame.get("count").asLong();
                default -> assertThat(frame.get("type").asText()).isEqualTo("heartbeat");
            }
        }
        assertThat(events + dropped).isEqualTo(sent);
        assertThat(dropped).isPositive();
        assertThat(events).isPositive();
        socket.abort();
    }

    @Test
    void tail_ofARevokedKey_endsWhileEventsFlow() throws Exception {
        String made =
                server.post(
                                "/api/v1/keys",
                                admin,
                                "{\"name\":\"gone\",\"permissions\":[\"monitoring:events:read\"],"
                                        + "\"sources\":[]}")
                        .expect(201)
                        .text();
        JsonNode key = JSON.readTree(made).get("data");
        Frames frames = new Frames(true);
        WebSocket socket =
                open("?source=revoked", frames, "Authorization", key.get("key").asText());
        frames.next();
        server.send("DELETE", "/api/v1/keys/" + key.get("id").asText(), admin, "").expect(200);
        long endNanoTime = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!frames.closed.isDone() && System.nanoTime() - endNanoTime < 0) {
            send("revoked", "info", "line");
            frames.texts.poll(1, TimeUnit.SECONDS);
        }
        assertThat(frames.closed).isCompletedWithValue(1008);
        socket.abort();
    }

    @Test
    void tail_thatBreaks_isAnError_andOneThatSaysGoodbyeIsNot() throws Exception {
        Waiting.until(() -> metric("belfry_websocket_connections_active"), open -> open == 0);
        double before = metric("belfry_websocket_errors_total");
        Frames polite = new Frames(true);
        WebSocket first = open("?source=nobody", polite, "Authorization", admin);
        polite.next();
        first.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(polite.closed.get(60, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
        Frames rude = new Frames(true);
        WebSocket second = open("?source=nobody", rude, "Authorization", admin);
        rude.next();
        second.abort();
        Waiting.until(
                () -> metric("belfry_websocket_errors_total"), errors -> errors == before + 1);
    }

    private static double metric(String name) {
        return server.get("/metrics", admin)
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private static void send(String source, String level, String message) {
        String body =
                "{\"event_type\":\"log\",\"source\":\""
                        + source
                        + "\",\"level\":\""
                        + level
                        + "\",\"message\":\""
                        + message
                        + "\"}";
        server.post(EVENTS, admin, body).expect(201);
    }

    private static int refusal(String query, String header, String value) {
        WebSocketHandshakeException[] refused = new WebSocketHandshakeException[1];
        assertThatThrownBy(() -> open(query, new Frames(true), header, value))
                .satisfies(failure -> {
                    Throwable cause =
                            failure instanceof CompletionException ? failure.getCause() : failure;
                    refused[0] = (WebSocketHandshakeException) cause;
                });
        return refused[0].getResponse().statusCode();
    }

    private static WebSocket open(String query, Frames frames, String header, String value) {
        URI uri = URI.create("ws://127.0.0.1:" + server.server().port() + EVENTS + "/tail" + query);
        String shown = header.equals("Authorization") ? "Bearer " + value : value;
        return server.client()
                .newWebSocketBuilder()
                .header(header, shown)
                .buildAsync(uri, frames)
                .join();
    }

    /** Gathers frames. */
    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final boolean eager;

        Frames(boolean eager) {
            this.eager = eager;
        }

        JsonNode next() throws InterruptedException {
            String text = texts.poll(60, TimeUnit.SECONDS);
            assertThat(text).as("a frame within 60 s").isNotNull();
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onOpen(WebSocket socket) {
            if (eager) {
                socket.request(Long.MAX_VALUE);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                texts.add(part.toString());
                part.setLength(0);
            }
            return null;
        }
    }
}

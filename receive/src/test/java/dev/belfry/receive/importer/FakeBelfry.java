package dev.belfry.receive.importer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.Decoding;
import dev.belfry.receive.Inflation;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.JsonEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server that takes events as Belfry does, in memory: tokens, idempotency keys, refusals on
 * order.
 */
final class FakeBelfry implements AutoCloseable {
    static final String TOKEN = "secret";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> answers = new HashMap<>();
    private final List<String> rows = new ArrayList<>();
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private int requests;
    private int failAfter = Integer.MAX_VALUE;

    FakeBelfry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/api/v1/health/live", exchange -> answer(exchange, 200, "{}"));
        server.createContext("/api/v1/auth/login", this::login);
        server.createContext("/api/v1/monitoring/events", this::events);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next requests get these codes. */
    synchronized void refuse(Integer... statuses) {
        refusals.addAll(List.of(statuses));
    }

    /** From the request {@code count} on every one is answered 401. */
    synchronized void failAfter(int count) {
        failAfter = requests + count;
    }

    /** Forgets everything, as a new data folder does. */
    synchronized void wipe() {
        rows.clear();
        answers.clear();
    }

    /** The events taken, as {@link Decoding#rows} shows them. */
    synchronized List<String> rows() {
        return List.copyOf(rows);
    }

    /** How many requests with events there were. */
    synchronized int requests() {
        return requests;
    }

    private void login(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean known = body.contains("\"ann\"") && body.contains("pass\\u0022word");
        answer(
                exchange,
                known ? 200 : 401,
                known
                        ? "{\"success\":true,\"data\":{\"token\":\"" + TOKEN + "\"}}"
                        : "{\"success\":false,\"error\":{\"message\":\"wrong name or password\"}}");
    }

    private void events(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            String path = exchange.getRequestURI().getPath();
            int id = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
            answer(exchange, id < rows().size() ? 200 : 404, "{}");
            return;
        }
        byte[] packed = exchange.getRequestBody().readAllBytes();
        String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        byte[] body = Inflation.inflate(packed, encoding, 32 << 20);
        synchronized (this) {
            requests++;
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            if (requests > failAfter || !("Bearer " + TOKEN).equals(token)) {
                answer(exchange, 401, "{\"error\":{\"message\":\"unknown token\"}}");
                return;
            }
            Integer refusal = refusals.poll();
            if (refusal != null && refusal > 0) {
                answer(exchange, refusal, "{\"error\":{\"message\":\"come back\"}}");
                return;
            }
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            String answer = answers.computeIfAbsent(key, _ -> take(body));
            if (refusal != null) {
                exchange.close();
                return;
            }
            answer(exchange, answer.contains("\"ids\":[]") ? 400 : 201, answer);
        }
    }

    private String take(byte[] body) {
        DecodedEvents decoded =
                JsonEvents.decode(
                        body,
                        body.length,
                        "application/x-ndjson",
                        JsonEventsConfig.DEFAULTS,
                        Decoding.NOW,
                        SourceRule.ANY);
        StringBuilder ids = new StringBuilder();
        for (String row : Decoding.rows(decoded.batch())) {
            ids.append(ids.isEmpty() ? "" : ",").append('"').append(rows.size()).append('"');
            rows.add(row);
        }
        StringBuilder errors = new StringBuilder();
        for (ItemError error : decoded.errors()) {
            errors.append(errors.isEmpty() ? "" : ",").append("{\"index\":").append(error.index());
            errors.append(",\"code\":\"x\",\"message\":\"").append(error.message()).append("\"}");
        }
        if (ids.isEmpty()) {
            return "{\"success\":false,\"error\":{\"message\":\"none is good\",\"details\":"
                    + "{\"ids\":[],\"errors\":["
                    + errors.toString().split(",\\{", 2)[0]
                    + "]}}}";
        }
        return "{\"success\":true,\"data\":{\"ids\":[" + ids + "],\"errors\":[" + errors + "]}}";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}

package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.journal.Append;
import dev.belfry.journal.Journal;
import dev.belfry.journal.JournalConfig;
import dev.belfry.journal.Stream;
import dev.belfry.model.wire.EventBatchCodec;
import dev.belfry.server.metrics.Metric;
import dev.belfry.testkit.Await;
import dev.belfry.testkit.CrashDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each family of Belfry's own metrics moves since what it names happens, and is in its store. */
final class OwnMetricsTest {
    /*
     * Two lives on one simulated disk: in the first everything comes in by its door and the disk is full, slow and
     * fails; between them what is on it rots; in the second that is found, and time passes.
     *
     * A family has moved when its sum over all label sets (a histogram's count) differs from the first life's
     * beginning and is positive. At the end the families that moved are those of the registry: one that is added
     * and moved by nothing here fails the test.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String LOST = "what will be lost by damage";
    private static final Path JOURNAL = Path.of("journal");
    private static final Path SEGMENTS = Path.of("events");
    private static final String[] FLAGS = {
        "--metrics.store", "true",
        "--limits.connections.address", "60",
        "--limits.body", "64MiB",
        "--limits.inflight", "1GiB",
        "--syslog.listeners", "[{\"port\":0},{\"port\":0,\"networks\":[\"10.0.0.0/8\"]}]",
        "--statsd.listeners", "[{\"port\":0,\"flush\":\"100ms\"}]"
    };

    @TempDir private Path data;

    private final CrashDisk disk = new CrashDisk();
    private final TreeSet<String> moved = new TreeSet<>();
    private final TreeSet<String> stored = new TreeSet<>();
    private final List<AutoCloseable> held = new ArrayList<>();
    private Map<String, Double> beginning = Map.of();
    private @Nullable TestServer running;
    private String admin = "";

    @AfterEach
    void letGo() throws Exception {
        disk.onOperation(null);
        for (AutoCloseable one : held) {
            one.close();
        }
    }

    @Test
    void everyFamily_moves_andIsInTheStore() throws Exception {
        TreeSet<String> families = new TreeSet<>();
        try (TestServer first = TestServer.start(data, disk, FLAGS)) {
            begin(first);
            beginning = values();
            first.server().registry().metrics().forEach(metric -> families.add(metric.name()));
            eventsComeInAndAreAsked();
            samplesComeIn();
            anAnswerIsNotRead();
            whatIsWrongIsRefused();
            halfABodyIsThere();
            tooManyConnect();
            peopleWatch();
            listenersHear();
            processWorks();
            diskIsSlow();
            diskFails();
            diskIsFull();
            readBack();
        }
        damageTheJournal();
        disk.onOperation(OwnMetricsTest::refuseTheStore);
        try (TestServer second = TestServer.start(data, disk, FLAGS)) {
            begin(second);
            storeIsBehind_andFindsTheDamage();
            timePasses_andSegmentsAreMerged();
            segmentRots();
            retentionEnds();
            readBack();
        }
        assertThat(moved).as("families that moved").isEqualTo(families);
        assertThat(stored).as("families in the own store").isEqualTo(families);
    }

    private void eventsComeInAndAreAsked() {
        String hours = Instant.now().plus(Duration.ofHours(3)).toString();
        post(event("\"tags\":{\"event_type\":\"order\"},\"message\":\"password=hunter2hunter2\""));
        post(event("\"timestamp\":\"" + hours + "\""));
        server().get(EVENTS + "?source=shop", admin).expect(200);
        move(
                "belfry_events_ingested_total",
                "belfry_events_ingested_by_type",
                "belfry_events_future_timestamp_total",
                "belfry_ingestion_duration_seconds",
                "belfry_redactions_total",
                "belfry_storage_events_total",
                "belfry_storage_hot_events",
                "belfry_storage_hot_bytes",
                "monitoring_total_events");
        move(
                "belfry_queries_total",
                "belfry_query_duration_seconds",
                "belfry_query_results_total",
                "belfry_http_requests_total",
                "belfry_http_request_duration_seconds",
                "control_plane_http_requests_total",
                "control_plane_http_request_duration_seconds");
        move(
                "belfry_journal_appends_total",
                "belfry_journal_records_total",
                "belfry_journal_written_bytes_total",
                "belfry_journal_forces_total",
                "belfry_storage_size_bytes");
    }

    private void samplesComeIn() {
        HttpRequest request =
                server().request("POST", "/api/v1/import/prometheus", admin)
                        .POST(HttpRequest.BodyPublishers.ofString("stock{shop=\"1\"} 7\n"))
                        .build();
        assertThat(server().send(request).status()).isBetween(200, 299);
        move("belfry_samples_ingested_total");
        // How many sources there are is counted once a minute: perhaps before the beginning.
        stand("belfry_storage_entities_total", count -> count >= 2);
    }

    private void anAnswerIsNotRead() throws IOException {
        StringBuilder samples = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            samples.append("unread{i=\"").append(i).append("\"} 7\n");
        }
        HttpRequest request =
                server().request("POST", "/api/v1/import/prometheus", admin)
                        .POST(HttpRequest.BodyPublishers.ofString(samples.toString()))
                        .build();
        assertThat(server().send(request).status()).isBetween(200, 299);
        long start = System.currentTimeMillis() / 1000;
        try (Socket socket = new Socket("127.0.0.1", server().server().port())) {
            String head =
                    "GET /api/v1/query_range?query=last_over_time(unread%5B1d%5D)&step=1&start="
                            + start
                            + "&end="
                            + (start + 10_000)
                            + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                            + admin
                            + "\r\n\r\n";
            socket.getOutputStream().write(bytes(head));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            move("belfry_query_memory_used_bytes");
        }
        stand("belfry_query_memory_max_bytes", bytes -> bytes >= 64 << 20);
    }

    private void whatIsWrongIsRefused() {
        server().post(EVENTS, admin, "{}").expect(400);
        move("belfry_ingestion_errors_total", "belfry_ingestion_errors_by_reason_total");
        String wrong = "{\"username\":\"admin\",\"password\":\"not the one of admin\"}";
        server().post("/api/v1/auth/login", "", wrong).expect(401);
        move("belfry_logins_total");
        String limited =
                "{\"name\":\"limited\",\"permissions\":[\"monitoring:events:write\"],"
                        + "\"rate_limits\":{\"events_per_second\":1}}";
        String key =
                server().post("/api/v1/keys", admin, limited)
                        .expect(201)
                        .data()
                        .get("key")
                        .asText();
        server().post(EVENTS, key, (event("\"level\":\"info\"") + "\n").repeat(300)).expect(201);
        server().post(EVENTS, key, event("\"level\":\"info\"")).expect(429);
        move("belfry_rate_limited_total", "belfry_rate_limit_used_ratio");
    }

    private void halfABodyIsThere() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server().server().port())) {
            String head =
                    "POST "
                            + EVENTS
                            + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100000\r\nAuthorization: Bearer "
                            + admin
                            + "\r\n\r\n";
            socket.getOutputStream().write(bytes(head + "[".repeat(5_000)));
            move("belfry_http_bodies_in_flight_bytes", "belfry_http_requests_in_flight");
        }
    }

    private void tooManyConnect() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        boolean refused = false;
        for (int i = 0; i < 100 && !refused; i++) {
            Socket socket = new Socket("127.0.0.1", server().server().port());
            sockets.add(socket);
            refused = isRefused(socket);
        }
        move("process_open_fds");
        for (Socket socket : sockets) {
            socket.close();
        }
        move("belfry_http_connections_refused_total");
    }

    private void peopleWatch() {
        CompletableFuture<Boolean> heard = new CompletableFuture<>();
        WebSocket socket =
                server().client()
                        .newWebSocketBuilder()
                        .header("Authorization", "Bearer " + admin)
                        .buildAsync(
                                URI.create(
                                        "ws://127.0.0.1:"
                                                + server().server().port()
                                                + EVENTS
                                                + "/tail"),
                                new WebSocket.Listener() {
                                    @Override
                                    public @Nullable CompletionStage<?> onText(
                                            WebSocket from, CharSequence text, boolean last) {
                                        heard.complete(true);
                                        return null;
                                    }
                                })
                        .join();
        heard.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        move(
                "belfry_websocket_connections_active",
                "belfry_websocket_connections_total",
                "belfry_websocket_messages_sent");
        socket.abort();
        move("belfry_websocket_errors_total");
    }

    private void listenersHear() throws IOException {
        List<Integer> ports = server().server().listenerPorts();
        try (Socket syslog = new Socket("127.0.0.1", ports.get(0))) {
            syslog.getOutputStream()
                    .write(
                            bytes(
                                    "<14>1 2026-01-15T10:00:00Z h app - - - hello\n<999>no priority\n"));
            move(
                    "belfry_listener_messages_total",
                    "belfry_listener_messages_malformed_total",
                    "belfry_listener_connections_active");
            syslog.setSoLinger(true, 0); // So that its end is a reset.
        }
        move("belfry_listener_connections_broken_total");
        try (Socket stranger = new Socket("127.0.0.1", ports.get(1))) {
            assertThat(isRefused(stranger)).isTrue();
        }
        move("belfry_listener_connections_refused_total");
        byte[] packet = bytes("neither name nor value");
        InetAddress here = InetAddress.getLoopbackAddress();
        try (DatagramSocket statsd = new DatagramSocket()) {
            statsd.send(new DatagramPacket(packet, packet.length, here, ports.get(2)));
            move("belfry_listener_messages_dropped_total");
        }
    }

    private void processWorks() {
        ByteBuffer direct = ByteBuffer.allocateDirect(3 << 20);
        CountDownLatch end = new CountDownLatch(1);
        held.add(end::countDown);
        for (int i = 0; i < 40; i++) {
            Thread.ofPlatform().daemon().start(() -> await(end));
        }
        move("jvm_threads_current", "jvm_buffer_pool_used_bytes");
        assertThat(direct.capacity()).isPositive();
        until(
                "a collection takes a millisecond",
                () -> {
                    System.gc();
                    return hasMoved("jvm_gc_collection_seconds_total");
                });
        move(
                "jvm_gc_collections_total",
                "jvm_gc_collection_seconds_total",
                "jvm_memory_used_bytes",
                "process_cpu_seconds_total",
                "process_resident_memory_bytes");
        stand("jvm_memory_max_bytes", bytes -> bytes > 1 << 20);
        stand("process_max_fds", most -> most > values().get("process_open_fds"));
        stand(
                "process_start_time_seconds",
                start -> start > 1.7e9 && start < System.currentTimeMillis() / 1e3);
    }

    /* While the disk takes its time, more waits than may. */
    private void diskIsSlow() {
        CountDownLatch slow = new CountDownLatch(1);
        disk.onOperation(operation -> {
            if (operation == CrashDisk.Operation.FORCE) {
                await(slow);
            }
        });
        String large = event("\"message\":\"" + "all is well ".repeat(17_000) + "\"") + "\n";
        HttpRequest request =
                server().request("POST", EVENTS, admin)
                        .POST(HttpRequest.BodyPublishers.ofString(large.repeat(170)))
                        .header("Content-Type", "application/json")
                        .timeout(PATIENCE.multipliedBy(2))
                        .build();
        List<CompletableFuture<HttpResponse<Void>>> answers =
                IntStream.range(0, 2)
                        .mapToObj(_ ->
                                server().client()
                                        .sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                        .toList();
        try {
            CompletableFuture.anyOf(answers.get(0), answers.get(1))
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } finally {
            slow.countDown();
            disk.onOperation(null);
        }
        assertThat(answers.stream().map(answer -> answer.join().statusCode()))
                .containsExactlyInAnyOrder(201, 429);
        move("belfry_journal_refused_overload_total");
    }

    private void diskFails() {
        disk.failForces(0, 1);
        until(
                "a force that fails",
                () -> {
                    server().post(EVENTS, admin, event("\"level\":\"info\""));
                    return hasMoved("belfry_journal_failed_forces_total");
                });
        // What could not be forced goes on in another file, and is told as damage.
        move(
                "belfry_journal_failed_forces_total",
                "belfry_journal_damages_total",
                "belfry_wal_segments_total");
    }

    private void diskIsFull() {
        disk.capacity(disk.usedBytes() + 1_000);
        until(
                "a full disk",
                () -> {
                    server().post(EVENTS, admin, event("\"level\":\"info\""));
                    return hasMoved("belfry_journal_refused_full_total");
                });
        move("belfry_journal_refused_full_total");
        // What is said meanwhile cannot be stored: each of these requests is a line of the log.
        until(
                "a line of the log that is left out",
                () -> {
                    server().get("/api/v1/nothing", admin).expect(404);
                    return hasMoved("belfry_log_lines_dropped_total");
                });
        move("belfry_log_lines_dropped_total");
        disk.capacity(Long.MAX_VALUE);
        until(
                "room on the disk",
                () -> server().post(EVENTS, admin, event("\"level\":\"info\"")).status() == 201);
    }

    /* The first as a bug would leave it, sound for the journal only; the second rots. */
    private void damageTheJournal() throws IOException {
        try (Journal journal =
                Journal.open(
                        JournalConfig.defaults(),
                        disk,
                        data.resolve(JOURNAL),
                        InstantSource.system())) {
            append(journal, "no batch of events");
            append(journal, LOST);
        }
        for (Path path : disk.list(data.resolve(JOURNAL))) {
            int at = new String(disk.bytes(path), StandardCharsets.ISO_8859_1).indexOf(LOST);
            if (at >= 0) {
                disk.flip(path, at);
                return;
            }
        }
        throw new AssertionError(LOST + ": in no file");
    }

    private static void append(Journal journal, String text) {
        byte[] body = bytes(text);
        journal.append(
                new Append(
                        Stream.EVENTS,
                        0,
                        EventBatchCodec.VERSION,
                        body,
                        body.length,
                        1,
                        "",
                        null,
                        null));
    }

    /* The store cannot put aside what it cannot apply, and waits for a better disk. */
    private static void refuseTheStore(CrashDisk.Operation operation) {
        if (Thread.currentThread().getName().equals("belfry-events-apply")) {
            throw new UncheckedIOException(new IOException(operation + ": input/output error"));
        }
    }

    private void storeIsBehind_andFindsTheDamage() {
        post(event("\"level\":\"info\""));
        move("belfry_storage_lag_bytes");
        disk.onOperation(null);
        move("belfry_storage_unapplied_total", "belfry_journal_lost_records_total");
    }

    private void timePasses_andSegmentsAreMerged() {
        String time = "\"timestamp\":\"" + server().clock().instant() + "\",\"message\":\"event ";
        SplittableRandom random = new SplittableRandom(7);
        String many =
                IntStream.range(0, 20_000)
                        .mapToObj(_ -> event(time + Long.toHexString(random.nextLong()) + "\""))
                        .collect(Collectors.joining("\n"));
        post(many);
        for (int seals = 1; seals <= 8; seals++) {
            post(event(time + "alone\""));
            server().clock().forward(Duration.ofMinutes(61));
            begin(server()); // A session ends some time.
            int least = seals;
            until("seal " + seals, () -> values().get("belfry_storage_seals_total") >= least);
        }
        move(
                "belfry_storage_seals_total",
                "belfry_parquet_files_total",
                "belfry_compactions_total",
                "belfry_compaction_duration_seconds",
                "belfry_compaction_files_merged",
                "belfry_compaction_bytes_saved",
                "belfry_retention_last_success_timestamp_seconds");
    }

    private void segmentRots() throws NoSuchFileException {
        Path largest =
                disk.list(data.resolve(SEGMENTS)).stream()
                        .filter(path -> path.toString().endsWith(".parquet"))
                        .max(Comparator.comparingLong(path -> size(path)))
                        .orElseThrow();
        int size = (int) size(largest);
        disk.corrupt(largest, size / 4, new byte[size / 2]);
        server().get(EVENTS + "/histogram?q=event&start_time=now-2d", admin).expect(200);
        move("belfry_storage_damages_total", "belfry_storage_unreadable_events");
    }

    private void retentionEnds() {
        server().clock().forward(Duration.ofDays(100));
        begin(server());
        move("belfry_storage_events_expired_total");
    }

    /* Each family that has values now is in the own store, counters between now and after. */
    private void readBack() {
        Map<String, Double> least = values();
        server().post("/api/v1/monitoring/metrics/collect", admin, "").expect(200);
        String query = "{instance=\"127.0.0.1:" + server().server().port() + "\"}";
        JsonNode found =
                server().get(
                                "/api/v1/query?query="
                                        + URLEncoder.encode(query, StandardCharsets.UTF_8),
                                admin)
                        .expect(200)
                        .json()
                        .at("/data/result");
        Map<String, Double> inStore = new TreeMap<>();
        for (JsonNode series : found) {
            if (series.has("value")) {
                String name = series.at("/metric/__name__").asText();
                inStore.merge(name, series.at("/value/1").asDouble(), Double::sum);
            }
        }
        Map<String, Double> most = values();
        for (Metric metric : server().server().registry().metrics()) {
            String name = metric.name();
            if (!least.containsKey(name)) {
                continue;
            }
            Double value = inStore.get(metric.type().equals("histogram") ? name + "_count" : name);
            assertThat(value).as(name + " in the own store").isNotNull();
            if (!metric.type().equals("gauge")) {
                assertThat(value)
                        .as(name + " in the own store")
                        .isBetween(least.get(name), most.get(name));
            }
            stored.add(name);
        }
    }

    private void begin(TestServer server) {
        running = server;
        admin = server.admin();
    }

    private TestServer server() {
        assertThat(running).isNotNull();
        return running;
    }

    private void move(String... families) {
        for (String family : families) {
            until(family + " moves", () -> hasMoved(family));
            moved.add(family);
        }
    }

    private boolean hasMoved(String family) {
        double value = values().getOrDefault(family, 0.0);
        return value > 0 && value != beginning.getOrDefault(family, 0.0);
    }

    /** What does not move by its nature, or may have before, has a value that can be. */
    private void stand(String family, DoublePredicate plausible) {
        until(family, () -> plausible.test(values().getOrDefault(family, 0.0)));
        moved.add(family);
    }

    private static void until(String what, Callable<Boolean> condition) {
        try {
            Await.until(what, PATIENCE, condition);
        } catch (Exception failure) {
            throw new AssertionError(what, failure);
        }
    }

    /** The sum of each family's samples, of a histogram's counts; families without any are not. */
    private Map<String, Double> values() {
        String text = server().get("/metrics", admin).expect(200).text();
        Map<String, String> types = new TreeMap<>();
        Map<String, Double> sums = new TreeMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ");
            if (line.startsWith("# TYPE ")) {
                types.put(words[2], words[3]);
            } else if (!line.startsWith("#")) {
                String name = line.substring(0, line.indexOf(line.contains("{") ? '{' : ' '));
                String family = name.replaceFirst("_count$", "");
                if (types.containsKey(name) || "histogram".equals(types.get(family))) {
                    sums.merge(
                            types.containsKey(name) ? name : family,
                            Double.parseDouble(words[words.length - 1]),
                            Double::sum);
                }
            }
        }
        return sums;
    }

    private void post(String body) {
        server().post(EVENTS, admin, body).expect(201);
    }

    private static String event(String members) {
        return "{\"event_type\":\"log\",\"source\":\"shop\"," + members + "}";
    }

    private long size(Path path) {
        try {
            return disk.bytes(path).length;
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    private static boolean isRefused(Socket socket) {
        try {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(bytes("GET /api/v1/health/live HTTP/1.1\r\nHost: h\r\n\r\n"));
            return socket.getInputStream().read() < 0;
        } catch (IOException closed) {
            return true;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(3 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let it go");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

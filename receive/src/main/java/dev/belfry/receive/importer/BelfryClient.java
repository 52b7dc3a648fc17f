package dev.belfry.receive.importer;

import com.github.luben.zstd.Zstd;
import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonType;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The few calls that an import makes, each repeated while the server is away or overloaded. */
final class BelfryClient implements Closeable {
    private static final int ZSTD_LEVEL = 3;
    private static final Pattern LINE = Pattern.compile("line (\\d{1,9}): (.*)", Pattern.DOTALL);
    private static final Pattern REFUSED = Pattern.compile("^(\\d{1,9}) refused, ");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int TRIES_AFTER_A_BUG = 5;
    private static final long NOTICE_MILLIS = 2_000;
    private static final long NOTICE_PAUSE_NANOS = 30_000_000_000L;

    private final HttpClient client;
    private final String url;
    private final Patience patience;
    private final Consumer<String> notices;
    private final AtomicLong noticedNanos = new AtomicLong(System.nanoTime() - NOTICE_PAUSE_NANOS);
    private volatile String authorization = "";

    /**
     * How long to try.
     *
     * @param firstPauseMillis the pause before the second try; each further one is twice as long
     * @param longestPauseMillis the longest pause
     * @param greetingMillis after which a server that has not answered yet is taken to be down
     * @param totalMillis after which the last failure is final
     */
    record Patience(
            long firstPauseMillis, long longestPauseMillis, long greetingMillis, long totalMillis) {
        static final Patience USUAL = new Patience(200, 10_000, 15_000, 600_000);
    }

    /** The answer that ends the import; the message says what to do. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /**
     * What became of a batch.
     *
     * @param firstId an id of it, or the probe of a sample; empty when there is none
     * @param taken how many events or samples were taken
     * @param errors why the others were not; the server may not name them all
     */
    record Answer(String firstId, int taken, List<Refusal> errors) {}

    /** Why what stands at {@code line} was not taken; 0 when it is not known where. */
    record Refusal(long line, String message) {}

    /** A client that says by {@code notices} when it has to wait. */
    BelfryClient(String url, Patience patience, Consumer<String> notices) {
        this.url = url;
        this.patience = patience;
        this.notices = notices;
        client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
    }

    /** From now on sends {@code token} with every call. */
    void token(String token) {
        authorization = "Bearer " + token;
    }

    /** Logs in and uses the token it gets. */
    void login(String user, String password) throws FailedException, InterruptedException {
        StringBuilder body = new StringBuilder("{\"username\":");
        quote(user, body);
        body.append(",\"password\":");
        quote(password, body);
        HttpResponse<String> response =
                call(
                        request("/api/v1/auth/login")
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                body.append('}').toString()))
                                .build());
        String token = member(member(response.body(), "data"), "token");
        if (response.statusCode() != 200 || token.isEmpty()) {
            throw new FailedException("login as " + user + ": " + errorOf(response));
        }
        token(token);
    }

    static void quote(String text, StringBuilder target) {
        target.append('"');
        for (char unit : text.toCharArray()) {
            if (unit < ' ' || unit == '"' || unit == '\\') {
                target.append(String.format("\\u%04x", (int) unit));
            } else {
                target.append(unit);
            }
        }
        target.append('"');
    }

    /** Whether the server has the event or sample; true also when it does not say. */
    boolean has(String id) throws FailedException, InterruptedException {
        if (SampleProbe.is(id)) {
            HttpResponse<String> response =
                    call(
                            request(
                                            "/api/v1/query?time="
                                                    + SampleProbe.seconds(id)
                                                    + "&query="
                                                    + encoded(SampleProbe.selector(id)))
                                    .GET()
                                    .build());
            return response.statusCode() != 200 || !response.body().contains("\"result\":[]");
        }
        HttpResponse<String> response =
                call(request("/api/v1/monitoring/events/" + id).GET().build());
        if (response.statusCode() == 401) {
            throw new FailedException(explain(response));
        }
        return response.statusCode() != 404;
    }

    /** Waits until the server answers at all. */
    void greet() throws FailedException, InterruptedException {
        call(request("/api/v1/health/live").GET().build(), patience.greetingMillis);
    }

    /**
     * Sends a batch; sent again it is taken once.
     *
     * @param source the label of its samples; null for none
     * @param millis the time of its samples that have none, epoch milliseconds
     */
    Answer send(Batch batch, @Nullable String source, long millis)
            throws FailedException, InterruptedException {
        return switch (batch.kind()) {
            case EVENTS -> sendEvents(batch);
            case PROMETHEUS -> sendText(batch, "text/plain; version=0.0.4", source, millis);
            case OPENMETRICS ->
                    sendText(batch, "application/openmetrics-text; version=1.0.0", source, millis);
            case REMOTE_WRITE -> sendWrite(batch);
        };
    }

    private Answer sendText(Batch batch, String type, @Nullable String source, long millis)
            throws FailedException, InterruptedException {
        String label = source == null ? "" : "&extra_label=" + encoded("source=" + source);
        HttpRequest request =
                request("/api/v1/import/prometheus?timestamp=" + millis + label)
                        .header("Content-Type", type)
                        .header("Content-Encoding", "zstd")
                        .POST(compressed(batch))
                        .build();
        HttpResponse<String> response = call(request);
        if (response.statusCode() / 100 == 2) {
            return new Answer(batch.key(), batch.count(), List.of());
        }
        if (response.statusCode() != 400) {
            throw new FailedException(explain(response));
        }
        String details = member(member(response.body(), "error"), "details");
        String refused = member(details, "refused");
        if (!refused.matches("[0-9]{1,9}")) {
            throw new FailedException(explain(response));
        }
        int taken = Math.max(0, batch.count() - Integer.parseInt(refused));
        List<Refusal> errors = new ArrayList<>();
        List<String> items = JsonMembers.items(member(details, "errors"));
        for (String item : items == null ? List.<String>of() : items) {
            errors.add(refusal(batch, member(item, "index"), member(item, "message")));
        }
        return new Answer(taken == 0 ? "" : batch.key(), taken, errors);
    }

    private static Refusal refusal(Batch batch, String index, String message) {
        Matcher line = LINE.matcher(message);
        if (line.matches()) {
            return new Refusal(batch.lineShift() + Long.parseLong(line.group(1)), line.group(2));
        }
        return new Refusal(line(batch, index), message);
    }

    private static long line(Batch batch, String index) {
        int at = index.matches("[0-9]{1,9}") ? Integer.parseInt(index) : -1;
        return at >= 0 && at < batch.count() ? batch.lineNumbers()[at] : 0;
    }

    private Answer sendWrite(Batch batch) throws FailedException, InterruptedException {
        HttpRequest request =
                request("/api/v1/write")
                        .header("Content-Type", "application/x-protobuf")
                        .header("Content-Encoding", "zstd")
                        .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                        .POST(compressed(batch))
                        .build();
        HttpResponse<String> response = call(request);
        if (response.statusCode() / 100 == 2) {
            return new Answer(batch.key(), batch.count(), List.of());
        }
        Matcher refused = REFUSED.matcher(response.body());
        if (response.statusCode() != 400 || !refused.find()) {
            throw new FailedException(explain(response));
        }
        int taken = Math.max(0, batch.count() - Integer.parseInt(refused.group(1)));
        List<Refusal> errors =
                response.body().lines().skip(1).map(line -> new Refusal(0, line)).toList();
        return new Answer(taken == 0 ? "" : batch.key(), taken, errors);
    }

    private static HttpRequest.BodyPublisher compressed(Batch batch) {
        return HttpRequest.BodyPublishers.ofByteArray(Zstd.compress(batch.body(), ZSTD_LEVEL));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Answer sendEvents(Batch batch) throws FailedException, InterruptedException {
        HttpRequest request =
                request("/api/v1/monitoring/events")
                        .header("Content-Type", "application/x-ndjson")
                        .header("Content-Encoding", "zstd")
                        .header("Idempotency-Key", batch.key())
                        .POST(compressed(batch))
                        .build();
        HttpResponse<String> response = call(request);
        int status = response.statusCode();
        if (status / 100 == 2) {
            return taken(batch, member(response.body(), "data"));
        }
        if (status == 400) {
            return refused(batch, response);
        }
        throw new FailedException(explain(response));
    }

    private static Answer taken(Batch batch, String data) {
        List<Refusal> errors = errors(batch, member(data, "errors"));
        List<String> ids = JsonMembers.items(member(data, "ids"));
        String first = "";
        if (ids != null) {
            for (String id : ids) {
                if (id.startsWith("\"") && first.isEmpty()) {
                    first = id.substring(1, id.length() - 1);
                }
            }
        }
        return new Answer(first, batch.count() - errors.size(), errors);
    }

    /* None was good: the errors stand in the error's details, or its message is that of all. */
    private static Answer refused(Batch batch, HttpResponse<String> response) {
        String details = member(member(response.body(), "error"), "details");
        List<Refusal> errors = errors(batch, member(details, "errors"));
        if (errors.isEmpty()) {
            errors = List.of(new Refusal(batch.lineNumbers()[0], errorOf(response)));
        }
        return new Answer("", 0, errors);
    }

    private static List<Refusal> errors(Batch batch, String array) {
        List<Refusal> errors = new ArrayList<>();
        List<String> items = JsonMembers.items(array);
        if (items != null) {
            for (String item : items) {
                errors.add(
                        new Refusal(line(batch, member(item, "index")), member(item, "message")));
            }
        }
        return errors;
    }

    private static String explain(HttpResponse<String> response) {
        String error = errorOf(response);
        return switch (response.statusCode()) {
            case 401 ->
                    error
                            + "\nGive an API key by --token or BELFRY_TOKEN, or --user and"
                            + " --password.";
            case 403 -> error + "\nThe credentials need the permission monitoring:events:write.";
            case 422 -> error + "\nThe file changed under the import: --again sends it anew.";
            default -> error;
        };
    }

    private static String errorOf(HttpResponse<String> response) {
        String message = member(member(response.body(), "error"), "message");
        return "HTTP " + response.statusCode() + (message.isEmpty() ? "" : ": " + message);
    }

    /* A member of an object as text, or empty. */
    private static String member(String object, String name) {
        List<JsonMembers.Member> members = JsonMembers.read(object);
        if (members != null) {
            for (JsonMembers.Member member : members) {
                if (member.name().equals(name) && member.type() != JsonType.NULL) {
                    return member.text();
                }
            }
        }
        return "";
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT);
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    /* Tries until there is an answer that trying again would not change. */
    private HttpResponse<String> call(HttpRequest request)
            throws FailedException, InterruptedException {
        return call(request, patience.totalMillis);
    }

    private HttpResponse<String> call(HttpRequest request, long totalMillis)
            throws FailedException, InterruptedException {
        long start = System.nanoTime();
        long pauseMillis = patience.firstPauseMillis;
        int tries = 0;
        while (true) {
            String failure;
            Optional<String> retryAfter = Optional.empty();
            try {
                HttpResponse<String> response =
                        client.send(request, HttpResponse.BodyHandlers.ofString());
                boolean bug = response.statusCode() == 500 && ++tries == TRIES_AFTER_A_BUG;
                if (bug || !isPassing(response.statusCode())) {
                    return response;
                }
                failure = errorOf(response);
                retryAfter = response.headers().firstValue("Retry-After");
            } catch (IOException refused) {
                failure =
                        url
                                + " does not answer ("
                                + reason(refused)
                                + "). Is ./belfry run running? Another address is given by"
                                + " --url or BELFRY_URL";
            }
            long spentMillis = (System.nanoTime() - start) / 1_000_000;
            if (spentMillis + pauseMillis > totalMillis) {
                throw new FailedException(failure);
            }
            if (spentMillis > NOTICE_MILLIS) {
                notice("waiting: " + failure);
            }
            Thread.sleep(pauseMillis(retryAfter.orElse(""), pauseMillis));
            pauseMillis = Math.min(pauseMillis * 2, patience.longestPauseMillis);
        }
    }

    /* Several batches wait for the same server: one line now and then is enough. */
    private void notice(String text) {
        long now = System.nanoTime();
        long last = noticedNanos.get();
        if (now - last >= NOTICE_PAUSE_NANOS && noticedNanos.compareAndSet(last, now)) {
            notices.accept(text);
        }
    }

    private static String reason(IOException failure) {
        @Nullable String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static boolean isPassing(int status) {
        return status == 408
                || status == 429
                || status == 500
                || status == 502
                || status == 503
                || status == 504
                || status == 507;
    }

    /* Retry-After in seconds is obeyed up to a minute; a date is not sent by Belfry. */
    private static long pauseMillis(String retryAfter, long otherwise) {
        return retryAfter.matches("[0-9]{1,6}")
                ? Math.max(otherwise, Math.min(60, Long.parseLong(retryAfter)) * 1_000)
                : otherwise;
    }

    @Override
    public void close() {
        client.close();
    }
}

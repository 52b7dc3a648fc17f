package dev.belfry.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.receive.Snappy;
import dev.belfry.testkit.PromqlTarget;
import dev.belfry.testkit.SeriesNotation;
import dev.belfry.testkit.WriteRequestBody;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A started server as what scripts of PromQL run against: remote write in, HTTP API out. */
final class PrometheusTarget implements PromqlTarget {
    private final TestServer server;
    private final String token;

    PrometheusTarget(TestServer server, String token) {
        this.server = server;
        this.token = token;
    }

    @Override
    public boolean showsOnlyBuckets() {
        return true;
    }

    @Override
    public void clear() {
        form("/api/v1/admin/tsdb/delete_series", "match[]", "{__name__!=\"\"}").expect(204);
    }

    @Override
    public void load(List<SeriesSamples> series) {
        WriteRequestBody body = WriteRequestBody.two();
        series.forEach(body::add);
        write(server, token, body.bytes(), true).expect(204);
    }

    /** Sends a message of remote write. */
    static TestServer.Answer write(TestServer server, String token, byte[] message, boolean two) {
        byte[] block = Snappy.deflate(message, message.length);
        return server.send(
                HttpRequest.newBuilder(server.uri("/api/v1/write"))
                        .header("authorization", "Bearer " + token)
                        .header("content-encoding", "snappy")
                        .header(
                                "content-type",
                                "application/x-protobuf"
                                        + (two ? ";proto=io.prometheus.write.v2.Request" : ""))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(block))
                        .build());
    }

    /** Asks by remote read for samples of {@code metric} between two times, inclusive. */
    static TestServer.Answer read(
            TestServer server, String token, String metric, long startMillis, long endMillis) {
        ByteBuffer query = ByteBuffer.allocate(256);
        varint(query.put((byte) 0x08), startMillis);
        varint(query.put((byte) 0x10), endMillis);
        byte[] name = metric.getBytes(StandardCharsets.UTF_8);
        query.put((byte) 0x1A).put((byte) (12 + name.length)).put((byte) 0x12).put((byte) 8);
        query.put("__name__".getBytes(StandardCharsets.UTF_8));
        query.put((byte) 0x1A).put((byte) name.length).put(name).flip();
        ByteBuffer message = ByteBuffer.allocate(256).put((byte) 0x0A);
        varint(message, query.remaining());
        message.put(query);
        byte[] block = Snappy.deflate(message.array(), message.position());
        return server.send(
                server.request("POST", "/api/v1/read", token)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(block))
                        .build());
    }

    private static void varint(ByteBuffer out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** The body of {@code answer}, a Snappy block, as text. */
    static String inflated(TestServer.Answer answer) {
        byte[] body = answer.response().body();
        byte[] plain = new byte[Snappy.inflatedLength(body, body.length, 1 << 20)];
        Snappy.inflate(body, body.length, plain);
        return new String(plain, StandardCharsets.UTF_8);
    }

    /** Sends a form. */
    TestServer.Answer form(String path, String... namesAndValues) {
        StringBuilder form = new StringBuilder();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            form.append(index == 0 ? "" : "&").append(encoded(namesAndValues[index]));
            form.append('=').append(encoded(namesAndValues[index + 1]));
        }
        return server.send(
                HttpRequest.newBuilder(server.uri(path))
                        .header("authorization", "Bearer " + token)
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                        .build());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public Answer instant(String query, long timeMillis) {
        return answer(form("/api/v1/query", "query", query, "time", seconds(timeMillis)));
    }

    @Override
    public Answer range(String query, long startMillis, long endMillis, long stepMillis) {
        return answer(
                form(
                        "/api/v1/query_range",
                        "query",
                        query,
                        "start",
                        seconds(startMillis),
                        "end",
                        seconds(endMillis),
                        "step",
                        seconds(stepMillis)));
    }

    private static String seconds(long millis) {
        return Double.toString(millis / 1000.0);
    }

    private static Answer answer(TestServer.Answer got) {
        JsonNode json = got.json();
        if (!json.get("status").asText().equals("success")) {
            String error = json.get("error").asText();
            String prefix = "invalid parameter \"query\": ";
            return new Answer(
                    "error",
                    List.of(),
                    error.startsWith(prefix) ? error.substring(prefix.length()) : error,
                    List.of(),
                    List.of());
        }
        JsonNode data = json.get("data");
        String kind = data.get("resultType").asText();
        JsonNode result = data.get("result");
        List<SeriesSamples> series = new ArrayList<>();
        String text = null;
        switch (kind) {
            case "string" -> text = result.get(1).asText();
            case "scalar" -> series.add(series(Labels.EMPTY, List.of(result), List.of()));
            default -> result.forEach(each -> series.add(series(each)));
        }
        return new Answer(kind, series, text, texts(json, "warnings"), texts(json, "infos"));
    }

    private static List<String> texts(JsonNode json, String name) {
        List<String> texts = new ArrayList<>();
        json.path(name).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static SeriesSamples series(JsonNode json) {
        TreeMap<String, String> labels = new TreeMap<>();
        json.get("metric").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        List<JsonNode> values = new ArrayList<>();
        List<JsonNode> histograms = new ArrayList<>();
        json.path("values").forEach(values::add);
        json.path("histograms").forEach(histograms::add);
        if (json.has("value")) {
            values.add(json.get("value"));
        }
        if (json.has("histogram")) {
            histograms.add(json.get("histogram"));
        }
        return series(Labels.of(labels), values, histograms);
    }

    private static SeriesSamples series(
            Labels labels, List<JsonNode> values, List<JsonNode> histograms) {
        TreeMap<Long, JsonNode> byTime = new TreeMap<>();
        values.forEach(value -> byTime.put(millis(value), value));
        histograms.forEach(value -> byTime.put(millis(value), value));
        int size = byTime.size();
        long[] times = new long[size];
        double[] numbers = new double[size];
        @Nullable FloatHistogram[] found = new FloatHistogram[size];
        int at = 0;
        for (JsonNode value : byTime.values()) {
            times[at] = millis(value);
            if (value.get(1).isObject()) {
                found[at] = histogram(value.get(1));
            } else {
                numbers[at] = SeriesNotation.parseNumber(value.get(1).asText());
            }
            at++;
        }
        return new SeriesSamples(labels, times, numbers, histograms.isEmpty() ? null : found, size);
    }

    private static long millis(JsonNode sample) {
        return Math.round(sample.get(0).asDouble() * 1000);
    }

    private static double number(JsonNode text) {
        return SeriesNotation.parseNumber(text.asText());
    }

    /* With a bound wherever a bucket ends, so that each bucket is one of this one too. */
    private static FloatHistogram histogram(JsonNode json) {
        TreeSet<Double> bounds = new TreeSet<>();
        TreeMap<Double, Double> counts = new TreeMap<>();
        for (JsonNode bucket : json.path("buckets")) {
            bounds.add(number(bucket.get(1)));
            bounds.add(number(bucket.get(2)));
            counts.put(number(bucket.get(2)), number(bucket.get(3)));
        }
        bounds.remove(Double.NEGATIVE_INFINITY);
        bounds.remove(Double.POSITIVE_INFINITY);
        List<Double> sorted = List.copyOf(bounds);
        int[] indexes = new int[counts.size()];
        double[] values = new double[counts.size()];
        int at = 0;
        for (var entry : counts.entrySet()) {
            int index = sorted.indexOf(entry.getKey());
            indexes[at] = index < 0 ? sorted.size() : index;
            values[at++] = entry.getValue();
        }
        return new FloatHistogram(
                FloatHistogram.CUSTOM,
                ResetHint.UNKNOWN,
                number(json.get("count")),
                number(json.get("sum")),
                0,
                0,
                indexes,
                values,
                new int[0],
                new double[0],
                sorted.stream().mapToDouble(Double::doubleValue).toArray());
    }
}

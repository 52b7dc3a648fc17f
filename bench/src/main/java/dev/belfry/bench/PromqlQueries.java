package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.testkit.WriteRequestBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Samples to a server, and range queries. */
final class PromqlQueries {
    private static final int LITERAL_MAX = 1 << 16;

    private final MetricServer server;

    PromqlQueries(MetricServer server) {
        this.server = server;
    }

    /** Writes samples. */
    void write(WriteRequestBody body) throws IOException, InterruptedException {
        server.write(snappy(body.bytes()));
    }

    /* A block of literals: valid, and not smaller. */
    private static byte[] snappy(byte[] body) {
        ByteArrayOutputStream block = new ByteArrayOutputStream(body.length + 64);
        int size = body.length;
        while (size >= 0x80) {
            block.write((size & 0x7f) | 0x80);
            size >>>= 7;
        }
        block.write(size);
        for (int at = 0; at < body.length; at += LITERAL_MAX) {
            int length = Math.min(LITERAL_MAX, body.length - at);
            block.write(61 << 2);
            block.write(length - 1);
            block.write((length - 1) >> 8);
            block.write(body, at, length);
        }
        return block.toByteArray();
    }

    /** The bytes of the answer to a range query; {@code nocache} is for VictoriaMetrics. */
    byte[] range(String query, long startMillis, long endMillis, long stepMillis)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(query, startMillis, endMillis, stepMillis);
        if (response.statusCode() != 200) {
            String body = new String(response.body(), StandardCharsets.UTF_8);
            throw new IOException(response.statusCode() + ": " + body);
        }
        return response.body();
    }

    /** The answer to a range query, or the error instead. */
    JsonNode rangeOrError(String query, long startMillis, long endMillis, long stepMillis)
            throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(query, startMillis, endMillis, stepMillis).body());
    }

    private HttpResponse<byte[]> get(
            String query, long startMillis, long endMillis, long stepMillis)
            throws IOException, InterruptedException {
        return server.get(
                "/api/v1/query_range?query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8)
                        + "&start="
                        + seconds(startMillis)
                        + "&end="
                        + seconds(endMillis)
                        + "&step="
                        + seconds(stepMillis)
                        + "&nocache=1");
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }
}

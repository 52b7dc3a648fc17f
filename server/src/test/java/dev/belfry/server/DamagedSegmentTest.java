package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belfry.model.disk.Disk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged page costs its rows and is told to everybody; nothing else fails. */
final class DamagedSegmentTest {
    private static final int COUNT = 270_000;

    @TempDir private Path data;

    @Test
    void damagedPage_answersTheRest_andIsInStatisticsHealthStatusAndMetrics() throws Exception {
        try (TestServer server = start()) {
            String admin = server.admin();
            for (int from = 0; from < COUNT; from += 30_000) {
                StringBuilder lines = new StringBuilder();
                for (int n = from; n < from + 30_000; n++) {
                    lines.append("{\"event_type\":\"log\",\"source\":\"s\",\"message\":\"event ");
                    lines.append(n * 7919L % 1_000_003).append("\"}\n");
                }
                server.post(EVENTS, admin, lines.toString()).expect(201);
            }
            Waiting.until(this::segment, path -> path != null);
        }
        Path segment = segment();
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(new byte[100_000]);
        }
        String name = segment.getFileName().toString().replace(".parquet", "");
        try (TestServer server = start()) {
            String admin = server.admin();
            JsonNode histogram =
                    server.get(EVENTS + "/histogram?q=event&start_time=now-1h", admin)
                            .expect(200)
                            .json();
            assertThat(histogram.at("/data/total").asInt())
                    .isBetween(COUNT - 3 * 32_768, COUNT - 1);
            assertThat(histogram.at("/statistics/warnings/0").asText()).contains(name);
            JsonNode page = server.get(EVENTS + "?q=event&limit=10", admin).expect(200).json();
            assertThat(page.get("data")).hasSize(10);
            assertThat(page.at("/statistics/warnings/0").asText()).contains(name);
            JsonNode health = server.get("/api/v1/health", "").expect(200).json();
            assertThat(health.get("status").asText()).isEqualTo("DEGRADED");
            assertThat(health.at("/problems/ingestion").asText()).contains(name + ".parquet");
            JsonNode status = server.get("/api/v1/monitoring/status", admin).expect(200).json();
            assertThat(status.findValue("damage").get(0).asText()).contains(name);
            String metrics = server.get("/metrics", admin).text();
            assertThat(metrics).contains("belfry_storage_damages_total 1");
            assertThat(metrics).containsPattern("belfry_storage_unreadable_events [1-9]");
        }
    }

    private TestServer start() {
        return TestServer.start(
                data, Disk.real(), "--logging.store", "false", "--limits.body", "64MiB");
    }

    /* The largest that is there with its filter. */
    private Path segment() {
        try (Stream<Path> files = Files.list(data.resolve("events"))) {
            return files.filter(path -> path.toString().endsWith(".parquet"))
                    .filter(path ->
                            Files.exists(Path.of(path.toString().replace("parquet", "filter"))))
                    .max(Comparator.comparingLong(path -> path.toFile().length()))
                    .orElse(null);
        } catch (IOException gone) {
            return null;
        }
    }
}

package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ClickHouse's engine inside a Node process (npm's package chdb); its settings: chdb.mjs. */
final class ChdbPeer implements Peer {
    private static final String EVENTS = "SELECT * FROM b.events";
    private static final String NEWEST = " ORDER BY timestamp DESC LIMIT 100";

    @Override
    public String measure(Path folder, long events, Figures figures) throws Exception {
        Path project = Programs.cache("chdb");
        if (!Files.isDirectory(project.resolve("node_modules/chdb"))) {
            Programs.run(project, "npm", "init", "-y");
            Programs.run(project, "npm", "install", "--no-audit", "--no-fund", "chdb@3.4.0");
        }
        Path script = Programs.unpack("chdb.mjs", project.resolve("chdb.mjs"));
        Path lines = folder.resolve("events.ndjson");
        try (OutputStream out = Files.newOutputStream(lines)) {
            long start = System.currentTimeMillis() - events;
            for (long first = 0; first < events; first += Load.BATCH) {
                out.write(Load.lines(start, first));
            }
        }
        ObjectMapper json = new ObjectMapper();
        List<Object> asked = new ArrayList<>();
        for (Map.Entry<Measure, List<Question>> kind : Question.all(events, 20).entrySet()) {
            List<String> texts = kind.getValue().stream().map(ChdbPeer::sql).toList();
            asked.add(Map.of("name", kind.getKey().name(), "texts", texts));
        }
        Path questions = folder.resolve("questions.json");
        Files.write(questions, json.writeValueAsBytes(asked));
        String output =
                Programs.run(
                        project,
                        "node",
                        script.toString(),
                        lines.toString(),
                        questions.toString(),
                        folder.resolve("store").toString(),
                        Integer.toString(Load.BATCH));
        String version = "";
        for (String line : output.split("\n")) {
            if (!line.startsWith("{")) {
                continue;
            }
            JsonNode found = json.readTree(line);
            if (found.has("version")) {
                version = found.get("version").asText();
                continue;
            }
            Measure measure = Measure.valueOf(found.get("name").asText());
            double[] values = json.convertValue(found.get("values"), double[].class);
            figures.add(measure, new Distribution(values).percentile(measure.percentile()));
        }
        if (!figures.has(Measure.NUMBER_P95)) {
            throw new IOException("chdb: " + output);
        }
        return "chdb (ClickHouse "
                + version
                + "): INSERT … FORMAT JSONEachRow of 1000 rows a statement in its own process (no HTTP, no fsync), MergeTree by timestamp, ZSTD, text index on message, bloom filter on trace_id; processor time until merges have ended, that of reading the lines taken off.";
    }

    private static String sql(Question question) {
        String argument = question.argument();
        return switch (question.measure()) {
            case NEWEST -> EVENTS + NEWEST;
            case NEWEST_HALF -> EVENTS + " WHERE level = 'info'" + NEWEST;
            case NEWEST_HOST -> EVENTS + " WHERE tags['host'] = '" + argument + "'" + NEWEST;
            case NEWEST_USER -> EVENTS + " WHERE payload.user = '" + argument + "'" + NEWEST;
            case NEWEST_NONE -> EVENTS + " WHERE source = 'none'" + NEWEST;
            case TRACE -> EVENTS + " WHERE trace_id = '" + argument + "'" + NEWEST;
            case WORD -> EVENTS + " WHERE hasToken(message, '" + argument + "')" + NEWEST;
            case PHRASE -> {
                String[] words = argument.split(" ");
                yield EVENTS
                        + " WHERE hasAllTokens(message, ['%s', '%s']) AND position(message, '%s') > 0"
                                .formatted(words[0], words[1], argument)
                        + NEWEST;
            }
            case COUNT_TIME_LEVEL ->
                    "SELECT toStartOfMinute(timestamp) t, level, count() FROM b.events"
                            + " GROUP BY t, level ORDER BY t, level";
            case GROUP_TAG -> "SELECT tags['host'] h, count() FROM b.events GROUP BY h";
            case NUMBER_P95 -> "SELECT quantileExact(0.95)(payload.duration_ms) FROM b.events";
            default -> throw new IllegalStateException("BUG: " + question);
        };
    }
}

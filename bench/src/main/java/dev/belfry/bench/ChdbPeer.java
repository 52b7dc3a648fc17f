package dev.belfry.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * ClickHouse's engine inside a Node process (npm package chdb): the same JSON lines into a
 * MergeTree with a text index.
 */
final class ChdbPeer {
    private static final int BATCH = 10_000;

    private ChdbPeer() {}

    static void run(Path folder, long events) throws IOException, InterruptedException {
        Path project = Files.createDirectories(folder.resolve("chdb"));
        command(project, "npm", "init", "-y");
        command(project, "npm", "install", "--no-audit", "--no-fund", "chdb");
        Path lines = project.resolve("events.ndjson");
        try (OutputStream out = Files.newOutputStream(lines)) {
            long start = System.currentTimeMillis();
            for (long first = 0; first < events; first += BATCH) {
                out.write(new JsonEvents(7, start, first).lines(BATCH));
            }
        }
        try (InputStream script = ChdbPeer.class.getResourceAsStream("chdb.mjs")) {
            if (script == null) {
                throw new IllegalStateException("BUG: chdb.mjs is not packed");
            }
            Files.write(project.resolve("chdb.mjs"), script.readAllBytes());
        }
        System.out.print(command(project, "node", "chdb.mjs", lines.toString()));
        Files.delete(lines);
    }

    private static String command(Path folder, String... words)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.HOURS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", words) + ": " + output);
        }
        return words[0].equals("node") ? output : "";
    }
}

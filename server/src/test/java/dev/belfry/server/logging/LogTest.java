package dev.belfry.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogTest {
    @TempDir private Path folder;

    private final ByteArrayOutputStream people = new ByteArrayOutputStream();

    @Test
    void lines_goToFileStoreAndPeople() throws IOException {
        List<Line> stored = Collections.synchronizedList(new ArrayList<>());
        try (Log log = log()) {
            log.storeInto(stored::addAll);
            log.start();
            log.info("part", "said", Map.of("n", 1));
            log.error("part", "failed", Map.of(), new IllegalStateException("why"));
            log.say(Level.DEBUG, "part", "unheard", Map.of(), null);
        }
        List<String> lines = Files.readAllLines(folder.resolve("belfry.log"));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .contains(
                        "\"level\":\"info\"",
                        "\"message\":\"said\"",
                        "\"n\":1",
                        "\"log_group\":\"/belfry/application\"");
        assertThat(lines.get(1)).contains("/belfry/errors", "IllegalStateException: why");
        assertThat(stored).extracting(Line::message).containsExactly("said", "failed");
        assertThat(people.toString(StandardCharsets.UTF_8))
                .isEqualTo("belfry: error: failed: java.lang.IllegalStateException: why\n");
    }

    @Test
    void aStoreThatFails_costsNothingButItsLines() throws IOException {
        try (Log log = log()) {
            log.storeInto(_ -> {
                throw new IllegalStateException("full");
            });
            log.start();
            log.info("part", "said", Map.of());
        }
        assertThat(Files.readAllLines(folder.resolve("belfry.log"))).hasSize(1);
    }

    @Test
    void aFlood_isCutAndSaid() throws IOException {
        Log log = log();
        for (int number = 0; number < 20_000; number++) {
            log.info("part", "line " + number, Map.of());
        }
        assertThat(log.droppedLines()).isGreaterThan(10_000);
        log.start();
        log.close();
        assertThat(Files.readAllLines(folder.resolve("belfry.log")))
                .anyMatch(line -> line.contains("lines were left out"))
                .hasSizeLessThan(10_000);
    }

    @Test
    void files_areRotatedAndFew() throws IOException {
        try (LogFile file = new LogFile(folder, 2_000)) {
            Line line =
                    new Line(0, "belfry", Level.INFO, "g", "l", "m".repeat(500), Map.of(), null);
            for (int number = 0; number < 100; number++) {
                file.accept(List.of(line));
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "belfry.log",
                            "belfry.log.1",
                            "belfry.log.2",
                            "belfry.log.3",
                            "belfry.log.4");
        }
        assertThat(Files.size(folder.resolve("belfry.log"))).isLessThanOrEqualTo(2_000);
    }

    private Log log() {
        return new Log(
                folder,
                Level.INFO,
                new PrintStream(people, true, StandardCharsets.UTF_8),
                InstantSource.system());
    }
}

package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code docs/embedded.md}: what stands there is what runs here. */
class EmbeddedExampleTest {
    private static final Path HERE =
            Path.of("src", "test", "java", "dev", "belfry", "query", "EmbeddedExample.java");

    @TempDir private Path folder;

    @Test
    void example_run_findsWhatItWrote() throws Exception {
        List<String> found = EmbeddedExample.run(folder.resolve("telemetry"));

        assertThat(found)
                .containsExactly(
                        "error: payment 17 declined",
                        "payment-service: payment 16 completed",
                        "3 events stored");
    }

    @Test
    void example_inDocs_isTheOneThatRuns() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "embedded.md"));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);

        assertThat(block.find()).isTrue();
        assertThat(block.group(1).strip()).isEqualTo(Files.readString(HERE).strip());
    }
}

package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's own tests ({@code ui/e2e}, Playwright), in Chromium, against a whole Belfry. */
final class BrowserTest {
    private static final Path UI = Path.of("..", "ui").toAbsolutePath().normalize();
    private static final Path REPORT =
            Path.of("target", "surefire-reports", "TEST-browser.xml").toAbsolutePath();

    @TempDir Path folder;

    @Test
    void page_worksInTheBrowser() throws Exception {
        assertThat(UI.resolve("node_modules")).as("the build of module ui makes it").isDirectory();
        Path output = folder.resolve("playwright.txt");
        try (BelfryProcess belfry = BelfryProcess.start(folder.resolve("data"))) {
            ProcessBuilder builder =
                    new ProcessBuilder(
                            "npm", "run", "--silent", "e2e", "--", "--reporter=list,junit");
            builder.environment()
                    .putAll(
                            Map.of(
                                    "BELFRY_URL", belfry.address().toString(),
                                    "BELFRY_USER", "admin",
                                    "BELFRY_PASSWORD", BelfryProcess.PASSWORD,
                                    "BELFRY_CHROMIUM", chromium(),
                                    "PLAYWRIGHT_JUNIT_OUTPUT_FILE", REPORT.toString()));
            Process browser =
                    builder.directory(UI.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();

            assertThat(browser.waitFor()).as(() -> read(output)).isZero();
        }
        System.out.println(read(output));
    }

    private static String chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Chromium is not installed"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

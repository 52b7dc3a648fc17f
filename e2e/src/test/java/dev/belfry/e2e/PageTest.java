package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser against the packaged program: runs the browser tests of {@code
 * ui/e2e}.
 */
class PageTest {
    @TempDir private Path folder;

    @Test
    void browserTests_againstThePackagedProgram_pass() throws Exception {
        try (PackagedBelfry belfry = PackagedBelfry.start(folder.resolve("data"))) {
            ProcessBuilder builder =
                    new ProcessBuilder("npm", "run", "--silent", "e2e")
                            .directory(new File("../ui"));
            Map<String, String> environment = builder.environment();
            environment.put("BELFRY_URL", belfry.address().toString());
            environment.put("BELFRY_USER", "admin");
            environment.put("BELFRY_PASSWORD", PackagedBelfry.PASSWORD);
            Process tests = builder.redirectErrorStream(true).start();
            String output =
                    new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(tests.waitFor(10, TimeUnit.MINUTES)).isTrue();
            assertThat(tests.exitValue()).as(output).isZero();
        }
    }
}

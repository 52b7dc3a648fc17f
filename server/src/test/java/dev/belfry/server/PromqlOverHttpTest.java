package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.testkit.PromqlScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts of module query, through remote write and the HTTP API of a started server. */
final class PromqlOverHttpTest {
    private static final String FOLDER =
            System.getProperty("belfry.promqltest", "../query/src/test/resources");

    @TempDir private static Path data;
    private static TestServer server;
    private static PrometheusTarget target;

    @BeforeAll
    static void start() {
        server = TestServer.start(data);
        target = new PrometheusTarget(server, server.admin());
    }

    @AfterAll
    static void end() {
        server.close();
    }

    static List<Path> scripts() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(FOLDER))) {
            return all.filter(path -> path.toString().endsWith(".test")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void script_passes(Path script) throws IOException {
        PromqlScript.Report report =
                PromqlScript.run(script.getFileName().toString(), Files.readString(script), target);
        assertThat(report.failures()).isEmpty();
        assertThat(report.floats() + report.histograms()).isPositive();
    }
}
